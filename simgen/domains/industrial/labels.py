"""Which event each record belongs to, and the oracle of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import Batch, Table
from simgen.des import EventLog
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.labels import mark, tell

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Labels:
    """Which event each of some records belongs to: an index into `events`, -1 if none."""

    events: list[Event]
    event: npt.NDArray[np.signedinteger[Any]]
    kinds: tuple[str, ...]
    rare_kinds: tuple[str, ...]

    def columns(self) -> dict[str, Any]:
        """The label contract's columns."""
        every, n = self.events, len(self.event)
        truths = {
            "label": np.array([not e.lookalike_of for e in every], np.bool_),
            "event_kind": np.array([self.kinds.index(e.kind) + 1 for e in every], np.int32),
            "event_id": np.array([e.event_id for e in every], np.int64),
            "lookalike_of": np.array(
                [_code(self.rare_kinds, e.lookalike_of) for e in every], np.int32
            ),
        }
        columns = {name: np.zeros(n, truth.dtype) for name, truth in truths.items()}
        tell(self.event, tuple(truths.values()), tuple(columns.values()))
        return {**columns, "weight": _ones(1 << n.bit_length())[:n]}


@lru_cache(maxsize=4)  # tables of a block differ in size
def _ones(n: int) -> Floats:
    """The weights of many records, for all blocks: who makes them anew clears memory first."""
    ones = np.ones(n)
    ones.flags.writeable = False
    return ones


def _code(names: tuple[str, ...], name: str) -> int:
    """A name's code where "" is 0."""
    return names.index(name) + 1 if name else 0


def label_rows(
    events: list[Event],
    at: Floats,
    machine: npt.NDArray[np.integer[Any]],
    *,
    sensors: tuple[str, ...],
    kinds: tuple[str, ...],
    rare_kinds: tuple[str, ...],
) -> Labels:
    """The event of each record, in time order: the rare one, or else the look-alike named last.

    Args:
        events: of the block.
        at: when each record was made, ascending. (n,) [s]
        machine: whose it is, within the block. (n,)
        sensors: whose faults show in these records, and "".
        kinds: of events, look-alikes after rare ones.
        rare_kinds: those that are no look-alikes.
    """
    rank = {kind: place for place, kind in enumerate(kinds) if kind not in rare_kinds}
    order = sorted(range(len(events)), key=lambda i: rank.get(events[i].kind, len(kinds)))
    event = np.full(len(at), -1, np.int32)
    for number in order:
        one = events[number]
        if one.sensor not in sensors:
            continue
        first = np.searchsorted(at, one.onset_at, "left")
        # A defect's last record is that of the failure itself.
        last = np.searchsorted(at, one.ended_at, "left" if one.lookalike_of else "right")
        mark(machine[first:last], one.machine, number, event[first:last])
    return Labels(events=events, event=event, kinds=kinds, rare_kinds=rare_kinds)


def events_batch(
    table: Table, start_date: str, events: list[Event], machine_ids: Sequence[int]
) -> Batch:
    """The oracle of a block, in order of onset."""
    log = EventLog(table, start_date)
    for event in sorted(events, key=lambda e: (e.onset_at, e.event_id)):
        log.add(
            event_id=event.event_id,
            kind=event.kind,
            lookalike_of=event.lookalike_of,
            entity_id=machine_ids[event.machine],
            onset_at=event.onset_at,
            detectable_at=event.detectable_at,
            ended_at=event.ended_at,
            severity=event.severity,
            caused_by=event.caused_by,
            weight=1.0,
            observed_at=event.observed_at,
            observed_label=event.observed_label,
            observed_reason=event.observed_reason,
        )
    return log.batch()
