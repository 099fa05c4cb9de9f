"""Each rule holds, and fails when one value is changed."""

from datetime import timedelta

import numpy as np
import pytest
from toys.worlds import changed

from simgen.domains.industrial.circuit import rules


@pytest.mark.parametrize(
    ("rule", "table", "column", "value"),
    [
        (rules.one_row_a_second, "telemetry", "at", timedelta(seconds=-1)),
        (rules.nothing_is_severe_that_is_not_done, "telemetry", "severity", 0.5),
        (rules.runs_follow_one_another, "runs", "started_at", timedelta(hours=-1)),
        (rules.water_flows_forward, "telemetry", "flow", -1.0),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_broken_rule_is_noticed(simulate, rule, table, column, value):
    """One value in the second row."""
    tables = simulate({"n_sessions": 1})
    if isinstance(value, timedelta):
        value += tables[table][column][1].as_py()

    assert np.all(rule(tables))
    assert not np.all(rule(changed(tables, table, column, 1, value)))
