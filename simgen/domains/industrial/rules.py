"""What invariants of several scenarios are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from simgen.domains.industrial.kernels.rows import keeps_pace, rises

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
