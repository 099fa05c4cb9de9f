import numpy as np
import pytest
from scipy import stats

from simgen.core import Block, Streams
from simgen.domains.fraud.kernels.routine import N_PAYEES, payee_of, unknown_payee
from simgen.domains.fraud.market import CITY_RADIUS, make_market
from simgen.domains.fraud.population import (
    CARDS_PER_CUSTOMER,
    INCOME_SPREAD,
    card_ids,
    device_id,
    make_population,
    own_devices,
)

MARKET = make_market(2_000, Streams(7))
SHAPE = 2.2  # of the law of purchase rates


def people(start, stop, seed=7, purchase_rate=0.9):
    return make_population(
        Block(start, stop),
        MARKET,
        Streams(seed),
        median_income=2_000.0,
        purchase_rate=purchase_rate,
        purchase_rate_shape=SHAPE,
    )


@pytest.fixture(scope="module")
def population():
    return people(0, 5_000)


def test_incomes_are_log_normal(population):
    """Around the median asked for (KS)."""
    law = stats.lognorm(INCOME_SPREAD, scale=200_000.0)

    assert stats.kstest(population.monthly_income, law.cdf).pvalue > 1e-3


def test_purchase_rates_are_gamma(population):
    """With the mean asked for (KS)."""
    law = stats.gamma(SHAPE, scale=0.9 / SHAPE)

    assert stats.kstest(population.purchase_rate, law.cdf).statistic < 0.03
    assert population.purchase_rate.mean() == pytest.approx(0.9, rel=0.05)


def test_what_is_drawn_of_a_customer_is_independent(population):
    """Only spending follows from income and from how often the customer pays."""
    income, rate = np.log(population.monthly_income), np.log(population.purchase_rate)
    means = income - np.log(200_000.0) - rate + np.log(0.9)
    spare = population.log_spending - np.clip(0.5 * means, -1.0, 1.0)
    limit = population.card_limit / population.monthly_income
    balance = population.opening_balance / population.monthly_income
    east, north = (
        home - centre[population.city]
        for home, centre in (
            (population.home_x, MARKET.city_x),
            (population.home_y, MARKET.city_y),
        )
    )
    drawn = [income, rate, east, north, population.city, population.age, limit, balance, spare]
    drawn.append(population.n_subscriptions)
    among = stats.spearmanr(np.transpose(drawn)).statistic

    assert np.abs(among - np.eye(len(drawn))).max() < 0.06


def test_who_earns_more_pays_larger_sums_and_who_pays_often_smaller_ones(population):
    """In logarithm, as far as one customer differs from the next."""
    logs = [np.log(population.monthly_income), np.log(population.purchase_rate)]
    with_income, with_rate = np.corrcoef([population.log_spending, *logs])[0, 1:]

    assert with_income > 0.3
    assert with_rate < -0.3


@pytest.mark.parametrize("rate", [0.001, 0.03, 10.0])
def test_the_mean_purchase_rate_is_the_one_asked_for(rate):
    """From the least to the most that may be asked for, with amounts that stay finite."""
    population = people(0, 5_000, purchase_rate=rate)

    assert population.purchase_rate.mean() == pytest.approx(rate, rel=0.05)
    assert (population.purchase_rate > 0.0).all()
    assert np.isfinite(population.log_spending).all()


def test_homes_lie_in_their_city(population):
    """Around its centre, in proportion to the cities' sizes."""
    away = np.hypot(
        population.home_x - MARKET.city_x[population.city],
        population.home_y - MARKET.city_y[population.city],
    )
    share = np.bincount(population.city, minlength=len(MARKET.city_size)) / len(population)

    assert np.sqrt(np.mean(away**2) / 2.0) == pytest.approx(CITY_RADIUS, rel=0.03)
    np.testing.assert_allclose(share, MARKET.city_size, atol=0.02)


def test_everybody_is_of_age_and_solvent(population):
    """Adults with an income, a card limit, an overdraft and money of their own."""
    assert population.age.min() >= 18
    assert population.age.max() < 100
    assert (population.card_limit >= 100_000).all()
    assert (population.overdraft_limit >= 0).all()
    assert (population.opening_balance > 0).all()


def test_accounts_may_be_overdrawn_by_income(population):
    """By 500 EUR for every full 1,000 EUR a month."""
    thousands = population.monthly_income // 100_000

    assert thousands.max() > 5
    np.testing.assert_array_equal(population.overdraft_limit, 50_000 * thousands)


def test_a_customer_does_not_depend_on_the_block(population):
    """Customers 700 to 750 are the same alone and among others."""
    some = people(700, 750)

    for name in ("age", "monthly_income", "home_x", "purchase_rate", "log_spending", "card_limit"):
        np.testing.assert_array_equal(getattr(some, name), getattr(population, name)[700:750])


def test_card_ids_of_customers_never_meet():
    """However often a card is replaced within the room kept for it."""
    first = card_ids(np.arange(50)[:, None], np.arange(CARDS_PER_CUSTOMER))

    assert len(np.unique(first)) == first.size


def test_devices_and_payees_have_ids_of_their_own():
    """None is 0, which stands for none; none is shared."""
    keys = [Streams(7).key(name) for name in ("devices", "payees")]
    owners = range(2_000)
    ids = [
        device_id(key, owner, number) for key in keys for owner in owners for number in range(64)
    ]

    assert len(set(ids)) == len(ids)
    assert 0 not in ids


def test_payees_of_another_seed_have_other_ids():
    """So that what a model remembers of them is of no use there."""
    ours, others = (
        {payee_of(people(0, 2, seed).payee_key, owner, n) for owner in range(200) for n in range(5)}
        for seed in (7, 8)
    )

    assert not ours & others


def test_each_customer_owns_the_devices_of_that_number():
    """By row the customers, by column their devices, as whoever names one of them does."""
    key, devices = Streams(7).key("devices"), np.empty((5, 3), np.int64)
    own_devices(key, 100, devices)

    owners, numbers = range(100, 105), range(3)
    assert devices.tolist() == [[device_id(key, o, number) for number in numbers] for o in owners]


def test_an_unknown_payee_is_none_whom_the_customer_pays():
    """Not even where both would be the same firm: then it is somebody else."""
    key, numbers = Streams(7).key("payees"), range(N_PAYEES, 64)
    alike = 0
    for customer in range(500):
        known = {payee_of(key, customer, number) for number in range(N_PAYEES)}
        alike += sum(payee_of(key, customer, number) in known for number in numbers)
        assert not known & {unknown_payee(key, customer, number) for number in numbers}

    assert alike > 0
