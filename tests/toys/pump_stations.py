"""Pump stations, simulated once per session for each set of parameters: fixtures of two folders."""

import json
from functools import cache
from types import SimpleNamespace

import pyarrow as pa
import pytest

from simgen.core import Block, Streams, build
from simgen.domains.industrial import PumpStation
from simgen.domains.industrial.pump_station import make_station


def _merged(base, values):
    """Nested parameters, those of `values` over those of `base`."""
    merged = dict(base)
    for name, value in values.items():
        inner = isinstance(value, dict) and isinstance(base.get(name), dict)
        merged[name] = _merged(base[name], value) if inner else value
    return merged


@cache
def _blocks(text, seed):
    about = build(PumpStation, json.loads(text))
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
    """A function from what differs from the small station to each block's Arrow tables."""
    return lambda seed=7, **values: _blocks(json.dumps(_merged(PumpStation.small, values)), seed)


@pytest.fixture(scope="session")
def simulate(simulate_blocks):
    """The same, all blocks together, as data frames."""

    def frames(seed=7, **values):
        blocks = simulate_blocks(seed, **values)
        return SimpleNamespace(
            **{name: pa.concat_tables(b[name] for b in blocks).to_pandas() for name in blocks[0]}
        )

    return frames


@pytest.fixture(scope="session")
def new_station():
    """A function from parameters to a station in which nothing happens by itself."""

    def make(**values):
        about = build(PumpStation, {"n_stations": 1, **values})
        streams = Streams(2)
        days = about.prepare(streams.child("shared"))
        made = make_station(about, Block(0, about.hydraulics.n_pumps), days, streams)
        made.disturbed = made.env.event()
        return made

    return make
