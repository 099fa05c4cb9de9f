"""Pump rigs, simulated once per session for each set of parameters."""

import pytest
from toys.worlds import joined, tables_of

from simgen.core import build, changed
from simgen.domains.industrial import PumpRig


@pytest.fixture(scope="session")
def simulate():
    """A function from what differs from the small rig, by dotted name, to Arrow tables."""
    small = build(PumpRig, PumpRig.small)
    return lambda values=(), seed=7: joined(tables_of(changed(small, dict(values)), seed))
