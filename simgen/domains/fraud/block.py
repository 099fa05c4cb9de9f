"""One block of customers, from birth of its population to its records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import simpy

from simgen.core import Batch, Block, Streams
from simgen.des import MonitoredResource
from simgen.domains.fraud import ledger, records
from simgen.domains.fraud.bank import Bank
from simgen.domains.fraud.criminals import Crimes, Visits, commit_crimes
from simgen.domains.fraud.customers import Lives, live, make_lives
from simgen.domains.fraud.diary import Diary
from simgen.domains.fraud.flows import FLOW, POSTING, SESSION, TRANSFER
from simgen.domains.fraud.kernels import (
    emit_cash_and_transfers,
    emit_logins,
    emit_purchases,
    settle,
)
from simgen.domains.fraud.market import (
    Market,
    basket_spreads,
    discovery_weights,
    facts,
    mean_basket,
    weekly_clock,
)
from simgen.domains.fraud.population import Population, make_population
from simgen.domains.fraud.underworld import Underworld
from simgen.kernels.alias import alias_table
from simgen.kernels.ordering import time_order

if TYPE_CHECKING:
    from simgen.domains.fraud.retail_bank import RetailBank

Rows = npt.NDArray[np.void]
EVENT_IDS_PER_CUSTOMER = 1_000  # free for a block's events


def simulate_block(
    bank: RetailBank, block: Block, market: Market, underworld: Underworld, streams: Streams
) -> Iterator[Batch]:
    """All records of a block; see DESIGN of the life of a record in CONTRIBUTING."""
    own = streams.child(f"block_{block.start}")
    population = make_population(
        block,
        market,
        streams,
        median_income=bank.median_income,
        purchase_rate=bank.purchase_rate,
        mean_amount=mean_basket(),
    )
    diary = Diary(
        horizon=bank.horizon,
        first_event_id=(block.start + 1_000) * EVENT_IDS_PER_CUSTOMER,
    )
    lives = make_lives(population, market, diary, own)
    live(lives, bank.lookalikes.all())
    purchases, others = _ordinary_payments(bank, lives, streams)
    lived = diary.flows()
    crimes = _crimes(bank, lives, underworld, purchases, own)
    months = ledger.month_starts(bank.start_date, bank.n_days)
    recurring = ledger.subscriptions(population, market, months, own)
    n_genuine = (
        len(purchases) + len(others) + len(recurring) + int((lived["flow"] <= TRANSFER).sum())
    )
    quota = None if bank.prevalence is None else n_genuine * bank.prevalence / (1 - bank.prevalence)
    share = len(population) / bank.n_customers
    weight = commit_crimes(crimes, bank.typologies.active(), quota, share)
    for visit, event in crimes.mistaken.items():
        purchases["event"][visit] = event.index

    account = ledger.account_flows(population, months, own)
    flows = _in_time_order([account, purchases, others, recurring, diary.flows()], bank.horizon)
    settled = _settle(population, flows, len(diary.events))
    sessions = _in_time_order([_logins(bank, lives, streams), diary.sessions()], bank.horizon)
    book = records.EventBook.of(diary, weight, settled, sessions)
    yield from records.batches(
        records.World(bank.start_date, population, market, underworld, block.start == 0),
        book,
        settled,
        sessions,
        own,
    )


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
        online_blocked=np.zeros(n, np.bool_),
    )
    names = ("at", "merchant", "customer")
    visits = Visits(**{name: np.ascontiguousarray(purchases[name]) for name in names})
    return Crimes(
        env=env,
        rng=streams.generator("crimes"),
        bank=issuer,
        diary=lives.diary,
        lives=lives,
        market=lives.market,
        underworld=underworld,
        visits=visits,
        typologies=bank.typologies,
    )


def _ordinary_payments(bank: RetailBank, lives: Lives, streams: Streams) -> tuple[Rows, Rows]:
    """Card purchases, by customer and then time; cash and transfers."""
    population, market = lives.population, lives.market
    clock, trips = weekly_clock(bank.start_date), lives.sorted_trips()
    till, online = discovery_weights()
    endings = facts()["price_endings"]
    prices = (
        basket_spreads(),
        np.array(list(endings), np.int64),
        np.cumsum(list(endings.values())),
        *alias_table(till),
        *alias_table(np.concatenate([till, online])),
    )
    shops = (
        market.category,
        market.place,
        market.log_price,
        market.fixed_price,
        market.segments,
        market.threshold,
        market.alias,
    )
    habits = (population.city, 7.0 * population.purchase_rate, population.log_spending)
    first, horizon, phones = population.first, bank.horizon, lives.phone_changed_at
    purchases = _fill(
        FLOW,
        1.02 * float(population.purchase_rate.sum()) * bank.n_days,
        lambda out: emit_purchases(
            streams.key("purchases"), first, horizon, clock, habits, lives.devices, phones,
            *trips, shops, prices, out,
        ),
    )  # fmt: skip
    rates = (7.0 * bank.cash_rate, 7.0 * bank.transfer_rate)
    others = _fill(
        FLOW,
        (bank.cash_rate + bank.transfer_rate) * len(population) * bank.n_days,
        lambda out: emit_cash_and_transfers(
            streams.key("cash_and_transfers"), first, horizon, clock, lives.devices, phones, rates,
            population.log_spending, *trips, out,
        ),
    )  # fmt: skip
    return purchases, others


def _logins(bank: RetailBank, lives: Lives, streams: Streams) -> Rows:
    n = len(lives.population)
    return _fill(
        SESSION,
        1.04 * bank.login_rate * n * bank.n_days,
        lambda out: emit_logins(
            streams.key("logins"), lives.population.first, bank.horizon,
            weekly_clock(bank.start_date), lives.devices, lives.phone_changed_at,
            7.0 * bank.login_rate, *lives.sorted_trips(), out,
        ),
    )  # fmt: skip


def _fill(kind: np.dtype[Any], expected: float, emit: Callable[[Rows], int]) -> Rows:
    """What `emit` writes, into room for the expected number and ten deviations, or more."""
    capacity = int(expected + 10.0 * expected**0.5 + 1_000.0)
    while True:
        out = np.zeros(capacity, kind)
        n = emit(out)
        if n >= 0:
            return out[:n]
        capacity *= 2


def _in_time_order(parts: list[Rows], horizon: float) -> Rows:
    rows = np.concatenate([part for part in parts if len(part)])
    at = np.ascontiguousarray(rows["at"])
    order = time_order(at)
    first, last = np.searchsorted(at, [0.0, horizon], sorter=order)
    return rows[order[first:last]]


def _settle(population: Population, flows: Rows, n_events: int) -> records.Settled:
    postings = np.zeros(len(flows), POSTING)
    n_replaced = np.zeros(len(flows), np.int8)
    taken = np.zeros(n_events + 1, np.int64)
    n_postings, balance = settle(
        flows,
        population.opening_balance,
        population.overdraft_limit,
        population.card_limit,
        postings,
        n_replaced,
        taken,
    )
    return records.Settled(flows, n_replaced, postings[:n_postings], taken, balance)
