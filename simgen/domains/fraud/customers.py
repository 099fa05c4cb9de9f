"""Lives: the sparse, legitimate events of customers, one after the other.

A customer lives through one thing at a time: who is away does not leave, and buys no furniture
either.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simgen.core import DAY, WEEK, Streams
from simgen.domains.fraud.diary import Diary, Trip
from simgen.domains.fraud.kernels.purchases import (
    PHONE_SHARE,
    PUBLIC_SHARE,
    STRANGE_DEVICE_SHARE,
    strange_device,
)
from simgen.domains.fraud.lookalikes.base import LookAlike
from simgen.domains.fraud.market import Market, civil_instants
from simgen.domains.fraud.population import Population, own_devices

YEAR = 365.25 * DAY
FIRST_PHONE, NEXT_PHONE, OTHER_DEVICE = 0, 1, 2  # columns of a customer's devices
HOUSEHOLDS = {2: 0.7, 3: 0.2, 4: 0.1}  # customers who share a device; assumption


@dataclass(kw_only=True, eq=False)
class Lives:
    """The customers of a block living their lives: what look-alikes see and change."""

    rng: np.random.Generator
    device_rng: np.random.Generator
    population: Population
    market: Market
    diary: Diary
    devices: npt.NDArray[np.int64]  # (n, 3): first phone, next phone, other device
    phone_changed_at: npt.NDArray[np.float64]  # (n,) [s], infinite if never
    now: float = 0.0  # [s]
    trips: list[Trip] = field(default_factory=list)

    def phone(self, customer: int) -> int:
        """The id of the phone the customer has now."""
        changed = self.now >= self.phone_changed_at[customer]
        return int(self.devices[customer, NEXT_PHONE if changed else FIRST_PHONE])

    def web_device(self, customer: int) -> int:
        """The id of a device that the customer buys with on the web, by the law of the routine."""
        rng, population = self.device_rng, self.population
        if rng.random() < STRANGE_DEVICE_SHARE:
            is_public, number = rng.random() < PUBLIC_SHARE, rng.integers(1 << 32, dtype=np.uint32)
            owner, city = population.first + customer, population.city[customer]
            return int(strange_device(population.device_key, owner, city, is_public, number))
        own = int(self.devices[customer, OTHER_DEVICE])
        return self.phone(customer) if rng.random() < PHONE_SHARE else own

    def place_at(self, customer: int, at: float) -> int:
        """The place abroad where the customer is at an instant [s], or 0."""
        for trip in self.trips:
            if trip.customer == customer and trip.start_at <= at < trip.end_at:
                return trip.place
        return 0

    def travels(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Trips as rows (from, until, place, event), and where each customer's start."""
        trips = sorted(self.trips, key=lambda trip: (trip.customer, trip.start_at))
        rows = [(trip.start_at, trip.end_at, trip.place, trip.event) for trip in trips]
        owners = np.array([trip.customer for trip in trips], np.int64)
        starts = np.searchsorted(owners, np.arange(len(self.population) + 1))
        return np.array(rows, np.float64).reshape(-1, 4), starts


def make_lives(
    population: Population,
    market: Market,
    diary: Diary,
    streams: Streams,
    *,
    shared_device_share: float,
) -> Lives:
    """Customers at the start: at home, each with a phone and a second device, shared by some."""
    n = len(population)
    devices = np.empty((n, 3), np.int64)
    own_devices(population.device_key, population.first, devices)
    _share(devices, population.city, shared_device_share, streams.generator("households"))
    return Lives(
        rng=streams.generator("lives"),
        device_rng=streams.generator("web_devices"),
        population=population,
        market=market,
        diary=diary,
        devices=devices,
        phone_changed_at=np.full(n, np.inf),
    )


def _share(
    devices: npt.NDArray[np.int64],
    city: npt.NDArray[np.int64],
    share: float,
    rng: np.random.Generator,
) -> None:
    """Give a share of the customers the second device of another in their city."""
    n = len(city)
    order = np.lexsort((rng.random(n), city))
    sizes = rng.choice(list(HOUSEHOLDS), n, p=list(HOUSEHOLDS.values()))
    household = np.repeat(np.arange(n), sizes)[:n]
    owner = order[np.searchsorted(household, household)]
    shares = (rng.random(n) < share)[household] & (city[owner] == city[order])
    devices[order[shares], OTHER_DEVICE] = devices[owner[shares], OTHER_DEVICE]


def live(lives: Lives, lookalikes: Sequence[LookAlike]) -> None:
    """Let all customers live until the horizon.

    What happens to them is one Poisson process, the sum of theirs, each arrival falling on any.
    None waits for another, so time goes from one to the next, without a queue of events.
    """
    happening = [lookalike for lookalike in lookalikes if lookalike.rate > 0.0]
    if not happening:
        return
    rng, n = lives.rng, len(lives.population)
    rates = np.array([lookalike.rate for lookalike in happening])
    instants = _instants(lives, rates.sum() * n)
    n_arrivals = len(instants)
    customers = rng.integers(0, n, n_arrivals)
    kinds = np.searchsorted(rates.cumsum()[:-1], rates.sum() * rng.random(n_arrivals))
    busy_until = [0.0] * n
    for at, customer, kind in zip(
        instants.tolist(), customers.tolist(), kinds.tolist(), strict=True
    ):
        if busy_until[customer] <= at:
            lives.now = at
            busy_until[customer] = at + happening[kind].happen(lives, customer)


def _instants(lives: Lives, rate: float) -> npt.NDArray[np.float64]:
    """When something happens `rate` times a year, by the clock of payments, ascending [s]."""
    clock, n_weeks = lives.market.clock, math.ceil(lives.diary.horizon / WEEK)
    position = lives.rng.uniform(0.0, n_weeks, lives.rng.poisson(rate * n_weeks * WEEK / YEAR))
    instants = civil_instants(np.sort(position), clock)
    return instants[instants < lives.diary.horizon]
