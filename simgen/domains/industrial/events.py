"""Events as they happen: what begins, ends, and is found."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import simpy


@dataclass(kw_only=True)
class Event:
    """Something that happens to a machine, rare or look-alike."""

    event_id: int
    machine: int  # within the block
    kind: str
    onset_at: float  # [s]
    lookalike_of: str = ""
    sensor: str = ""  # the sensor at fault, if one is
    fault: str = ""  # and how
    size: float = 0.0  # of a sensor's fault, in its own measure
    offset: float = 0.0  # of a wrong unit: what is read where 0 is right
    caused_by: int = 0
    ended_at: float = math.nan  # [s], NaN while it goes on
    severity: float = 0.0  # when it ended: a share of failure, or the length of a spall [mm]
    detectable_at: float | None = None  # [s]
    observed_at: float | None = None  # [s]
    observed_label: bool | None = None
    observed_reason: str = ""

    @property
    def active(self) -> bool:
        """Whether it has not ended."""
        return math.isnan(self.ended_at)

    def observe(self, at: float, reason: str, *, label: bool) -> None:
        """What operators take it for from an instant on [s]; only finding it changes their view."""
        if self.observed_at is None or (label and not self.observed_label):
            self.observed_at, self.observed_label, self.observed_reason = at, label, reason


class Counted(Protocol):
    """A machine, as far as numbers of what happens to it go."""

    index: int  # within the block
    machine_id: int
    n_events: int
    n_orders: int


@dataclass(kw_only=True)
class Chronicle:
    """A block of machines as it is simulated, and what has happened to them."""

    NUMBERS: ClassVar[int]  # free for what each machine has of a kind

    env: simpy.Environment
    events: list[Event] = field(default_factory=list)

    def begin(
        self, machine: Counted, kind: str, *, lookalike_of: str = "", caused_by: int = 0
    ) -> Event:
        """Write down an event that begins now; no gap in other ids tells that it did."""
        machine.n_events += 1
        event = Event(
            event_id=machine.machine_id * self.NUMBERS + machine.n_events,
            machine=machine.index,
            kind=kind,
            lookalike_of=lookalike_of,
            onset_at=self.env.now,
            caused_by=caused_by,
        )
        self.events.append(event)
        return event

    def end(self, event: Event, *, severity: float = 0.0) -> None:
        """An event is over now, unless it was already."""
        if event.active:
            event.ended_at, event.severity = self.env.now, severity

    def next_order_id(self, machine: Counted) -> int:
        """The id of a machine's next order."""
        machine.n_orders += 1
        return machine.machine_id * self.NUMBERS + machine.n_orders
