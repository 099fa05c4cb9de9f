"""What customers do day by day, between the events of their lives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simgen.core import Streams
from simgen.domains.fraud.customers import Lives
from simgen.domains.fraud.flows import FLOW, SESSION
from simgen.domains.fraud.kernels.purchases import HABIT, SHOP, emit_purchases
from simgen.domains.fraud.kernels.routine import (
    emit_cash,
    emit_logins,
    emit_transfer_logins,
    emit_transfers,
)
from simgen.domains.fraud.market import (
    Market,
    discovery_weights,
    price_endings,
)
from simgen.domains.fraud.outcome import Rows
from simgen.kernels.alias import alias_table

if TYPE_CHECKING:
    from simgen.domains.fraud.retail_bank import RetailBank


class Routine(NamedTuple):
    """Rows of dtype FLOW, logins of dtype SESSION; purchases by customer and then time."""

    purchases: Rows
    cash: Rows
    transfers: Rows
    logins: Rows  # to look
    transfer_logins: Rows

    @property
    def n_payments(self) -> int:
        """How many of them are payments."""
        return len(self.purchases) + len(self.cash) + len(self.transfers)


def make_routine(bank: RetailBank, lives: Lives, streams: Streams) -> Routine:
    """The routine of every customer of a block."""
    population, travels = lives.population, lives.travels()
    when = (population.first, bank.horizon, lives.market.clock)
    habits, market = _habits(bank, lives), _market(lives.market)
    customer_days = len(population) * bank.n_days
    transfers = _fill(
        FLOW,
        bank.transfer_rate * customer_days,
        emit_transfers,
        *(streams.key("transfers"), *when, 7.0 * bank.transfer_rate),
        *(habits, population.payee_key),
    )
    transfer_logins = np.empty(len(transfers), SESSION)
    emit_transfer_logins(
        streams.key("transfers"), population.first, transfers, *travels, transfer_logins
    )
    looks_rate = max(0.0, bank.login_rate - bank.transfer_rate)
    return Routine(
        purchases=_fill(
            FLOW,
            1.02 * float(population.purchase_rate.sum()) * bank.n_days,
            emit_purchases,
            *(streams.key("purchases"), *when, habits, population.device_key, *travels, *market),
        ),
        cash=_fill(
            FLOW,
            bank.cash_rate * customer_days,
            emit_cash,
            *(streams.key("cash"), *when, 7.0 * bank.cash_rate, *travels),
        ),
        transfers=transfers,
        logins=_fill(
            SESSION,
            1.04 * looks_rate * customer_days,
            emit_logins,
            *(streams.key("logins"), *when, 7.0 * looks_rate, habits, *travels),
        ),
        transfer_logins=transfer_logins,
    )


def _habits(bank: RetailBank, lives: Lives) -> Rows:
    """Of every customer, as kernels take them."""
    population = lives.population
    habits = np.empty(len(population), HABIT)
    habits["city"], habits["weekly_rate"] = population.city, 7.0 * population.purchase_rate
    habits["log_spending"] = population.log_spending + np.log(bank.spending_level)
    habits["devices"] = lives.devices
    habits["phone_changed_at"] = lives.phone_changed_at
    return habits


def _market(market: Market) -> tuple[Any, ...]:
    """Shops, where they lie, how they are discovered and what baskets cost, as kernels take it."""
    shops = np.empty(market.n_merchants, SHOP)
    for name in SHOP.names or ():
        shops[name] = getattr(market, name)
    till, online = discovery_weights()
    discoveries = alias_table(till), alias_table(np.concatenate([till, online]))
    return shops, market.segments, discoveries, (market.basket_spreads, *price_endings())


def _fill(kind: np.dtype[Any], expected: float, emit: Callable[..., int], *arguments: Any) -> Rows:
    """What `emit` writes, into room for the expected number and ten deviations, or more."""
    capacity = int(expected + 10.0 * expected**0.5 + 1_000.0)
    while True:
        out = np.empty(capacity, kind)
        n = emit(*arguments, out)
        if n >= 0:
            return out[:n]
        capacity *= 2
