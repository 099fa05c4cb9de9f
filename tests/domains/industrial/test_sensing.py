"""Faults of sensors spoil windows and telemetry by chances of their own."""

import numpy as np
import pytest

from simgen.core import Streams, build
from simgen.domains.industrial import BearingRig, MotorFleet
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.fleet.scenario import make_hall as make_fleet
from simgen.domains.industrial.fleet.watching import take_window
from simgen.domains.industrial.hall import make_hall as make_rig
from simgen.domains.industrial.monitoring import ears_for
from simgen.domains.industrial.sensing import spoil, spoil_samples

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
