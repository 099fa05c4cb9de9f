"""Pump stations, simulated once per session for each set of parameters: fixtures of two folders."""

from functools import partial

import pytest
from toys.worlds import blocks, world

from simgen.core import Block, Streams, build
from simgen.domains.industrial import PumpStation
from simgen.domains.industrial.pump_station import make_station


@pytest.fixture(scope="session")
def simulate_blocks():
    """A function from what differs from the small station to each block's Arrow tables."""
    return partial(blocks, PumpStation)


@pytest.fixture(scope="session")
def simulate():
    """The same, all blocks together, as data frames."""
    return partial(world, PumpStation)


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
