"""Faults of sensors spoil windows and telemetry by chances of their own."""

import numpy as np
import pytest

from simgen.core import DAY, Streams, build
from simgen.des import run
from simgen.domains.industrial import BearingRig, MotorFleet
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.fleet.scenario import make_hall as make_fleet
from simgen.domains.industrial.fleet.watching import take_window
from simgen.domains.industrial.lookalikes.sensor_fault import break_sensor
from simgen.domains.industrial.rig.hall import make_hall as make_rig
from simgen.domains.industrial.rig.monitoring import ears_for
from simgen.domains.industrial.sensing import spoil, spoil_samples, spoil_sent

N = 16_384  # samples, and readings


def first_hall(kind, make, **values):
    """The first hall of a scenario, at its start, and its streams."""
    streams, about = Streams(7), build(kind, {**kind.small, **values})
    return make(about, about.blocks()[0], about.prepare(streams), streams), streams


def dropout(number, sensor):
    """A sensor's fault that goes on."""
    kind = {"kind": "sensor_fault", "fault": "dropout", "sensor": sensor}
    return Event(event_id=number, machine=0, onset_at=0.0, **kind)


def of_rig():
    """What the fault of a window's number is, its readings' key, and the window it spoiled."""
    hall, streams = first_hall(BearingRig, make_rig)
    number, samples = 1_000_000, np.ones(N, np.float32)
    fault = dropout(number, "vibration")
    key = ears_for(hall.rig, hall.machines, streams, floor=0.0).sensor_key
    spoil_samples(fault, samples, key=key, window=number, now=1.0)
    return number, hall.sensor_key, samples


def of_fleet():
    """The same of a window that was taken."""
    hall, _ = first_hall(MotorFleet, make_fleet, watching={"waveform_share": 1.0, "n_samples": N})
    machine = hall.fleet[0]
    hall.start(machine, 1.0, 0.8)
    machine.sensor_fault = dropout(1, next(iter(hall.signals.window_faults)))
    take_window(hall, machine)
    return hall.windows[0].window_id, hall.sensor_key, hall.windows[0].samples[0]


@pytest.mark.parametrize("of", [of_rig, of_fleet])
def test_a_window_loses_other_samples_than_telemetry_loses_rows(of):
    """Although a window has the number of an event of its machine."""
    number, key, samples = of()
    fault, readings = dropout(number, "temperature"), np.ones(N)
    fault.ended_at = N
    spoil(fault, key, np.arange(float(N)), readings)
    lost, missing = np.isnan(readings), samples == 0.0

    assert min(lost.sum(), missing.sum()) > 1_000
    assert (lost & missing).mean() == pytest.approx(lost.mean() * missing.mean(), rel=0.1)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_each_phase_of_a_motor_has_sensors_that_may_fail(place):
    """One for telemetry, and a clamp for windows, which spoils its own phase alone."""
    hall, _ = first_hall(MotorFleet, make_fleet, watching={"waveform_share": 1.0, "n_samples": N})
    machine, phase = hall.fleet[0], "abc"[place]
    hall.start(machine, 1.0, 0.8)
    machine.sensor_fault = dropout(1, f"clamp_{phase}")
    take_window(hall, machine)
    lost = (hall.windows[0].samples == 0.0).sum(axis=1)

    assert {f"current_{phase}", f"clamp_{phase}"} <= set(hall.sensors)
    assert lost.nonzero()[0].tolist() == [place]
    assert hall.windows[0].sensor_fault > 0


def test_a_fault_spoils_what_is_read_from_its_onset_to_its_end():
    """What was read before and afterwards is right."""
    fault = Event(event_id=1, machine=0, kind="sensor_fault", onset_at=10.0, fault="bias", size=2.0)
    fault.ended_at = 20.0
    at, readings = np.arange(30.0), np.zeros(30)
    hit = spoil(fault, Streams(7).key("sensors"), at, readings)

    assert hit == slice(10, 20)
    np.testing.assert_array_equal(readings, 2.0 * ((at >= 10.0) & (at < 20.0)))


def test_a_faulty_sensor_sends_in_the_steps_of_a_sound_one():
    """A bias of 0.237 is 0.2 or 0.3 more where tenths are sent, and lost readings stay lost."""
    fault = Event(event_id=1, machine=0, kind="sensor_fault", onset_at=5.0, fault="bias")
    fault.size, fault.ended_at = 0.237, 15.0
    at, readings = np.arange(20.0), np.arange(20.0) / 10.0
    readings[7] = np.nan
    key = Streams(7).key("sensors")
    spoil_sent(fault, key, at, readings, steps_per_unit=10.0)
    expected = np.arange(20.0) / 10.0 + 0.2 * ((at >= 5.0) & (at < 15.0))
    expected[7] = np.nan

    np.testing.assert_allclose(readings, expected, rtol=0.0, atol=1e-12)


def test_what_drifts_counts_from_the_onset():
    """2 g a day: 2 g after one day, whenever that was."""
    event = Event(
        event_id=1, machine=0, kind="sensor_fault", onset_at=9 * DAY, fault="drift", size=2.0
    )
    samples = np.zeros(4, np.float32)
    spoil_samples(event, samples, key=Streams(1).key("sensors"), window=1, now=10 * DAY)

    assert samples.tolist() == [2.0] * 4


def test_clocks_are_fast_as_often_as_slow():
    """Of those that are wrong."""
    rng, sizes = Streams(1).generator("faults"), []
    for _ in range(400):
        event = Event(event_id=1, machine=0, kind="sensor_fault", onset_at=0.0)
        break_sensor(event, {}, rng)
        sizes += [event.size] if event.fault == "clock_skew" else []

    assert 0.35 < np.mean(np.array(sizes) < 0.0) < 0.65


def test_sensors_are_at_fault_for_days():
    """For the mean time that the look-alike has."""
    faults = {"sensor_fault": {"rate": 1_000.0, "mean_time": 2.0}}
    hall, _ = first_hall(MotorFleet, make_fleet, lookalikes=faults)
    come_and_go = hall.about.lookalikes.sensor_fault.come_and_go(hall, hall.fleet[0])
    run(hall.env, come_and_go, until=300 * DAY)

    times = [event.ended_at - event.onset_at for event in hall.events if not event.active]
    assert np.mean(times) == pytest.approx(2 * DAY, rel=0.4)
