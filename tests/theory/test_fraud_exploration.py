"""Shops visited: exploration and preferential return, against its scaling laws.

Song, Koren, Wang, Barabasi (2010), Modelling the scaling properties of human mobility, Nature
Physics 6: with P(new) = rho S^-gamma, the number of places grows as S(n) ~ n^(1 / (1 + gamma)).
"""

import numpy as np
import pytest

from simgen.domains.fraud.flows import FLOW
from simgen.domains.fraud.kernels.purchases import HABIT, SHOP, emit_purchases
from simgen.kernels.alias import alias_table

WEEK = 7 * 86_400.0  # [s]
GAMMA, RHO = 0.21, 0.6
N_CUSTOMERS, N_VISITS = 100, 3_500
N_EARLIER = 60  # visits before the start
KEYS = np.array([[3, 4], [5, 6]], np.uint32)


@pytest.fixture(scope="module")
def visits():
    """The shops of each customer's purchases, in order, where no two discoveries coincide.

    A market of a million shops of one kind in one city, all alike, and customers loyal to them.
    """
    shops = np.zeros(1_000_000, SHOP)
    shops["threshold"], shops["loyalty"], shops["place"] = 1.0, 1.0, 1
    segments = np.zeros((2, 1, 2), np.int64)
    segments[1, 0, 1] = len(shops)
    discoveries = alias_table(np.array([1.0])), alias_table(np.array([1.0, 0.0]))
    baskets = np.array([0.5]), np.empty(0, np.int64), np.empty(0)
    habits = np.zeros(N_CUSTOMERS, HABIT)
    habits["weekly_rate"], habits["phone_changed_at"] = 100.0, np.inf
    home = np.empty((0, 4)), np.zeros(N_CUSTOMERS + 1, np.int64)
    rows = np.empty(N_CUSTOMERS * N_VISITS * 2, FLOW)
    clock = np.linspace(0.0, WEEK, 9)
    horizon = 1.1 * N_VISITS / 100.0 * WEEK
    n = emit_purchases(
        KEYS[0],
        0,
        horizon,
        clock,
        habits,
        KEYS[1],
        *home,
        shops,
        segments,
        discoveries,
        baskets,
        rows,
    )
    rows = rows[:n]
    rows = rows[np.concatenate([[True], np.diff(rows["merchant"]) != 0])]  # no second tries
    return [rows["merchant"][rows["customer"] == customer] for customer in range(N_CUSTOMERS)]


def law(n):
    """S(n) = (rho (1 + gamma) n)^(1 / (1 + gamma)), the solution of dS/dn = rho S^-gamma."""
    return (RHO * (1.0 + GAMMA) * n) ** (1.0 / (1.0 + GAMMA))


def discovered(visits, bounds):
    """How many shops are seen for the first time between visits, mean over customers."""
    first = [np.unique(shops, return_index=True)[1] for shops in visits]
    return np.histogram(np.concatenate(first), bounds)[0] / len(visits)


# Late enough that shops known from before the start have been seen.
BOUNDS = np.array([400, 700, 1_000, 1_500, 2_000, 2_500, 3_000])


def test_discoveries_become_rarer_as_a_power_of_visits(visits):
    """With exponent 1 / (1 + gamma) - 1, to 0.05: the number of shops grows with one more."""
    rate = discovered(visits, BOUNDS) / np.diff(BOUNDS)
    middle = (BOUNDS[1:] + BOUNDS[:-1]) / 2.0 + N_EARLIER
    exponent = np.polyfit(np.log(middle), np.log(rate), 1)[0]

    assert exponent == pytest.approx(1.0 / (1.0 + GAMMA) - 1.0, abs=0.05)


def test_the_number_of_discoveries_is_the_laws(visits):
    """Between any two numbers of visits, to 5 %."""
    expected = np.diff(law(BOUNDS + N_EARLIER))

    np.testing.assert_allclose(discovered(visits, BOUNDS), expected, rtol=0.05)


def test_shops_known_longer_are_visited_more(visits):
    """Returning in proportion to visits makes the first shops the most visited ones."""
    ratio = []
    for shops in visits:
        _, first, counts = np.unique(shops, return_index=True, return_counts=True)
        by_age = counts[np.argsort(first)]
        ratio.append(by_age[:20].mean() / by_age[-200:].mean())

    assert np.median(ratio) > 5.0
