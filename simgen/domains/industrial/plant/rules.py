"""Invariants: what must hold at every site of machines, and at a pump station."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from simgen.domains.industrial.rules import never_falls, row_before, silent_at_work

Tables = Mapping[str, pa.Table]
Verdict = Any  # booleans, one for each row that was looked at


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


def severity_rises_between_repairs(tables: Tables) -> Verdict:
    """A machine's worst defect never becomes less, but for work that was done on it."""
    telemetry, orders = tables["telemetry"], tables["work_orders"]
    machine, at = _column(telemetry, "machine_id"), _column(telemetry, "at")
    verdict = never_falls(telemetry, "machine_id", "severity")
    done, whose = _column(orders, "finished_at"), _column(orders, "machine_id")
    doubtful = np.flatnonzero(~verdict)
    before = row_before(telemetry) if len(doubtful) else doubtful
    for i in doubtful:
        between = (done >= at[before[i]]) & (done <= at[i])
        verdict[i] = np.any((whose == machine[i]) & between)
    return verdict


def water_is_neither_made_nor_lost(tables: Tables) -> Verdict:
    """The consumer gets no more than it asks for, and less only if the tank runs empty."""
    supply = tables["supply"]
    asked, supplied = _column(supply, "asked"), _column(supply, "supplied")
    return (supplied <= asked) & (supplied >= 0.0) & (_column(supply, "volume") >= 0.0)


def no_more_pumps_run_than_may(tables: Tables) -> Verdict:
    """A pump that has failed or is being worked on does not run."""
    supply = tables["supply"]
    return _column(supply, "n_running") <= _column(supply, "n_available")


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
    severity_rises_between_repairs,
    a_spare_comes_before_its_fitting,
)
RULES = (*SITE_RULES, water_is_neither_made_nor_lost, no_more_pumps_run_than_may)
