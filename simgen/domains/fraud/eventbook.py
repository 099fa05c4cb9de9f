"""The events of a block: the labels they give to records, and what the bank knew of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import HOUR, MINUTE, Batch, Streams, null_where
from simgen.domains.fraud import schema
from simgen.domains.fraud.diary import Diary, Event
from simgen.domains.fraud.outcome import Floats, Integers, Rows, Settled, World
from simgen.domains.fraud.schema import Decline
from simgen.domains.fraud.underworld import Cause


@dataclass(frozen=True)
class EventBook:
    """A block's events as arrays, entry 0 standing for none.

    Disputes of payments that took no money in the end did not happen: their id and kind are 0. A
    card that was blocked for one stays blocked, as what was declined is known too late.
    """

    events: list[Event]
    ids: Integers
    kind: npt.NDArray[np.int32]  # code in ("", *KINDS)
    lookalike_of: npt.NDArray[np.int32]  # code in ("", *RARE_KINDS)
    weight: Floats
    detectable_at: Floats  # [s], NaN if no record shows it

    @classmethod
    def of(cls, diary: Diary, weight: float, settled: Settled, sessions: Rows) -> EventBook:
        """The book of a diary, once everything is settled."""
        events = diary.events
        lookalike_of = [
            schema.RARE_KINDS.index(e.lookalike_of) + 1 if e.lookalike_of else 0 for e in events
        ]
        rare = np.array([not e.lookalike_of for e in events], np.bool_)
        taking = _took_money(settled.payments)
        happened = np.array([True, *(event.kind != "mistaken_dispute" for event in events)])
        happened[settled.payments["event"][taking]] = True
        first = np.full(len(events) + 1, np.inf)
        for rows in (settled.payments, sessions):
            of_events = np.flatnonzero(rows["event"])
            np.minimum.at(first, rows["event"][of_events], rows["at"][of_events])
        return cls(
            events,
            happened * np.array([0, *(diary.event_id(event) for event in events)]),
            happened
            * np.array([0, *(schema.KINDS.index(event.kind) + 1 for event in events)], np.int32),
            happened * np.array([0, *lookalike_of], np.int32),
            np.concatenate([[1.0], np.where(rare, weight, 1.0)]),
            np.where(np.isfinite(first), first, np.nan),
        )

    def labels(self, event: npt.NDArray[Any], impostor: npt.NDArray[Any]) -> dict[str, Any]:
        """The label contract's columns `(n,)` for rows of events made by impostors or not."""
        return {
            "label": impostor != 0,
            "event_kind": self.kind[event],
            "event_id": self.ids[event],
            "lookalike_of": self.lookalike_of[event],
            "weight": self.weight[event],
        }


def _took_money(payments: Rows) -> npt.NDArray[np.bool_]:
    taking: npt.NDArray[np.bool_] = (payments["code"] == int(Decline.NONE)) & (
        payments["cents"] > 0
    )
    return taking


def observed_labels(
    world: World, book: EventBook, payments: Rows, ids: Integers, streams: Streams
) -> Batch:
    """Payments of events that the bank formed a view of, and the false alarms of its monitoring."""
    seen_at = np.array([np.nan, *(event.observed_at for event in book.events)])
    label = np.array([False, *(bool(event.observed_label) for event in book.events)])
    event = payments["event"]
    of_events = np.flatnonzero(book.ids[event])
    judged = of_events[payments["at"][of_events] < seen_at[event[of_events]]]
    suspected = np.flatnonzero(payments["code"] == int(Decline.SUSPECTED_FRAUD))
    alarms = suspected[payments["impostor"][suspected] == 0]
    delay = streams.generator("false_alarms").lognormal(np.log(3 * HOUR), 1.0, len(alarms))
    at = np.concatenate([seen_at[event[judged]], payments["at"][alarms] + 5 * MINUTE + delay])
    rows = np.concatenate([judged, alarms])
    order = np.lexsort((rows, at))
    n_judged, alert = len(judged), schema.OBSERVED_REASONS.index("bank_alert")
    of_event = np.array([0, *(_reason(event) - 1 for event in book.events)])[event[judged]]
    # Customers report what they paid; the bank finds the rest of the case.
    is_linked = (of_event != alert) & ~_took_money(payments)[judged]
    reason = np.where(is_linked, len(schema.OBSERVED_REASONS), of_event)
    reason = np.concatenate([reason, np.full(len(alarms), alert)])
    return schema.OBSERVED_LABELS.batch(
        {
            "transaction_id": ids[rows][order],
            "customer_id": (world.population.first + payments["customer"][rows])[order],
            "observed_at": world.instants(at[order]),
            "observed_label": (label[event[rows]] & (np.arange(len(rows)) < n_judged))[order],
            "observed_reason": reason[order],
        }
    )


def events(world: World, book: EventBook, taken: Integers) -> Batch:
    """The block's events, and in the first block those of merchants."""
    happened = book.events
    own: dict[str, npt.NDArray[Any]] = {
        "event_id": book.ids[1:],
        "kind": book.kind[1:] - 1,
        "lookalike_of": book.lookalike_of[1:],
        "entity_id": world.population.first + np.array([e.entity for e in happened], np.int64),
        "merchant_id": np.full(len(happened), -1),
        "onset_at": np.array([event.onset_at for event in happened], np.float64),
        "detectable_at": book.detectable_at[1:],
        "ended_at": np.array([event.ended_at for event in happened], np.float64),
        "severity": taken[1:] / 100.0,
        "caused_by": np.array([event.caused_by for event in happened], np.int64),
        "weight": book.weight[1:],
        "observed_at": np.array([event.observed_at for event in happened], np.float64),
        "observed_label": np.array([_code(event) for event in happened], np.int64),
        "observed_reason": np.array([_reason(event) for event in happened], np.int64),
    }
    if world.is_first:
        causes = _causes(world.underworld.causes)
        own = {name: np.concatenate([causes[name], own[name]]) for name in own}
    order = np.argsort(own["onset_at"], kind="stable")
    order = order[own["event_id"][order] > 0]
    columns: dict[str, Any] = {name: values[order] for name, values in own.items()}
    for name in ("onset_at", "detectable_at", "ended_at", "observed_at"):
        columns[name] = world.instants(columns[name])
    unknown = columns["observed_label"] < 0
    for name in ("entity_id", "merchant_id"):
        columns[name] = null_where(columns[name] < 0, columns[name])
    columns["observed_label"] = pa.array(columns["observed_label"] == 1, mask=unknown)
    return schema.EVENTS.batch(columns)


def _code(event: Event) -> int:
    return -1 if event.observed_label is None else int(event.observed_label)


def _reason(event: Event) -> int:
    return schema.OBSERVED_REASONS.index(event.observed_reason) + 1 if event.observed_reason else 0


def _causes(causes: tuple[Cause, ...]) -> dict[str, npt.NDArray[Any]]:
    """Breaches and campaigns: events of a merchant, which cause those of customers."""
    n = len(causes)
    return {
        "event_id": np.array([cause.event_id for cause in causes], np.int64),
        "kind": np.array([schema.KINDS.index(cause.kind) for cause in causes], np.int64),
        "lookalike_of": np.zeros(n, np.int64),
        "entity_id": np.full(n, -1),
        "merchant_id": np.array([cause.merchants[0] + 1 for cause in causes], np.int64),
        "onset_at": np.array([cause.start_at for cause in causes], np.float64),
        "detectable_at": np.full(n, np.nan),
        "ended_at": np.array([cause.end_at for cause in causes], np.float64),
        "severity": np.zeros(n),
        "caused_by": np.zeros(n, np.int64),
        "weight": np.array([cause.weight for cause in causes], np.float64),
        "observed_at": np.full(n, np.nan),
        "observed_label": np.full(n, -1),
        "observed_reason": np.zeros(n, np.int64),
    }
