"""Invariants: what must hold in every block of a pump rig."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

Tables = Mapping[str, pa.Table]
Verdict = Any  # booleans, one for each row that was looked at


def _column(table: pa.Table, name: str) -> Any:
    return table[name].to_numpy()


def one_row_a_second(tables: Tables) -> Verdict:
    """Within a run, a row follows the one before after one second."""
    telemetry = tables["telemetry"]
    step = np.diff(_column(telemetry, "at")) == np.timedelta64(1, "s")
    return step | (np.diff(_column(telemetry, "run_id")) != 0)


def nothing_is_severe_that_is_not_done(tables: Tables) -> Verdict:
    """Severity is above 0 in records of an event alone."""
    telemetry = tables["telemetry"]
    return (_column(telemetry, "severity") == 0.0) | (_column(telemetry, "event_id") != 0)


def runs_follow_one_another(tables: Tables) -> Verdict:
    """The rig is one: a run begins after the one before has stopped."""
    runs = tables["runs"]
    return _column(runs, "started_at")[1:] >= _column(runs, "stopped_at")[:-1]


def water_flows_forward(tables: Tables) -> Verdict:
    """The meter cannot read less than nothing."""
    return _column(tables["telemetry"], "flow") >= 0.0


RULES = (
    one_row_a_second,
    nothing_is_severe_that_is_not_done,
    runs_follow_one_another,
    water_flows_forward,
)
