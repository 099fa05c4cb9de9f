"""Pump rigs, simulated once per session for each set of parameters."""

from functools import cache

import pyarrow as pa
import pytest

from simgen.core import Streams, build, changed
from simgen.domains.industrial import PumpRig


@cache
def _tables(values, seed):
    about = changed(build(PumpRig, PumpRig.small), dict(values))
    streams = Streams(seed)
    found = {table.name: [] for table in about.tables}
    for block in about.blocks():
        for name, rows in about.simulate(block, None, streams.child("blocks")):
            found[name].append(rows)
    return {
        table.name: pa.Table.from_batches(found[table.name], table.schema).unify_dictionaries()
        for table in about.tables
    }


@pytest.fixture(scope="session")
def simulate():
    """A function from what differs from the small rig, by dotted name, to Arrow tables."""
    return lambda values=(), seed=7: _tables(tuple(dict(values).items()), seed)
