import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.fraud import market as m


@pytest.fixture(scope="module")
def market():
    return m.make_market(6_000, Streams(7))


def test_there_are_about_as_many_merchants_as_asked_for(market):
    """Rounding by place and category, and two at least of each, add a few."""
    assert market.n_merchants == pytest.approx(6_000, rel=0.05)


def test_segments_hold_the_merchants_of_a_place_and_category(market):
    """Each merchant lies in exactly its own segment."""
    seen = np.zeros(market.n_merchants, int)
    for place, category in np.ndindex(market.segments.shape[:2]):
        start, stop = market.segments[place, category]
        seen[start:stop] += 1
        assert (market.place[start:stop] == place).all()
        assert (market.category[start:stop] == category).all()
    assert (seen == 1).all()


def test_what_can_be_discovered_is_sold_everywhere(market):
    """No customer looks for a shop that does not exist."""
    till, online = m.discovery_weights()
    counts = market.segments[..., 1] - market.segments[..., 0]
    n_sold = len(m.SOLD)

    assert (counts[m.ONLINE, :n_sold][online > 0] >= 2).all()
    assert (counts[1:, :n_sold][:, till > 0] >= 2).all()
    assert counts[m.ONLINE, m.SUBSCRIPTION] >= 2


def test_a_quarter_of_the_shops_are_online(market):
    """And a seventh abroad; the others are at home."""
    online = (market.place == m.ONLINE).mean()
    abroad = (market.place >= m.FIRST_ABROAD).mean()

    assert online == pytest.approx(m.ONLINE_SHARE, abs=0.015)
    assert abroad == pytest.approx(m.ABROAD_SHARE, abs=0.015)


def test_shops_are_as_popular_as_zipf_says(market):
    """By rank within a category and place."""
    for category in (m.SOLD.index("groceries"), m.SOLD.index("restaurant")):
        start, stop = market.segments[1, category]
        n, threshold = stop - start, market.threshold[start:stop]
        share = threshold.copy()
        np.add.at(share, market.alias[start:stop], 1.0 - threshold)
        law = np.arange(1, n + 1) ** -m.POPULARITY_EXPONENT

        assert n > 10
        np.testing.assert_allclose(share / n, law / law.sum())


def test_shops_of_a_kind_differ_in_price(market):
    """By the deviation of the price list, around its median."""
    about = list(m.facts()["categories"].values())
    sold = market.category < len(m.SOLD)
    category = market.category[sold]
    median, spread = (
        np.array(values)[category]
        for values in ([a["price"] for a in about], [a["spread"][0] for a in about])
    )
    deviation = (market.log_price[sold] - np.log(median)) / spread

    assert deviation.mean() == pytest.approx(0.0, abs=5.0 / np.sqrt(len(category)))
    assert deviation.std() == pytest.approx(1.0, abs=5.0 / np.sqrt(2 * len(category)))


def test_only_shops_of_the_home_country_have_coordinates(market):
    """Near their city's centre, in the same square as homes."""
    at_home = (market.place != m.ONLINE) & (market.place < m.FIRST_ABROAD)
    city = market.place[at_home] - 1
    away = np.hypot(
        market.x[at_home] - market.city_x[city], market.y[at_home] - market.city_y[city]
    )

    np.testing.assert_array_equal(np.isfinite(market.x), at_home)
    np.testing.assert_array_equal(np.isfinite(market.y), at_home)
    assert np.sqrt(np.mean(away**2) / 2.0) == pytest.approx(m.CITY_RADIUS, rel=0.05)


def test_city_sizes_follow_zipf(market):
    """The largest city is twice the second and three times the third; all add up to one."""
    sizes = market.city_size

    assert sizes.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(sizes[0] / sizes, np.arange(1, m.N_CITIES + 1))


def test_shops_of_fixed_prices_have_one_to_four(market):
    """Prices of the list; every other shop has none."""
    listed = {m.CATEGORIES.index(name): cents for name, cents in m.facts()["fixed_prices"].items()}
    n_prices = np.array([len(set(prices)) for prices in market.tariffs.tolist()])

    for category in range(len(m.CATEGORIES)):
        there = market.tariffs[market.category == category]
        assert set(there.ravel() / 100) <= set(listed.get(category, [0.0]))
    assert set(n_prices[np.isin(market.category, list(listed))]) == {1, 2, 3, 4}


def test_the_weekly_profile_has_mean_one():
    """So that rates keep their meaning; nights are quiet, Saturdays busier than Sundays."""
    days = m.weekly_profile().reshape(7, 24)

    assert days.mean() == pytest.approx(1.0)
    assert (days[:, 4] < 0.5 * days[:, 12]).all()
    assert days[5].sum() > days[6].sum()


def test_the_clock_starts_on_the_right_weekday():
    """The first day of a Sunday start has Sunday's share of the week."""
    share = m.weekly_profile().reshape(7, 24).sum(axis=1) / 168
    for date, weekday in (("2024-01-01", 0), ("2024-01-07", 6), ("2023-12-28", 3)):
        clock = m.weekly_clock(date)
        first_day = np.interp(86_400.0, clock, np.linspace(0.0, 1.0, len(clock)))
        assert first_day == pytest.approx(share[weekday], abs=2e-3)


def test_the_same_seed_founds_the_same_market(market):
    """And another seed another one."""
    again, other = m.make_market(6_000, Streams(7)), m.make_market(6_000, Streams(8))

    np.testing.assert_array_equal(market.log_price, again.log_price)
    assert not np.array_equal(market.log_price, other.log_price)


def test_every_country_is_a_destination():
    """Trips go to all of them, home excepted."""
    rng = np.random.Generator(np.random.PCG64DXSM(1))
    drawn = {m.destinations().draw(rng) for _ in range(3_000)}

    assert drawn == set(range(m.FIRST_ABROAD, m.N_PLACES))
