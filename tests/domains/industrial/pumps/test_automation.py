"""What goes on by itself at a station is the same however it is looked at."""

import numpy as np
import pytest

from simgen.core import DAY, HOUR, Block, Streams, build
from simgen.des import run
from simgen.domains.industrial import PumpStation
from simgen.domains.industrial.kernels.pumps import CHANNELS
from simgen.domains.industrial.kernels.sensors import FAULTS
from simgen.domains.industrial.kernels.stations import PART, severity_of
from simgen.domains.industrial.lookalikes.sensor_fault import TRANSMITTER
from simgen.domains.industrial.pump_station import make_station
from simgen.domains.industrial.pumps.automation import _fault_of
from simgen.domains.industrial.pumps.control import operate
from simgen.domains.industrial.site.parts import first_part, successor

N_DAYS = 60


def station_of(**parameters):
    """A station at its start."""
    about = build(PumpStation, {"n_stations": 1, "n_days": N_DAYS, **parameters})
    streams = Streams(2)
    days = about.prepare(streams.child("shared"))
    return make_station(about, Block(0, about.hydraulics.n_pumps), days, streams)


def act(station):
    """Let the control act, and no time pass."""
    station.automation.run_on(station, station.env.now, acts=True)


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
    act(station)

    assert len(station.running) == n_running


def test_all_stop_when_the_tank_is_almost_full():
    """They run on until then, also at levels at which none is started."""
    station = station_of()
    for level, n_running in ((0.3, 3), (0.9, 3), (0.95, 0)):
        station.automation.now["volume"] = level * station.about.demand.tank_volume
        act(station)

        assert len(station.running) == n_running


def test_the_least_used_pump_that_may_run_is_started():
    """Not the one on which somebody works."""
    station = station_of()
    station.automation.pumps["use_time"] = [300.0, 100.0, 200.0]
    station.pumps[1].attended = True
    station.automation.now["volume"] = 0.6 * station.about.demand.tank_volume
    act(station)

    assert [pump.index for pump in station.running] == [2]


def test_a_clogged_strainer_makes_a_pump_cavitate():
    """And it then delivers less."""
    station = station_of(
        hydraulics={"n_pumps": 1}, lookalikes={"clogged_strainer": {"clogging_time": 1e-6}}
    )
    pump, works = station.pumps[0], []
    for _ in range(2):
        act(station)
        works.append(station.automation.pumps[0].copy())
        pump.strainer = station.begin(pump, "clogged_strainer")
        station.env.run(until=station.env.now + 60.0)
        station.advance()
    clean, clogged = works

    assert clean["cavitation"] == 0.0
    assert clogged["cavitation"] > 0.3
    assert clogged["flow"] < 0.9 * clean["flow"]


def test_the_air_pushes_no_more_into_a_pump_than_it_can():
    """With nothing to lift it runs out, down to a vacuum at its suction and no further."""
    station = station_of(
        hydraulics={"n_pumps": 1, "static_head": 0.0},
        lookalikes={"clogged_strainer": {"clogging_time": 1e-6}},
    )
    act(station)
    station.pumps[0].strainer = station.begin(station.pumps[0], "clogged_strainer")
    station.env.run(until=station.env.now + 60.0)
    station.advance()
    act(station)
    works = station.automation.pumps[0]

    assert works["suction"] == pytest.approx(-10.1)  # [m], of the air's 10.3
    assert works["cavitation"] == 1.0


def test_a_kernel_takes_a_part_for_as_worn_as_it_is():
    """Before its defect begins, while it grows, and when the part has failed."""
    rng = np.random.Generator(np.random.PCG64DXSM(1))
    about = PumpStation().components.bearing
    part = first_part(about, 1, 0, 100.0, rng)
    row = np.zeros(1, PART)
    for name in ("life", "growth_time", "course"):
        row[name] = getattr(part, name)
    for share in (-0.1, 0.0, 0.013, 0.5, 0.999, 1.0, 1.1):
        age = part.life + (share - 1.0) * part.growth_time
        row["age"], row["begun"] = age, 1

        assert severity_of(row[0]) == part.severity_at(age)
    row["begun"] = 0
    assert severity_of(row[0]) == 0.0


def changed(station, pump, number):
    """Let people change one thing about a pump, the first of these or the next."""
    part = pump.parts[number % len(pump.parts)]
    if number == 0:
        part.restore(pump.rng, 0.5)
    elif number == 1:
        pump.parts[1] = successor(part, 99, station.env.now, 0.9, pump.rng)
    elif number == 2:
        part.event = station.begin(pump, part.mode.defect)
    elif number == 3:
        part.event = station.begin(pump, part.mode.defect)
        act(station)
        part.age, part.failed, pump.failed = part.life, True, True
    elif number == 4:
        pump.strainer = station.begin(pump, "clogged_strainer")
    elif number == 5:
        pump.attended, pump.serviced_use = True, 123.0
    else:
        pump.sensor_fault = station.begin(pump, "sensor_fault")
        pump.sensor_fault.sensor, pump.sensor_fault.fault = "flow", "bias"


@pytest.mark.parametrize("number", range(7))
def test_what_people_change_is_seen(number):
    """Of parts, strainers and sensors: the arrays are those of a station that looks anew."""
    station = station_of()
    act(station)
    pump = station.pumps[1]
    changed(station, pump, number)
    before = [rows.copy() for rows in arrays(station)]
    act(station)
    after = [rows.copy() for rows in arrays(station)]
    for taken in station.automation.taken:
        taken.seen, taken.parts = [], [()] * len(taken.parts)
    act(station)

    assert any((one != other).any() for one, other in zip(before, after, strict=True))
    for one, other in zip(after, arrays(station), strict=True):
        np.testing.assert_array_equal(one, other)


def arrays(station):
    """What is true of its pumps, parts and sensors."""
    automation = station.automation
    return automation.pumps, automation.parts, automation.faults


def test_who_advances_a_station_is_told_how_old_its_parts_are():
    """And not before: a kernel that ran on has told nobody."""
    station = station_of()
    station.automation.now["volume"] = 0.6 * station.about.demand.tank_volume
    act(station)
    (pump,) = station.running
    ages = [part.age for part in pump.parts]
    station.env.run(until=600.0)
    station.advance()

    assert pump.use_time == 600.0
    assert [part.use_time for part in pump.parts] == [600.0] * 4
    assert all(part.age > age for part, age in zip(pump.parts, ages, strict=True))


def test_what_is_set_is_in_seconds():
    """Parameters are in hours."""
    settings = station_of().automation.settings[0]

    assert settings["clogging_time"] == 120 * HOUR
    assert settings["settling_time"] == 1.5 * HOUR


def test_a_surge_of_demand_reaches_the_kernel():
    """The consumer takes more from then on."""
    station = station_of()
    station.surge = 1.7
    station.automation._take_over(station)

    assert station.automation.now["surge"][0] == 1.7


def test_a_fault_of_a_sensor_reaches_the_kernel_while_it_goes_on():
    """Which channel, which fault, factor, offset, since when, and whose; not that of telegrams."""
    station = station_of()
    pump = station.pumps[0]
    event = pump.sensor_fault = station.begin(pump, "sensor_fault")
    event.sensor, event.fault = "temperature", "wrong_unit"
    event.size, event.offset, event.onset_at = 1.8, 32.0, 7.0
    channel, fault = CHANNELS.index("temperature"), FAULTS.index("wrong_unit")
    assert _fault_of(pump)[:6] == (channel, fault, 1.8, 32.0, 7.0, event.event_id)

    event.sensor, event.fault = TRANSMITTER, "late"
    assert _fault_of(pump)[0] == -1
    event.sensor, event.fault, event.ended_at = "flow", "bias", 8.0
    assert _fault_of(pump)[0] == -1
