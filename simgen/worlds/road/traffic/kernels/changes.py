"""Lane changes: MOBIL.

Kesting, Treiber, Helbing (2007), General lane-changing model MOBIL for car-following models, TRR
1999, 86: who changes gains more than those behind lose, weighted by politeness, and nobody has to
brake hard. Departures: both gaps must be at least the jam distance, the end of a lane counts as
somebody who stands there, and one change a step is begun on a track.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.traffic.kernels.following import free_acceleration, interaction
from simgen.worlds.road.traffic.kernels.neighbours import abreast, ahead_on, behind_on, offset
from simgen.worlds.road.traffic.kernels.routes import end_of_lane, pace, plan_on

# Kesting, Treiber, Helbing (2007), section 4: thresholds of their simulations.
SAFE_BRAKE = 4.0  # [m/s2]
THRESHOLD = 0.1  # [m/s2]
REST = 5.0  # between two changes of one driver; assumption [s]
CHANGE_TIME = 4.0  # mean of observed changes is 4 to 6 s: Toledo, Zohar (2007), TRR 1999, 71 [s]


@njit(cache=True, error_model="numpy")
def _would(car: Any, desired: float, gap: float, speed: float) -> float:
    """The acceleration with somebody ahead at a gap, infinite for nobody [m/s2]."""
    free = free_acceleration(car, desired)
    return float(free - interaction(car, gap, speed)) if gap < math.inf else float(free)


@njit(cache=True, error_model="numpy")
def _on_lane(
    tracks: Any, conflicts: Any, cars: Any, crowd: Any, who: int, track: int, at: float
) -> tuple[float, float]:
    """The acceleration of a vehicle, were it on this lane, and its gap ahead [m/s2, m]."""
    car = cars[who]
    desired, _ = pace(tracks, car)
    lead, gap = ahead_on(tracks, conflicts, cars, crowd, who, track, at)
    wanted = _would(car, desired, gap, cars[lead].speed if lead >= 0 else 0.0)
    stop = end_of_lane(tracks, car, track, at)
    return min(wanted, _would(car, desired, max(stop, 0.0), 0.0)), gap


@njit(cache=True, error_model="numpy")
def _cost(
    tracks: Any, cars: Any, other: int, gap: float, instead: float, lead_speeds: Any
) -> tuple[float, float]:
    """What somebody behind loses, and what he would do then [m/s2, m/s2].

    `gap` and `instead` are those ahead of him now and then; `lead_speeds` likewise.
    """
    car = cars[other]
    desired, _ = pace(tracks, car)
    now = _would(car, desired, gap, lead_speeds[0])
    then = _would(car, desired, instead, lead_speeds[1])
    return now - then, then


@njit(cache=True, error_model="numpy")
def gain(
    tracks: Any, conflicts: Any, cars: Any, crowd: Any, who: int, track: int, at: float
) -> float:
    """By how much MOBIL favours a lane over the present one; -infinite where it is unsafe."""
    car = cars[who]
    wanted, gap = _on_lane(tracks, conflicts, cars, crowd, who, track, at)
    follower, room = behind_on(tracks, cars, crowd, who, track, at)
    if gap < car.min_gap or room < car.min_gap:
        return -math.inf
    length = 2.0 * car.half_length
    now, lead_gap = _on_lane(tracks, conflicts, cars, crowd, who, car.track, car.at)
    lead_speed = cars[car.lead].speed if car.lead >= 0 else 0.0
    cost = 0.0
    if follower >= 0:
        ahead, _ = ahead_on(tracks, conflicts, cars, crowd, who, track, at)
        speed = cars[ahead].speed if ahead >= 0 else 0.0
        loss, then = _cost(tracks, cars, follower, room + length + gap, room, (speed, car.speed))
        if then < -SAFE_BRAKE:
            return -math.inf
        cost += loss
    left, room = behind_on(tracks, cars, crowd, who, car.track, car.at)
    if left >= 0:
        loss, _ = _cost(tracks, cars, left, room, room + length + lead_gap, (car.speed, lead_speed))
        cost += loss
    return float(wanted - now - car.politeness * cost)


@njit(cache=True, error_model="numpy")
def begin(tracks: Any, car: Any, who: int, key: Any, track: int, time: float, now: float) -> None:
    """Begin to change to a neighbouring track, within `time` [s]."""
    at = abreast(tracks, car.track, car.at, track)
    car.from_track, car.track, car.at = car.track, track, at
    car.aside = offset(tracks, car)  # at once: who is about to heed him looks before he moves
    car.change_at, car.change_time, car.change_share = now, time, 0.0
    car.n_plan = 0
    plan_on(tracks, car, who, key)


@njit(cache=True, error_model="numpy")
def change_lanes(
    tracks: Any, conflicts: Any, cars: Any, crowd: Any, key: Any, turn: tuple[int, int],
    now: float,
) -> None:  # fmt: skip
    """Let every `turn[1]`-th driver, beginning with `turn[0]`, think about changing lanes."""
    records = tracks[0]
    busy = np.zeros(len(records), np.bool_)
    for who in range(turn[0], len(cars), turn[1]):
        car = cars[who]
        idle = car.from_track < 0 and car.gate == 0 and car.tail_track < 0
        looks = now + 1e-9 >= car.decides_at and now >= car.changed_at + REST
        if not car.present or not idle or car.crashed or not looks:
            continue
        left = records[car.track].length - car.at
        if records[car.track].junction or left < (CHANGE_TIME + 1.0) * car.speed + 20.0:
            continue
        best, target = THRESHOLD, -1
        for track in (records[car.track].left, records[car.track].right):
            if track >= 0 and not busy[track]:
                at = abreast(tracks, car.track, car.at, track)
                found = gain(tracks, conflicts, cars, crowd, who, track, at)
                if found > best:
                    best, target = found, track
        if target >= 0 and not busy[car.track]:
            busy[target] = busy[car.track] = True
            begin(tracks, car, who, key, target, CHANGE_TIME, now)
