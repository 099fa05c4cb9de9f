"""The market: merchants by category and place, where customers discover them, and when they pay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from simgen.core import HOUR, WEEK, Streams, asset
from simgen.domains.fraud.chance import Weighted
from simgen.domains.fraud.kernels.amounts import N_TARIFFS
from simgen.kernels.alias import alias_table
from simgen.kernels.arrays import Floats, Integers

ONLINE = 0  # the place of merchants that have none
COUNTRY_SIZE = 600.0  # side of the square that holds all homes [km]; assumption, Germany's order
CITY_RADIUS = 6.0  # deviation of homes and shops from a city's centre [km]; assumption
N_CITIES = 20
ONLINE_SHARE = 0.25  # of all merchants; assumption
ABROAD_SHARE = 0.15  # of all merchants; assumption
POPULARITY_EXPONENT = 0.9  # Zipf's, of merchants within a category and place; assumption


def facts() -> dict[str, Any]:
    """The content of assets/fraud/market.yaml."""
    content: dict[str, Any] = asset("fraud/market")
    return content


SOLD = tuple(facts()["categories"])
SOLD_ONLINE = tuple(name for name, about in facts()["categories"].items() if about["online"] > 0)
SUBSCRIPTION = len(SOLD)
CATEGORIES = (*SOLD, "subscription", "cash", "transfer")
CASH, TRANSFER = SUBSCRIPTION + 1, SUBSCRIPTION + 2
COUNTRIES = (facts()["home_country"], *facts()["countries"])
HOME = 0  # code of the home country
FIRST_ABROAD = 1 + N_CITIES  # places: online, the cities, then one per country abroad
N_PLACES = N_CITIES + len(COUNTRIES)


@dataclass(frozen=True, kw_only=True)
class Market:
    """Merchants, sorted by place and category, with what is needed to draw them.

    Arrays over merchants are `(n_merchants,)`; `segments[place, category]` holds the first and
    one past the last merchant of a category in a place.
    """

    category: Integers
    place: Integers
    x: Floats  # [km], NaN online and abroad
    y: Floats  # [km]
    log_price: Floats  # of the median basket [log EUR]
    tariffs: Integers  # (n_merchants, N_TARIFFS) [cent], all as likely; 0 where prices vary
    loyalty: Floats  # share of returns that go to this shop, not to another of its kind
    segments: Integers  # (n_places, n_categories, 2)
    threshold: Floats  # alias tables within segments, relative to the segment's start
    alias: Integers
    city_x: Floats  # (N_CITIES,) [km]
    city_y: Floats
    city_size: Floats  # (N_CITIES,) share of customers
    clock: Floats  # see `weekly_clock`
    basket_spreads: Floats  # (n_sold,) deviation of log amounts at one merchant, by category

    @property
    def fixed_price(self) -> Integers:
        """The first price of each merchant [cent], 0 where prices vary."""
        return self.tariffs[:, 0]

    @property
    def n_merchants(self) -> int:
        """How many merchants there are."""
        return len(self.category)

    def online_merchants(self, category: str) -> range:
        """The online merchants of a category, the most popular first."""
        return self.merchants_in(ONLINE, category)

    def merchants_in(self, place: int, category: str) -> range:
        """The merchants of a category in a place, the most popular first."""
        return self._ranges[place][category]

    @cached_property
    def _ranges(self) -> list[dict[str, range]]:
        """The merchants by place and category: processes ask for them all the time."""
        return [
            {name: range(*ends) for name, ends in zip(CATEGORIES, there, strict=True)}
            for there in self.segments.tolist()
        ]


@cache
def price_endings() -> tuple[Integers, Floats]:
    """How prices end [cent], and the cumulative shares of those that do, both `(n,)`."""
    endings = facts()["price_endings"]
    return np.array(list(endings)), np.cumsum(list(endings.values()))


def discovery_weights() -> Floats:
    """How often a new merchant is of a category, till and online, `(2, n_sold)`."""
    about = facts()["categories"].values()
    share = np.array([category["share"] for category in about])
    online = np.array([category["online"] for category in about])
    return np.stack([share * (1.0 - online), share * online])


@cache
def destinations() -> Weighted[int]:
    """The places abroad, by how often trips go there."""
    shares = [about["share"] for about in facts()["countries"].values()]
    return Weighted({FIRST_ABROAD + number: share for number, share in enumerate(shares)})


def country_distances() -> Floats:
    """How far each country is from home, the home country first, `(n_countries,)` [km]."""
    return np.array([0.0] + [about["distance"] for about in facts()["countries"].values()])


def weekly_profile(hourly_contrast: float = 1.0) -> Floats:
    """Card payments by hour of the week, mean 1, `(168,)`, from Monday 0:00.

    Hours are raised to the power `hourly_contrast`: 0 makes them all alike.
    """
    hours = np.array(facts()["hours"]) ** hourly_contrast
    weekdays = np.array(facts()["weekdays"])
    profile: Floats = np.outer(weekdays, hours).ravel()
    return profile / float(profile.mean())


def civil_instants(positions: Floats, clock: Floats) -> Floats:
    """Instants `(n,)` [s] from positions on a clock in weeks `(n,)`; see `weekly_clock`."""
    share, week = np.modf(positions)
    return np.asarray(week * WEEK + np.interp(share, np.linspace(0.0, 1.0, len(clock)), clock))


def weekly_clock(start_date: str, n_points: int = 1024, *, hourly_contrast: float = 1.0) -> Floats:
    """Seconds into a week from the start at which each share of its payments has been made.

    `(n_points + 1,)`, ascending: maps a unit-rate Poisson process to one with the weekly profile.
    """
    weekday = int((np.datetime64(start_date, "D") - np.datetime64("1970-01-05")).astype(int) % 7)
    profile = np.roll(weekly_profile(hourly_contrast), -24 * weekday)
    passed = np.concatenate([[0.0], np.cumsum(profile)]) / profile.sum()
    return np.interp(np.linspace(0.0, 1.0, n_points + 1), passed, HOUR * np.arange(169.0))


def make_market(
    n_merchants: int,
    streams: Streams,
    *,
    start_date: str = "2024-01-01",
    hourly_contrast: float = 1.0,
    spending_spread: float = 1.0,
) -> Market:
    """Found the cities and open the shops; see `weekly_clock` for when they are visited.

    `spending_spread` multiplies the spread of what is paid at one shop, whoever pays.
    """
    rng = streams.generator("merchants")
    city_size = 1.0 / np.arange(1, N_CITIES + 1)  # Zipf's law of city sizes
    city_size /= city_size.sum()
    city_x, city_y = rng.uniform(30.0, COUNTRY_SIZE - 30.0, (2, N_CITIES))
    counts = _counts(n_merchants, city_size)
    place, category = (np.repeat(code.ravel(), counts.ravel()) for code in np.indices(counts.shape))
    stops = counts.cumsum().reshape(counts.shape)
    segments = np.stack([stops - counts, stops], axis=-1)
    threshold, alias = _popularity(segments)
    in_city = (place != ONLINE) & (place < FIRST_ABROAD)
    city = np.where(in_city, place - 1, 0)
    scatter = rng.normal(0.0, CITY_RADIUS, (2, len(place)))
    log_price, tariffs = _prices(category, rng)
    return Market(
        category=category,
        place=place,
        x=np.where(in_city, city_x[city] + scatter[0], np.nan),
        y=np.where(in_city, city_y[city] + scatter[1], np.nan),
        log_price=log_price,
        tariffs=tariffs,
        loyalty=_loyalties()[category],
        segments=segments,
        threshold=threshold,
        alias=alias,
        city_x=city_x,
        city_y=city_y,
        city_size=city_size,
        clock=weekly_clock(start_date, hourly_contrast=hourly_contrast),
        basket_spreads=spending_spread
        * np.array([about["spread"][1] for about in facts()["categories"].values()]),
    )


def _counts(n_merchants: int, city_size: Floats) -> Integers:
    """Merchants by place and category `(n_places, n_categories)`; at least two where any sell."""
    n_abroad = len(COUNTRIES) - 1
    weight = np.zeros((N_PLACES, len(CATEGORIES)))
    till, online = discovery_weights()
    weight[ONLINE, : len(SOLD)] = online / online.sum() * ONLINE_SHARE * 0.9
    weight[ONLINE, SUBSCRIPTION] = ONLINE_SHARE * 0.1
    home = 1.0 - ONLINE_SHARE - ABROAD_SHARE
    weight[1:FIRST_ABROAD, : len(SOLD)] = np.outer(city_size, till / till.sum()) * home
    weight[FIRST_ABROAD:, : len(SOLD)] = till / till.sum() * ABROAD_SHARE / n_abroad
    return np.where(weight > 0.0, np.maximum(2, np.round(weight * n_merchants)), 0).astype(np.int64)


def _loyalties() -> Floats:
    """By category `(n_categories,)`; what is not discovered is not compared either."""
    known = [about["loyalty"] for about in facts()["categories"].values()]
    return np.array(known + [1.0] * (len(CATEGORIES) - len(known)))


def _popularity(segments: Integers) -> tuple[Floats, Integers]:
    n_merchants = int(segments[-1, -1, 1])
    threshold, alias = np.ones(n_merchants), np.zeros(n_merchants, np.int64)
    for start, stop in segments.reshape(-1, 2):
        if stop > start:
            zipf = np.arange(1, stop - start + 1) ** -POPULARITY_EXPONENT
            threshold[start:stop], alias[start:stop] = alias_table(zipf)
    return threshold, alias


def _prices(category: Integers, rng: np.random.Generator) -> tuple[Floats, Integers]:
    about = list(facts()["categories"].values())
    median = np.array([entry["price"] for entry in about] + [10.0])  # [EUR]
    spread = np.array([entry["spread"][0] for entry in about] + [0.0])
    log_price = np.log(median[category]) + spread[category] * rng.standard_normal(len(category))
    tariffs = np.zeros((len(category), N_TARIFFS), np.int64)
    for name, prices in facts()["fixed_prices"].items():
        (there,) = np.nonzero(category == CATEGORIES.index(name))
        cents = np.round(100 * np.array(prices)).astype(np.int64)
        drawn = rng.choice(cents, (len(there), N_TARIFFS))
        n_drawn = rng.integers(1, N_TARIFFS + 1, (len(there), 1))
        tariffs[there] = np.take_along_axis(drawn, np.arange(N_TARIFFS) % n_drawn, axis=1)
    return log_price, tariffs
