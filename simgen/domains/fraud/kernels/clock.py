"""When things happen: arrivals in operational time, and where customers are then."""

from __future__ import annotations

import math
from typing import Any

from numba import njit

from simgen.core import WEEK
from simgen.kernels.distributions import exponential_from


@njit(cache=True, error_model="numpy", forceinline=True)
def next_arrival(position: Any, u: Any, weekly_rate: Any) -> Any:
    """The next arrival's position in weeks of operational time, in which rates are constant."""
    return position + exponential_from(u, weekly_rate)


@njit(cache=True, error_model="numpy", forceinline=True)
def civil_time(position: Any, clock: Any) -> Any:
    """Seconds since the start, from weeks of operational time.

    `clock` `(n + 1,)` says how many seconds into a week each nth of its payments has been made.
    """
    week = math.floor(position)
    point = (position - week) * (len(clock) - 1)
    below = min(int(point), len(clock) - 2)
    return week * WEEK + clock[below] + (point - below) * (clock[below + 1] - clock[below])


@njit(cache=True, error_model="numpy", forceinline=True)
def trip_from(trips: Any, trip: Any, stop: Any, at: Any) -> Any:
    """The first of the trips `trip` to `stop` that is not over at an instant [s], or `stop`.

    `trips` has rows (from [s], until [s], place, event). (m, 4)
    """
    while trip < stop and at >= trips[trip, 1]:
        trip += 1
    return trip


@njit(cache=True, error_model="numpy", forceinline=True)
def place_and_event(trips: Any, trip: Any, stop: Any, at: Any) -> Any:
    """The place abroad and the event of a trip if it is under way at an instant [s], or zeros."""
    if trip < stop and at >= trips[trip, 0]:
        return int(trips[trip, 2]), int(trips[trip, 3])
    return 0, 0
