"""Invariants: what must hold in every block of a bearing rig."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from simgen.domains.industrial.kernels.rows import keeps_pace, rises

Tables = Mapping[str, pa.Table]
Verdict = Any  # booleans, one for each row that was looked at


def _column(table: pa.Table, name: str) -> Any:
    return table[name].to_numpy()


def _numbers(machine: Any) -> tuple[int, Any]:
    """The least number of a machine, and -1 for each from that on; a block's are near together."""
    if not len(machine):
        return 0, np.empty(0, np.int64)
    first = int(machine.min())
    return first, np.full(int(machine.max()) - first + 1, -1, np.int64)


def never_falls(rows: pa.Table, whose: str, name: str) -> Verdict:
    """For each row whether a column is no less than in the row before of what is in use.

    Args:
        rows: of machines, in order of time.
        whose: the column that names what is in use: the machine, or a part of it.
        name: of the column.
    """
    machine, verdict = _column(rows, "machine_id"), np.empty(len(rows), np.bool_)
    first, last = _numbers(machine)
    rises(machine, first, _column(rows, whose), _column(rows, name), last, verdict)
    return verdict


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


def silent_at_work(orders: pa.Table, rows: pa.Table) -> Verdict:
    """For each row, in order of time, whether nobody was at work on its machine."""
    start, stop = (_column(orders, name) for name in ("started_at", "finished_at"))
    stop = np.where(np.isnat(stop), np.datetime64("9999-01-01"), stop)
    at, machine = _column(rows, "at"), _column(rows, "machine_id")
    quiet = np.ones(len(at), np.bool_)
    for begin, end, one in zip(start, stop, _column(orders, "machine_id"), strict=True):
        if not np.isnat(begin):
            first, last = np.searchsorted(at, begin, "right"), np.searchsorted(at, end, "left")
            quiet[first:last] &= machine[first:last] != one
    return quiet


def a_standing_machine_is_silent(tables: Tables) -> Verdict:
    """No telemetry and no window comes while a technician is at work on the machine."""
    orders = tables["work_orders"]
    return np.concatenate(
        [silent_at_work(orders, tables[name]) for name in ("telemetry", "windows")]
    )


def within_the_clock(rows: pa.Table, whose: str) -> Verdict:
    """For each row whether no more time in use has passed since the one before than time.

    Args:
        rows: of machines.
        whose: the column that names what is in use: the machine, or a part of it.
    """
    machine, at = _column(rows, "machine_id"), _column(rows, "at").view(np.int64)
    verdict = np.empty(len(rows), np.bool_)
    first, last = _numbers(machine)
    use = _column(rows, "use_time")
    keeps_pace(machine, first, _column(rows, whose), use, at, last, verdict)
    return verdict


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
