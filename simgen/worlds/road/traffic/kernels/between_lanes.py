"""Where a vehicle is on its way from one lane to the next.

Its middle is on the line between the places of both lanes that lie abreast, so that nothing jumps
where lanes part, meet or narrow.
"""

from __future__ import annotations

import math
from typing import Any

from numba import njit

from simgen.worlds.road.traffic.kernels.neighbours import abreast, offset, place_on

# A lane's width is crossed within so long a way at least, at a crawl, too: a polynomial of least
# jerk across 3.5 m then turns with a radius of 7 m, about the least of cars. Assumption [m].
SHORTEST = 12.0
DONE = 1.0 - 1e-9  # a change's share, but for rounding


@njit(cache=True, error_model="numpy")
def remaining(share: float) -> tuple[float, float]:
    """What is left of the way across at a share of the change, and how fast it falls with that."""
    across = share * share * share * (10.0 - share * (15.0 - 6.0 * share))
    return 1.0 - across, 30.0 * (share * (1.0 - share)) ** 2


@njit(cache=True, error_model="numpy")
def left_to_cross(car: Any) -> tuple[float, float]:
    """What is left of its way across, and how much less it becomes with each metre driven [1/m]."""
    left, change = remaining(min(car.change_share, 1.0))
    return left, change / max(car.speed * car.change_time, SHORTEST)


@njit(cache=True, error_model="numpy")
def cross_over(car: Any, apart: float, way: float, step: float) -> float:
    """Drive a way on across between lanes so far apart; gives how far that leads along them [m].

    It takes `change_time`, but who crawls takes longer, and who stands stays where he is.
    """
    share = min(step / car.change_time, way / SHORTEST)
    aside = apart * remaining(car.change_share)[1] * share
    car.change_share = min(car.change_share + share, 1.0)
    return float(math.sqrt(max(way * way - aside * aside, 0.0)))


@njit(cache=True, error_model="numpy")
def pose_between(tracks: Any, car: Any) -> tuple[float, float, float, float, float]:
    """Its x, y, z, heading and pitch on the way across [m, m, m, rad, rad]; sets `aside`."""
    x, y, z, yaw, pitch = place_on(tracks, car.track, car.at)
    at = abreast(tracks, car.track, car.at, car.from_track)
    there_x, there_y, there_z, there_yaw, there_pitch = place_on(tracks, car.from_track, at)
    left, less = left_to_cross(car)
    car.aside = left * offset(tracks, car)
    ahead_x = (1.0 - left) * math.cos(yaw) + left * math.cos(there_yaw)
    ahead_y = (1.0 - left) * math.sin(yaw) + left * math.sin(there_yaw)
    return (
        x + left * (there_x - x),
        y + left * (there_y - y),
        z + left * (there_z - z),
        math.atan2(ahead_y + less * (y - there_y), ahead_x + less * (x - there_x)),
        pitch + left * (there_pitch - pitch),
    )
