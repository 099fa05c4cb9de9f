"""Invariants: what must hold in every block of a bearing rig."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from simgen.domains.industrial.rules import never_falls, silent_at_work, within_the_clock

Tables = Mapping[str, pa.Table]
Verdict = Any  # booleans, one for each row that was looked at


def _column(table: pa.Table, name: str) -> Any:
    return table[name].to_numpy()


def remaining_time_is_never_negative(tables: Tables) -> Verdict:
    """The time a bearing has left is not below 0, and known exactly if it seized."""
    bearings, verdicts = tables["bearings"], []
    failed = set(_column(bearings, "bearing_id")[_column(bearings, "failed")].tolist())
    for name in ("telemetry", "windows"):
        left = _column(tables[name], "remaining_time")
        seized = np.isin(_column(tables[name], "bearing_id"), list(failed))
        verdicts.append(np.where(seized, left >= 0.0, np.isnan(left)))
    return np.concatenate(verdicts)


def remaining_time_is_zero_at_failure(tables: Tables) -> Verdict:
    """The last row of telemetry of a bearing that seized is that of its seizure."""
    telemetry, failures = tables["telemetry"], tables["failures"]
    bearing, at = _column(telemetry, "bearing_id"), _column(telemetry, "at")
    left = _column(telemetry, "remaining_time")

    def ends(one: int, failed_at: np.datetime64) -> bool:
        first, after = (np.searchsorted(at, failed_at, side) for side in ("left", "right"))
        final = left[first:after][bearing[first:after] == one]
        return len(final) > 0 and final[-1] == 0.0 and not np.any(bearing[after:] == one)

    pairs = zip(_column(failures, "bearing_id"), _column(failures, "at"), strict=True)
    return [ends(one, failed_at) for one, failed_at in pairs]


def a_spall_never_heals(tables: Tables) -> Verdict:
    """A bearing's spall is never shorter than it was; only a new bearing begins at 0."""
    return np.concatenate(
        [never_falls(tables[name], "bearing_id", "spall_size") for name in ("telemetry", "windows")]
    )


def a_standing_machine_is_silent(tables: Tables) -> Verdict:
    """No telemetry and no window comes while a technician is at work on the machine."""
    orders = tables["work_orders"]
    return np.concatenate(
        [silent_at_work(orders, tables[name]) for name in ("telemetry", "windows")]
    )


def use_is_not_faster_than_the_clock(tables: Tables) -> Verdict:
    """Between two rows of one bearing no more time in use passes than time."""
    return within_the_clock(tables["telemetry"], "bearing_id")


RULES = (
    remaining_time_is_never_negative,
    remaining_time_is_zero_at_failure,
    a_spall_never_heals,
    a_standing_machine_is_silent,
    use_is_not_faster_than_the_clock,
)
