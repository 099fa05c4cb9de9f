"""Amounts that customers, those who resemble thieves, and thieves ask for."""

import math

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.fraud import prices
from simgen.domains.fraud.kernels.amounts import HIGHEST, N_TARIFFS, TRIAL_PRICES, basket
from simgen.domains.fraud.market import ONLINE, facts, make_market

MARKET = make_market(1_000, Streams(7))
DIGITAL = MARKET.online_merchants("digital_goods")


@pytest.fixture
def rng():
    return np.random.Generator(np.random.PCG64DXSM(1))


def test_no_amount_overflows_or_vanishes():
    """Whatever the level and spread, from a cent to the cap."""
    endings, shares = np.array([0, 99]), np.array([0.3, 0.6])
    for u in (1e-9, 0.5, 1.0 - 1e-9):
        for u_ending in (0.1, 0.5, 0.9):
            assert 1 <= basket(u, u_ending, 12.0, 13.0, endings, shares) <= HIGHEST


def test_wild_spending_is_simulated(simulate):
    """The bounds of level and spread are good for a run; no card payment is above the cap."""
    world = simulate(
        n_customers=60, n_days=20, n_merchants=1_000, spending_level=100.0, spending_spread=10.0
    )

    bought = world.transactions.query("channel in ('card_present', 'ecommerce')")["amount"]

    assert len(bought) > 300
    assert bought.between(0.0, HIGHEST / 100).all()


def test_thieves_pay_a_shops_own_prices(rng):
    """Where prices are fixed, probes and purchases cost one of them, a multiple, or nothing."""
    for merchant in DIGITAL:
        tariffs = set(MARKET.tariffs[merchant].tolist())
        bought = {prices.at_shop(rng, MARKET, merchant, 3.0) for _ in range(5 * N_TARIFFS)}
        probed = {prices.small(rng, MARKET, merchant, wanted) for wanted in (0, 1, 77, 100, 179)}

        assert bought <= tariffs | {2 * price for price in tariffs}
        assert probed <= tariffs | {0, 1}
        assert max(probed) <= max(TRIAL_PRICES)


def test_where_prices_vary_a_probe_costs_as_much_as_a_trial(rng):
    """Or a cent or nothing, to verify the card."""
    fashion = MARKET.online_merchants("fashion")[0]
    drawn = {prices.small(rng, MARKET, fashion, wanted) for wanted in (0, 1, *[100] * 99)}

    assert drawn == {0, 1, *TRIAL_PRICES}


def test_sums_end_as_prices_do(rng):
    """In the shares of the price list, whoever pays."""
    listed = facts()["price_endings"]
    merchant = int(np.flatnonzero((MARKET.place != ONLINE) & (MARKET.log_price > 4.0))[0])
    for draw in (
        lambda: prices.of_sum(rng, 420.0, 0.7),
        lambda: prices.at_shop(rng, MARKET, merchant),
    ):
        ends = np.array([draw() for _ in range(3_000)]) % 100
        assert np.isin(ends, list(listed)).mean() == pytest.approx(0.4, abs=0.04)


def test_thieves_sums_spread_as_those_of_customers():
    """What widens the baskets of a shop widens them for everybody."""
    wide = make_market(1_000, Streams(7), spending_spread=2.0)
    (merchant, *_) = np.flatnonzero((MARKET.fixed_price == 0) & (MARKET.place == ONLINE))
    deviations = [
        np.std([math.log(prices.at_shop(rng, market, merchant)) for _ in range(400)])
        for market, rng in ((wide, np.random.default_rng(1)), (MARKET, np.random.default_rng(1)))
    ]

    assert deviations[0] == pytest.approx(2.0 * deviations[1], rel=0.05)
