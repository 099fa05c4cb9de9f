"""One step of a vehicle: what its driver wants, and where that leads."""

from __future__ import annotations

import math
from typing import Any

from numba import njit

from simgen.worlds.road.kernels.headings import unwrapped
from simgen.worlds.road.traffic.kernels.between_lanes import DONE, cross_over, pose_between
from simgen.worlds.road.traffic.kernels.following import (
    cooled,
    free_acceleration,
    interaction,
    slow_down,
    stop_within,
    view,
)
from simgen.worlds.road.traffic.kernels.neighbours import ahead_of, offset, place_on
from simgen.worlds.road.traffic.kernels.routes import (
    end_of_lane,
    is_controlled,
    pace,
    plan_on,
    planned,
)

BEFORE_LINE = 0.5  # where a driver stands before a stop line; assumption [m]
# Between a walker and the middle of a lane, below which one waits; assumption [m].
WALKER_ROOM = 1.8
BEYOND_VIEW = 5.0  # how much further one looks for walkers; assumption [m]


@njit(cache=True, error_model="numpy")
def _crosswalk(tracks: Any, junctions: Any, walkers: Any, car: Any) -> float:
    """The way from the front to a crosswalk on which somebody walks into it; infinite if none [m].

    A walker who has passed the lane is no reason to wait; one who stands beside it neither.
    """
    records = tracks[0]
    crosswalks, offsets, rows = junctions[2], junctions[3], junctions[4]
    heads, links, places, directions = walkers
    way, far = -car.at - car.half_length, view(car) + BEYOND_VIEW
    for step in range(car.n_plan + 1):
        track = planned(car, step)
        for k in range(offsets[track], offsets[track + 1]):
            crosswalk, _, start, _, lane = crosswalks[rows[k]]
            left = way + start
            walker = heads[int(crosswalk)] if 0.0 < left < far else -1
            while walker >= 0:
                if (lane - places[walker]) * directions[walker] > -WALKER_ROOM:
                    return float(left)
                walker = links[walker]
        way += records[track].length
        if way > far:
            break
    return math.inf


@njit(cache=True, error_model="numpy")
def _obstacles(tracks: Any, junctions: Any, walkers: Any, car: Any) -> float:
    """The way to the nearest place at which one must stand [m]."""
    way = min(
        end_of_lane(tracks, car, car.track, car.at) - car.min_gap,
        _crosswalk(tracks, junctions, walkers, car) - BEFORE_LINE,
    )
    if car.approach >= 0 and car.gate % 2 == 0 and car.line > -BEFORE_LINE:
        way = min(way, car.line - BEFORE_LINE)
    return float(way)


@njit(cache=True, error_model="numpy")
def brakes_itself(car: Any, gap: float, closing: float) -> bool:
    """Automatic emergency braking: from the warning time to collision on, until it is over."""
    if car.warning_time <= 0.0:
        return False
    if car.emergency:
        return bool(closing > 0.0 and gap < math.inf)
    return bool(closing > 0.0 and gap < closing * car.warning_time)


@njit(cache=True, error_model="numpy")
def _chosen(
    tracks: Any, junctions: Any, walkers: Any, cars: Any, who: int, lead: int, gap: float,
    step: float,
) -> float:  # fmt: skip
    """The acceleration that a driver chooses, behind a lead or -1 for nobody [m/s2]."""
    car = cars[who]
    desired, falls = pace(tracks, car)
    wanted = free_acceleration(car, desired)
    if lead >= 0:
        wanted = cooled(car, wanted - interaction(car, gap, cars[lead].speed), cars[lead], gap)
    if falls > 0.0:
        wanted = min(wanted, slow_down(car, desired, falls))
    stand = _obstacles(tracks, junctions, walkers, car)
    if stand < view(car):
        wanted = min(wanted, stop_within(car, desired, stand, step))
    return float(max(wanted, -car.max_brake))


@njit(cache=True, error_model="numpy")
def decide(
    tracks: Any, junctions: Any, conflicts: Any, walkers: Any, cars: Any, crowd: Any, who: int,
    now: float, step: float,
) -> None:  # fmt: skip
    """Let a driver look and choose an acceleration; between looks he keeps the last one."""
    car = cars[who]
    lead, gap = ahead_of(tracks, conflicts, cars, crowd, who)
    car.lead, car.gap = lead, gap
    speed = cars[lead].speed if lead >= 0 else 0.0
    car.emergency = brakes_itself(car, gap, car.speed - speed)
    if now + 1e-9 >= car.decides_at:
        car.wanted = _chosen(tracks, junctions, walkers, cars, who, lead, gap, step)
        car.decides_at = now + car.reaction_time
    if now < car.startled_until:
        car.wanted = min(car.wanted, -car.startled_brake)
    if car.emergency or car.crashed:
        car.wanted = -car.max_brake


@njit(cache=True, error_model="numpy")
def _next_track(tracks: Any, junctions: Any, car: Any) -> None:
    """Enter the next track of the plan, or leave the map."""
    records = tracks[0]
    if car.n_plan == 0:
        car.present = False
        return
    before, after = car.track, car.plan[0]
    if car.from_track >= 0:  # he goes on changing if there is a lane on that side, too
        on_left = records[before].left == car.from_track
        car.from_track = records[after].left if on_left else records[after].right
    car.at -= records[before].length
    car.track = after
    car.n_plan -= 1
    for k in range(car.n_plan):
        car.plan[k] = car.plan[k + 1]
    if records[before].junction:
        car.tail_track = before
    if is_controlled(tracks, junctions, before, after):
        car.gate, car.stopped, car.waited = 2, False, 0.0
    elif car.gate >= 2 and not records[after].junction:
        car.gate -= 2
        if car.gate == 0:
            car.exit = -1


@njit(cache=True, error_model="numpy")
def drive(car: Any, step: float) -> float:
    """Let the chosen acceleration act; speed changes linearly, never below standing. The way [m].

    Ballistic update: Treiber, Kanagaraj (2015), Comparing numerical integration schemes for
    time-continuous car-following models, Physica A 419, 183.
    """
    after = car.speed + car.wanted * step
    if after > 0.0:
        way = 0.5 * (car.speed + after) * step
    else:
        way = -0.5 * car.speed * car.speed / car.wanted if car.wanted < 0.0 else 0.0
        after = 0.0
    car.acceleration, car.speed = (after - car.speed) / step, after
    return float(way)


@njit(cache=True, error_model="numpy")
def move(
    tracks: Any, junctions: Any, car: Any, who: int, key: Any, step: float, now: float
) -> None:
    """Drive on, across to another lane, too, and from track to track."""
    way, changes = drive(car, step), car.from_track >= 0
    if changes:
        way = cross_over(car, offset(tracks, car), way, step)
    car.at += way
    while car.present and car.at > tracks[0][car.track].length:
        _next_track(tracks, junctions, car)
    if not car.present:
        return
    plan_on(tracks, car, who, key)
    if car.tail_track >= 0 and car.at > car.half_length and not tracks[0][car.track].junction:
        car.tail_track = -1
    if changes and (car.from_track < 0 or car.change_share > DONE):
        car.from_track, car.aside, car.changed_at = -1, 0.0, now


@njit(cache=True, error_model="numpy")
def pose(tracks: Any, car: Any, step: float) -> None:
    """Where a vehicle is: in the middle of its lane, or between two as it changes."""
    before = car.yaw
    if car.from_track >= 0:
        car.x, car.y, car.z, yaw, car.pitch = pose_between(tracks, car)
    else:
        car.x, car.y, car.z, yaw, car.pitch = place_on(tracks, car.track, car.at)
    car.yaw = unwrapped(yaw, before)
    car.yaw_rate = (car.yaw - before) / step if step > 0.0 else 0.0
