"""Fleets of disks, simulated once per session for each set of parameters."""

import pytest
from toys.worlds import frames, joined, tables_of

from simgen.core import build, changed
from simgen.domains.industrial import DiskFleet


@pytest.fixture(scope="session")
def simulate_blocks():
    """A function from what differs from the small fleet, by dotted name, to each block's tables."""
    small = build(DiskFleet, DiskFleet.small)
    return lambda values=(), seed=7: tables_of(changed(small, dict(values)), seed)


@pytest.fixture(scope="session")
def simulate(simulate_blocks):
    """The same, all blocks together, as data frames; `arrow` has the tables."""

    def simulated(values=(), seed=7):
        parts = simulate_blocks(values, seed)
        made = frames(parts)
        made.arrow = joined(parts)
        return made

    return simulated
