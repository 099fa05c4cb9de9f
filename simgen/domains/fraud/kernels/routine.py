"""Cash, transfers to known payees, and logins: the routine beside purchases."""

from __future__ import annotations

import math
from typing import Any

from numba import njit

from simgen.domains.fraud.flows import CASH, TRANSFER, UNDECIDED
from simgen.domains.fraud.kernels.clock import (
    civil_time,
    next_arrival,
    place_and_event,
    trip_from,
)
from simgen.domains.fraud.kernels.purchases import WRONG_PIN_SHARE, try_again
from simgen.domains.fraud.population import device_id
from simgen.domains.fraud.schema import Action, Decline, Entry
from simgen.kernels.distributions import exponential_from, lognormal_from, normal_from
from simgen.kernels.philox import unit, words

_CHIP, _BANKING = int(Entry.CHIP_AND_PIN), int(Entry.ONLINE_BANKING)
_WRONG_PIN, _SUSPECTED = int(Decline.INCORRECT_PIN), int(Decline.SUSPECTED_FRAUD)
_LOGIN = int(Action.LOGIN)

# All shares, and amounts in cents, are assumptions.
_NOTES = (2_000, 5_000, 5_000, 5_000, 10_000, 10_000, 10_000, 15_000, 20_000, 30_000, 50_000)
_PHONE_SHARE = 0.8  # of what is done in online banking
N_PAYEES = 5  # known to a customer; the first ones are used most
_FIRM_SHARE = 0.35  # of a customer's payees: landlords, utilities, shops, which others pay too
_N_FIRMS = 400  # the first ones are paid by most
_LOG_TRANSFER = 4.1  # logarithm of the median transfer in EUR
_TRANSFER_SPREAD = 1.15
_ROUND_FROM = 3_000  # transfers above end on full ten euros [cent]
_FAILED_LOGIN_SHARE = 0.03
_FAILS_AGAIN_SHARE = 0.25  # of second and third tries
_GIVES_UP_SHARE = 0.15  # after a failed login
_MOST_LOGINS = 4  # tries in a row
LOG_LOGIN_RETRY = 3.2  # logarithm of the median time to the next try of a login in s
LOGIN_RETRY_SPREAD = 0.8
_LOGIN_LEAD = 240.0  # mean time from a login to the transfer it is made for [s]
# Of 100 alerts on laundering up to 98 are false (SynthAML); alerts on transfers are taken to err
# about as often, and more on payees not paid before.
_FALSE_ALARM_SHARE = 0.001
NEW_PAYEE_ALARM_SHARE = 0.01

_FIRMS = 1_000_000_000  # owner of payees that many pay; no customer's id
_PAYEES = 1 << 40  # counters of draws about payees
_RETRIES = 1 << 42  # counters of draws about further tries
_LEADS = 1 << 43  # counters of draws about how transfers come about


@njit(cache=True, error_model="numpy")
def payee_of(key: Any, customer: Any, index: Any) -> Any:
    """The id of one of a customer's payees: somebody no one else pays, or a firm many do."""
    what, which, _, _ = words(key, customer, _PAYEES + index)
    if unit(what) < _FIRM_SHARE:
        return device_id(key, _FIRMS, int(unit(which) ** 2 * _N_FIRMS))
    return device_id(key, customer, index)


@njit(cache=True, error_model="numpy")
def unknown_payee(key: Any, customer: Any, index: Any) -> Any:
    """The id of a payee whom the customer does not pay otherwise; `index` from N_PAYEES."""
    payee = payee_of(key, customer, index)
    for known in range(N_PAYEES):
        if payee == payee_of(key, customer, known):
            return device_id(key, customer, index)
    return payee


@njit(cache=True, error_model="numpy", forceinline=True)
def _device(habit: Any, at: Any, u: Any) -> Any:
    phone = 1 if at >= habit.phone_changed_at else 0
    return habit.devices[phone if u < _PHONE_SHARE else 2]


@njit(cache=True, error_model="numpy", nogil=True)
def emit_cash(
    key: Any,
    first: Any,
    horizon: Any,
    clock: Any,
    weekly_rate: Any,
    trips: Any,
    trip_starts: Any,
    out: Any,
) -> Any:
    """Cash withdrawals, at home and on trips; arguments and result as of `emit_purchases`."""
    n = 0
    for customer in range(len(trip_starts) - 1):
        position, counter, trip = 0.0, 0, trip_starts[customer]
        while True:
            when, much, slip, alarm = words(key, first + customer, counter)
            counter += 1
            position = next_arrival(position, unit(when), weekly_rate)
            at = civil_time(position, clock)
            if at >= horizon:
                break
            if n + 2 > len(out):
                return -1
            trip = trip_from(trips, trip, trip_starts[customer + 1], at)
            row = out[n]
            row.at, row.customer, row.merchant = at, customer, -1
            row.place, row.event = place_and_event(trips, trip, trip_starts[customer + 1], at)
            row.device, row.payee, row.share = 0, 0, 0.0
            row.cents = _NOTES[int(unit(much) * len(_NOTES))]
            row.flow, row.entry, row.impostor = CASH, _CHIP, 0
            row.code = _WRONG_PIN if unit(slip) < WRONG_PIN_SHARE else UNDECIDED
            if row.code == UNDECIDED and unit(alarm) < _FALSE_ALARM_SHARE:
                row.code = _SUSPECTED
            if row.code == _WRONG_PIN:
                whether, soon, _, _ = words(key, first + customer, _RETRIES + counter)
                n = try_again(out, n, unit(whether), unit(soon))
            else:
                n += 1
    return n


@njit(cache=True, error_model="numpy", nogil=True)
def emit_transfers(
    key: Any,
    first: Any,
    horizon: Any,
    clock: Any,
    weekly_rate: Any,
    habits: Any,
    payee_key: Any,
    out: Any,
) -> Any:
    """Transfers to known payees; arguments and result as of `emit_purchases`."""
    n = 0
    for customer in range(len(habits)):
        position, counter = 0.0, 0
        while True:
            when, much, whom, how = words(key, first + customer, counter)
            counter += 1
            position = next_arrival(position, unit(when), weekly_rate)
            at = civil_time(position, clock)
            if at >= horizon:
                break
            if n == len(out):
                return -1
            lead, alarm, _, _ = words(key, first + customer, _LEADS + counter)
            row = out[n]
            row.at, row.customer, row.merchant = at, customer, -1
            row.place, row.event, row.share = 0, 0, 0.0
            row.device = _device(habits[customer], at - _lead_time(unit(lead)), unit(how))
            number = int(unit(whom) ** 2 * N_PAYEES)
            row.payee = payee_of(payee_key, first + customer, number)
            spread = _TRANSFER_SPREAD * normal_from(unit(much))
            cents = int(100.0 * math.exp(_LOG_TRANSFER + habits[customer].log_spending + spread))
            unit_price = 1_000 if cents > _ROUND_FROM else 100
            row.cents = max(100, cents // unit_price * unit_price)
            row.flow, row.entry = TRANSFER, _BANKING
            row.code = _SUSPECTED if unit(alarm) < _FALSE_ALARM_SHARE else UNDECIDED
            row.impostor = 0
            n += 1
    return n


@njit(cache=True, error_model="numpy", forceinline=True)
def _lead_time(u: Any) -> Any:
    """From a login to the transfer it is made for [s]."""
    return exponential_from(u, 1.0 / _LOGIN_LEAD)


@njit(cache=True, error_model="numpy", nogil=True)
def emit_transfer_logins(
    key: Any, first: Any, transfers: Any, trips: Any, trip_starts: Any, out: Any
) -> None:
    """The login before each transfer, with its device; `key` is that of `emit_transfers`.

    Args:
        key: of the stream of transfers. (2,)
        first: id of the first customer.
        transfers: what `emit_transfers` wrote. (n,)
        trips: see `trip_from`. (m, 4)
        trip_starts: where each customer's trips start in `trips`. (customers + 1,)
        out: rows of dtype SESSION. (n,)
    """
    customer, counter, trip = -1, 0, 0
    for n in range(len(transfers)):
        if transfers[n].customer != customer:
            customer, counter = transfers[n].customer, 0
            trip = trip_starts[customer]
        counter += 1
        lead, _, _, _ = words(key, first + customer, _LEADS + counter)
        at = transfers[n].at - _lead_time(unit(lead))
        trip = trip_from(trips, trip, trip_starts[customer + 1], at)
        place, _ = place_and_event(trips, trip, trip_starts[customer + 1], at)
        row = out[n]
        row.at, row.customer, row.device, row.place = at, customer, transfers[n].device, place
        row.action, row.event, row.successful, row.impostor = _LOGIN, 0, 1, 0


@njit(cache=True, error_model="numpy", nogil=True)
def emit_logins(
    key: Any,
    first: Any,
    horizon: Any,
    clock: Any,
    weekly_rate: Any,
    habits: Any,
    trips: Any,
    trip_starts: Any,
    out: Any,
) -> Any:
    """Logins to look, some mistyped and repeated; arguments and result as of `emit_purchases`."""
    n = 0
    for customer in range(len(habits)):
        position, counter, trip = 0.0, 0, trip_starts[customer]
        while weekly_rate > 0.0:
            when, how, slip, _ = words(key, first + customer, counter)
            counter += 1
            position = next_arrival(position, unit(when), weekly_rate)
            at = civil_time(position, clock)
            if at >= horizon:
                break
            if n + _MOST_LOGINS > len(out):
                return -1
            trip = trip_from(trips, trip, trip_starts[customer + 1], at)
            place, _ = place_and_event(trips, trip, trip_starts[customer + 1], at)
            row = out[n]
            row.at, row.customer, row.place = at, customer, place
            row.device = _device(habits[customer], at, unit(how))
            row.action, row.event, row.impostor = _LOGIN, 0, 0
            row.successful = 0 if unit(slip) < _FAILED_LOGIN_SHARE else 1
            n = _log_in_again(out, n, key, first + customer, _RETRIES + counter * _MOST_LOGINS)
    return n


@njit(cache=True, error_model="numpy", forceinline=True)
def _log_in_again(out: Any, n: Any, key: Any, entity: Any, counter: Any) -> Any:
    """After a failed login, try again until it works or the customer gives up; the next row."""
    for attempt in range(1, _MOST_LOGINS):
        if out[n].successful:
            break
        leaves, wait, slip, _ = words(key, entity, counter + attempt)
        if unit(leaves) < _GIVES_UP_SHARE:
            break
        out[n + 1] = out[n]
        n += 1
        out[n].at += lognormal_from(unit(wait), LOG_LOGIN_RETRY, LOGIN_RETRY_SPREAD)
        out[n].successful = 0 if unit(slip) < _FAILS_AGAIN_SHARE else 1
    return n + 1
