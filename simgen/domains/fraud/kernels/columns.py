"""Kernel: from settled rows to the columns of `transactions`, in one pass over the rows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.fraud.flows import CASH, PURCHASE
from simgen.domains.fraud.market import (
    CASH as _CASH_CATEGORY,
    FIRST_ABROAD,
    TRANSFER as _TRANSFER_CATEGORY,
)
from simgen.domains.fraud.schema import Channel
from simgen.kernels.distributions import exponential_from
from simgen.kernels.philox import uniform

_AT_TILL, _IN_SHOP_ONLINE = int(Channel.CARD_PRESENT), int(Channel.ECOMMERCE)
_AT_MACHINE, _BY_TRANSFER = int(Channel.ATM), int(Channel.TRANSFER)
_AT_HOME = 1  # a place in the home country that is not online
_CASH_RADIUS = 4.0  # mean distance from home to a cash machine [km]; assumption


@njit(cache=True, error_model="numpy", forceinline=True)
def _machine_distance(u: Any) -> Any:
    """From home to a cash machine [km]."""
    return exponential_from(u, 1.0 / _CASH_RADIUS)


@njit(cache=True, error_model="numpy", nogil=True)
def describe(
    key: Any,
    first: Any,
    payments: Any,
    market: Any,
    homes: Any,
    distances: Any,
    codes: Any,
    at: Any,
    ids: Any,
    amount: Any,
    distance: Any,
) -> None:
    """Say what, whose, when and where each payment is.

    Args:
        key: of the stream that says how far cash machines are. (2,)
        first: id of the first customer.
        payments: of dtype FLOW. (n,)
        market: (category, place, x, y) arrays.
        homes: (x, y) arrays. (customers,) each [km]
        distances: from home to each country. (countries,) [km]
        codes: out: category, country, channel, entry, decline, event. (6, n)
        at: out: instants. (n,) [us]
        ids: out: customer, merchant, device, payee. (4, n)
        amount: out. (n,) [EUR]
        distance: out: from home to the till or cash machine, NaN elsewhere. (n,) [km]
    """
    category_of, place_of, x, y = market
    home_x, home_y = homes
    for k in range(len(payments)):
        row = payments[k]
        c, merchant = row.customer, row.merchant
        place = _AT_HOME
        if row.flow == PURCHASE:
            place = place_of[merchant]
            category, channel = category_of[merchant], _AT_TILL if place else _IN_SHOP_ONLINE
        elif row.flow == CASH:
            category, channel = _CASH_CATEGORY, _AT_MACHINE
            place = max(_AT_HOME, row.place)
        else:
            category, channel = _TRANSFER_CATEGORY, _BY_TRANSFER
        country = place - FIRST_ABROAD + 1 if place >= FIRST_ABROAD else 0
        away = np.nan
        if channel == _AT_MACHINE:
            u = uniform(key, first + c, int(row.at * 1e6))
            away = distances[country] * (0.8 + 0.4 * u) if country else _machine_distance(u)
        elif country > 0:
            # Within a country, up to a fifth nearer or farther, by merchant.
            away = distances[country] * (0.8 + 0.4 * (merchant * 0.618034 % 1.0))
        elif channel == _AT_TILL:
            away = math.hypot(home_x[c] - x[merchant], home_y[c] - y[merchant])
        codes[0, k], codes[1, k], codes[2, k] = category, country, channel
        codes[3, k], codes[4, k], codes[5, k] = row.entry, row.code, row.event
        at[k] = np.int64(np.rint(row.at * 1e6))
        ids[0, k], ids[1, k] = first + c, merchant + 1
        ids[2, k], ids[3, k] = row.device, row.payee
        amount[k] = row.cents / 100.0
        distance[k] = np.floor(away * 100.0 + 0.5) / 100.0
