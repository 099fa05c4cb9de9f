"""One step of time for all traffic, and who touches whom."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.kernels.contacts import overlap
from simgen.worlds.road.traffic.kernels.changes import change_lanes
from simgen.worlds.road.traffic.kernels.gates import GREEN, RED, YELLOW, admit, approach, claim
from simgen.worlds.road.traffic.kernels.motion import decide, move, pose
from simgen.worlds.road.traffic.kernels.neighbours import ahead_of, gather


@njit(cache=True, error_model="numpy")
def light_at(phase: Any, times: tuple[float, float, float], now: float) -> tuple[int, float]:
    """What a group of lights shows, and for how long still [s].

    Args:
        phase: the group's number within its junction, and how many there are.
        times: how long green, yellow, and red for all last. [s]
        now: [s]
    """
    green, yellow, _ = times
    span = green + yellow + times[2]
    since = (now - phase[0] * span) % (phase[1] * span)
    if since < green:
        return GREEN, green - since
    if since < green + yellow:
        return YELLOW, green + yellow - since
    return RED, phase[1] * span - since


@njit(cache=True, error_model="numpy")
def touching(cars: Any, pairs: Any) -> int:
    """List pairs of vehicles whose boxes overlap, `(capacity, 2)`; gives how many."""
    n = len(cars)
    west, reach = np.empty(n), np.empty(n)
    for i in range(n):
        reach[i] = np.hypot(cars[i].half_length, cars[i].half_width)
        west[i] = cars[i].x - reach[i] if cars[i].present else np.inf
    order = np.argsort(west, kind="mergesort")
    count = 0
    for first in range(n):
        i = order[first]
        for second in range(first + 1, n):
            j = order[second]
            if west[j] > west[i] + 2.0 * reach[i] or west[j] == np.inf:
                break
            if abs(cars[i].y - cars[j].y) > reach[i] + reach[j]:
                continue
            depth, _, _ = overlap(cars[i], cars[i], cars[j], cars[j])
            if depth > 0.0 and count < len(pairs):
                pairs[count, 0], pairs[count, 1] = min(i, j), max(i, j)
                count += 1
    return count


@njit(cache=True, error_model="numpy", nogil=True)
def lead_of(tracks: Any, conflicts: Any, cars: Any, crowd: Any, who: int) -> tuple[int, float]:
    """Who is ahead of a vehicle now, -1 for nobody near, and the gap [m]."""
    gather(tracks, cars, crowd)
    return ahead_of(tracks, conflicts, cars, crowd, who)


@njit(cache=True, error_model="numpy", nogil=True)
def step_of(
    tracks: Any, junctions: Any, conflicts: Any, cars: Any, walkers: Any, scratch: Any,
    key: Any, lights: Any, turn: tuple[int, int], now: float, step: float,
) -> int:  # fmt: skip
    """Let all vehicles drive for one step.

    Args:
        tracks: of vehicles, as `Tracks.arrays`.
        junctions: as `kernels.routes` takes them.
        conflicts: as `Conflicts.arrays`.
        cars: changed in place.
        walkers: those on crosswalks: heads, links, places, directions.
        scratch: crowd, claims, asking and pairs; the last are out.
        key: for the choice of ways.
        lights: what each group shows.
        turn: whose turn it is to think about lanes.
        now: [s]
        step: [s]

    Returns:
        How many pairs of vehicles touch.
    """
    crowd, claims, asking, pairs = scratch
    gather(tracks, cars, crowd)
    claim(junctions, cars, claims)
    count = approach(tracks, junctions, cars, crowd, lights, step, asking)
    admit(tracks, junctions, conflicts, cars, crowd, claims, asking, count)
    change_lanes(tracks, conflicts, cars, crowd, key, turn, now)
    gather(tracks, cars, crowd)
    for i in range(len(cars)):
        if cars[i].present:
            decide(tracks, junctions, conflicts, walkers, cars, crowd, i, now, step)
    for i in range(len(cars)):
        if cars[i].present:
            move(tracks, junctions, cars[i], i, key, step, now + step)
            if cars[i].present:
                pose(tracks, cars[i], step)
    count = touching(cars, pairs)
    for k in range(count):
        cars[pairs[k, 0]].crashed = cars[pairs[k, 1]].crashed = True
    return count
