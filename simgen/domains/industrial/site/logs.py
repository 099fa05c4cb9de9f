"""Batches of the tables that every site of machines has, and what is known of its readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import HOUR, Batch, Table
from simgen.des import EventLog
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.labels import Labels, OwnTraces
from simgen.domains.industrial.site.notes import Vocabulary, write_note
from simgen.domains.industrial.site.orders import WorkOrder
from simgen.domains.industrial.site.parts import Part
from simgen.domains.industrial.site.site import Site
from simgen.kernels.arrays import Floats


def note_first_traces(labels: Labels, at: Floats, trace: Floats, seen: float) -> None:
    """A look-alike can be seen from its first record, a defect from the first that it marks.

    Args:
        labels: of some records.
        at: when each was made. (n,) [s]
        trace: how far defects marked each. (n,)
        seen: the least trace that can be seen.
    """
    likeness = np.array([bool(event.lookalike_of) for event in labels.events], np.bool_)
    # Few records belong to any event.
    mine = np.flatnonzero(labels.event >= 0)
    mine = mine[likeness[labels.event[mine]] | (trace[mine] >= seen)]
    first = np.full(len(labels.events), np.inf)
    np.minimum.at(first, labels.event[mine], at[mine])
    for event, seen_at in zip(labels.events, first.tolist(), strict=True):
        if np.isfinite(seen_at):
            _note_first(event, seen_at)


def note_own_traces(labels: Labels, own: OwnTraces, seen: float) -> None:
    """A defect may be seen while its machine's records still belong to another.

    Args:
        labels: of some records.
        own: how far defects mark those of them where there are several at once.
        seen: the least trace that can be seen.
    """
    shown = own.trace >= seen
    at, machine, defect = own.at[shown], own.machine[shown], own.defect[shown]
    for event in labels.events:
        if not event.lookalike_of:
            mine = (machine == event.machine) & (defect == labels.rare_kinds.index(event.kind) + 1)
            mine &= (at >= event.onset_at) & (at <= event.ended_at)
            if mine.any():
                _note_first(event, float(at[mine].min()))


def _note_first(event: Event, seen_at: float) -> None:
    """An event could be seen at an instant [s], if not before."""
    before = np.inf if event.detectable_at is None else event.detectable_at
    event.detectable_at = min(seen_at, before, event.ended_at)


def use_to_come(site: Site, machine: npt.NDArray[np.signedinteger[Any]], at: Floats) -> Floats:
    """Time in use until the end if a machine fails no more, as often as else it runs `(n,)` [h]."""
    end, use = site.env.now, np.array([one.use_time for one in site.machines])
    sound = np.full(len(use), end)
    for part in site.parts:
        if part.failed:
            sound[part.machine] -= (end if part.removed_at is None else part.removed_at) - (
                _ended_at(part)
            )
    share = use / np.maximum(sound, use + 1.0)
    return np.asarray((end - at) * share[machine] / HOUR)


def fails_soon(left: Floats, censored: Floats, to_come: Floats, horizon: float) -> pa.Array:
    """Whether less than the horizon is left; null where less than that is left of the records.

    Null there for both: of failures that are still seen and of machines whose future is not, only
    failures could be kept. As a machine that failed stands, what counts is what it would have been
    in use, at its usual share of the time. Upkeep ends no machine's records, so nothing else is
    null: a part that is replaced in time made no failure. How long it would have lasted is not
    known either, which `component_survival` carries as censoring.

    Args:
        left: time in use until the failure, NaN if there is none. (n,) [h]
        censored: time in use until the end. (n,) [h]
        to_come: the same if it fails no more, as `use_to_come` tells. (n,) [h]
        horizon: [h]
    """
    soon = left <= horizon
    known = np.where(soon, to_come, censored) >= horizon
    n_unknown = len(soon) - int(np.count_nonzero(known))
    # `pa.array` with a mask would copy them one by one.
    bits = [pa.py_buffer(np.packbits(flags, bitorder="little")) for flags in (known, soon)]
    return pa.Array.from_buffers(pa.bool_(), len(soon), bits, n_unknown)


def site_logs(site: Site, tables: Mapping[str, Table], words: Vocabulary) -> Iterator[Batch]:
    """Alarms, work orders and failures, in this order, of the tables of these names."""
    ids = [machine.machine_id for machine in site.machines]
    yield _alarms(site, tables["alarms"], ids)
    yield _orders(site, tables["work_orders"], ids, words)
    yield _failures(site, tables["failures"], ids)


def components_batch(site: Site, table: Table) -> Batch:
    """The lives of all components."""
    ids = [machine.machine_id for machine in site.machines]
    log = EventLog(table, site.about.start_date)
    for part in sorted(site.parts, key=lambda part: (part.fitted_at, part.part_id)):
        log.add(
            component_id=part.part_id,
            machine_id=ids[part.machine],
            kind=part.about.kind,
            fitted_at=part.fitted_at,
            removed_at=part.removed_at,
            entry_age=part.entry_age / site.usual_pace(part),
            use_time=part.use_time / HOUR,
            failed=part.failed,
            removal=part.removal,
        )
    return log.batch()


def _alarms(site: Site, table: Table, ids: list[int]) -> Batch:
    log = EventLog(table, site.about.start_date)
    for alarm in site.alarms:
        log.add(
            at=alarm.at,
            machine_id=ids[alarm.machine],
            quantity=alarm.quantity,
            raised=alarm.raised,
            level=alarm.level,
            threshold=alarm.threshold,
        )
    return log.batch()


def _orders(site: Site, table: Table, ids: list[int], words: Vocabulary) -> Batch:
    log = EventLog(table, site.about.start_date)
    for order in site.orders:
        log.add(
            order_id=order.order_id,
            machine_id=ids[order.machine],
            kind=order.kind,
            urgent=order.urgent,
            opened_at=order.opened_at,
            hastened_at=order.hastened_at,
            cancelled_at=order.cancelled_at,
            spare_at=order.spare_at,
            started_at=order.started_at,
            finished_at=order.finished_at,
            finding=order.finding,
            n_renewed=len(order.renewed),
            note=_note(site, order, words),
        )
    return log.batch()


def _note(site: Site, order: WorkOrder, words: Vocabulary) -> str:
    if order.finished_at is None:
        return ""
    return write_note(
        site.rng,
        words,
        order.kind,
        order.finding,
        order.renewed,
        runs=order.runs,
        typing_error_share=site.about.typing_error_share,
    )


def _ended_at(part: Part) -> float:
    return part.event.ended_at if part.event else 0.0


def _failures(site: Site, table: Table, ids: list[int]) -> Batch:
    log = EventLog(table, site.about.start_date)
    stops: list[Any] = [iter(machine.stops) for machine in site.machines]
    for part in sorted((part for part in site.parts if part.failed), key=_ended_at):
        assert part.event is not None
        log.add(
            at=part.event.ended_at,
            machine_id=ids[part.machine],
            component_id=part.part_id,
            mode=part.event.kind,
            use_time=next(stops[part.machine]) / HOUR,
        )
    return log.batch()
