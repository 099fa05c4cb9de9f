"""The way ahead: which tracks a vehicle takes next, and its next stop line.

`junctions` is a plain tuple: (gated, approaches, crosswalks, crosswalk_offsets, crosswalk_rows).
"""

from __future__ import annotations

import math
from typing import Any

from numba import njit

from simgen.kernels.philox import uniform
from simgen.worlds.road.traffic.kernels.neighbours import node_of

FAR = 250.0  # how far a way is planned; assumption [m]
BEFORE_BENDS = 1.5  # how gently drivers slow down for bends; assumption [m/s2]
# Where tracks lead: to other tracks; off the map; nowhere, while a neighbour goes on.
ONWARD, AWAY, ENDS = 0, 1, 2


@njit(cache=True, error_model="numpy")
def plan_on(tracks: Any, car: Any, who: int, key: Any) -> None:
    """Choose the next tracks, each follower as likely as the others, until the plan leads far."""
    records, next_offsets, nexts = tracks[0], tracks[2], tracks[3]
    way, track = 0.0, car.track
    for k in range(car.n_plan):
        track = car.plan[k]
        way += records[track].length
    while car.n_plan < len(car.plan) and way < FAR:
        n_ways = next_offsets[track + 1] - next_offsets[track]
        if n_ways == 0:
            return
        choice = 0
        if n_ways > 1:
            choice = min(int(uniform(key, who, car.n_draws) * n_ways), n_ways - 1)
            car.n_draws += 1
        track = nexts[next_offsets[track] + choice]
        car.plan[car.n_plan] = track
        car.n_plan += 1
        way += records[track].length


@njit(cache=True, error_model="numpy")
def planned(car: Any, step: int) -> int:
    """The track that many steps ahead; 0 is the present one, -1 the end of the plan."""
    if step == 0:
        return int(car.track)
    return int(car.plan[step - 1]) if step <= car.n_plan else -1


@njit(cache=True, error_model="numpy")
def is_controlled(tracks: Any, junctions: Any, before: int, after: int) -> bool:
    """Whether one needs leave to go from a track to the next."""
    records, gated, approaches = tracks[0], junctions[0], junctions[1]
    enters = records[after].junction and not records[before].junction
    return bool(enters and (gated[after] or approaches[before].light >= 0))


@njit(cache=True, error_model="numpy")
def next_gate(tracks: Any, junctions: Any, car: Any) -> tuple[int, float]:
    """Steps to the track with the next stop line, and the way there from the front [m].

    -1 if there is none in the plan.
    """
    records, approaches = tracks[0], junctions[1]
    way = -car.at - car.half_length
    for step in range(car.n_plan):
        track, after = planned(car, step), planned(car, step + 1)
        if is_controlled(tracks, junctions, track, after):
            return step, way + approaches[track].stop
        way += records[track].length
    return -1, math.inf


@njit(cache=True, error_model="numpy")
def end_of_lane(tracks: Any, car: Any, track: int, at: float) -> float:
    """The way from the front to where the lane ends while others go on; infinite if none [m]."""
    records = tracks[0]
    way = -at - car.half_length
    if records[track].leads == ENDS:
        return float(way + records[track].usable)
    if track == car.track:
        way += records[track].length
        for k in range(car.n_plan):
            after = records[car.plan[k]]
            if after.leads == ENDS:
                return float(way + after.usable)
            way += after.length
    return math.inf


@njit(cache=True, error_model="numpy")
def pace(tracks: Any, car: Any) -> tuple[float, float]:
    """The speed that the driver wants here: the limit as he sees it, and bends ahead [m/s].

    Also how fast it falls as he slows down for what is ahead, up to `BEFORE_BENDS` [m/s2].
    """
    records, nodes = tracks[0], tracks[1]
    wanted, falls = min(records[car.track].limit * car.desired, car.top_speed), 0.0
    row, share = node_of(tracks, car.track, car.at)
    here = nodes[row, 6] + share * (nodes[row + 1, 6] - nodes[row, 6])
    if here < wanted:
        gained = nodes[row + 1, 6] ** 2 - nodes[row, 6] ** 2
        wanted, falls = here, max(-0.5 * gained / (nodes[row + 1, 0] - nodes[row, 0]), 0.0)
    way = max(records[car.track].length - car.at, 0.0)
    for k in range(car.n_plan):
        if 2.0 * BEFORE_BENDS * way >= wanted * wanted:
            break
        after = records[car.plan[k]]
        entry = min(nodes[after.first, 6], after.limit * car.desired)
        allowed = math.sqrt(entry * entry + 2.0 * BEFORE_BENDS * way)
        if allowed < wanted:
            wanted, falls = allowed, BEFORE_BENDS
        way += after.length
    return float(wanted), float(falls)
