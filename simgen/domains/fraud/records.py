"""From a block's outcome to batches of the declared tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import Batch, Streams, null_where
from simgen.domains.fraud import schema
from simgen.domains.fraud.eventbook import EventBook, cleared_alarms, events, observed_labels
from simgen.domains.fraud.flows import BLOCK, REISSUE
from simgen.domains.fraud.kernels.columns import describe
from simgen.domains.fraud.market import FIRST_ABROAD, HOME, ONLINE, Market, country_distances
from simgen.domains.fraud.outcome import Rows, Settled, World
from simgen.domains.fraud.population import Population, account_ids, card_ids
from simgen.domains.fraud.schema import Channel, Decline
from simgen.kernels.arrays import Integers

IDS_PER_CUSTOMER = 1_000_000  # free for a block's rows


def batches(
    world: World, book: EventBook, settled: Settled, sessions: Rows, streams: Streams
) -> Iterator[Batch]:
    """Every table of the block."""
    payments = settled.payments
    ids = world.population.first * IDS_PER_CUSTOMER + 1 + np.arange(len(payments))
    if world.is_first:
        yield _merchants(world.market)
    yield _customers(world.population)
    yield _accounts(world.population, settled.balance)
    yield _cards(world, settled.noted)
    yield _transactions(world, book, settled, ids)
    yield _sessions(world, book, sessions)
    yield _ledger(world, settled, ids)
    cleared_at = cleared_alarms(payments, streams)
    yield observed_labels(world, book, payments, ids, cleared_at)
    yield events(world, book, settled, cleared_at)


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
            "replaces": null_where(n_replaced == 0, card_ids(customer, n_replaced - 1)),
        }
    )


def _merchants(market: Market) -> Batch:
    return schema.MERCHANTS.batch(
        {
            "merchant_id": np.arange(1, market.n_merchants + 1),
            "category": market.category,
            "country": country_of(market.place),
            "online": market.place == ONLINE,
            "x": market.x,
            "y": market.y,
        }
    )


def _transactions(
    world: World, book: EventBook, settled: Settled, transaction_id: Integers
) -> Batch:
    codes, ids, at, amount, distance = _described(world, settled.payments)
    category, country, channel, entry, decline, event = codes
    customer, merchant, device, payee = ids
    card = card_ids(customer, settled.n_replaced)
    return schema.TRANSACTIONS.batch(
        {
            "transaction_id": transaction_id,
            "at": np.datetime64(world.start_date, "us") + at,
            "customer_id": customer,
            "account_id": account_ids(customer),
            "card_id": null_where(channel == int(Channel.TRANSFER), card),
            "merchant_id": null_where(merchant == 0, merchant),
            "merchant_category": category,
            "country": country,
            "channel": channel,
            "entry_mode": entry,
            "amount": amount,
            "approved": decline == int(Decline.NONE),
            "decline_code": decline,
            "device_id": null_where(device == 0, device),
            "payee_id": null_where(payee == 0, payee),
            "distance_from_home": distance,
            **book.labels(event, settled.payments["impostor"]),
        }
    )


def _described(world: World, payments: Rows) -> tuple[npt.NDArray[Any], ...]:
    """What the kernel `describe` says of them: codes, ids, instants, amounts, distances."""
    market, population, n = world.market, world.population, len(payments)
    codes, ids = np.empty((6, n), np.int32), np.empty((4, n), np.int64)
    at, amount, distance = np.empty(n, np.int64), np.empty(n), np.empty(n)
    describe(
        world.cash_machine_key,
        population.first,
        payments,
        (market.category, market.place, market.x, market.y),
        (population.home_x, population.home_y),
        country_distances(),
        codes,
        at,
        ids,
        amount,
        distance,
    )
    return codes, ids, at, amount, distance


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
            "country": country_of(rows["place"]),
            **book.labels(rows["event"], rows["impostor"]),
        }
    )


def _ledger(world: World, settled: Settled, ids: Integers) -> Batch:
    rows, first = settled.postings, world.population.first
    return schema.LEDGER.batch(
        {
            "posting_id": first * IDS_PER_CUSTOMER + 1 + np.arange(len(rows)),
            "at": world.instants(rows["at"]),
            "account_id": account_ids(first + rows["customer"].astype(np.int64)),
            "kind": rows["kind"],
            "amount": rows["cents"] / 100.0,
            "balance": rows["balance"] / 100.0,
            "transaction_id": null_where(rows["row"] < 0, np.append(ids, 0)[rows["row"]]),
        }
    )


def country_of(place: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The country's code of each place: online shops are taken to be at home."""
    return np.where(place >= FIRST_ABROAD, place - FIRST_ABROAD + 1, HOME)
