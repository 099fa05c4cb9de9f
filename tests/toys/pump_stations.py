"""Pump stations for tests: whole ones, simulated once per session; one where nothing happens."""

from functools import partial

import numpy as np
import pytest
from toys.worlds import blocks, world

from simgen.core import Block, Streams, build
from simgen.domains.industrial import PumpStation
from simgen.domains.industrial.kernels.stations import N_POINTS
from simgen.domains.industrial.pump_station import make_station

AROUND_THE_CLOCK = {"shift_start": 0.0, "shift_stop": 24.0}
SHARES = np.linspace(0.0, 1.0, N_POINTS)  # of the growth time, at the points of a course


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


@pytest.fixture
def station(new_station):
    """A function from upkeep to a station of one technician, in which nothing happens by itself.

    Who looks sees all above the limit and calls it what it is, unless said otherwise.
    """
    sharp = {"n_spares": 3, "detection_spread": 0.0, "misnaming_share": 0.0}
    return lambda **upkeep: new_station(upkeep=sharp | upkeep)


def order_of(station, pump):
    """The first order on a pump."""
    return next(one for one in station.orders if one.machine == pump)


def begun(plant, place, severity):
    """The event of a defect of the first pump's part, which has come so far."""
    part = plant.pumps[0].parts[place]
    part.event = plant.begin(plant.pumps[0], part.mode.defect)
    part.growth_time = 100.0
    part.age = part.life - part.growth_time * (1.0 - np.interp(severity, part.course, SHARES))
    assert part.severity == pytest.approx(severity)
    return part.event
