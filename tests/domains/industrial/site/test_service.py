"""What people leave behind when they go."""

import pytest

from simgen.core import DAY
from simgen.des import run
from simgen.domains.industrial.site.orders import (
    ask_for_inspection,
    ask_for_replacement,
    ask_for_service,
)

AROUND_THE_CLOCK = {"shift_start": 0.0, "shift_stop": 24.0, "n_spares": 3}


@pytest.fixture
def station(new_station):
    """A station of one technician who is always there."""
    return new_station(upkeep=AROUND_THE_CLOCK | {"old_age": 0.85})


def test_a_service_cleans_the_strainer(station):
    """Whatever it was asked for."""
    pump = station.pumps[0]
    pump.strainer = station.begin(pump, "clogged_strainer", lookalike_of="impeller_wear")
    ask_for_service(station, pump)
    run(station.env, until=5 * DAY)

    assert not pump.strainer.active


def test_after_an_inspection_another_may_be_asked_for(station):
    """One at a time, not one for ever."""
    pump = station.pumps[0]
    ask_for_inspection(station, pump)
    run(station.env, until=5 * DAY)

    assert pump.inspection is None


def test_inspections_come_before_services(station):
    """Also one that is asked for later."""
    first, second, third = station.pumps
    ask_for_service(station, first)
    station.env.run(until=1.0)
    ask_for_service(station, second)
    ask_for_inspection(station, third)
    station.env.run(until=9 * DAY)

    assert station.orders[2].finished_at <= station.orders[1].started_at


def test_an_old_seal_is_renewed_with_the_bearing(station):
    """As the pump is open: at nine tenths of its scale, where 0.85 is old."""
    pump = station.pumps[0]
    for part in pump.parts:
        part.age = 0.0
    bearing, seal, *_ = pump.parts
    seal.age = 0.9 * seal.mode.scale
    ask_for_replacement(station, pump, bearing, urgent=False)
    run(station.env, until=5 * DAY)

    assert station.orders[0].renewed == ["bearing", "seal"]
