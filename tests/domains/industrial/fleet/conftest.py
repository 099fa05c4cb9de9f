"""Fleets, simulated once per session for each set of parameters."""

import json
from functools import cache
from types import SimpleNamespace

import pyarrow as pa
import pytest

from simgen.core import Streams, build
from simgen.domains.industrial import GearboxLine, HydraulicPress, MotorFleet

KINDS = {
    "motor_fleet": MotorFleet,
    "gearbox_line": GearboxLine,
    "hydraulic_press": HydraulicPress,
}


def _merged(base, values):
    """Nested parameters, those of `values` over those of `base`."""
    merged = dict(base)
    for name, value in values.items():
        inner = isinstance(value, dict) and isinstance(base.get(name), dict)
        merged[name] = _merged(base[name], value) if inner else value
    return merged


@cache
def _blocks(name, text, seed):
    about = build(KINDS[name], json.loads(text))
    streams = Streams(seed)
    shared, found = about.prepare(streams.child("shared")), []
    for block in about.blocks():
        batches = {table.name: [] for table in about.tables}
        for table, rows in about.simulate(block, shared, streams.child("blocks")):
            batches[table].append(rows)
        found.append(
            {
                table.name: pa.Table.from_batches(batches[table.name], table.schema)
                for table in about.tables
            }
        )
    return found


@pytest.fixture(scope="session")
def simulate_blocks():
    """A function from a fleet and what differs from its small one to each block's Arrow tables."""
    return lambda name, seed=7, **values: _blocks(
        name, json.dumps(_merged(KINDS[name].small, values)), seed
    )


@pytest.fixture(scope="session")
def simulate(simulate_blocks):
    """The same, all blocks together, as data frames."""

    def frames(name="motor_fleet", seed=7, **values):
        blocks = simulate_blocks(name, seed, **values)
        return SimpleNamespace(
            **{name: pa.concat_tables(b[name] for b in blocks).to_pandas() for name in blocks[0]}
        )

    return frames
