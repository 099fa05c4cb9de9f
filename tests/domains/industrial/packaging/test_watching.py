"""What a line's alarms judge, and what not."""

import pytest
from toys.worlds import world

from simgen.core import HOUR, RequestError
from simgen.des import run
from simgen.domains.industrial import PackagingLine
from simgen.domains.industrial.packaging.operation import keep_shifts, operate
from simgen.domains.industrial.packaging.parameters import LineWatching
from simgen.domains.industrial.packaging.watching import watch

OFTEN = {"judging_interval": 0.5}
# Alarms at the first level that is not quite usual.
_RULE = {"alarm_factor": 1.02, "baseline_windows": 1, "persistence": 1}
EAGER = OFTEN | {"jam_ratio": _RULE, "reject_ratio": _RULE}


def test_few_products_are_not_judged():
    """A line of 60 a minute makes less than two thousand in half an hour, one of 600 more."""
    slow, usual = (
        world(PackagingLine, n_lines=1, n_days=1, watching=EAGER, line={"rated_speed": speed})
        for speed in (60.0, 600.0)
    )

    assert slow.telemetry.made.sum() > 10_000
    assert len(slow.alarms) == 0
    assert len(usual.alarms)


@pytest.mark.parametrize(
    ("watching", "why"),
    [
        ({"telemetry_interval": 7_200.0}, "telemetry_interval = 7200.0 is out of bounds"),
        (
            {"telemetry_interval": 3_600.0, "judging_interval": 0.5},
            "judging_interval = 0.5 h is less than telemetry_interval = 3600 s",
        ),
    ],
)
def test_rows_are_counted_to_the_hour_and_to_what_is_judged(watching, why):
    """Longer ones would put two hours' products into one."""
    with pytest.raises(RequestError, match=why):
        LineWatching(**watching)


def test_a_stuck_sensor_tells_nothing_new(new_line):
    """What it reads is not judged; the machine's other sensor is, and those of other machines."""
    line = new_line(watching=OFTEN, lookalikes={"bad_material": {"rate": 0.0}})
    stuck, other = line.stations[:2]
    stuck.sensor_fault = line.begin(stuck, "sensor_fault")
    stuck.sensor_fault.sensor, stuck.sensor_fault.fault = "current", "stuck"
    run(line.env, operate(line), keep_shifts(line), watch(line), until=9.0 * HOUR)
    n_judged = [
        len(station.watches[name].usual)
        for station in (stuck, other)
        for name in ("current_ratio", "shaking_ratio")
    ]

    assert n_judged[0] == 0
    assert min(n_judged[1:]) > 0
