"""Cash, transfers to known payees, and logins: the routine beside purchases."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.fraud.flows import CASH, TRANSFER, UNDECIDED
from simgen.domains.fraud.kernels.clock import (
    civil_time,
    next_arrival,
    place_and_event,
    trip_from,
)
from simgen.domains.fraud.kernels.purchases import try_again
from simgen.domains.fraud.schema import Action, Decline, Entry
from simgen.kernels.distributions import normal_from
from simgen.kernels.philox import unit, words

_CHIP, _BANKING = int(Entry.CHIP_AND_PIN), int(Entry.ONLINE_BANKING)
_WRONG_PIN, _LOGIN = int(Decline.INCORRECT_PIN), int(Action.LOGIN)

# All shares, and amounts in cents, are assumptions.
_NOTES = (2_000, 5_000, 5_000, 5_000, 10_000, 10_000, 10_000, 15_000, 20_000, 30_000, 50_000)
_WRONG_PIN_SHARE = 0.006
_PHONE_SHARE = 0.8  # of what is done in online banking
N_PAYEES = 5  # known to a customer; the first ones are used most
_FIRM_SHARE = 0.35  # of a customer's payees: landlords, utilities, shops, which others pay too
_N_FIRMS = 400  # the first ones are paid by most
_LOG_TRANSFER = 4.1  # logarithm of the median transfer in EUR
_TRANSFER_SPREAD = 1.15
_ROUND_FROM = 3_000  # transfers above end on full ten euros [cent]
_FAILED_LOGIN_SHARE = 0.03
_RETRY_TIME = 25.0  # [s]

_FIRMS = 1_000_000_000  # owner of payees that many pay; no customer's id
_PAYEES = 1 << 40  # counters of draws about payees

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # scatters: the golden ratio's fraction of 2**64


@njit(cache=True, error_model="numpy")
def known_payee(customer: Any, index: Any) -> Any:
    """The id of one of an owner's payees: ids of one owner lie scattered among all."""
    number = np.uint64(customer) * np.uint64(64) + np.uint64(index + 1)
    return np.int64((number * _GOLDEN) >> np.uint64(24))


@njit(cache=True, error_model="numpy")
def payee_of(key: Any, customer: Any, index: Any) -> Any:
    """The id of one of a customer's payees: somebody no one else pays, or a firm many do."""
    what, which, _, _ = words(key, customer, _PAYEES + index)
    if unit(what) < _FIRM_SHARE:
        return known_payee(_FIRMS, int(unit(which) ** 2 * _N_FIRMS))
    return known_payee(customer, index)


@njit(cache=True, error_model="numpy")
def unknown_payee(key: Any, customer: Any, index: Any) -> Any:
    """The id of a payee whom the customer does not pay otherwise; `index` from N_PAYEES."""
    payee = payee_of(key, customer, index)
    for known in range(N_PAYEES):
        if payee == payee_of(key, customer, known):
            return known_payee(customer, index)
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
            when, much, slip, _ = words(key, first + customer, counter)
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
            row.code = _WRONG_PIN if unit(slip) < _WRONG_PIN_SHARE else UNDECIDED
            n = try_again(out, n)
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
            row = out[n]
            row.at, row.customer, row.merchant = at, customer, -1
            row.place, row.event, row.share = 0, 0, 0.0
            row.device = _device(habits[customer], at, unit(how))
            number = int(unit(whom) ** 2 * N_PAYEES)
            row.payee = payee_of(payee_key, first + customer, number)
            spread = _TRANSFER_SPREAD * normal_from(unit(much))
            cents = int(100.0 * math.exp(_LOG_TRANSFER + habits[customer].log_spending + spread))
            unit_price = 1_000 if cents > _ROUND_FROM else 100
            row.cents = max(100, cents // unit_price * unit_price)
            row.flow, row.entry = TRANSFER, _BANKING
            row.code, row.impostor = UNDECIDED, 0
            n += 1
    return n


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
    """Ordinary logins, some mistyped and repeated; arguments and result as of `emit_purchases`."""
    n = 0
    for customer in range(len(habits)):
        position, counter, trip = 0.0, 0, trip_starts[customer]
        while True:
            when, how, slip, _ = words(key, first + customer, counter)
            counter += 1
            position = next_arrival(position, unit(when), weekly_rate)
            at = civil_time(position, clock)
            if at >= horizon:
                break
            if n + 2 > len(out):
                return -1
            trip = trip_from(trips, trip, trip_starts[customer + 1], at)
            failed = unit(slip) < _FAILED_LOGIN_SHARE
            for attempt in range(2 if failed else 1):
                row = out[n]
                row.at, row.customer = at + _RETRY_TIME * attempt, customer
                row.device = _device(habits[customer], at, unit(how))
                row.place, row.event = (
                    place_and_event(trips, trip, trip_starts[customer + 1], at)[0],
                    0,
                )
                row.action, row.impostor = _LOGIN, 0
                row.successful = 0 if failed and attempt == 0 else 1
                n += 1
    return n
