"""The alarm learns what is usual, needs persistence, and falls back with hysteresis."""

import math

import pytest

from simgen.core import Block, Streams, build
from simgen.domains.industrial import BearingRig
from simgen.domains.industrial.rig.hall import make_hall
from simgen.domains.industrial.rig.monitoring import (
    Monitoring,
    _spall,
    _watch,
    ears_for,
    take_window,
)
from simgen.domains.industrial.watch import Watch

POLICY = Monitoring(baseline_windows=4, persistence=2, alarm_factor=2.0)


def watching(*levels):
    """A watch that has seen these levels, and what it said to each."""
    watch = Watch(policy=POLICY)
    return watch, [watch.judge(level) for level in levels]


def test_no_alarm_before_the_usual_level_is_known():
    """However high the first windows are."""
    watch, said = watching(1.0, 50.0, 1.2)

    assert said == [None] * 3
    assert watch.threshold == math.inf


def test_the_threshold_is_a_multiple_of_the_median():
    """One odd window among the first does not move it far."""
    watch, _ = watching(1.0, 50.0, 1.0, 1.0)

    assert watch.threshold == 2.0


def test_one_high_window_is_not_enough():
    """Two in a row are."""
    _, said = watching(1, 1, 1, 1, 3.0, 1.0, 3.0, 3.0, 3.0)

    assert said[4:] == [None, None, None, True, None]


def test_an_alarm_goes_only_well_below_the_threshold():
    """At 95 % of it the alarm stays."""
    _, said = watching(1, 1, 1, 1, 3.0, 3.0, 1.9, 1.7, 1.9)

    assert said[5:] == [True, None, False, None]


def test_after_a_repair_everything_is_learnt_anew():
    """A new bearing may be louder."""
    watch, _ = watching(1, 1, 1, 1, 3.0, 3.0)

    assert watch.forget() == 2.0
    assert watch.forget() is None
    assert [watch.judge(3.0) for _ in range(6)] == [None] * 6
    assert watch.threshold == 6.0


def hall(**monitoring):
    """Of six machines, all of them watched."""
    watched = {"monitored_share": 1.0, **monitoring}
    about = build(BearingRig, {"n_machines": 6, "n_days": 2, "monitoring": watched})
    streams = Streams(7)
    return make_hall(about, Block(0, 6), about.prepare(streams), streams)


@pytest.fixture
def rig():
    """Such a hall as it is by default."""
    return hall()


def test_noise_is_half_as_much_a_sample_at_four_times_the_rate():
    """Of sound bearings and of rough spalls: so modes make the same of it."""

    def levels(rate):
        one = hall(sample_rate=rate)
        machine = one.machines[0]
        spall = _spall(one, machine, one.open_phase(machine, 1_797.0, 2.0), 1.0)
        ears = ears_for(one.rig, one.machines, Streams(7), floor=0.0)
        return [*ears.machines["rolling"], spall["roughness"]]

    assert levels(48_000.0) == pytest.approx([0.5 * level for level in levels(12_000.0)])
    assert min(levels(12_000.0)) > 0.0


def test_the_share_that_is_watched_is_watched(rig):
    """All of them, if it is one."""
    assert all(machine.monitored for machine in rig.machines)


def test_an_alarm_that_stands_asks_again(rig):
    """Somebody may have come for something else meanwhile, and left."""
    machine = rig.machines[0]
    machine.watch.raised, machine.watch._threshold = True, 1.0
    _watch(rig, machine, 1.0)

    assert machine.order is not None


def test_a_fault_that_is_over_spoils_no_window(rig):
    """Though the sensor's last fault is still known."""
    machine = rig.machines[0]
    fault = machine.sensor_fault = rig.begin(machine, "sensor_fault")
    fault.sensor, fault.fault, fault.size, fault.ended_at = "vibration", "bias", 9.0, 0.0
    take_window(rig, machine, rig.open_phase(machine, 1_797.0, 2.0))

    assert rig.bench._pile.windows["sensor_fault"][0] == 0
    assert rig.bench._pile.faults == []
