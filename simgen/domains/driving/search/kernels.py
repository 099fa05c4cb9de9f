"""A cut-in by kinematics alone: two vehicles on straight lanes side by side, and nobody else.

They drive by the same models as all traffic, in the same order, with the same steps.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.kernels.contacts import overlap
from simgen.worlds.road.traffic.kernels.between_lanes import DONE, cross_over, left_to_cross
from simgen.worlds.road.traffic.kernels.following import cooled, free_acceleration, interaction
from simgen.worlds.road.traffic.kernels.motion import brakes_itself, drive

BODY = np.dtype(
    [
        (name, "f8")
        for name in (
            # As in `traffic.cars.CAR`; `desired` is a speed here [m/s].
            "x", "y", "z", "yaw", "speed", "acceleration", "wanted", "half_length", "half_width",
            "height", "desired", "headway", "min_gap", "max_acceleration", "comfortable_brake",
            "max_brake", "coolness", "warning_time", "change_time", "change_share",
        )
    ]
    + [("emergency", "b1")]
)  # fmt: skip
OUTCOME = np.dtype(
    [
        ("touched", "b1"),
        ("least_time", "f8"),  # to collision, as frames say; infinite: the ego never closes in [s]
        ("least_gap", "f8"),  # to who is ahead; infinite: nobody was [m]
        ("hardest_brake", "f8"),  # of the ego, as a positive number [m/s2]
        ("impact_speed", "f8"),  # by which the ego was the faster as they touched; 0 if not [m/s]
    ]
)
_ROUNDING = 1e-9


@njit(cache=True, error_model="numpy")
def _wants(body: Any, other: Any, gap: float) -> float:
    """The acceleration behind somebody; infinite gap for nobody [m/s2]."""
    wanted = free_acceleration(body, body.desired)
    if gap < math.inf:
        wanted = cooled(body, wanted - interaction(body, gap, other.speed), other, gap)
    return float(max(wanted, -body.max_brake))


@njit(cache=True, error_model="numpy")
def _cross(body: Any, apart: float, step: float) -> None:
    """Who changes lanes drives on: as `traffic.kernels.motion`, on straight roads without end."""
    way = drive(body, step)
    body.x += cross_over(body, apart, way, step) if body.change_share < DONE else way
    left, less = left_to_cross(body) if body.change_share < DONE else (0.0, 0.0)
    body.y, body.yaw = apart * left, math.atan2(-apart * less, 1.0)


@njit(cache=True, error_model="numpy")
def _begins(case: Any, patience: float, noted: float, step: float, n_frames: int) -> int:
    """The frame in which the change begins; -1 for none."""
    lead = case.gap + case.closing_speed * case.wait
    for frame in range(n_frames):
        gap = lead - case.closing_speed * frame * step
        if gap <= 0.0:
            return -1
        near = case.gap if frame * step < case.wait + patience else noted
        if gap <= near + _ROUNDING:
            return frame
    return -1


@njit(cache=True, error_model="numpy")
def _follow(pair: Any, about: Any, out: Any) -> None:
    """Let one change happen. `about`: apart [m], heeds [m], frame, frames, period, step [s]."""
    apart, heeds, first, n_frames, period, step = about
    ego, other = pair[0], pair[1]
    reach = ego.half_length + other.half_length
    gap = math.inf
    for frame in range(first, n_frames - 1):
        ego.emergency = brakes_itself(ego, gap, ego.speed - other.speed)
        if frame % period == 0:
            ego.wanted = _wants(ego, other, gap)
        if ego.emergency:
            ego.wanted = -ego.max_brake
        behind = ego.x - other.x - reach if ego.x > other.x else math.inf
        other.wanted = _wants(other, ego, behind)
        ego.x += drive(ego, step)
        _cross(other, apart, step)
        is_over = other.change_share > DONE
        out.hardest_brake = max(out.hardest_brake, -ego.acceleration)
        away = other.x - ego.x
        if abs(away) < reach + 1.0 and overlap(ego, ego, other, other)[0] > 0.0:
            out.touched, out.impact_speed = True, ego.speed - other.speed
            return
        closing = ego.speed - other.speed
        gap = math.inf
        if away > 0.0 and (other.y <= heeds or is_over):
            gap = away - reach
            out.least_gap = min(out.least_gap, max(gap, 0.0))
            if closing > 0.0:
                out.least_time = min(out.least_time, max(gap, 0.0) / closing)
        # Then nothing can become critical again: he is in the lane, and no slower than the ego.
        if is_over and ((away > 0.0 and closing <= 0.0) or away < -reach):
            return


@njit(cache=True, error_model="numpy", nogil=True)
def follow_all(
    cases: Any, apart: Any, bodies: Any, rules: tuple[float, float, float, float, float, int],
    out: Any,
) -> None:  # fmt: skip
    """What comes of each case `(n,)`.

    Args:
        cases: `cases.CASE`.
        apart: between both lanes' middles. (n,) [m]
        bodies: the ego, then one of each kind that may change lanes, `BODY`.
        rules: how long the ego takes between decisions [s], from where on it heeds who comes in
            [m], how long the other waits beyond his time [s], up to which gap he then changes [m],
            one step [s], and the frames of an episode.
        out: `OUTCOME` (n,).
    """
    reaction, heeds, patience, noted, step, n_frames = rules
    period = max(math.ceil(reaction / step - 1e-6), 1)
    pair = np.zeros(2, BODY)
    for i in range(len(cases)):
        case = cases[i]
        out[i].least_time = out[i].least_gap = np.inf
        if case.planned == 0:
            continue
        first = _begins(case, patience, noted, step, n_frames)
        if first < 0:
            continue
        pair[0], pair[1] = bodies[0], bodies[1 + case.kind]
        ego, other = pair[0], pair[1]
        gap = case.gap + case.closing_speed * (case.wait - first * step)
        ego.speed = ego.desired = case.speed
        other.speed = other.desired = case.speed - case.closing_speed
        other.x = gap + ego.half_length + other.half_length
        other.y, other.change_time = apart[i], case.change_time
        _follow(pair, (apart[i], heeds, first, n_frames, period, step), out[i])
