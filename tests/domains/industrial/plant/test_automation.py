"""What goes on by itself at a station is the same however it is looked at."""

import numpy as np
import pytest

from simgen.core import DAY, Block, Streams, build
from simgen.des import run
from simgen.domains.industrial import PumpStation
from simgen.domains.industrial.kernels.stations import PART, severity_of
from simgen.domains.industrial.plant.control import operate
from simgen.domains.industrial.plant.parts import first_part
from simgen.domains.industrial.pump_station import make_station

N_DAYS = 60


def station_of(**parameters):
    """A station at its start."""
    about = build(PumpStation, {"n_stations": 1, "n_days": N_DAYS, **parameters})
    streams = Streams(2)
    days = about.prepare(streams.child("shared"))
    return make_station(about, Block(0, about.hydraulics.n_pumps), days, streams)


def operated(look_time=None):
    """A station after some weeks, in which somebody came by now and then and did nothing."""
    station = station_of(
        components={"ageing": 30.0},
        demand={"mean_demand": 330.0},
        watching={"vibration": {"alarm_factor": 1.02, "persistence": 1}},
    )

    def come_by():
        while look_time:
            yield station.env.timeout(look_time)

    run(station.env, operate(station), come_by(), until=N_DAYS * DAY)
    station.close()
    return station


def test_it_runs_on_as_if_nobody_had_looked():
    """Every stretch, hour, alarm and event, and the noise of the sensors among them."""
    alone, seen = operated(), operated(look_time=1_234.5)

    for pump, same in zip(alone.pumps, seen.pumps, strict=True):
        # More of them than there is room for at first.
        assert len(alone.stretches(pump)) > 1_024
        assert (alone.stretches(pump) == seen.stretches(same)).all()
        assert pump.rng.random() == same.rng.random()
    assert len(alone.alarms) > 20
    assert alone.alarms == seen.alarms
    assert alone.events == seen.events
    np.testing.assert_array_equal(alone.automation.supply, seen.automation.supply)


@pytest.mark.parametrize(
    ("level", "n_running"), [(0.94, 0), (0.7, 1), (0.6, 1), (0.5, 2), (0.3, 3), (0.0, 3)]
)
def test_the_level_says_how_many_pumps_run(level, n_running):
    """The first starts at seven tenths, each other one two tenths lower."""
    station = station_of()
    station.automation.now["volume"] = level * station.about.demand.tank_volume
    station.automation.control(station)

    assert len(station.running) == n_running


def test_all_stop_when_the_tank_is_almost_full():
    """They run on until then, also at levels at which none is started."""
    station = station_of()
    for level, n_running in ((0.3, 3), (0.9, 3), (0.95, 0)):
        station.automation.now["volume"] = level * station.about.demand.tank_volume
        station.automation.control(station)

        assert len(station.running) == n_running


def test_the_least_used_pump_that_may_run_is_started():
    """Not the one on which somebody works."""
    station = station_of()
    station.automation.pumps["use_time"] = [300.0, 100.0, 200.0]
    station.pumps[1].attended = True
    station.automation.now["volume"] = 0.6 * station.about.demand.tank_volume
    station.automation.control(station)

    assert [pump.index for pump in station.running] == [2]


def test_a_clogged_strainer_makes_a_pump_cavitate():
    """And it then delivers less."""
    station = station_of(
        hydraulics={"n_pumps": 1}, lookalikes={"clogged_strainer": {"clogging_time": 1e-6}}
    )
    pump, works = station.pumps[0], []
    for _ in range(2):
        station.automation.control(station)
        works.append(station.automation.pumps[0].copy())
        pump.strainer = station.begin(pump, "clogged_strainer")
        station.env.run(until=station.env.now + 60.0)
        station.advance()
    clean, clogged = works

    assert clean["cavitation"] == 0.0
    assert clogged["cavitation"] > 0.3
    assert clogged["flow"] < 0.9 * clean["flow"]


def test_a_kernel_takes_a_part_for_as_worn_as_it_is():
    """Before its defect begins, while it grows, and when the part has failed."""
    rng = np.random.Generator(np.random.PCG64DXSM(1))
    about = PumpStation().components.bearing
    part = first_part(about, 1, 0, 100.0, rng)
    for share in (-0.1, 0.0, 0.013, 0.5, 0.999, 1.0, 1.1):
        age = part.life + (share - 1.0) * part.growth_time
        row = np.array([(age, 0.0, part.life, part.growth_time, 1, 0)], PART)

        assert severity_of(row[0], part.course) == part.severity_at(age)
    row["begun"] = 0
    assert severity_of(row[0], part.course) == 0.0
