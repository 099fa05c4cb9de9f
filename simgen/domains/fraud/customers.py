"""Lives: the sparse, legitimate events of customers, as SimPy processes.

Each customer is one process that waits for the next thing to happen. Things that take time
(a trip, a change of phone) overlap and exclude one another as in life: who is away can't leave.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import simpy

from simgen.core import DAY, Streams
from simgen.domains.fraud.diary import Diary, Event
from simgen.domains.fraud.lookalikes.base import LookAlike
from simgen.domains.fraud.market import Market
from simgen.domains.fraud.population import Population, device_id

YEAR = 365.25 * DAY
FIRST_PHONE, NEXT_PHONE, OTHER_DEVICE = 0, 1, 2


@dataclass(frozen=True)
class Trip:
    """A stay abroad, from `start_at` to `end_at` [s]."""

    customer: int
    start_at: float
    end_at: float
    place: int
    event: int


@dataclass(kw_only=True, eq=False)
class Lives:
    """The customers of a block living their lives: what look-alikes see and change."""

    env: simpy.Environment
    rng: np.random.Generator
    population: Population
    market: Market
    diary: Diary
    devices: npt.NDArray[np.int64]  # (n, 3): first phone, next phone, other device
    phone_changed_at: npt.NDArray[np.float64]  # (n,) [s], infinite if never
    away: npt.NDArray[np.bool_]  # (n,)
    trips: list[Trip] = field(default_factory=list)

    def phone(self, customer: int) -> int:
        """The id of the phone the customer has now."""
        changed = self.env.now >= self.phone_changed_at[customer]
        return int(self.devices[customer, NEXT_PHONE if changed else FIRST_PHONE])

    def leave(self, customer: int, end_at: float, place: int, event: Event) -> None:
        """Go abroad now, until `end_at` [s]."""
        self.away[customer] = True
        self.trips.append(Trip(customer, self.env.now, end_at, place, event.index))

    def place_at(self, customer: int, at: float) -> int:
        """The place abroad where the customer is at an instant [s], or 0."""
        for trip in self.trips:
            if trip.customer == customer and trip.start_at <= at < trip.end_at:
                return trip.place
        return 0

    def sorted_trips(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Trips as rows (from, until, place, event) by customer and time, and each one's start."""
        trips = sorted(self.trips, key=lambda trip: (trip.customer, trip.start_at))
        rows = [(trip.start_at, trip.end_at, trip.place, trip.event) for trip in trips]
        owners = np.array([trip.customer for trip in trips], np.int64)
        starts = np.searchsorted(owners, np.arange(len(self.population) + 1))
        return np.array(rows, np.float64).reshape(-1, 4), starts


def make_lives(population: Population, market: Market, diary: Diary, streams: Streams) -> Lives:
    """Customers at the start: at home, each with a phone and a second device."""
    n = len(population)
    devices = [
        [device_id(population.device_key, owner, index) for index in range(3)]
        for owner in population.customer_id
    ]
    return Lives(
        env=simpy.Environment(),
        rng=streams.generator("lives"),
        population=population,
        market=market,
        diary=diary,
        devices=np.array(devices, np.int64).reshape(n, 3),
        phone_changed_at=np.full(n, np.inf),
        away=np.zeros(n, np.bool_),
    )


def live(lives: Lives, lookalikes: Sequence[LookAlike]) -> None:
    """Let all customers live until the horizon."""
    happening = [lookalike for lookalike in lookalikes if lookalike.rate > 0.0]
    rates = np.array([lookalike.rate for lookalike in happening])
    if not happening:
        return
    for customer in range(len(lives.population)):
        lives.env.process(_life(lives, customer, happening, np.cumsum(rates)))
    lives.env.run(until=lives.diary.horizon)


def _life(
    lives: Lives,
    customer: int,
    happening: Sequence[LookAlike],
    cumulative_rates: npt.NDArray[np.float64],
) -> Generator[simpy.Event, Any, None]:
    total = float(cumulative_rates[-1])
    while True:
        yield lives.env.timeout(lives.rng.exponential(YEAR / total))
        which = int(np.searchsorted(cumulative_rates, total * lives.rng.random(), side="right"))
        lives.env.process(happening[which].happen(lives, customer))
