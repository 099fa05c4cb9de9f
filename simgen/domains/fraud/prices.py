"""What lives and crimes ask for: the kernels' law, for thieves and for those who resemble them."""

from __future__ import annotations

import math

import numpy as np

from simgen.domains.fraud.chance import pick
from simgen.domains.fraud.kernels.amounts import TRIAL_PRICES, asked_for, basket
from simgen.domains.fraud.market import Market, price_endings


def at_shop(rng: np.random.Generator, market: Market, merchant: int, factor: float = 1.0) -> int:
    """An amount as customers pay it there [cent]; `factor` multiplies the median basket."""
    return int(
        asked_for(
            rng.random(),
            rng.random(),
            market.tariffs[merchant],
            market.log_price[merchant] + math.log(factor),
            market.basket_spreads[market.category[merchant]],
            *price_endings(),
        )
    )


def of_sum(rng: np.random.Generator, median: float, spread: float) -> int:
    """A log-normal sum of a median [EUR] and deviation of the logarithm [cent]."""
    return int(basket(rng.random(), rng.random(), math.log(median), spread, *price_endings()))


def small(rng: np.random.Generator, market: Market, merchant: int, wanted: int) -> int:
    """What there is at a shop for a sum wanted [cent].

    A cent or nothing verifies a card; otherwise the shop's nearest price, or nothing if that is
    dearer than any trial; or a trial's price if prices vary.
    """
    if wanted <= 1:
        return wanted
    tariffs: list[int] = market.tariffs[merchant].tolist()
    nearest = min(tariffs, key=lambda price: abs(price - wanted))
    if nearest > max(TRIAL_PRICES):
        return 0
    return nearest or pick(rng, TRIAL_PRICES)
