"""Junctions: who may enter.

Before a junction a driver needs leave for all of it at once. He gets it if nobody with leave is on
or before a crossing or joining track (unless past the place where both meet), if nobody who goes
first arrives soon, if the light is green, and if there is room behind the junction. So those
within never wait for those without, and boxes never meet: neither collisions nor deadlocks.
Who has waited long goes first, or looks for another way when there is no room behind.

A vehicle's `gate` is 0 without leave, 1 with leave before the junction, 2 within, and 3 within and
with leave for the next one, which may be near.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.traffic.kernels.following import view
from simgen.worlds.road.traffic.kernels.routes import next_gate, planned

GREEN, YELLOW, RED = 0, 1, 2
# Who can't stop so gently drives on: assumption. 3 s of yellow at 50 km/h allow for 3.5 after a
# second of reaction [m/s2].
BRAKE_FOR_YELLOW = 3.0
# Before who goes first: assumption. The Highway Capacity Manual's example of a two-way stop has
# 4.9 s for left turns off the major road, 7.1 s and 7.2 s out of the minor one (hcmguide.com, case
# study 3, exhibit 3-30) [s].
CRITICAL_GAP = 5.0
PATIENCE = 20.0  # standing, after which one goes first; assumption [s]
# A turn that leads over the oncoming lane, a left one on the right side; assumption [rad].
ACROSS = 0.5
STANDING = 0.3  # slower, one stands; assumption [m/s]
AT_LINE = 5.0  # before a stop line, within which who stands waits there; assumption [m]
ROLLING_ON = 1.5  # time for which the last one behind a junction makes room; assumption [s]


@njit(cache=True, error_model="numpy")
def claim(junctions: Any, cars: Any, claims: Any) -> None:
    """List those who have leave by the junction tracks that they still need.

    `claims` is (heads, who, links): linked lists by track.
    """
    gated = junctions[0]
    heads, who, links = claims
    heads[:] = -1
    count = 0
    for i in range(len(cars)):
        car = cars[i]
        if not car.present:
            continue
        if car.tail_track >= 0:
            who[count], links[count], heads[car.tail_track] = i, heads[car.tail_track], count
            count += 1
        inside, step = False, 0
        n_left = 2 if car.gate == 3 else min(car.gate, 1)  # junctions
        while n_left > 0 and step <= car.n_plan:
            track = planned(car, step)
            if gated[track]:
                who[count], links[count], heads[track] = i, heads[track], count
                count += 1
            elif inside:
                n_left -= 1
            inside = gated[track]
            step += 1


@njit(cache=True, error_model="numpy")
def _tail_on(tracks: Any, car: Any, track: int) -> float:
    """How far the tail of a vehicle has come on a track; negative before it [m]."""
    if car.track == track:
        return float(car.at - car.half_length)
    if car.tail_track == track:
        return float(tracks[0][track].length + car.at - car.half_length)
    return -1.0


@njit(cache=True, error_model="numpy")
def _is_clear(tracks: Any, conflicts: Any, cars: Any, claims: Any, who: int, track: int) -> bool:
    """Whether nobody with leave may still touch a vehicle on this track."""
    offsets, others, spans, parts = conflicts
    heads, claimants, links = claims
    for row in range(offsets[track], offsets[track + 1]):
        if parts[row]:
            continue
        k = heads[others[row]]
        while k >= 0:
            other = claimants[k]
            if other != who and _tail_on(tracks, cars[other], others[row]) <= spans[row, 3]:
                return False
            k = links[k]
    return True


@njit(cache=True, error_model="numpy")
def _meet(tracks: Any, conflicts: Any, car: Any, other: Any, first: int, second: int) -> bool:
    """Whether the ways of two vehicles through a junction meet."""
    records = tracks[0]
    offsets, others, _, parts = conflicts
    while first <= car.n_plan and records[planned(car, first)].junction:
        track = planned(car, first)
        for row in range(offsets[track], offsets[track + 1]):
            step = second
            while step <= other.n_plan and records[planned(other, step)].junction:
                if others[row] == planned(other, step) and not parts[row]:
                    return True
                step += 1
        first += 1
    return False


@njit(cache=True, error_model="numpy")
def _has_room(cars: Any, crowd: Any, who: int, track: int) -> bool:
    """Whether a vehicle fits onto a track behind a junction, with those on their way there."""
    starts, members, places = crowd
    room = np.inf
    if starts[track] < starts[track + 1]:
        last = cars[members[starts[track]]]
        room = places[starts[track]] - last.half_length + ROLLING_ON * last.speed
    for i in range(len(cars)):
        if i != who and cars[i].present and cars[i].exit == track:
            room -= 2.0 * cars[i].half_length + cars[i].min_gap
    return bool(room > 2.0 * cars[who].half_length + cars[who].min_gap)


@njit(cache=True, error_model="numpy")
def _is_first(cars: Any, crowd: Any, who: int, gate: int) -> bool:
    """Whether nobody before this vehicle waits for the same stop line."""
    starts, members, places = crowd
    for step in range(gate + 1):
        track = planned(cars[who], step)
        for k in range(starts[track], starts[track + 1]):
            other = cars[members[k]]
            ahead = step > 0 or places[k] > cars[who].at
            if ahead and members[k] != who and other.gate % 2 == 0:
                return False
    return True


@njit(cache=True, error_model="numpy")
def _rank(tracks: Any, junctions: Any, car: Any, gate: int) -> float:
    """Who goes first: the higher. Signs count most, then who turns over the oncoming lane."""
    if car.waited > PATIENCE:
        return float(10.0 + car.waited)
    crosses = tracks[0][planned(car, gate + 1)].turn > ACROSS
    signed = junctions[1][planned(car, gate)].sign > 0
    return (0.0 if signed else 2.0) + (0.0 if crosses else 1.0)


@njit(cache=True, error_model="numpy")
def _exit_of(tracks: Any, car: Any, gate: int) -> int:
    """The first track behind the junction; -1 beyond the plan."""
    step = gate + 1
    while step <= car.n_plan and tracks[0][planned(car, step)].junction:
        step += 1
    return planned(car, step) if step <= car.n_plan else -1


@njit(cache=True, error_model="numpy")
def _revoke(car: Any, line: float, light: int) -> None:
    """Take leave back at a light that is no longer green from who can still stop."""
    if car.gate % 2 == 1 and light != GREEN:
        needed = car.speed * car.speed / (2.0 * BRAKE_FOR_YELLOW)
        if 0.0 < needed <= line or (car.speed < STANDING and line > 0.0):
            car.gate, car.exit = car.gate - 1, -1


@njit(cache=True, error_model="numpy")
def approach(
    tracks: Any, junctions: Any, cars: Any, crowd: Any, lights: Any, step: float, asking: Any
) -> int:
    """Note how far all are from their stop lines; collect those who ask for leave.

    Rows of `asking` `(n, 4)` are vehicle, steps to its line, rank, and whether light and room
    would let it go. Gives how many ask.
    """
    count = 0
    for i in range(len(cars)):
        car = cars[i]
        car.approach = -1
        if not car.present:
            continue
        gate, line = next_gate(tracks, junctions, car)
        if gate < 0:
            continue
        car.line, car.approach = line, planned(car, gate)
        record = junctions[1][car.approach]
        light = lights[record.light] if record.light >= 0 else GREEN
        _revoke(car, line, light)
        near = line < view(car) + car.speed * step
        standing = car.speed < STANDING and line < AT_LINE
        car.waited = car.waited + step if standing and light == GREEN else 0.0
        car.stopped = car.stopped or standing
        if car.gate % 2 == 1 or not near or not _is_first(cars, crowd, i, gate):
            continue
        leads = _exit_of(tracks, car, gate)
        room = leads < 0 or _has_room(cars, crowd, i, leads)
        if not room and car.waited > PATIENCE and gate == 0:
            car.n_plan, car.waited = 0, 0.0  # look for another way
            continue
        able = light == GREEN and room and (record.sign < 2 or car.stopped)
        asking[count, 0], asking[count, 1] = i, gate
        asking[count, 2], asking[count, 3] = _rank(tracks, junctions, car, gate), able
        count += 1
    return count


@njit(cache=True, error_model="numpy")
def _must_yield(tracks: Any, conflicts: Any, cars: Any, asking: Any, count: int, row: int) -> bool:
    """Whether one with a higher rank, whose way meets this one's, arrives soon."""
    who, gate = int(asking[row, 0]), int(asking[row, 1])
    for k in range(count):
        other = int(asking[k, 0])
        if k == row or asking[k, 2] <= asking[row, 2] or asking[k, 3] == 0.0:
            continue
        soon = cars[other].line < CRITICAL_GAP * max(cars[other].speed, 1.0)
        if soon and _meet(tracks, conflicts, cars[who], cars[other], gate + 1,
                          int(asking[k, 1]) + 1):  # fmt: skip
            return True
    return False


@njit(cache=True, error_model="numpy")
def admit(
    tracks: Any, junctions: Any, conflicts: Any, cars: Any, crowd: Any, claims: Any, asking: Any,
    count: int,
) -> None:  # fmt: skip
    """Give leave to those who may go, the first in rank first."""
    records = tracks[0]
    order = np.argsort(-asking[:count, 2], kind="mergesort")
    for row in order:
        who, gate = int(asking[row, 0]), int(asking[row, 1])
        car = cars[who]
        if asking[row, 3] == 0.0 or _must_yield(tracks, conflicts, cars, asking, count, row):
            continue
        leads = _exit_of(tracks, car, gate)
        may = leads < 0 or _has_room(cars, crowd, who, leads)
        step = gate + 1
        while may and step <= car.n_plan and records[planned(car, step)].junction:
            may = _is_clear(tracks, conflicts, cars, claims, who, planned(car, step))
            step += 1
        if may:
            car.gate, car.exit = car.gate + 1, leads
            claim(junctions, cars, claims)
