"""The diary of a block: what lives and crimes leave behind, in the form that kernels read."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simgen.domains.fraud.flows import FLOW, PAYMENTS, PURCHASE, SESSION, UNDECIDED
from simgen.domains.fraud.schema import Action, Entry


@dataclass(kw_only=True, eq=False, slots=True)
class Event:
    """One event of the world, growing as it unfolds. Times in seconds since the start."""

    index: int  # within the block, from 1
    kind: str
    lookalike_of: str
    entity: int  # customer within the block
    onset_at: float
    caused_by: int  # id of an event, 0 if none
    ended_at: float
    stolen_at: float  # when the card, its number or the keys to the account were taken
    is_recorded: bool = False  # whether a payment or a step in online banking belongs to it
    observed_at: float = math.nan
    observed_label: bool | None = None
    observed_reason: str = ""

    def record(self, now: float) -> None:
        """Take in a payment or a step in online banking."""
        self.is_recorded = True
        self.ended_at = max(self.ended_at, now)


@dataclass(frozen=True)
class Trip:
    """A stay abroad, from `start_at` to `end_at` [s]."""

    customer: int
    start_at: float
    end_at: float
    place: int
    event: int


@dataclass(kw_only=True, eq=False)
class Diary:
    """Flows, sessions and events of one block, in the order in which they were written down.

    Entries at or after `horizon` [s] are left out: the world goes on, the data set ends.
    """

    horizon: float
    first_event_id: int  # the id of event 1 of this block
    events: list[Event] = field(default_factory=list)
    n_payments: int = 0  # so far
    n_frauds: int = 0  # payments by impostors so far
    _flows: list[tuple[object, ...]] = field(default_factory=list)
    _sessions: list[tuple[object, ...]] = field(default_factory=list)

    def event(
        self,
        kind: str,
        entity: int,
        now: float,
        *,
        lookalike_of: str = "",
        caused_by: int = 0,
        stolen_at: float | None = None,
    ) -> Event:
        """Open an event; `stolen_at` is its beginning unless told."""
        event = Event(
            index=len(self.events) + 1,
            kind=kind,
            lookalike_of=lookalike_of,
            entity=entity,
            onset_at=now,
            caused_by=caused_by,
            ended_at=now,
            stolen_at=now if stolen_at is None else stolen_at,
        )
        self.events.append(event)
        return event

    def event_id(self, event: Event) -> int:
        """The event's id in the data set."""
        return self.first_event_id + event.index - 1

    def flow(
        self,
        flow: int,
        now: float,
        customer: int,
        *,
        event: Event | None = None,
        cents: int = 0,
        share: float = 0.0,
        merchant: int = -1,
        place: int = 0,
        entry: Entry = Entry.CHIP_AND_PIN,
        code: int = UNDECIDED,
        device: int = 0,
        payee: int = 0,
        impostor: bool = False,
    ) -> None:
        """Write down a flow; see `flows`."""
        if now >= self.horizon:
            return
        if flow in PAYMENTS:
            self.n_payments += 1
            if event is not None:
                event.record(now)
        self.n_frauds += impostor
        index = event.index if event is not None else 0
        about_card = (flow, int(entry), int(code), int(impostor))
        self._flows.append(
            (now, device, payee, cents, customer, merchant, index, place, share, *about_card)
        )

    def purchase(
        self,
        now: float,
        customer: int,
        merchant: int,
        cents: int,
        *,
        entry: Entry,
        device: int,
        event: Event,
        code: int = UNDECIDED,
    ) -> None:
        """Write down a card payment by the customer that belongs to an event."""
        self.flow(
            PURCHASE,
            now,
            customer,
            merchant=merchant,
            cents=cents,
            entry=entry,
            device=device,
            event=event,
            code=code,
        )

    def session(
        self,
        action: Action,
        now: float,
        customer: int,
        device: int,
        event: Event,
        *,
        place: int = 0,
        successful: bool = True,
        impostor: bool = False,
    ) -> None:
        """Write down what was done in online banking."""
        if now >= self.horizon:
            return
        event.record(now)
        index = event.index
        row = (now, device, customer, index, place, int(action), int(successful), int(impostor))
        self._sessions.append(row)

    def flows(self) -> npt.NDArray[np.void]:
        """The flows so far, of dtype FLOW, `(n,)`."""
        return np.array(self._flows, FLOW)

    def sessions(self) -> npt.NDArray[np.void]:
        """The sessions so far, of dtype SESSION, `(n,)`."""
        return np.array(self._sessions, SESSION)
