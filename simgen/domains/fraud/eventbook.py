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
from simgen.domains.fraud.outcome import Rows, Settled, World
from simgen.domains.fraud.schema import Decline
from simgen.domains.fraud.underworld import Cause
from simgen.kernels.arrays import Floats, Integers

_KINDS = {kind: code for code, kind in enumerate(("", *schema.KINDS))}
_RARE_KINDS = {kind: code for code, kind in enumerate(("", *schema.RARE_KINDS))}
_REASONS = {reason: code for code, reason in enumerate(("", *schema.OBSERVED_REASONS))}
_LABELS = {None: -1, False: 0, True: 1}


@dataclass(frozen=True)
class EventBook:
    """A block's events as arrays, entry 0 standing for none.

    Disputes of payments that took no money in the end did not happen: their id and kind are 0. A
    card that was blocked for one stays blocked, as what was declined is known too late. Nor did
    what begins after the data's end, such as the use of a number that was tested before it.
    """

    events: list[Event]
    ids: Integers
    kind: npt.NDArray[np.int32]  # code in ("", *KINDS)
    lookalike_of: npt.NDArray[np.int32]  # code in ("", *RARE_KINDS)
    weight: Floats
    detectable_at: Floats  # [s], NaN if no record shows it
    observed_at: Floats  # [s], NaN if never
    observed_label: Integers  # -1 if there is none
    observed_reason: Integers  # code in ("", *OBSERVED_REASONS)

    @classmethod
    def of(cls, diary: Diary, weight: float, settled: Settled, sessions: Rows) -> EventBook:
        """The book of a diary, once everything is settled."""
        events = diary.events
        kind = np.array([0, *(_KINDS[event.kind] for event in events)], np.int32)
        lookalike_of = np.array([0, *(_RARE_KINDS[e.lookalike_of] for e in events)], np.int32)
        is_rare = (kind > 0) & (lookalike_of == 0)
        happened = (kind > 0) & (kind != _KINDS["mistaken_dispute"])
        first = np.full(len(events) + 1, np.inf)
        payments, steps = map(_of_events, (settled.payments, sessions))
        for rows in (payments, steps):
            np.minimum.at(first, rows["event"], rows["at"])
        happened[payments["event"][_took_money(payments)]] = True
        happened[1:] &= np.array([event.onset_at < diary.horizon for event in events], np.bool_)
        return cls(
            events,
            happened * (diary.first_event_id - 1 + np.arange(len(events) + 1)),
            happened * kind,
            happened * lookalike_of,
            np.where(is_rare, weight, 1.0),
            np.where(np.isfinite(first), first, np.nan),
            np.array([np.nan, *(event.observed_at for event in events)]),
            np.array([-1, *(_LABELS[event.observed_label] for event in events)]),
            np.array([0, *(_REASONS[event.observed_reason] for event in events)]),
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


def _of_events(rows: Rows) -> Rows:
    # An index would copy them field by field.
    return rows.take(np.flatnonzero(rows["event"] > 0))


def _took_money(payments: Rows) -> npt.NDArray[np.bool_]:
    taking: npt.NDArray[np.bool_] = (payments["code"] == int(Decline.NONE)) & (
        payments["cents"] > 0
    )
    return taking


def cleared_alarms(payments: Rows, streams: Streams) -> Floats:
    """When the bank found each payment that its monitoring stopped for nothing to be genuine [s].

    Of shape `(n,)`; NaN for all others.
    """
    is_suspected = payments["code"] == int(Decline.SUSPECTED_FRAUD)
    alarms = np.flatnonzero(is_suspected & (payments["impostor"] == 0))
    delay = streams.generator("false_alarms").lognormal(np.log(3 * HOUR), 1.0, len(alarms))
    cleared_at = np.full(len(payments), np.nan)
    cleared_at[alarms] = payments["at"][alarms] + 5 * MINUTE + delay
    return cleared_at


def observed_labels(
    world: World, book: EventBook, payments: Rows, ids: Integers, cleared_at: Floats
) -> Batch:
    """Payments of events that the bank formed a view of, and the false alarms of its monitoring."""
    looked_at = np.flatnonzero(np.isfinite(cleared_at) | (payments["event"] > 0))
    payments, ids, cleared_at = payments.take(looked_at), ids[looked_at], cleared_at[looked_at]
    event = payments["event"]
    seen_at = np.where(book.ids > 0, book.observed_at, np.nan)[event]
    judged = np.flatnonzero(payments["at"] < seen_at)
    alarms = np.flatnonzero(np.isfinite(cleared_at))
    at = np.concatenate([seen_at[judged], cleared_at[alarms]])
    rows = np.concatenate([judged, alarms])
    order = np.lexsort((rows, at))
    is_fraud = book.observed_label[event[rows]] == 1
    n_judged, alert = len(judged), schema.OBSERVED_REASONS.index("bank_alert")
    of_event = book.observed_reason[event[judged]] - 1
    # Customers report what they paid; the bank finds the rest of the case.
    is_linked = (of_event != alert) & ~_took_money(payments)[judged]
    reason = np.where(is_linked, len(schema.OBSERVED_REASONS), of_event)
    reason = np.concatenate([reason, np.full(len(alarms), alert)])
    return schema.OBSERVED_LABELS.batch(
        {
            "transaction_id": ids[rows][order],
            "customer_id": (world.population.first + payments["customer"][rows])[order],
            "observed_at": world.instants(at[order]),
            "observed_label": (is_fraud & (np.arange(len(rows)) < n_judged))[order],
            "observed_reason": reason[order],
        }
    )


def events(world: World, book: EventBook, settled: Settled, cleared_at: Floats) -> Batch:
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
        "severity": settled.taken[1:] / 100.0,
        "caused_by": np.array([event.caused_by for event in happened], np.int64),
        "weight": book.weight[1:],
        **_views(book, settled.payments, cleared_at),
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


def _views(book: EventBook, payments: Rows, cleared_at: Floats) -> dict[str, npt.NDArray[Any]]:
    """What the bank thinks of each event: of one not judged, what its first alarm came to."""
    alarms = np.flatnonzero(np.isfinite(cleared_at))
    first = np.full(len(book.ids), np.nan)
    np.fmin.at(first, payments["event"][alarms], cleared_at[alarms])
    is_cleared = np.isnan(book.observed_at) & np.isfinite(first)
    return {
        "observed_at": np.where(is_cleared, first, book.observed_at)[1:],
        "observed_label": np.where(is_cleared, _LABELS[False], book.observed_label)[1:],
        "observed_reason": np.where(is_cleared, _REASONS["bank_alert"], book.observed_reason)[1:],
    }


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
