"""The alarm learns what is usual, needs persistence, and falls back with hysteresis."""

import math

from simgen.domains.industrial.monitoring import Monitoring
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
