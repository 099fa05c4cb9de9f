"""One block of customers, from birth of its population to its records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from simgen.core import Batch, Block, Streams
from simgen.des import MonitoredResource
from simgen.domains.fraud import ledger, records
from simgen.domains.fraud.bank import Bank
from simgen.domains.fraud.criminals import Crimes, Visits, commit_crimes
from simgen.domains.fraud.customers import Lives, live, make_lives
from simgen.domains.fraud.diary import Diary
from simgen.domains.fraud.eventbook import EventBook
from simgen.domains.fraud.flows import FLOW, POSTING, SESSION, TRANSFER
from simgen.domains.fraud.kernels.purchases import HABIT, SHOP, emit_purchases
from simgen.domains.fraud.kernels.routine import emit_cash, emit_logins, emit_transfers
from simgen.domains.fraud.kernels.settlement import open_accounts, settle
from simgen.domains.fraud.market import (
    Market,
    basket_spreads,
    discovery_weights,
    facts,
    weekly_clock,
)
from simgen.domains.fraud.outcome import Rows, Settled, World
from simgen.domains.fraud.population import make_population
from simgen.domains.fraud.underworld import Underworld
from simgen.kernels.alias import alias_table
from simgen.kernels.ordering import time_order

if TYPE_CHECKING:
    from simgen.domains.fraud.retail_bank import RetailBank

EVENT_IDS_PER_CUSTOMER = 1_000  # free for a block's events


def simulate_block(
    bank: RetailBank, block: Block, market: Market, underworld: Underworld, streams: Streams
) -> Iterator[Batch]:
    """All records of a block.

    SimPy lets the customers live; kernels emit the ordinary payments between the events of their
    lives; SimPy lets criminals and the bank act on those; one kernel settles everything in order
    of time; what came of it is written down.
    """
    own = streams.child(f"block_{block.start}")
    population = make_population(
        block,
        market,
        streams,
        median_income=bank.median_income,
        purchase_rate=bank.purchase_rate,
        purchase_rate_shape=bank.purchase_rate_shape,
    )
    diary = Diary(
        horizon=bank.horizon, first_event_id=(block.start + 1_000) * EVENT_IDS_PER_CUSTOMER
    )
    lives = make_lives(population, market, diary, own)
    live(lives, bank.lookalikes.all())
    purchases, cash, transfers, logins = _routine(bank, lives, streams)
    months = ledger.month_starts(bank.start_date, bank.n_days)
    recurring = ledger.subscriptions(population, market, months, own)
    genuine = [purchases, cash, transfers, recurring]
    # A second try may come after the end, where ordinary payments don't; the share is negligible.
    n_genuine = len(purchases) + len(cash) + len(transfers)
    n_genuine += sum(_n_payments(part, bank.horizon) for part in (recurring, diary.flows()))
    crimes = _crimes(bank, lives, underworld, purchases, own)
    quota = None if bank.prevalence is None else n_genuine * bank.prevalence / (1 - bank.prevalence)
    share = len(population) / bank.n_customers
    weight = commit_crimes(crimes, bank.typologies.active(), quota, share)
    for visit, event in crimes.mistaken.items():
        purchases["event"][visit] = event.index
    settled = _settle(lives, [*genuine, ledger.account_flows(population, months, own)])
    sessions = _in_time_order([logins, diary.sessions()], bank.horizon)
    yield from records.batches(
        World(
            start_date=bank.start_date,
            population=population,
            market=market,
            underworld=underworld,
            cash_machine_key=streams.key("cash_machines"),
            is_first=block.start == 0,
        ),
        EventBook.of(diary, weight, settled, sessions),
        settled,
        sessions,
        own,
    )


def _n_payments(flows: Rows, horizon: float) -> int:
    within = (flows["at"] >= 0.0) & (flows["at"] < horizon) & (flows["flow"] <= TRANSFER)
    return int(np.count_nonzero(within))


def _crimes(
    bank: RetailBank, lives: Lives, underworld: Underworld, purchases: Rows, streams: Streams
) -> Crimes:
    env, n = simpy.Environment(), len(lives.population)
    n_investigators = max(1, round(n / bank.bank.customers_per_investigator))
    issuer = Bank(
        env=env,
        rng=streams.generator("bank"),
        policy=bank.bank,
        diary=lives.diary,
        investigators=MonitoredResource(env, n_investigators),
        blocked=np.zeros(n, np.bool_),
        reissued_at=np.full(n, -np.inf),
        online_blocked=np.zeros(n, np.bool_),
    )
    return Crimes(
        env=env,
        rng=streams.generator("crimes"),
        bank=issuer,
        diary=lives.diary,
        lives=lives,
        market=lives.market,
        underworld=underworld,
        visits=Visits(purchases),
        typologies=bank.typologies,
    )


def _routine(bank: RetailBank, lives: Lives, streams: Streams) -> tuple[Rows, Rows, Rows, Rows]:
    """Ordinary purchases (by customer and then time), cash, transfers and logins."""
    population, travels = lives.population, lives.travels()
    clock = weekly_clock(bank.start_date, hourly_contrast=bank.hourly_contrast)
    first, horizon = lives.population.first, bank.horizon
    habits = np.empty(len(population), HABIT)
    habits["city"], habits["weekly_rate"] = population.city, 7.0 * population.purchase_rate
    habits["log_spending"] = population.log_spending + np.log(bank.spending_level)
    habits["devices"] = lives.devices
    habits["phone_changed_at"] = lives.phone_changed_at
    shops = np.empty(lives.market.n_merchants, SHOP)
    for name in SHOP.names or ():
        shops[name] = getattr(lives.market, name)
    till, online = discovery_weights()
    discoveries = alias_table(till), alias_table(np.concatenate([till, online]))
    endings = facts()["price_endings"]
    spreads = bank.spending_spread * basket_spreads()
    baskets = spreads, np.array(list(endings)), np.cumsum(list(endings.values()))
    market = (shops, lives.market.segments, discoveries, baskets)
    when = (first, horizon, clock)
    customer_days = len(population) * bank.n_days
    return (
        _fill(
            FLOW,
            1.02 * float(population.purchase_rate.sum()) * bank.n_days,
            emit_purchases,
            *(streams.key("purchases"), *when, habits, population.device_key, *travels, *market),
        ),
        _fill(
            FLOW,
            bank.cash_rate * customer_days,
            emit_cash,
            *(streams.key("cash"), *when, 7.0 * bank.cash_rate, *travels),
        ),
        _fill(
            FLOW,
            bank.transfer_rate * customer_days,
            emit_transfers,
            *(streams.key("transfers"), *when, 7.0 * bank.transfer_rate, habits),
        ),
        _fill(
            SESSION,
            1.04 * bank.login_rate * customer_days,
            emit_logins,
            *(streams.key("logins"), *when, 7.0 * bank.login_rate, habits, *travels),
        ),
    )


def _fill(kind: np.dtype[Any], expected: float, emit: Callable[..., int], *arguments: Any) -> Rows:
    """What `emit` writes, into room for the expected number and ten deviations, or more."""
    capacity = int(expected + 10.0 * expected**0.5 + 1_000.0)
    while True:
        out = np.empty(capacity, kind)
        n = emit(*arguments, out)
        if n >= 0:
            return out[:n]
        capacity *= 2


def _settle(lives: Lives, parts: list[Rows]) -> Settled:
    population, noted = lives.population, lives.diary.flows()
    flows = _in_time_order([*parts, noted], lives.diary.horizon)
    n, n_events = len(flows), len(lives.diary.events)
    accounts = open_accounts(
        population.opening_balance, population.overdraft_limit, population.card_limit
    )
    payments, n_replaced = np.empty(n, FLOW), np.empty(n, np.int16)
    postings = np.empty(n, POSTING)
    taken, refundable = np.zeros((2, n_events + 1), np.int64)
    n_payments, n_postings = settle(
        flows, accounts, payments, n_replaced, postings, taken, refundable
    )
    return Settled(
        noted=noted,
        payments=payments[:n_payments],
        n_replaced=n_replaced[:n_payments],
        postings=postings[:n_postings],
        taken=taken,
        balance=accounts["balance"],
    )


def _in_time_order(parts: list[Rows], horizon: float) -> Rows:
    """The rows from 0 to `horizon` [s], sorted."""
    kind = parts[0].dtype
    # Moved as opaque bytes: ten times faster than field by field.
    opaque = np.dtype((np.void, kind.itemsize))
    rows = np.concatenate([part.view(opaque) for part in parts])
    at = np.ascontiguousarray(rows.view(kind)["at"])
    order = time_order(at)
    first, last = np.searchsorted(at, [0.0, horizon], sorter=order)
    return rows.take(order[first:last]).view(kind)
