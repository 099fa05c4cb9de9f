"""Which event each record belongs to, and the oracle of events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import Batch, Table
from simgen.des import EventLog
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.labels import mark, mark_defect, tell
from simgen.kernels.arrays import Floats

Integers = npt.NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, kw_only=True)
class Marks:
    """How a machine's defects mark its records; each record belongs to the one that does so most.

    Of defects that mark a record alike it is the worst.
    """

    severities: Floats  # of each defect. (k, n)
    traces: Floats  # how far each marks a record, against the same machine without it. (k, n)

    @classmethod
    def made(cls, severities: Floats, trace: Callable[[list[int]], Floats]) -> Marks:
        """Of a machine.

        Args:
            severities: of each defect. (k, n)
            trace: how far some defects `(j,)` mark records, against the same machine without them.
        """
        worn = severities > 0.0
        there = np.flatnonzero(worn.any(1)).tolist()
        # Where none has to be told from others, one look does for all.
        alone = there and worn.sum(0).max() == 1
        traces = np.zeros(severities.shape)
        for some in [there] if alone else [[one] for one in there]:
            traces[some] = trace(some)
        return cls(severities=severities, traces=traces)

    @cached_property
    def defect(self) -> Integers:
        """To which each record belongs, from 1; 0 where there is none `(n,)`."""
        marks = np.where(self.severities > 0.0, self.traces, -1.0)
        most = np.where(marks == marks.max(0), self.severities, -1.0).argmax(0)
        return np.where(self.severities.any(0), most + 1, 0)

    @property
    def severity(self) -> Floats:
        """Of the defect to which each record belongs `(n,)`."""
        return self._of_defects(self.severities)

    @property
    def trace(self) -> Floats:
        """Its own `(n,)`."""
        return self._of_defects(self.traces)

    def _of_defects(self, values: Floats) -> Floats:
        row = np.maximum(self.defect - 1, 0)[None]
        return np.where(self.defect > 0, np.take_along_axis(values, row, 0)[0], 0.0)


@dataclass(frozen=True, kw_only=True)
class OwnTraces:
    """How far defects mark records of machines that have several at once; an array `(m,)` each."""

    at: Floats  # [s]
    machine: Integers  # within the block
    defect: Integers  # from 1
    trace: Floats

    @classmethod
    def of(
        cls, at: Floats, machine: int, traces: Floats, wanted: npt.NDArray[np.bool_]
    ) -> OwnTraces:
        """Of some of a machine's records, made at some instants `(n,)` [s].

        Args:
            at: (n,) [s]
            machine: within the block.
            traces: of each defect. (k, n)
            wanted: of these records those where several defects show. (n,)
        """
        several = np.flatnonzero(wanted & ((traces > 0.0).sum(0) > 1))
        defect, place = np.nonzero(traces[:, several])
        row = several[place]
        return cls(
            at=at[row],
            machine=np.full(len(row), machine),
            defect=defect + 1,
            trace=traces[defect, row],
        )

    @classmethod
    def none(cls) -> OwnTraces:
        """Of no record."""
        return cls.of(np.empty(0), 0, np.empty((0, 0)), np.empty(0, np.bool_))

    @classmethod
    def joined(cls, some: Sequence[OwnTraces]) -> OwnTraces:
        """One after the other."""
        names = cls.__dataclass_fields__
        return cls(**{name: np.concatenate([getattr(one, name) for one in some]) for name in names})


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
    defect: Integers | None = None,
) -> Labels:
    """The event of each record, in time order: the rare one, or else the look-alike named last.

    Args:
        events: of the block.
        at: when each record was made, ascending. (n,) [s]
        machine: whose it is, within the block. (n,)
        sensors: whose faults show in these records, and "".
        kinds: of events, look-alikes after rare ones.
        rare_kinds: those that are no look-alikes.
        defect: of which of those each record is, from 1, where its machine may have several at
            once. (n,)
    """
    rank = {kind: place for place, kind in enumerate(kinds) if kind not in rare_kinds}
    order = sorted(range(len(events)), key=lambda i: rank.get(events[i].kind, len(kinds)))
    event = np.full(len(at), -1, np.int32)
    for number in order:
        one = events[number]
        if one.sensor in sensors:
            rows = _rows(one, at)
            mark(machine[rows], one.machine, number, event[rows])
    rare = [number for number in order if not events[number].lookalike_of]
    if defect is not None:
        for number in rare:
            one, rows = events[number], _rows(events[number], at)
            code = _code(rare_kinds, one.kind)
            mark_defect(machine[rows], one.machine, defect[rows], code, number, event[rows])
    return Labels(events=events, event=event, kinds=kinds, rare_kinds=rare_kinds)


def _rows(event: Event, at: Floats) -> slice:
    """The records that were made while an event went on."""
    first = np.searchsorted(at, event.onset_at, "left")
    # A defect's last record is that of the failure itself.
    last = np.searchsorted(at, event.ended_at, "left" if event.lookalike_of else "right")
    return slice(int(first), int(last))


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
