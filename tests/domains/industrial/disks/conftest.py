"""Fleets of disks, simulated once per session for each set of parameters."""

from functools import cache
from types import SimpleNamespace

import pyarrow as pa
import pytest

from simgen.core import Streams, build, changed
from simgen.domains.industrial import DiskFleet


@cache
def _blocks(values, seed):
    about = changed(build(DiskFleet, DiskFleet.small), dict(values))
    streams = Streams(seed)
    shared, found = about.prepare(streams.child("shared")), []
    for block in about.blocks():
        batches = {table.name: [] for table in about.tables}
        for name, rows in about.simulate(block, shared, streams.child("blocks")):
            batches[name].append(rows)
        found.append(
            {
                table.name: pa.Table.from_batches(batches[table.name], table.schema)
                for table in about.tables
            }
        )
    return found


@pytest.fixture(scope="session")
def simulate_blocks():
    """A function from what differs from the small fleet, by dotted name, to each block's tables."""
    return lambda values=(), seed=7: _blocks(tuple(dict(values).items()), seed)


@pytest.fixture(scope="session")
def simulate(simulate_blocks):
    """The same, all blocks together, as data frames."""

    def frames(values=(), seed=7):
        blocks = simulate_blocks(values, seed)
        tables = {
            name: pa.concat_tables(block[name] for block in blocks).unify_dictionaries()
            for name in blocks[0]
        }
        return SimpleNamespace(
            arrow=tables, **{name: rows.to_pandas() for name, rows in tables.items()}
        )

    return frames
