"""From a block's settled flows to batches of the declared tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import HOUR, MINUTE, Batch, Streams, timestamps
from simgen.domains.fraud import schema
from simgen.domains.fraud.diary import Diary, Event
from simgen.domains.fraud.flows import BLOCK, CASH, DROPPED, PURCHASE, REISSUE, TRANSFER
from simgen.domains.fraud.market import (
    CASH as CASH_CATEGORY,
    FIRST_ABROAD,
    HOME,
    ONLINE,
    TRANSFER as TRANSFER_CATEGORY,
    Market,
    country_distances,
)
from simgen.domains.fraud.population import Population, account_ids, card_ids
from simgen.domains.fraud.schema import Channel, Decline, Entry
from simgen.domains.fraud.underworld import Underworld

Rows = npt.NDArray[np.void]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

IDS_PER_CUSTOMER = 1_000_000  # free for a block's rows
CASH_RADIUS = 4.0  # mean distance from home to a cash machine [km]; assumption


@dataclass(frozen=True)
class World:
    """What the records are about."""

    start_date: str
    population: Population
    market: Market
    underworld: Underworld
    is_first: bool  # whether this block also tells what belongs to no customer

    def instants(self, seconds: npt.ArrayLike) -> npt.NDArray[np.datetime64]:
        """Timestamps `(n,)` from seconds since the start."""
        return timestamps(self.start_date, seconds)


@dataclass(frozen=True)
class Settled:
    """Flows in time order, decided and booked."""

    flows: Rows
    n_replaced: npt.NDArray[np.int8]  # (n,)
    postings: Rows
    taken: Integers  # (events + 1,) [cent]
    balance: Integers  # (customers,) [cent]

    @property
    def is_payment(self) -> npt.NDArray[np.bool_]:
        """Which flows became transactions, `(n,)`."""
        paid: npt.NDArray[np.bool_] = self.flows["flow"] <= TRANSFER
        return paid & (self.flows["code"] != DROPPED)


@dataclass(frozen=True)
class EventBook:
    """A block's events as arrays, entry 0 standing for none."""

    events: list[Event]
    ids: Integers
    kind: Integers  # code in KINDS
    lookalike_of: Integers  # code in ("", *RARE_KINDS)
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
        first = np.full(len(events) + 1, np.inf)
        payments = settled.flows[settled.is_payment]
        for rows in (payments, sessions):
            np.minimum.at(first, rows["event"], rows["at"])
        return cls(
            events,
            np.array([0, *(diary.event_id(event) for event in events)]),
            np.array([0, *(schema.KINDS.index(event.kind) for event in events)]),
            np.array([0, *lookalike_of]),
            np.concatenate([[1.0], np.where(rare, weight, 1.0)]),
            np.where(np.isfinite(first), first, np.nan),
        )

    def labels(self, rows: Rows) -> dict[str, Any]:
        """The label contract's columns for rows that name events."""
        event = rows["event"]
        return {
            "label": rows["impostor"].astype(np.bool_),
            "event_kind": np.where(event > 0, self.kind[event] + 1, 0),
            "event_id": self.ids[event],
            "lookalike_of": self.lookalike_of[event],
            "weight": self.weight[event],
        }


def batches(
    world: World, book: EventBook, settled: Settled, sessions: Rows, streams: Streams
) -> Iterator[Batch]:
    """Every table of the block."""
    payments = settled.flows[settled.is_payment]
    ids = world.population.first * IDS_PER_CUSTOMER + 1 + np.arange(len(payments))
    if world.is_first:
        yield _merchants(world.market)
    yield _customers(world.population)
    yield _accounts(world.population, settled.balance)
    yield _cards(world, settled.flows)
    yield _transactions(world, book, settled, payments, ids, streams)
    yield _sessions(world, book, sessions)
    yield _ledger(world, settled, ids)
    yield _observed_labels(world, book, payments, ids, streams)
    yield _events(world, book, settled.taken)


def _customers(population: Population) -> Batch:
    return schema.CUSTOMERS.batch(
        {
            "customer_id": population.customer_id,
            "age": population.age,
            "monthly_income": population.monthly_income / 100.0,
            "home_city": population.city + 1,
            "home_x": population.home_x,
            "home_y": population.home_y,
        }
    )


def _accounts(population: Population, balance: Integers) -> Batch:
    return schema.ACCOUNTS.batch(
        {
            "account_id": account_ids(population.customer_id),
            "customer_id": population.customer_id,
            "opening_balance": population.opening_balance / 100.0,
            "overdraft_limit": population.overdraft_limit / 100.0,
            "closing_balance": balance / 100.0,
        }
    )


def _cards(world: World, flows: Rows) -> Batch:
    """First cards, and one more for each replacement."""
    n = len(world.population)
    reissues, blocks = (flows[flows["flow"] == kind] for kind in (REISSUE, BLOCK))
    owner = np.concatenate([np.arange(n), reissues["customer"]]).astype(np.int64)
    issued_at = np.concatenate([np.full(n, -1.0), reissues["at"]])
    order = np.lexsort((issued_at, owner))
    owner, issued_at = owner[order], issued_at[order]
    n_replaced = np.arange(len(owner)) - np.searchsorted(owner, owner)
    blocked_at = np.full(len(owner), np.nan)
    by_owner = blocks[np.lexsort((blocks["at"], blocks["customer"]))]
    number = np.arange(len(by_owner)) - np.searchsorted(by_owner["customer"], by_owner["customer"])
    blocked_at[np.searchsorted(owner, by_owner["customer"]) + number] = by_owner["at"]
    customer = world.population.first + owner
    return schema.CARDS.batch(
        {
            "card_id": card_ids(customer, n_replaced),
            "customer_id": customer,
            "account_id": account_ids(customer),
            "monthly_limit": world.population.card_limit[owner] / 100.0,
            "issued_at": world.instants(np.maximum(issued_at, 0.0)),
            "blocked_at": world.instants(blocked_at),
            "replaces": _null_where(n_replaced == 0, card_ids(customer, n_replaced - 1)),
        }
    )


def _merchants(market: Market) -> Batch:
    return schema.MERCHANTS.batch(
        {
            "merchant_id": np.arange(1, market.n_merchants + 1),
            "category": market.category,
            "country": _country(market.place),
            "online": market.place == ONLINE,
            "x": market.x,
            "y": market.y,
        }
    )


def _transactions(
    world: World, book: EventBook, settled: Settled, rows: Rows, ids: Integers, streams: Streams
) -> Batch:
    owner = rows["customer"].astype(np.int64)
    customer = world.population.first + owner
    flow, merchant, code = rows["flow"], rows["merchant"], rows["code"]
    by_merchant = flow == PURCHASE
    place = np.where(by_merchant, world.market.place[merchant], 1)
    online = by_merchant & (place == ONLINE)
    category = np.where(by_merchant, world.market.category[merchant], CASH_CATEGORY)
    category[flow == TRANSFER] = TRANSFER_CATEGORY
    country = _country(place)
    channel = np.where(online, int(Channel.ECOMMERCE), int(Channel.CARD_PRESENT))
    channel[flow == CASH], channel[flow == TRANSFER] = int(Channel.ATM), int(Channel.TRANSFER)
    card = card_ids(customer, settled.n_replaced[settled.is_payment])
    return schema.TRANSACTIONS.batch(
        {
            "transaction_id": ids,
            "at": world.instants(rows["at"]),
            "customer_id": customer,
            "account_id": account_ids(customer),
            "card_id": _null_where(flow == TRANSFER, card),
            "merchant_id": _null_where(~by_merchant, merchant.astype(np.int64) + 1),
            "merchant_category": category,
            "country": country,
            "channel": channel,
            "entry_mode": rows["entry"],
            "amount": rows["cents"] / 100.0,
            "approved": code == Decline.NONE,
            "decline_code": code,
            "device_id": _null_where(rows["device"] == 0, rows["device"]),
            "payee_id": _null_where(rows["payee"] == 0, rows["payee"]),
            "distance_from_home": _distances(world, rows, place, streams),
            **book.labels(rows),
        }
    )


def _distances(world: World, rows: Rows, place: Integers, streams: Streams) -> Floats:
    """From home to the till or cash machine [km]; NaN for what is done online."""
    population, market = world.population, world.market
    owner, merchant = rows["customer"], rows["merchant"]
    distance = np.hypot(
        population.home_x[owner] - market.x[merchant], population.home_y[owner] - market.y[merchant]
    )
    cash = np.flatnonzero(rows["flow"] == CASH)
    distance[cash] = streams.generator("cash_machines").exponential(CASH_RADIUS, len(cash))
    abroad = np.flatnonzero(place >= FIRST_ABROAD)
    # Within a country, up to a fifth nearer or farther, by merchant.
    spread = 0.8 + 0.4 * (merchant[abroad] * 0.618034 % 1.0)
    distance[abroad] = country_distances()[_country(place[abroad])] * spread
    distance[(rows["flow"] == TRANSFER) | ((rows["flow"] == PURCHASE) & (place == ONLINE))] = np.nan
    return np.round(distance, 2)


def _sessions(world: World, book: EventBook, rows: Rows) -> Batch:
    first = world.population.first
    return schema.SESSIONS.batch(
        {
            "session_id": first * IDS_PER_CUSTOMER + 1 + np.arange(len(rows)),
            "at": world.instants(rows["at"]),
            "customer_id": first + rows["customer"].astype(np.int64),
            "action": rows["action"],
            "successful": rows["successful"].astype(np.bool_),
            "device_id": rows["device"],
            "country": _country(rows["place"]),
            **book.labels(rows),
        }
    )


def _ledger(world: World, settled: Settled, ids: Integers) -> Batch:
    rows, first = settled.postings, world.population.first
    number = np.cumsum(settled.is_payment) - 1  # of each flow among the payments
    return schema.LEDGER.batch(
        {
            "posting_id": first * IDS_PER_CUSTOMER + 1 + np.arange(len(rows)),
            "at": world.instants(rows["at"]),
            "account_id": account_ids(first + rows["customer"].astype(np.int64)),
            "kind": rows["kind"],
            "amount": rows["cents"] / 100.0,
            "balance": rows["balance"] / 100.0,
            "transaction_id": _null_where(rows["row"] < 0, ids[number[rows["row"]]]),
        }
    )


def _observed_labels(
    world: World, book: EventBook, payments: Rows, ids: Integers, streams: Streams
) -> Batch:
    """Payments of events that the bank formed a view of, and the false alarms of its monitoring."""
    seen_at = np.array([np.nan, *(event.observed_at for event in book.events)])
    label = np.array([False, *(bool(event.observed_label) for event in book.events)])
    reasons = [
        schema.OBSERVED_REASONS.index(e.observed_reason) if e.observed_reason else 0
        for e in book.events
    ]
    event = payments["event"]
    judged = np.flatnonzero(~np.isnan(seen_at[event]) & (payments["at"] < seen_at[event]))
    suspected = payments["code"] == Decline.SUSPECTED_FRAUD
    alarms = np.flatnonzero(suspected & (payments["impostor"] == 0))
    delay = streams.generator("false_alarms").lognormal(np.log(3 * HOUR), 1.0, len(alarms))
    at = np.concatenate([seen_at[event[judged]], payments["at"][alarms] + 5 * MINUTE + delay])
    rows = np.concatenate([judged, alarms])
    order = np.lexsort((rows, at))
    n_judged, alert = len(judged), schema.OBSERVED_REASONS.index("bank_alert")
    reason = np.concatenate([np.array([0, *reasons])[event[judged]], np.full(len(alarms), alert)])
    return schema.OBSERVED_LABELS.batch(
        {
            "transaction_id": ids[rows][order],
            "customer_id": (world.population.first + payments["customer"][rows])[order],
            "observed_at": world.instants(at[order]),
            "observed_label": (label[event[rows]] & (np.arange(len(rows)) < n_judged))[order],
            "observed_reason": reason[order],
        }
    )


def _events(world: World, book: EventBook, taken: Integers) -> Batch:
    events = book.events
    own = {
        "event_id": book.ids[1:],
        "kind": book.kind[1:],
        "lookalike_of": book.lookalike_of[1:],
        "entity_id": world.population.first + np.array([e.entity for e in events], np.int64),
        "onset_at": np.array([event.onset_at for event in events], np.float64),
        "detectable_at": book.detectable_at[1:],
        "ended_at": np.array([event.ended_at for event in events], np.float64),
        "severity": taken[1:] / 100.0,
        "caused_by": np.array([event.caused_by for event in events], np.int64),
        "weight": book.weight[1:],
        "observed_at": np.array([event.observed_at for event in events], np.float64),
        "observed_label": np.array([_code(event) for event in events], np.int64),
        "observed_reason": np.array([_reason(event) for event in events], np.int64),
    }
    if world.is_first:
        causes = _causes(world.underworld)
        own = {name: np.concatenate([causes[name], own[name]]) for name in own}
    order = np.argsort(own["onset_at"], kind="stable")
    columns: dict[str, Any] = {name: values[order] for name, values in own.items()}
    for name in ("onset_at", "detectable_at", "ended_at", "observed_at"):
        columns[name] = world.instants(columns[name])
    unknown = columns["observed_label"] < 0
    columns["observed_label"] = _null_where(unknown, columns["observed_label"] == 1)
    return schema.EVENTS.batch(columns)


def _code(event: Event) -> int:
    return -1 if event.observed_label is None else int(event.observed_label)


def _reason(event: Event) -> int:
    return schema.OBSERVED_REASONS.index(event.observed_reason) + 1 if event.observed_reason else 0


def _causes(underworld: Underworld) -> dict[str, npt.NDArray[Any]]:
    """Breaches and campaigns: events of a merchant, which cause those of customers."""
    breaches, campaigns = underworld.breaches, underworld.campaigns
    n = len(breaches) + len(campaigns)
    kinds = [schema.KINDS.index("merchant_breach")] * len(breaches)
    kinds += [schema.KINDS.index("testing_campaign")] * len(campaigns)
    merchants = [b.merchant for b in breaches] + [c.merchants[0] for c in campaigns]
    return {
        "event_id": np.arange(1, n + 1),
        "kind": np.array(kinds, np.int64),
        "lookalike_of": np.zeros(n, np.int64),
        "entity_id": np.array(merchants, np.int64) + 1,
        "onset_at": np.array([cause.start_at for cause in (*breaches, *campaigns)], np.float64),
        "detectable_at": np.full(n, np.nan),
        "ended_at": np.array([cause.end_at for cause in (*breaches, *campaigns)], np.float64),
        "severity": np.zeros(n),
        "caused_by": np.zeros(n, np.int64),
        "weight": np.ones(n),
        "observed_at": np.full(n, np.nan),
        "observed_label": np.full(n, -1),
        "observed_reason": np.zeros(n, np.int64),
    }


def _country(place: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The country's code of each place: online shops are taken to be at home."""
    return np.where(place >= FIRST_ABROAD, place - FIRST_ABROAD + 1, HOME)


def _null_where(absent: npt.NDArray[np.bool_], values: npt.NDArray[Any]) -> Any:
    import pyarrow as pa

    return pa.array(values, mask=absent)
