"""What a station notes of what happens, and what it forgets."""

import numpy as np
import pytest

from simgen.core import DAY, HOUR
from simgen.des import run
from simgen.domains.industrial.pumps.control import _cause

BEARING, SEAL = 0, 1


@pytest.fixture
def station(new_station):
    return new_station(
        n_days=2, lookalikes={"clogged_strainer": {"rate": 1_000.0, "mean_time": 2.0}}
    )


def test_a_cold_start_shows_for_two_hours(station):
    """Until the pump is warm."""
    station.note_cold_start(station.pumps[0], 100.0)

    (event,) = station.events
    assert event.ended_at - event.onset_at == 2 * HOUR


def test_what_goes_on_at_the_end_ends_there(station):
    """Nobody knows when it would have ended."""
    event = station.begin(station.pumps[0], "cold_start", lookalike_of="bearing_wear")
    event.ended_at = 99.0
    station.close_events()

    assert event.ended_at == 0.0


def test_a_new_usual_level_begins_without_any_above_it(station):
    """Two readings above the old one are nothing to the new."""
    pump = station.pumps[0]
    pump.alarms["n_above"] = 2
    pump.forget_usual()

    assert not pump.alarms["n_above"].any()


def test_a_strainer_is_cleaned_unasked(station):
    """After the mean time that its look-alike has."""
    pump = station.pumps[0]
    strainer = station.about.lookalikes.clogged_strainer
    run(station.env, strainer.come_and_go(station, pump), until=200 * DAY)

    times = [event.ended_at - event.onset_at for event in station.events[:-1]]
    assert np.mean(times) == pytest.approx(2 * DAY, rel=0.5)


def test_impellers_wear_by_a_strainer_while_it_makes_them_cavitate(station):
    """And by nothing else: not by one that lets enough through."""
    pump = station.pumps[0]
    pump.strainer = station.begin(pump, "clogged_strainer", lookalike_of="impeller_wear")
    station.automation.pumps["cavitation"] = 0.5
    assert _cause(station, pump, 2) == pump.strainer.event_id
    assert _cause(station, pump, SEAL) == 0

    station.automation.pumps["cavitation"] = 0.0
    assert _cause(station, pump, 2) == 0


def test_seals_wear_by_a_bearing_that_is_worn(station):
    """Not by one whose defect has only begun."""
    pump = station.pumps[0]
    bearing = pump.parts[BEARING]
    bearing.event = station.begin(pump, bearing.mode.defect)
    bearing.age = bearing.life - bearing.growth_time
    assert _cause(station, pump, SEAL) == 0

    bearing.age = bearing.life
    assert _cause(station, pump, SEAL) == bearing.event.event_id
