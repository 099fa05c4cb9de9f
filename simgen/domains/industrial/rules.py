"""Invariants: what must hold in every block of a bearing rig."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from simgen.core import HOUR

Tables = Mapping[str, pa.Table]
Verdict = Any  # booleans, one for each row that was looked at

_MICROSECOND = 1e-6  # [s]; instants are stored to it


def _column(table: pa.Table, name: str) -> Any:
    return table[name].to_numpy()


def time_order_by(table: pa.Table, key: str) -> Any:
    """Places of the rows, each item's together and in order of time.

    By machine, a bearing's rows are together too: they follow one another in it.
    """
    keys = _column(table, key)
    near = keys - keys.min(initial=np.iinfo(np.int64).max)
    # Short integers are dealt out instead of compared.
    short = near.max(initial=0) <= np.iinfo(np.uint16).max
    return np.argsort(near.astype(np.uint16) if short else keys, kind="stable")


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
    order = time_order_by(telemetry, "machine_id")
    ids = _column(telemetry, "bearing_id")[order]
    last = order[np.flatnonzero(np.diff(ids, append=-1))]
    left = dict(
        zip(
            _column(telemetry, "bearing_id")[last].tolist(),
            zip(
                _column(telemetry, "remaining_time")[last],
                _column(telemetry, "at")[last],
                strict=True,
            ),
            strict=True,
        )
    )
    return [
        left[bearing] == (0.0, at)
        for bearing, at in zip(
            _column(failures, "bearing_id").tolist(), _column(failures, "at"), strict=True
        )
    ]


def a_spall_never_heals(tables: Tables) -> Verdict:
    """A bearing's spall is never shorter than it was; only a new bearing begins at 0."""
    verdicts = []
    for name in ("telemetry", "windows"):
        order = time_order_by(tables[name], "machine_id")
        size = _column(tables[name], "spall_size")[order]
        bearing = _column(tables[name], "bearing_id")[order]
        verdicts.append((np.diff(size) >= 0.0) | (np.diff(bearing) != 0))
    return np.concatenate(verdicts)


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


def use_is_not_faster_than_the_clock(tables: Tables) -> Verdict:
    """Between two rows of one bearing no more time in use passes than time."""
    telemetry = tables["telemetry"]
    order = time_order_by(telemetry, "machine_id")
    used = np.diff(_column(telemetry, "use_time")[order]) * HOUR
    passed = np.diff(_column(telemetry, "at")[order]) / np.timedelta64(1, "s")
    other = np.diff(_column(telemetry, "bearing_id")[order]) != 0
    return other | ((used >= 0.0) & (used <= passed + 2.0 * _MICROSECOND))


RULES = (
    remaining_time_is_never_negative,
    remaining_time_is_zero_at_failure,
    a_spall_never_heals,
    a_standing_machine_is_silent,
    use_is_not_faster_than_the_clock,
)
