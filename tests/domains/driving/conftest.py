from functools import cache

import pyarrow as pa
import pytest

from simgen.core import Streams
from simgen.domains.driving import CutIn, UrbanTraffic


@cache
def _world(kind, **parameters):
    scenario = kind(**parameters)
    shared = scenario.prepare(Streams(3).child("shared"))
    batches = {table.name: [] for table in scenario.tables}
    for block in scenario.blocks():
        for name, rows in scenario.simulate(block, shared, Streams(3).child("blocks")):
            batches[name].append(rows)
    return {name: pa.Table.from_batches(rows).to_pandas() for name, rows in batches.items()}


@pytest.fixture(scope="session")
def motorway():
    """All rows of forty episodes of `driving/cut_in`, as data frames."""
    return _world(CutIn, n_episodes=40, duration=14.0, n_vehicles=5)


@pytest.fixture(scope="session")
def town():
    """All rows of forty episodes of `driving/urban_traffic`, as data frames."""
    return _world(UrbanTraffic, n_episodes=40, duration=15.0, n_vehicles=40, n_walkers=4,
                  sudden_stop_share=0.6)  # fmt: skip


@pytest.fixture(scope="session")
def country():
    """All rows of short episodes on roads that end, after so long that many have left them."""
    return _world(UrbanTraffic, map="rural", n_episodes=12, duration=2.0, n_vehicles=12,
                  n_walkers=0, warm_up=40.0)  # fmt: skip
