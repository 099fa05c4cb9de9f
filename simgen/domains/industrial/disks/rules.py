"""Invariants: what must hold in every block of a fleet of disks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

Tables = Mapping[str, pa.Table]
Verdict = Any  # booleans, one for each row that was looked at
_COUNTERS = (5, 9, 10, 12, 187, 188, 189, 196, 199)  # attributes that only rise


def _column(table: pa.Table, name: str) -> Any:
    return table[name].to_numpy()


def _by_disk(smart: pa.Table) -> tuple[Any, Any]:
    """Places of the rows, each disk's together in order of time; and where one follows another."""
    disk = _column(smart, "disk_id")
    order = np.argsort(disk, kind="stable")
    return order, np.diff(disk[order]) == 0


def counters_never_fall(tables: Tables) -> Verdict:
    """What a disk counts of its past only becomes more."""
    smart = tables["smart"]
    order, same = _by_disk(smart)
    verdicts = []
    for number in _COUNTERS:
        values = smart[f"smart_{number}_raw"].fill_null(0).to_numpy()[order]
        verdicts.append(~same | (np.diff(values) >= 0))
    return np.concatenate(verdicts)


def decay_never_heals(tables: Tables) -> Verdict:
    """A disk's severity never becomes less."""
    order, same = _by_disk(tables["smart"])
    return ~same | (np.diff(_column(tables["smart"], "severity")[order]) >= 0.0)


def remaining_time_is_never_negative(tables: Tables) -> Verdict:
    """The time that a disk has left is not below 0, and unknown unless it failed."""
    smart, disks = tables["smart"], tables["disks"]
    failed = _column(disks, "disk_id")[_column(disks, "failed")]
    left = _column(smart, "remaining_time")
    known = np.isin(_column(smart, "disk_id"), failed)
    return np.where(known, left >= 0.0, np.isnan(left))


def a_disk_speaks_while_it_is_in(tables: Tables) -> Verdict:
    """Snapshots come between installation and removal only."""
    smart, disks = tables["smart"], tables["disks"]
    ids = _column(disks, "disk_id")
    order = np.argsort(ids)
    place = order[np.searchsorted(ids[order], _column(smart, "disk_id"))]
    at = _column(smart, "at")
    start, stop = (_column(disks, name)[place] for name in ("installed_at", "removed_at"))
    return (at >= start) & (np.isnat(stop) | (at <= stop))


def a_slot_holds_one_disk(tables: Tables) -> Verdict:
    """The next disk of a slot comes after the one before has gone."""
    disks = tables["disks"]
    slot, start = _column(disks, "slot"), _column(disks, "installed_at")
    stop = _column(disks, "removed_at")
    order = np.lexsort((start, slot))
    other = np.diff(slot[order]) != 0
    return other | (start[order][1:] >= stop[order][:-1])


def a_spare_comes_before_its_fitting(tables: Tables) -> Verdict:
    """A swap waits for its spare, then for a technician."""
    swaps = tables["swaps"]
    opened, spare, start, stop = (
        _column(swaps, name) for name in ("opened_at", "spare_at", "started_at", "finished_at")
    )
    return (
        (np.isnat(spare) | (spare >= opened))
        & (np.isnat(start) | (start >= spare))
        & (np.isnat(stop) | (stop >= start))
    )


RULES = (
    counters_never_fall,
    decay_never_heals,
    remaining_time_is_never_negative,
    a_disk_speaks_while_it_is_in,
    a_slot_holds_one_disk,
    a_spare_comes_before_its_fitting,
)
