"""Gates: what passes, what does not, and which bounds make no sense."""

import re

import pytest

from simgen.core import RequestError
from simgen.metrics import Score
from simgen.pipeline.evaluation.gates import check_thresholds, failures


def scores(**values):
    return {
        "payments": {
            name: Score.undefined("because") if value is None else Score(value=value)
            for name, value in values.items()
        }
    }


def test_bounds_are_met_in_the_metrics_own_direction():
    """Tstr must not be less, c2st not more; on the bound is enough."""
    assert failures(scores(tstr=0.7, c2st=0.8), {"tstr": 0.7, "c2st": 0.8}) == []


def test_each_failure_names_metric_value_and_bound():
    """One line each."""
    assert failures(scores(tstr=0.61, c2st=0.85), {"tstr": 0.7, "c2st": 0.8}) == [
        "payments: tstr = 0.610, must be >= 0.7",
        "payments: c2st = 0.850, must be <= 0.8",
    ]


def test_what_is_undefined_passes_and_what_was_left_out_does_not():
    """Rows without label can't fail tstr; not to compute it is no way through the gate."""
    bounds = {"tstr": 0.7, "c2st": 0.8}
    assert failures(scores(tstr=None, c2st=0.5), bounds) == []
    assert failures(scores(c2st=0.5), bounds) == ["payments: tstr was not computed"]


def test_nothing_measured_is_no_pass():
    """A gate that looked at nothing stays shut."""
    assert failures(scores(tstr=None), {"tstr": 0.7}) == ["none of tstr is defined for this data"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ({}, "the gate is empty: bound at least 1 metric"),
        ({"tstl": 0.5}, "the gate bounds an unknown metric 'tstl': did you mean tstr?"),
        ({"c2st": 1.5}, "the gate bounds c2st by 1.5: must be a number >= 0 and <= 1"),
        ({"c2st": "low"}, "the gate bounds c2st by 'low': must be a number >= 0 and <= 1"),
        ({"c2st": float("nan")}, "the gate bounds c2st by nan: must be a number >= 0 and <= 1"),
        ({"c2st": True}, "the gate bounds c2st by True: must be a number >= 0 and <= 1"),
    ],
)
def test_bad_bounds_are_refused(content, line):
    """In one line, before anything is computed."""
    with pytest.raises(RequestError, match=re.escape(line)):
        check_thresholds(content)
