"""Alarms of stations, as kernels judge them."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from simgen.domains.industrial.kernels.alarms import ALARM, RULE, judge
from simgen.domains.industrial.site.watching import AlarmRule
from simgen.domains.industrial.watch import Watch

LEVELS = st.lists(st.floats(0.5, 3.0), min_size=20, max_size=60)


def judged(policy, levels):
    """Changes and thresholds as the kernel finds them, one for each level."""
    rule, alarm = np.zeros(1, RULE), np.zeros(1, ALARM)
    rule["alarm_factor"], rule["persistence"] = policy.alarm_factor, policy.persistence
    rule["baseline_windows"], alarm["threshold"] = policy.baseline_windows, np.inf
    usual, found = np.zeros((1, 1, policy.baseline_windows)), []
    for level in levels:
        judge(rule[0], alarm[0], usual, 0, 0, level)
        found.append((int(alarm[0]["change"]), float(alarm[0]["compared"])))
    return found


@pytest.mark.parametrize(("windows", "persistence"), [(1, 1), (6, 2), (7, 3)])
@given(levels=LEVELS)
def test_a_station_judges_as_a_watch_does(windows, persistence, levels):
    """It learns the same threshold, and alarms come and go at the same levels."""
    policy = AlarmRule(alarm_factor=1.1, baseline_windows=windows, persistence=persistence)
    watch, expected = Watch(policy=policy), []
    for level in levels:
        threshold, change = watch.threshold, watch.judge(level)
        expected.append(({None: 0, True: 1, False: -1}[change], threshold))

    assert judged(policy, levels) == expected


def test_a_level_that_nobody_knows_changes_nothing():
    """Neither what is usual nor how many were too high in a row."""
    policy = AlarmRule(alarm_factor=1.5, baseline_windows=2, persistence=2)
    found = judged(policy, [1.0, np.nan, 1.0, 2.0, np.nan, 2.0])

    assert [change for change, _ in found] == [0, 0, 0, 0, 0, 1]
