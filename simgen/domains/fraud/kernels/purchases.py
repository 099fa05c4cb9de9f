"""Ordinary card payments: where, how much, how entered, and what goes wrong.

Numbers that name no source are assumptions.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.domains.fraud.flows import PURCHASE, UNDECIDED
from simgen.domains.fraud.kernels.amounts import N_TARIFFS, TRIAL_PRICES, asked_for
from simgen.domains.fraud.kernels.clock import (
    civil_time,
    next_arrival,
    place_and_event,
    trip_from,
)
from simgen.domains.fraud.population import device_id
from simgen.domains.fraud.schema import Decline, Entry
from simgen.kernels.alias import alias_from
from simgen.kernels.distributions import lognormal_from
from simgen.kernels.elementary import log
from simgen.kernels.philox import unit, words

_CHIP, _TAP = int(Entry.CHIP_AND_PIN), int(Entry.CONTACTLESS)
_WEB, _FILED = int(Entry.WEB), int(Entry.CARD_ON_FILE)
_WRONG_PIN, _WRONG_CVV = int(Decline.INCORRECT_PIN), int(Decline.CVV_MISMATCH)
_REFUSED, _SUSPECTED = int(Decline.DO_NOT_HONOUR), int(Decline.SUSPECTED_FRAUD)

# Exploration and preferential return: P(new) = 0.6 S**-0.21 after S different places. The form and
# the values are those of Song, Koren, Wang, Barabasi (2010), Modelling the scaling properties of
# human mobility, Nature Physics 6; that they hold for shops is an assumption.
_EXPLORATION = 0.6
_EXPLORATION_DECAY = -0.21
_N_EARLIER = 60  # visits before the start, which fill the customer's memory
_MEMORY = 4_096  # visits remembered
_EXPLORE = np.minimum(1.0, _EXPLORATION * np.arange(1.0, _MEMORY + 2.0) ** _EXPLORATION_DECAY)

CONTACTLESS_LIMIT = 5_000  # [cent], European card schemes since 2020
_TAP_SHARE = 0.8  # of payments below the limit; assumption, as all shares that follow
_ON_FILE_SHARE = 0.45  # of online purchases at a shop used before
_VERIFICATION_SHARE = 0.03  # of first online purchases: next to nothing, to verify the card
_ZERO_SHARE = 0.85  # of verifications; the others ask for a cent
_TRIAL_SHARE = 0.02  # of first online purchases: a trial month, a sample
PHONE_SHARE = 0.72  # of online purchases
STRANGE_DEVICE_SHARE = 0.04  # a browser wiped, a friend's computer
PUBLIC_SHARE = 0.25  # of those: computers of a hotel, a library, which others use too
_N_PUBLIC = 8  # in a city
WRONG_PIN_SHARE = 0.006
_WRONG_CVV_SHARE = 0.010
_REFUSED_SHARE = 0.0025
_FALSE_ALARM_SHARE = 0.0003  # times 8 abroad, times 5 above 600 EUR
_LARGE = 60_000  # [cent]
MEDIAN_RETRY_TIME = 37.0  # after a slip; log-normal [s]
RETRY_SPREAD = 0.8  # deviation of its logarithm
GIVES_UP_SHARE = 0.18  # of slips: pays in cash, or not at all
_TAPS_SHARE = 0.07  # of slips: taps instead, if the sum allows
_ERRS_AGAIN_SHARE = 0.07  # of slips: once more, and gives up then

_DEVICES = 1 << 41  # counters of draws about devices
_SECOND_TRIES = 1 << 42  # counters of draws about them
_STRANGE = 1 << 20  # indices of devices used once
_PUBLIC = 1_000_000_000  # owner of a city's public devices; no customer's id


# How a customer pays.
HABIT = np.dtype(
    [
        ("city", np.int64),  # index of the home city
        ("weekly_rate", np.float64),  # [1/week]
        ("log_spending", np.float64),  # added to the logarithm of amounts
        ("phone_changed_at", np.float64),  # infinite if never [s]
        ("devices", np.int64, 3),  # first phone, next phone, other device
    ],
    align=True,
)

# A merchant, and its cell of its segment's alias table.
SHOP = np.dtype(
    [
        ("log_price", np.float64),  # of the median basket [log EUR]
        ("threshold", np.float64),
        ("loyalty", np.float64),  # share of returns that go to this shop
        ("alias", np.int32),
        ("tariffs", np.int32, N_TARIFFS),  # 0 where prices vary [cent]
        ("category", np.int16),
        ("place", np.int16),
    ],
    align=True,
)


@njit(cache=True, error_model="numpy", nogil=True)
def emit_purchases(
    key: Any,
    first: Any,
    horizon: Any,
    clock: Any,
    habits: Any,
    device_key: Any,
    trips: Any,
    trip_starts: Any,
    shops: Any,
    segments: Any,
    discoveries: Any,
    baskets: Any,
    out: Any,
) -> Any:
    """Card payments of every customer, in time order for each.

    Args:
        key: of the stream. (2,)
        first: id of the first customer.
        horizon: end of the simulation. [s]
        clock: see `civil_time`.
        habits: of dtype HABIT. (n,)
        device_key: of the stream that names devices. (2,)
        trips: see `trip_from`. (m, 4)
        trip_starts: where each customer's trips start in `trips`. (n + 1,)
        shops: of dtype SHOP. (n_merchants,)
        segments: first and one past the last shop. (n_places, n_categories, 2)
        discoveries: alias tables (threshold, alias) of the category discovered at tills, and of
            the category discovered at tills and then online.
        baskets: spread of log amounts by category sold, price endings [cent], their cumulative
            shares.
        out: rows of dtype FLOW. (capacity,)

    Returns:
        How many rows were written, or -1 if `out` is too small.
    """
    visited, n = np.empty(_MEMORY, np.int32), 0
    for customer in range(len(habits)):
        habit, trip, stop = habits[customer], trip_starts[customer], trip_starts[customer + 1]
        (till_threshold, till_alias), (any_threshold, any_alias) = discoveries
        spread, endings, shares = baskets
        entity, position, n_visits = first + customer, 0.0, 0
        n_known, explore = 0, 1.0
        while True:
            when, whether, which, where = words(key, entity, 2 * n_visits)
            returning = unit(whether) >= explore
            if returning:
                known = visited[int(unit(which) * min(n_visits, _MEMORY))]
                merchant = _this_or_another(unit(where), known, shops, segments)
            else:
                what = alias_from(unit(which), any_threshold, any_alias)
                place = 0 if what >= len(till_alias) else 1 + habit.city
                merchant = _merchant_in(unit(where), place, what % len(till_alias), shops, segments)
                explore = _EXPLORE[min(n_known, _MEMORY)]
                n_known += 1
            visited[n_visits % _MEMORY] = merchant
            n_visits += 1
            if n_visits <= _N_EARLIER:
                continue
            position = next_arrival(position, unit(when), habit.weekly_rate)
            at = civil_time(position, clock)
            if at >= horizon:
                break
            if n + 2 > len(out):
                return -1
            trip = trip_from(trips, trip, stop, at)
            place, event = place_and_event(trips, trip, stop, at)
            if place and shops[merchant].place:
                what = alias_from(unit(which), till_threshold, till_alias)
                merchant = _merchant_in(unit(where), place, what, shops, segments)
            else:
                event = 0
            row, shop = out[n], shops[merchant]
            row.at, row.customer, row.merchant, row.event = at, customer, merchant, event
            draws = words(key, entity, 2 * n_visits - 1)
            _ask(row, shop, habit, returning, draws, spread, endings, shares)
            if shop.place == 0:
                draws = words(key, entity, _DEVICES + n_visits)
                row.device = _device(row, draws, habit, device_key, entity)
            if row.code in (_WRONG_PIN, _WRONG_CVV):
                whether, soon, _, _ = words(key, entity, _SECOND_TRIES + n_visits)
                n = try_again(out, n, unit(whether), unit(soon))
            else:
                n += 1
    return n


@njit(cache=True, error_model="numpy", forceinline=True)
def _merchant_in(u: Any, place: Any, category: Any, shops: Any, segments: Any) -> Any:
    """As `alias_from`, within a segment of `shops`."""
    start, stop = segments[place, category, 0], segments[place, category, 1]
    position = u * (stop - start)
    cell = min(np.int64(position), stop - start - 1)
    shop = shops[start + cell]
    return start + (cell if position - cell < shop.threshold else shop.alias)


@njit(cache=True, error_model="numpy", forceinline=True)
def _this_or_another(u: Any, known: Any, shops: Any, segments: Any) -> Any:
    """The shop known, or another of its kind in the same place."""
    shop = shops[known]
    if u < shop.loyalty:
        return known
    u = (u - shop.loyalty) / (1.0 - shop.loyalty)
    return _merchant_in(u, shop.place, shop.category, shops, segments)


@njit(cache=True, error_model="numpy", forceinline=True)
def _ask(
    row: Any,
    shop: Any,
    habit: Any,
    returning: Any,
    draws: Any,
    spread: Any,
    endings: Any,
    shares: Any,
) -> None:
    """Ask for a payment at `shop`: all columns but who, where, when and the device."""
    basket, ending, how, slip = draws
    row.device, row.payee, row.place, row.share = 0, 0, 0, 0.0
    row.flow, row.impostor = PURCHASE, 0
    log_median = habit.log_spending + shop.log_price
    price = (log_median, spread[shop.category], endings, shares)
    row.cents = asked_for(unit(basket), unit(ending), shop.tariffs, *price)
    _enter(row, unit(how), shop.place == 0, returning)
    row.code = _mishap(row, unit(slip))


@njit(cache=True, error_model="numpy", forceinline=True)
def _enter(row: Any, how: Any, online: Any, returning: Any) -> None:
    """Set how the payment is entered."""
    if online:
        row.entry = _FILED if returning and how < _ON_FILE_SHARE else _WEB
        if row.entry == _WEB and not returning:
            if how < _VERIFICATION_SHARE:
                row.cents = 0 if how < _ZERO_SHARE * _VERIFICATION_SHARE else 1
            elif how > 1.0 - _TRIAL_SHARE:
                row.cents = TRIAL_PRICES[int((1.0 - how) / _TRIAL_SHARE * len(TRIAL_PRICES))]
    else:
        row.entry = _TAP if row.cents <= CONTACTLESS_LIMIT and how < _TAP_SHARE else _CHIP


@njit(cache=True, error_model="numpy")
def strange_device(key: Any, entity: Any, city: Any, is_public: Any, number: Any) -> Any:
    """The id of a device that is not the customer's: of those in public, or used once."""
    if is_public:
        return device_id(key, _PUBLIC + city, int(unit(number) * _N_PUBLIC))
    return device_id(key, entity, _STRANGE + np.int64(number))


@njit(cache=True, error_model="numpy", forceinline=True)
def _device(row: Any, draws: Any, habit: Any, key: Any, entity: Any) -> Any:
    """The id of the device an online payment is made with."""
    whose, strange, number, _ = draws
    if row.entry == _WEB and unit(strange) < STRANGE_DEVICE_SHARE:
        is_public = unit(strange) < PUBLIC_SHARE * STRANGE_DEVICE_SHARE
        return strange_device(key, entity, habit.city, is_public, number)
    phone = 1 if row.at >= habit.phone_changed_at else 0
    return habit.devices[phone if unit(whose) < PHONE_SHARE else 2]


@njit(cache=True, error_model="numpy", forceinline=True)
def _mishap(row: Any, u: Any) -> Any:
    """A decline by the bank's doubt or the customer's slip, or UNDECIDED."""
    suspicion = _FALSE_ALARM_SHARE * (8.0 if row.event else 1.0)
    if row.cents > _LARGE:
        suspicion *= 5.0
    if u < suspicion:
        return _SUSPECTED
    if u > 1.0 - _REFUSED_SHARE:
        return _REFUSED
    if row.entry == _CHIP and u < suspicion + WRONG_PIN_SHARE:
        return _WRONG_PIN
    if row.entry == _WEB and u < suspicion + _WRONG_CVV_SHARE:
        return _WRONG_CVV
    return UNDECIDED


@njit(cache=True, error_model="numpy", forceinline=True)
def try_again(out: Any, n: Any, whether: Any, soon: Any) -> Any:
    """After a slip, most try again; returns the next free row.

    `whether` and `soon` are uniform in (0, 1).
    """
    slip = out[n].code
    if slip not in (_WRONG_PIN, _WRONG_CVV) or whether < GIVES_UP_SHARE:
        return n + 1
    out[n + 1] = out[n]
    again = out[n + 1]
    again.at += lognormal_from(soon, log(MEDIAN_RETRY_TIME), RETRY_SPREAD)
    again.code = slip if whether > 1.0 - _ERRS_AGAIN_SHARE else UNDECIDED
    may_tap = again.flow == PURCHASE and slip == _WRONG_PIN and again.cents <= CONTACTLESS_LIMIT
    if may_tap and whether < GIVES_UP_SHARE + _TAPS_SHARE:
        again.entry = _TAP
    return n + 2
