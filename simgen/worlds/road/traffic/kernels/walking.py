"""People on foot: along sidewalks, and over crosswalks when vehicles can still stop."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.philox import uniform
from simgen.worlds.road.kernels.contacts import overlap
from simgen.worlds.road.kernels.headings import unwrapped
from simgen.worlds.road.traffic.kernels.gates import RED
from simgen.worlds.road.traffic.kernels.neighbours import node_of
from simgen.worlds.road.traffic.kernels.routes import planned

ALONG, WAITS, CROSSES = 0, 1, 2
CAN_STOP = 2.5  # deceleration that a walker asks of vehicles; assumption [m/s2]
STARTLE_TIME = 0.5  # that he grants their drivers beside their reaction time; assumption [s]
CLOSE = 0.5  # to a crosswalk, where a vehicle is taken to stand on it; assumption [m]
FAR = 80.0  # vehicles further away are no matter; assumption [m]


@njit(cache=True, error_model="numpy")
def _is_blocked(tracks: Any, car: Any, track: int, start: float, end: float) -> bool:
    """Whether a vehicle stands on a crosswalk over this track, or can't stop before it."""
    records, back_offsets, backs = tracks[0], tracks[4], tracks[5]
    if car.at < car.half_length:
        for k in range(back_offsets[car.track], back_offsets[car.track + 1]):
            tail = records[track].length + car.at - car.half_length
            if backs[k] == track and tail < end + CLOSE:
                return True
    way = -car.at  # from its middle to the start of the track
    for step in range(car.n_plan + 1):
        front, tail = car.half_length - way, -car.half_length - way
        if way > FAR:
            return False
        if planned(car, step) == track and tail < end + CLOSE:
            needed = car.speed * car.speed / (2.0 * CAN_STOP)
            needed += car.speed * (STARTLE_TIME + car.reaction_time) + CLOSE
            return bool(start - front < needed)
        way += records[planned(car, step)].length
    return False


@njit(cache=True, error_model="numpy")
def _may_cross(
    tracks: Any, crosswalks: Any, cars: Any, crossing: Any, lights: Any, left: Any, time: float
) -> bool:
    """Whether a walker may start, who needs some time [s]: the light, and every vehicle."""
    if crossing.light >= 0 and (lights[crossing.light] != RED or left[crossing.light] < time):
        return False
    for row in range(len(crosswalks)):
        if int(crosswalks[row, 0]) != crossing.crosswalk:
            continue
        track = int(crosswalks[row, 1])
        for i in range(len(cars)):
            if cars[i].present and _is_blocked(
                tracks, cars[i], track, crosswalks[row, 2], crosswalks[row, 3]
            ):
                return False
    return True


@njit(cache=True, error_model="numpy")
def _turn_off(ways: Any, walker: Any, who: int, key: Any, before: float) -> bool:
    """Whether a walker who comes past a crosswalk means to cross it; he then stands there."""
    crossings, offsets, rows = ways[1], ways[2], ways[3]
    for k in range(offsets[walker.track], offsets[walker.track + 1]):
        crossing = crossings[rows[k]]
        end = 0 if crossing.track[0] == walker.track else 1
        at = crossing.at[end]
        if (at - before) * (at - walker.at) > 0.0 or before == walker.at:
            continue
        walker.n_draws += 1
        if uniform(key, who, walker.n_draws) < walker.crosses:
            walker.state, walker.crossing, walker.end, walker.at = WAITS, rows[k], end, at
            return True
    return False


@njit(cache=True, error_model="numpy")
def _stroll(ways: Any, walker: Any, who: int, key: Any, step: float) -> None:
    """Walk along the sidewalk, onto the next one or back."""
    tracks = ways[0]
    records = tracks[0]
    before = walker.at
    walker.at += walker.ahead * walker.desired * step
    if _turn_off(ways, walker, who, key, before):
        return
    length = records[walker.track].length
    if 0.0 <= walker.at <= length:
        return
    onward = walker.at > length
    offsets, links = (tracks[2], tracks[3]) if onward else (tracks[4], tracks[5])
    low, high = offsets[walker.track], offsets[walker.track + 1]
    past = walker.at - length if onward else -walker.at
    if low == high:
        walker.ahead = -walker.ahead
        walker.at = length - past if onward else past
        return
    walker.n_draws += 1
    choice = min(int(uniform(key, who, walker.n_draws) * (high - low)), high - low - 1)
    walker.track = links[low + choice]
    walker.at = past if onward else records[walker.track].length - past


@njit(cache=True, error_model="numpy")
def _length(crossing: Any) -> float:
    """From sidewalk to sidewalk [m]."""
    return math.hypot(crossing.x[1] - crossing.x[0], crossing.y[1] - crossing.y[0])


@njit(cache=True, error_model="numpy")
def _aside(crossing: Any, walker: Any, end: int) -> float:
    """How far beyond the middle of the sidewalk at an end his own line is, as he crosses [m]."""
    return float((1.0 - 2.0 * walker.end) * crossing.left[end] * walker.aside)


@njit(cache=True, error_model="numpy")
def _enlist(crossing: Any, walker: Any, who: int, walking: Any) -> None:
    """Add a walker to those on his crosswalk."""
    heads, links, places, directions = walking
    a, b = walker.end, 1 - walker.end
    way = crossing.along[b] - crossing.along[a]
    places[who] = crossing.along[a] + way * walker.progress / _length(crossing)
    directions[who] = 1.0 if way > 0.0 else -1.0
    links[who], heads[crossing.crosswalk] = heads[crossing.crosswalk], who


@njit(cache=True, error_model="numpy")
def _cross(ways: Any, walker: Any, who: int, key: Any, step: float) -> None:
    """Walk over a crosswalk, to the sidewalk beyond it."""
    crossing = ways[1][walker.crossing]
    b = 1 - walker.end
    walker.progress += walker.desired * step
    if walker.progress < _length(crossing) + _aside(crossing, walker, b):
        return
    walker.state, walker.track, walker.at = ALONG, crossing.track[b], crossing.at[b]
    walker.n_draws += 1
    walker.ahead = 1.0 if uniform(key, who, walker.n_draws) < 0.5 else -1.0
    # A step onward, so that the same crosswalk doesn't tempt at once.
    walker.at += walker.ahead * 0.01


@njit(cache=True, error_model="numpy")
def walker_pose(ways: Any, walker: Any) -> None:
    """Where a walker is; who walks along keeps to his own line of the sidewalk."""
    if walker.state == CROSSES:
        crossing = ways[1][walker.crossing]
        a, b = walker.end, 1 - walker.end
        off_x, off_y = crossing.x[b] - crossing.x[a], crossing.y[b] - crossing.y[a]
        share = walker.progress / _length(crossing)
        walker.x, walker.y = crossing.x[a] + share * off_x, crossing.y[a] + share * off_y
        walker.z = crossing.z[a] + share * (crossing.z[b] - crossing.z[a])
        walker.yaw = unwrapped(math.atan2(off_y, off_x), walker.yaw)
        walker.speed = walker.desired
        return
    nodes = ways[0][1]
    row, share = node_of(ways[0], walker.track, walker.at)
    place = nodes[row] + share * (nodes[row + 1] - nodes[row])
    walker.x = place[1] - walker.aside * math.sin(place[4])
    walker.y = place[2] + walker.aside * math.cos(place[4])
    walker.z = place[3]
    walker.yaw = unwrapped(place[4] + (0.0 if walker.ahead > 0.0 else math.pi), walker.yaw)
    walker.speed = walker.desired if walker.state == ALONG else 0.0


@njit(cache=True, error_model="numpy", nogil=True)
def walk_all(
    tracks: Any, crosswalks: Any, cars: Any, ways: Any, walkers: Any, walking: Any, key: Any,
    lights: Any, left: Any, step: float,
) -> None:  # fmt: skip
    """Let all walk for one step.

    Args:
        tracks: of vehicles, as `Tracks.arrays`.
        crosswalks: as `Approaches.crosswalks`.
        cars: the vehicles.
        ways: the sidewalks' tracks, crossings, and those by sidewalk: offsets and rows.
        walkers: changed in place.
        walking: out: those on crosswalks, as `kernels.motion` takes them.
        key: for their choices.
        lights: what each group shows.
        left: for how long still. [s]
        step: [s]
    """
    walking[0][:] = -1
    for who in range(len(walkers)):
        walker = walkers[who]
        if walker.struck:
            walker.speed = 0.0
        elif walker.state == ALONG:
            _stroll(ways, walker, who, key, step)
        elif walker.state == CROSSES:
            _cross(ways, walker, who, key, step)
        else:
            crossing = ways[1][walker.crossing]
            need = _length(crossing) / walker.desired
            if _may_cross(tracks, crosswalks, cars, crossing, lights, left, need):
                walker.state = CROSSES
                walker.progress = _aside(crossing, walker, walker.end)
        if not walker.struck:
            walker_pose(ways, walker)
        if walker.state == CROSSES:
            _enlist(ways[1][walker.crossing], walker, who, walking)


@njit(cache=True, error_model="numpy", nogil=True)
def strike(cars: Any, walkers: Any, pairs: Any, count: int) -> int:
    """Add vehicles and walkers that touch to the `count` pairs of rows in use; gives how many.

    Walkers' rows follow those of the vehicles.
    """
    for i in range(len(cars)):
        if not cars[i].present:
            continue
        reach = np.hypot(cars[i].half_length, cars[i].half_width) + 1.0
        for k in range(len(walkers)):
            off_x, off_y = walkers[k].x - cars[i].x, walkers[k].y - cars[i].y
            if abs(off_x) > reach or abs(off_y) > reach:
                continue
            depth, _, _ = overlap(cars[i], cars[i], walkers[k], walkers[k])
            if depth > 0.0:
                if count < len(pairs):
                    pairs[count, 0], pairs[count, 1] = i, len(cars) + k
                    count += 1
                walkers[k].struck = cars[i].crashed = True
    return count
