"""Dense records: ordinary payments and logins between the events of a life, and their settlement.

Rows are structured: a row is one cache line, so that sorting by time moves whole rows.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.core import DAY, WEEK
from simgen.domains.fraud.flows import (
    BILL,
    BLOCK,
    CARD_GONE,
    CASH,
    DROPPED,
    PURCHASE,
    REFUND,
    REISSUE,
    SALARY,
    SAVINGS,
    STATEMENT,
    TRANSFER,
)
from simgen.domains.fraud.schema import Decline, Entry, Posting
from simgen.kernels.alias import alias_from
from simgen.kernels.distributions import exponential_from, normal_from
from simgen.kernels.philox import unit, words

_CHIP, _TAP, _WEB, _FILED = (
    int(Entry.CHIP_AND_PIN),
    int(Entry.CONTACTLESS),
    int(Entry.WEB),
    int(Entry.CARD_ON_FILE),
)
_BANKING = int(Entry.ONLINE_BANKING)
_FUNDS, _LIMIT = int(Decline.INSUFFICIENT_FUNDS), int(Decline.EXCEEDS_LIMIT)
_PIN, _CVV, _REFUSED = (
    int(Decline.INCORRECT_PIN),
    int(Decline.CVV_MISMATCH),
    int(Decline.DO_NOT_HONOUR),
)
_SUSPECTED, _RESTRICTED = int(Decline.SUSPECTED_FRAUD), int(Decline.RESTRICTED_CARD)

_SALARY, _BILL, _STATEMENT = int(Posting.SALARY), int(Posting.BILL), int(Posting.CARD_STATEMENT)
_CASH_OUT, _SENT = int(Posting.CASH_WITHDRAWAL), int(Posting.TRANSFER)
_SAVINGS, _REFUND = int(Posting.SAVINGS), int(Posting.REFUND)

# Exploration and preferential return: P(new) = 0.6 S**-0.21 after S different places. The form and
# the values are those of Song, Koren, Wang, Barabasi (2010), Modelling the scaling properties of
# human mobility, Nature Physics 6; that they hold for shops is an assumption.
_EXPLORATION = 0.6
_EXPLORATION_DECAY = -0.21
_N_EARLIER = 60  # visits before the start, which fill the customer's memory
_TILL = 0
_ONLINE = 1
_CONTACTLESS_LIMIT = 5_000  # [cent], European card schemes since 2020
_CASH_LIMIT = 100_000  # per day [cent]; assumption
_TRANSFER_LIMIT = 1_000_000  # per day [cent]; assumption
_SMALLEST_SWEEP = 10_000  # [cent]; assumption


@njit(cache=True)
def next_arrival(position: Any, u: Any, weekly_rate: Any) -> Any:
    """The next arrival's place in weeks of operational time."""
    return position + exponential_from(u, weekly_rate)


@njit(cache=True)
def civil_time(position: Any, clock: Any) -> Any:
    """Seconds since the start, from weeks of operational time and a weekly clock `(n + 1,)`."""
    week = math.floor(position)
    point = (position - week) * (len(clock) - 1)
    below = min(int(point), len(clock) - 2)
    return week * WEEK + clock[below] + (point - below) * (clock[below + 1] - clock[below])


@njit(cache=True)
def _rounded(amount: Any, u: Any, endings: Any, ending_weights: Any) -> Any:
    """Whole cents [cent] near `amount` [EUR], ending as prices do."""
    cents = max(1, int(amount * 100.0 + 0.5))
    if cents < 100:
        return cents
    for k in range(len(endings)):
        if u < ending_weights[k]:
            return cents // 100 * 100 + endings[k]
    return cents


@njit(cache=True)
def _merchant_in(
    u: Any, place: Any, category: Any, segments: Any, threshold: Any, alias: Any
) -> Any:
    start, stop = segments[place, category, 0], segments[place, category, 1]
    return start + alias_from(u, threshold[start:stop], alias[start:stop])


@njit(cache=True)
def _decline(u: Any, entry: Any, abroad: Any, cents: Any) -> Any:
    """The issuer's or the customer's mishap, or -1: shares are assumptions."""
    suspicion = 0.0003 * (8.0 if abroad else 1.0) * (5.0 if cents > 60_000 else 1.0)
    if u < suspicion:
        return _SUSPECTED
    u -= suspicion
    if entry == _CHIP and u < 0.006:
        return _PIN
    if entry == _WEB and u < 0.010:
        return _CVV
    return _REFUSED if 0.010 <= u < 0.0125 else -1


@njit(cache=True)
def emit_purchases(
    key: Any,
    first: Any,
    horizon: Any,
    clock: Any,
    customers: Any,
    devices: Any,
    phone_changed_at: Any,
    trips: Any,
    trip_starts: Any,
    market: Any,
    prices: Any,
    out: Any,
) -> Any:
    """Card payments of every customer, in time order for each; returns how many, -1 if `out` is full.

    Args:
        key: of the stream. (2,)
        first: id of the first customer.
        horizon: end of the simulation. [s]
        clock: see `civil_time`.
        customers: (city, payments a week, log spending) arrays. (n,) each
        devices: ids of first phone, next phone, other device. (n, 3)
        phone_changed_at: infinite if never. (n,) [s]
        trips: rows of (from [s], until [s], place, event), by customer and time. (m, 4)
        trip_starts: where each customer's trips begin in `trips`. (n + 1,)
        market: (category, place, log price, fixed price, segments, threshold, alias) arrays.
        prices: (basket spread, price endings, their cumulative weights, alias tables of till and of
            online and till discoveries).
        out: rows of dtype FLOW. (capacity,)
    """
    city, weekly_rate, log_spending = customers
    category_of, place_of, log_price, fixed_price, segments, threshold, alias = market
    spread, endings, ending_weights, till_table, till_alias, any_table, any_alias = prices
    n_sold = len(spread)
    visited = np.empty(4096, np.int32)
    n = 0
    for c in range(len(city)):
        entity = first + c
        n_visits, n_known = 0, 0
        explore = 1.0
        position = 0.0
        trip, trip_end = trip_starts[c], trip_starts[c + 1]
        counter = 0
        while True:
            w0, w1, w2, w3 = words(key, entity, 2 * counter)
            v0, v1, v2, v3 = words(key, entity, 2 * counter + 1)
            counter += 1
            earlier = counter <= _N_EARLIER
            at = -1.0
            if not earlier:
                position = next_arrival(position, unit(w0), weekly_rate[c])
                at = civil_time(position, clock)
                if at >= horizon:
                    break
            returning = unit(w1) >= explore
            if returning:
                merchant = visited[int(unit(w2) * min(n_visits, len(visited)))]
            else:
                combination = alias_from(unit(w2), any_table, any_alias)
                online = combination >= n_sold
                merchant = _merchant_in(
                    unit(w3),
                    0 if online else 1 + city[c],
                    combination - n_sold if online else combination,
                    segments,
                    threshold,
                    alias,
                )
                n_known += 1
                explore = _EXPLORATION * n_known**_EXPLORATION_DECAY
            visited[n_visits % len(visited)] = merchant
            n_visits += 1
            if earlier:
                continue

            while trip < trip_end and at >= trips[trip, 1]:
                trip += 1
            away = trip < trip_end and at >= trips[trip, 0]
            event = 0
            if away and place_of[merchant] != 0:
                merchant = _merchant_in(
                    unit(w3),
                    int(trips[trip, 2]),
                    alias_from(unit(w2), till_table, till_alias),
                    segments,
                    threshold,
                    alias,
                )
                event = int(trips[trip, 3])
            abroad = event != 0

            if fixed_price[merchant] > 0:
                cents = fixed_price[merchant] * (2 if unit(v1) < 0.1 else 1)
            else:
                log_amount = log_price[merchant] + log_spending[c]
                log_amount += spread[category_of[merchant]] * normal_from(unit(v0))
                cents = _rounded(math.exp(log_amount), unit(v1), endings, ending_weights)

            device = np.int64(0)
            choice = unit(v2)
            if place_of[merchant] == 0:
                entry = _FILED if returning and choice < 0.45 else _WEB
                phone = 1 if at >= phone_changed_at[c] else 0
                device = devices[c, phone if choice * 7.0 % 1.0 < 0.75 else 2]
                if entry == _WEB and not returning and choice > 0.985:
                    cents = 0
            else:
                entry = _TAP if cents <= _CONTACTLESS_LIMIT and choice < 0.8 else _CHIP

            mishap = _decline(unit(v3), entry, abroad, cents)
            n_tries = 2 if mishap == _PIN or mishap == _CVV else 1
            for attempt in range(n_tries):
                if n == len(out):
                    return -1
                row = out[n]
                row.at = at + attempt * (12.0 + 70.0 * choice)
                row.device = device
                row.payee = 0
                row.cents = cents
                row.customer = c
                row.merchant = merchant
                row.event = event
                row.share = 0.0
                row.flow = PURCHASE
                row.entry = entry
                row.code = mishap if attempt == 0 else -1
                row.impostor = 0
                n += 1
    return n


@njit(cache=True)
def emit_cash_and_transfers(
    key: Any,
    first: Any,
    horizon: Any,
    clock: Any,
    devices: Any,
    phone_changed_at: Any,
    rates: Any,
    log_spending: Any,
    trips: Any,
    trip_starts: Any,
    out: Any,
) -> Any:
    """Cash withdrawals, and transfers to a few known payees; returns how many, -1 if `out` is full.

    `rates` is (withdrawals, transfers) a week; the rest is as for `emit_purchases`.
    """
    notes = np.array([2_000, 5_000, 5_000, 10_000, 10_000, 15_000, 20_000, 30_000])  # [cent]
    n = 0
    for c in range(len(log_spending)):
        for flow in (CASH, TRANSFER):
            position, counter = 0.0, 0
            trip, trip_end = trip_starts[c], trip_starts[c + 1]
            while True:
                w0, w1, w2, w3 = words(key, first + c, 2 * counter + (1 if flow == CASH else 0))
                counter += 1
                position = next_arrival(position, unit(w0), rates[0 if flow == CASH else 1])
                at = civil_time(position, clock)
                if at >= horizon:
                    break
                if n == len(out):
                    return -1
                while trip < trip_end and at >= trips[trip, 1]:
                    trip += 1
                away = trip < trip_end and at >= trips[trip, 0]
                row = out[n]
                row.at = at
                row.customer = c
                row.merchant = -1
                row.event = int(trips[trip, 3]) if away and flow == CASH else 0
                row.share = 0.0
                row.flow = flow
                row.impostor = 0
                row.code = -1
                if flow == CASH:
                    row.device = 0
                    row.payee = 0
                    row.cents = notes[int(unit(w1) * len(notes))]
                    row.entry = _CHIP
                    row.code = _PIN if unit(w3) < 0.006 else -1
                else:
                    phone = 1 if at >= phone_changed_at[c] else 0
                    row.device = devices[c, phone if unit(w3) < 0.75 else 2]
                    row.payee = known_payee(first + c, int(unit(w2) ** 2 * 5.0))
                    amount = math.exp(4.1 + log_spending[c] + 1.15 * normal_from(unit(w1)))
                    whole = 1_000 if amount > 30.0 else 100
                    row.cents = max(100, int(amount * 100.0) // whole * whole)
                    row.entry = _BANKING
                n += 1
    return n


@njit(cache=True)
def known_payee(customer: Any, index: Any) -> Any:
    """The id of one of a customer's payees: ids of one customer lie scattered among all."""
    mixed = (np.uint64(customer) * np.uint64(64) + np.uint64(index)) * np.uint64(0x9E3779B97F4A7C15)
    return np.int64(mixed >> np.uint64(24))


@njit(cache=True)
def emit_logins(
    key: Any,
    first: Any,
    horizon: Any,
    clock: Any,
    devices: Any,
    phone_changed_at: Any,
    weekly_rate: Any,
    trips: Any,
    trip_starts: Any,
    out: Any,
) -> Any:
    """Ordinary logins, some mistyped and repeated; returns how many, -1 if `out` is full."""
    n = 0
    for c in range(len(devices)):
        position, counter = 0.0, 0
        trip, trip_end = trip_starts[c], trip_starts[c + 1]
        while True:
            w0, w1, w2, _ = words(key, first + c, counter)
            counter += 1
            position = next_arrival(position, unit(w0), weekly_rate)
            at = civil_time(position, clock)
            if at >= horizon:
                break
            while trip < trip_end and at >= trips[trip, 1]:
                trip += 1
            away = trip < trip_end and at >= trips[trip, 0]
            phone = 1 if at >= phone_changed_at[c] else 0
            n_tries = 2 if unit(w2) < 0.03 else 1
            for attempt in range(n_tries):
                if n == len(out):
                    return -1
                row = out[n]
                row.at = at + 25.0 * attempt
                row.device = devices[c, phone if unit(w1) < 0.85 else 2]
                row.customer = c
                row.event = 0
                row.place = int(trips[trip, 2]) if away else 0
                row.action = 0
                row.successful = 1 if attempt == n_tries - 1 else 0
                row.impostor = 0
                n += 1
    return n


@njit(cache=True)
def settle(
    rows: Any,
    opening_balance: Any,
    overdraft_limit: Any,
    card_limit: Any,
    postings: Any,
    n_replaced_of: Any,
    taken: Any,
) -> Any:
    """Decide every undecided payment in order of time, and book what moves the accounts.

    Args:
        rows: of dtype FLOW, in time order; `code` and `cents` are decided in place. (n,)
        opening_balance: (customers,) [cent]
        overdraft_limit: (customers,) [cent]
        card_limit: (customers,) [cent]
        postings: out, of dtype POSTING. (capacity,)
        n_replaced_of: out, how often the card in use had been replaced. (n,)
        taken: out, what impostors got, by event. (events,) [cent]

    Returns:
        The number of postings, and the balances at the end `(customers,)` [cent].
    """
    balance = opening_balance.copy()
    n_customers = len(balance)
    owed = np.zeros(n_customers, np.int64)  # on the card, since the last statement
    blocked = np.zeros(n_customers, np.bool_)
    gone = np.zeros(n_customers, np.bool_)  # the customer no longer holds the card
    n_replaced = np.zeros(n_customers, np.int8)
    today = np.full((n_customers, 2), -1, np.int64)
    used_today = np.zeros((n_customers, 2), np.int64)  # cash, transfers [cent]
    refundable = np.zeros(len(taken), np.int64)
    n = 0
    for k in range(len(rows)):
        row = rows[k]
        c, flow = row.customer, row.flow
        n_replaced_of[k] = n_replaced[c]
        moved, kind = np.int64(0), -1
        if flow == PURCHASE or flow == CASH or flow == TRANSFER:
            by_card = flow != TRANSFER
            unusable = (
                by_card
                and row.impostor == 0
                and ((gone[c] and row.entry <= _TAP) or (blocked[c] and row.entry != _FILED))
            )
            if unusable:
                row.code = DROPPED
                continue
            if row.share > 0.0:
                row.cents = int(row.share * max(0, balance[c])) // 1_000 * 1_000
                if row.cents < 1_000:
                    row.code = DROPPED
                    continue
            if by_card and blocked[c]:
                row.code = _RESTRICTED
            if flow == PURCHASE:
                if row.code < 0:
                    row.code = _LIMIT if owed[c] + row.cents > card_limit[c] else 0
                if row.code == 0:
                    owed[c] += row.cents
            else:
                purse, cap = (0, _CASH_LIMIT) if flow == CASH else (1, _TRANSFER_LIMIT)
                day = int(row.at // DAY)
                if day != today[c, purse]:
                    today[c, purse], used_today[c, purse] = day, 0
                if row.code < 0:
                    if used_today[c, purse] + row.cents > cap:
                        row.code = _LIMIT
                    elif balance[c] - row.cents < -overdraft_limit[c]:
                        row.code = _FUNDS
                    else:
                        row.code = 0
                if row.code == 0:
                    used_today[c, purse] += row.cents
                    moved, kind = -np.int64(row.cents), (_CASH_OUT if flow == CASH else _SENT)
            if row.code == 0 and row.impostor != 0:
                taken[row.event] += row.cents
                refundable[row.event] += row.cents
        elif flow == SALARY:
            moved, kind = np.int64(row.cents), _SALARY
        elif flow == BILL:
            moved, kind = -np.int64(row.cents), _BILL
        elif flow == STATEMENT:
            moved, kind = -owed[c], _STATEMENT
            owed[c] = 0
        elif flow == SAVINGS:
            gap = opening_balance[c] - balance[c]
            moved, kind = (gap if abs(gap) >= _SMALLEST_SWEEP else np.int64(0)), _SAVINGS
        elif flow == REFUND:
            moved, kind = refundable[row.event], _REFUND
            refundable[row.event] = 0
        elif flow == BLOCK:
            blocked[c] = True
        elif flow == REISSUE:
            blocked[c] = False
            gone[c] = False
            n_replaced[c] += 1
        elif flow == CARD_GONE:
            gone[c] = True
        if moved != 0:
            balance[c] += moved
            posting = postings[n]
            posting.at = row.at
            posting.cents = moved
            posting.balance = balance[c]
            posting.row = k if flow <= TRANSFER else -1
            posting.customer = c
            posting.kind = kind
            n += 1
    return n, balance
