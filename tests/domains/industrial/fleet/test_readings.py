"""What a fleet's sensors read while its machines run, and between."""

import numpy as np
import pytest

from simgen.core import DAY, HOUR, Streams, build
from simgen.des import run
from simgen.domains.industrial import GearboxLine, HydraulicPress, MotorFleet
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.fleet.hall import Duty, Stretch
from simgen.domains.industrial.fleet.readings import read_hall
from simgen.domains.industrial.fleet.scenario import make_hall

WINDINGS_TIME = 35.0  # constant with which they warm [min]
EVERY_TEN_MINUTES = {
    "lookalikes": {"sensor_fault": {"rate": 0.0}},
    "watching": {"telemetry_interval": 600.0, "telegrams": {"lost_share": 0.0}},
}


@pytest.fixture
def hall():
    """A function from parameters to a hall of new machines, in which nothing happens by itself."""

    def make(kind=MotorFleet, **values):
        one = {"n_machines": 1, "machines_per_hall": 3, "n_days": 40, "first_age": 0.0}
        about, streams = build(kind, one | values), Streams(7)
        return make_hall(about, about.blocks()[0], about.prepare(streams), streams)

    return make


@pytest.fixture
def ran(hall):
    """A function from spans of running [h] to readings, in a hall of 20 degrees."""

    def make(*spans, kind=MotorFleet, speed=1.0, load=1.0):
        one = hall(kind, **EVERY_TEN_MINUTES)
        one.days = np.full(60, 20.0)
        machine = one.fleet[0]
        sound = (0.0,) * len(machine.defects)
        for start, stop in spans:
            duty = Duty(speed, load, one.sizes(machine))
            machine.stretches.append(Stretch(start * HOUR, stop * HOUR, duty, sound, sound))
            machine.uses.append(machine.use_time)
            machine.use_time += (stop - start) * HOUR
        return read_hall(one)

    return make


def test_windings_warm_with_a_lag_and_cool_while_they_stand(ran):
    """63 % after the time constant, and nearly all is gone after six hours."""
    found = ran((0.0, 6.0), (12.0, 13.0))
    hours, rise = found.at / HOUR, found.channels["winding_temperature"] - 20.0
    warm = rise[(hours > 4.0) & (hours < 6.0)].mean()

    assert warm > 60.0
    at = np.abs(hours - WINDINGS_TIME / 60.0).argmin()
    assert rise[at] == pytest.approx(warm * (1.0 - np.exp(-1.0)), abs=5.0)
    assert rise[np.abs(hours - 12.0).argmin()] < 6.0


def test_rows_come_at_full_intervals_while_it_runs(ran):
    """Whenever it was started; use counts from the start."""
    found = ran((0.5 / 6.0, 2.0), (3.0, 3.25))

    assert (found.at / 600.0).tolist() == [*range(1, 12), 18, 19]
    assert found.use_time[0] == pytest.approx(300.0)
    assert found.use_time[-2] == pytest.approx(HOUR * (2.0 - 0.5 / 6.0))


def test_no_magnitude_is_below_zero(ran):
    """Of a slow gearbox without load, whose vibration is less than its noise."""
    vibration = ran((0.0, 200.0), kind=GearboxLine, speed=0.1, load=0.05).channels["vibration"]

    assert (vibration >= 0.0).all()
    assert (vibration < 0.05).any()


def test_a_hall_warms_what_stands_in_it(hall):
    """A machine that has run for its time constant has 63 % of its rise."""
    one = hall()
    machine = one.fleet[0]
    one.days, machine.temperature = np.full(60, 20.0), 20.0
    one.start(machine, 1.0, 1.0)
    rises = []
    for hours in (WINDINGS_TIME / 60.0, 40.0):
        one.env.run(until=hours * HOUR)
        one.advance(machine)
        rises.append(machine.temperature - 20.0)

    assert rises[0] / rises[1] == pytest.approx(1.0 - np.exp(-1.0), abs=0.06)


def test_a_disturbance_is_felt_from_its_onset_to_its_end(hall):
    """The stretch under way ends there, and another begins."""
    one = hall(lookalikes={"supply_unbalance": {"rate": 1_000.0}})
    machine = one.fleet[0]
    one.start(machine, 1.0, 1.0)
    kinds = {look.kind: look for look in one.about.lookalikes.disturbances}
    one.env.process(kinds["supply_unbalance"].come_and_go(one, [machine]))
    while not one.events:
        one.env.step()
    (event,) = one.events
    assert any(machine.duty.disturbance)
    assert machine.stretches[-1].stop == event.onset_at

    while event.active:
        one.env.step()
    assert not any(machine.duty.disturbance)
    assert machine.stretches[-1].stop == event.ended_at


def test_a_disturbance_goes_on_for_its_mean_time(hall):
    """In days."""
    one = hall(lookalikes={"supply_unbalance": {"rate": 1_000.0, "mean_time": 2.0}})
    kinds = {look.kind: look for look in one.about.lookalikes.disturbances}
    run(one.env, kinds["supply_unbalance"].come_and_go(one, [one.fleet[0]]), until=200 * DAY)

    times = [event.ended_at - event.onset_at for event in one.events if not event.active]
    assert np.mean(times) == pytest.approx(2 * DAY, rel=0.5)


def test_warm_water_comes_to_all_presses_at_once(hall):
    """They share the cooling circuit: one instant and one size, an event for each."""
    one = hall(HydraulicPress, n_machines=3, lookalikes={"warm_water": {"rate": 1_000.0}})
    kinds = {look.kind: look for look in one.about.lookalikes.disturbances}
    warm_water = kinds["warm_water"]
    groups = [one.fleet] if warm_water.common else [[machine] for machine in one.fleet]
    run(one.env, *(warm_water.come_and_go(one, group) for group in groups), until=9 * DAY)

    first = one.events[:3]
    assert [event.machine for event in first] == [0, 1, 2]
    assert len({(event.onset_at, event.size) for event in first}) == 1


def test_spares_take_their_lead_time(hall):
    """In days."""
    assert hall(upkeep={"mean_lead_time": 2.0}).store._mean_lead_time == 2 * DAY


def test_growth_times_are_scaled_together(hall):
    """All by `growing`."""
    times, usual = (
        [mode.mean_growth_time for kind in table.components for mode in kind.modes]
        for table in (hall(growing=3.0).table, component_table("motors"))
    )

    assert times == [3.0 * time for time in usual]


def test_each_waveform_is_of_its_own_channel(simulate):
    """Not the first one's thrice."""
    windows = simulate("motor_fleet").waveforms

    assert not np.array_equal(windows.current_a[0], windows.current_b[0])


def test_telemetry_of_a_faulty_sensor_names_it(simulate):
    """A fault of a window's sensor is no fault of telemetry."""
    rows = simulate("motor_fleet").telemetry

    assert (rows.faulty_sensor[rows.event_kind == "sensor_fault"] != "").all()


def test_load_steps_end_with_their_spell(simulate):
    """After hours, not when the records end."""
    events = simulate("motor_fleet").events
    steps = events[events.kind == "load_step"]

    assert ((steps.ended_at - steps.onset_at).dt.total_seconds() / HOUR).median() < 12.0
