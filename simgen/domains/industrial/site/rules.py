"""Invariants: what must hold at every site of machines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from simgen.domains.industrial.rules import never_falls, silent_at_work

Tables = Mapping[str, pa.Table]
Verdict = Any  # booleans, one for each row that was looked at

_ROUNDED = 1e-9  # by so much a severity along a straight line may be off


def _column(table: pa.Table, name: str) -> Any:
    return table[name].to_numpy()


def remaining_time_is_zero_at_failure(tables: Tables) -> Verdict:
    """A machine sends a last row when it fails, with nothing left; never is less left."""
    telemetry, failures = tables["telemetry"], tables["failures"]
    known = telemetry["remaining_time"].is_valid().to_numpy()
    left = _column(telemetry, "remaining_time")
    ends = np.flatnonzero(known & (left == 0.0))
    keys = zip(_column(telemetry, "machine_id")[ends], _column(telemetry, "at")[ends], strict=True)
    ended = set(keys)
    failed = zip(_column(failures, "machine_id"), _column(failures, "at"), strict=True)
    return np.append(left[known] >= 0.0, [one in ended for one in failed])


def a_standing_machine_is_silent(tables: Tables) -> Verdict:
    """No telemetry comes while a technician is at work on the machine."""
    return silent_at_work(tables["work_orders"], tables["telemetry"])


def silent_while_failed(tables: Tables, name: str) -> Verdict:
    """For each row of a table, in order of time, whether its machine had not failed.

    A failure lasts until the part is replaced.
    """
    failures, rows, parts = tables["failures"], tables[name], tables["components"]
    removed = dict(zip(_column(parts, "component_id"), _column(parts, "removed_at"), strict=True))
    machine, at = _column(rows, "machine_id"), _column(rows, "at")
    silent = np.ones(len(at), np.bool_)
    for one, part, start in zip(
        *(_column(failures, name) for name in ("machine_id", "component_id", "at")), strict=True
    ):
        stop = removed[part]
        stop = np.datetime64("9999-01-01") if np.isnat(stop) else stop
        first, last = np.searchsorted(at, start, "right"), np.searchsorted(at, stop, "left")
        silent[first:last] &= machine[first:last] != one
    return silent


def a_failed_machine_is_silent(tables: Tables) -> Verdict:
    """Between a failure and the replacement that ends it, no telemetry comes."""
    return silent_while_failed(tables, "telemetry")


def a_defect_never_heals(tables: Tables) -> Verdict:
    """From record to record of one defect, its severity never becomes less."""
    return np.concatenate([never_falls(rows, "event_id", "severity") for rows in _records(tables)])


def severity_is_that_of_the_event(tables: Tables) -> Verdict:
    """A worn record is of an event of its machine and time, and no worse than that became."""
    return np.concatenate([_fits_its_event(rows, tables["events"]) for rows in _records(tables)])


def _records(tables: Tables) -> list[pa.Table]:
    return [tables[name] for name in ("telemetry", "windows") if name in tables]


def _fits_its_event(rows: pa.Table, events: pa.Table) -> Verdict:
    """For each row that is worn; they are few."""
    severity, ids = _column(rows, "severity"), _column(events, "event_id")
    worn = np.flatnonzero(severity)
    mine, at = _column(rows, "event_id")[worn], _column(rows, "at")[worn]
    order = np.argsort(ids)
    event = (
        order[np.minimum(np.searchsorted(ids[order], mine), len(ids) - 1)] if len(worn) else worn
    )
    return (
        (ids[event] == mine)
        & (_column(events, "entity_id")[event] == _column(rows, "machine_id")[worn])
        & (_column(events, "onset_at")[event] <= at)
        & (at <= _column(events, "ended_at")[event])
        & (severity[worn] <= _column(events, "severity")[event] + _ROUNDED)
    )


def a_spare_comes_before_its_fitting(tables: Tables) -> Verdict:
    """Work that waits for a spare does not begin without it, nor before it was asked for."""
    orders = tables["work_orders"]
    opened, spare, start, stop = (
        _column(orders, name) for name in ("opened_at", "spare_at", "started_at", "finished_at")
    )
    begun, done = ~np.isnat(start), ~np.isnat(stop)
    return (
        (~begun | (start >= opened))
        & (np.isnat(spare) | ~begun | (start >= spare))
        & (~done | (stop >= start))
    )


# Of every site of machines.
SITE_RULES = (
    remaining_time_is_zero_at_failure,
    a_standing_machine_is_silent,
    a_failed_machine_is_silent,
    a_defect_never_heals,
    severity_is_that_of_the_event,
    a_spare_comes_before_its_fitting,
)
