"""The customers of a block: who they are, what they earn, how they pay.

Numbers that name no source are assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from simgen.core import Block, Key, Streams
from simgen.domains.fraud.market import CITY_RADIUS, Market
from simgen.kernels.arrays import Floats, Integers
from simgen.kernels.distributions import gamma_draw, normal_from
from simgen.kernels.philox import uniform, uniform_pair, words

INCOME_SPREAD = 0.5  # of the logarithm; assumption, the order of EU disposable incomes
CARDS_PER_CUSTOMER = 10_000  # ids kept free for a customer's cards over time
SELDOM = 1e-9  # purchases of who never buys: a rate above 0 whose logarithm is finite [1/day]


@dataclass(frozen=True, kw_only=True)
class Population:
    """Customers `first` onwards; arrays `(n,)`."""

    first: int
    age: Integers  # [years]
    monthly_income: Integers  # [cent]
    city: Integers  # index of a home city
    home_x: Floats  # [km]
    home_y: Floats  # [km]
    purchase_rate: Floats  # [1/day]
    log_spending: Floats  # how much more than the median basket the customer buys, logarithm
    card_limit: Integers  # [cent]
    opening_balance: Integers  # [cent]
    overdraft_limit: Integers  # [cent]
    n_subscriptions: Integers
    device_key: Key
    payee_key: Key

    def __len__(self) -> int:
        return len(self.age)

    @property
    def customer_id(self) -> Integers:
        """Ids `(n,)`."""
        return np.arange(self.first, self.first + len(self))


def account_ids(customer_id: Integers) -> Integers:
    """The id of each customer's account."""
    return customer_id + 10_000_000


def card_ids(customer_id: Integers, n_replaced: npt.NDArray[np.integer]) -> Integers:
    """The id of each customer's card after `n_replaced` replacements."""
    return (customer_id + 1_000_000) * CARDS_PER_CUSTOMER + n_replaced


@njit(cache=True, error_model="numpy")
def device_id(key: Any, owner: Any, index: Any) -> Any:
    """A 48-bit id of a device, or a payee, that tells nothing of its owner."""
    low, high, _, _ = words(key, owner, index)
    return (np.int64(high & np.uint32(0xFFFF)) << np.int64(32)) | np.int64(low)


def make_population(
    block: Block,
    market: Market,
    streams: Streams,
    *,
    median_income: float,
    purchase_rate: float,
    purchase_rate_shape: float,
) -> Population:
    """The customers of `block`.

    Args:
        block: which customers.
        market: where they live.
        streams: their sources of chance.
        median_income: net [EUR/month].
        purchase_rate: card payments per customer, mean [1/day].
        purchase_rate_shape: of the gamma law that customers' rates follow.
    """
    key, n = streams.key("customers"), block.stop - block.start
    draws = np.empty((n, 10))
    _draw(key, block.start, purchase_rate_shape, draws)
    income = median_income * np.exp(INCOME_SPREAD * draws[:, 0])  # [EUR/month]
    rate = np.maximum(purchase_rate * draws[:, 1] / purchase_rate_shape, SELDOM)
    city = np.searchsorted(np.cumsum(market.city_size)[:-1], draws[:, 2])
    # Who earns more pays larger sums, who pays more often smaller ones: half of each in logarithm.
    means = np.log(income / median_income) - np.log(rate / purchase_rate)
    spending = np.clip(0.5 * means, -1.0, 1.0) + 0.2 * draws[:, 5] - 0.12
    limit = 100 * np.maximum(1_000.0, 500.0 * np.round(income * (1.5 + 2.0 * draws[:, 6]) / 500.0))
    return Population(
        first=block.start,
        age=(18 + 68 * draws[:, 7] ** 1.1).astype(np.int64),
        monthly_income=np.round(income * 100).astype(np.int64),
        city=city,
        home_x=market.city_x[city] + CITY_RADIUS * draws[:, 3],
        home_y=market.city_y[city] + CITY_RADIUS * draws[:, 4],
        purchase_rate=rate,
        log_spending=spending,
        card_limit=limit.astype(np.int64),
        opening_balance=np.round(income * 100 * (0.3 + 1.2 * draws[:, 8])).astype(np.int64),
        overdraft_limit=(50_000 * np.floor(income / 1_000.0)).astype(np.int64),
        n_subscriptions=np.floor(6.0 * draws[:, 9] ** 1.5).astype(np.int64),
        device_key=streams.key("devices"),
        payee_key=streams.key("payees"),
    )


@njit(cache=True, error_model="numpy")
def own_devices(key: Any, first: Any, out: Any) -> None:
    """The ids of the devices of customers `first` onwards `(n, n_devices)`."""
    for i in range(out.shape[0]):
        for index in range(out.shape[1]):
            out[i, index] = device_id(key, first + i, index)


@njit(cache=True, error_model="numpy")
def _draw(key: Any, first: Any, shape: Any, out: Any) -> None:
    """Columns: normal, gamma, uniform, 3 normals, 4 uniforms; `(n, 10)`."""
    for i in range(len(out)):
        entity = first + i
        u0, u1 = uniform_pair(key, entity, 0)
        u2, u3 = uniform_pair(key, entity, 1)
        u4, u5 = uniform_pair(key, entity, 2)
        out[i, 0] = normal_from(u0)
        out[i, 1] = gamma_draw(key, entity, 8, shape, 1.0)
        out[i, 2] = u1
        out[i, 3] = normal_from(u2)
        out[i, 4] = normal_from(u3)
        out[i, 5] = normal_from(u4)
        out[i, 6] = u5
        for column in range(7, 10):
            out[i, column] = uniform(key, entity, column - 4)
