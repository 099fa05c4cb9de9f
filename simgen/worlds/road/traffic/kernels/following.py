"""Car following: the Intelligent Driver Model.

Treiber, Hennecke, Helbing (2000), Congested traffic states in empirical observations and
microscopic simulations, Phys. Rev. E 62, 1805. Above the desired speed the driver slows down by at
most the comfortable deceleration, as in the improved model of Treiber, Kesting (2013), Traffic
Flow Dynamics, section 11.3.7; the original would brake ever harder.
"""

from __future__ import annotations

import math
from typing import Any

from numba import njit

EXPONENT = 4.0  # of the free acceleration
NEAREST = 0.1  # gap that is braked for, even where boxes touch; assumption [m]
HARD = 0.5  # share of his greatest braking from which he begins a step earlier; assumption
SETTLING = 1.0  # in which a driver comes near a speed that falls; assumption [s]


@njit(cache=True, error_model="numpy")
def free_acceleration(car: Any, desired: float) -> float:
    """What the driver does with nobody ahead, to reach a speed [m/s2]."""
    top = max(desired, 0.1)
    if car.speed <= top:
        return float(car.max_acceleration * (1.0 - (car.speed / top) ** EXPONENT))
    share = EXPONENT * car.max_acceleration / car.comfortable_brake
    return float(-car.comfortable_brake * (1.0 - (top / car.speed) ** share))


@njit(cache=True, error_model="numpy")
def interaction(car: Any, gap: float, speed: float) -> float:
    """How much less he accelerates for an obstacle at a gap [m] with a speed [m/s]; [m/s2]."""
    both = 2.0 * math.sqrt(car.max_acceleration * car.comfortable_brake)
    wanted = car.speed * car.headway + car.speed * (car.speed - speed) / both
    wanted = car.min_gap + max(wanted, 0.0)
    share = wanted / max(gap, NEAREST)
    return float(car.max_acceleration * share * share)


@njit(cache=True, error_model="numpy")
def cooled(car: Any, wanted: float, lead: Any, gap: float) -> float:
    """What a cool driver does instead of braking hard for a small gap that opens [m/s2].

    He trusts that who is ahead keeps his acceleration: Kesting, Treiber, Helbing (2010), Enhanced
    intelligent driver model to access the impact of driving strategies on traffic capacity, Phil.
    Trans. R. Soc. A 368, 4585, equations 3.1 and 3.2.
    """
    if car.coolness <= 0.0:
        return wanted
    room = max(gap, NEAREST)
    theirs = min(lead.acceleration, car.max_acceleration)
    if lead.speed * (car.speed - lead.speed) <= -2.0 * room * theirs:
        below = lead.speed * lead.speed - 2.0 * room * theirs
        steady = car.speed * car.speed * theirs / below if below > 0.0 else 0.0
    else:
        closing = max(car.speed - lead.speed, 0.0)
        steady = theirs - closing * closing / (2.0 * room)
    if wanted >= steady:
        return wanted
    brake = car.comfortable_brake
    mixed = steady + brake * math.tanh((wanted - steady) / brake)
    return float((1.0 - car.coolness) * wanted + car.coolness * mixed)


@njit(cache=True, error_model="numpy")
def slow_down(car: Any, desired: float, falls: float) -> float:
    """What he does to keep to a speed that falls [m/s2] as he drives at it [m/s2].

    To reach it alone, as where it stays, would always lag behind. It falls the slower the slower he
    comes nearer, and not for who stands.
    """
    nearing = min(car.speed / max(desired, 1e-3), 1.0)
    return float((desired - car.speed) / SETTLING - nearing * falls)


@njit(cache=True, error_model="numpy")
def stop_within(car: Any, desired: float, way: float, step: float) -> float:
    """What he does to stand after a way [m]: the IDM would brake harder than that needs [m/s2].

    He keeps below the speed from which comfortable braking suffices when he looks again, and brakes
    evenly above it.
    """
    way, unseen = max(way, 0.0), car.comfortable_brake * car.reaction_time
    most = math.sqrt(unseen * unseen + 2.0 * car.comfortable_brake * way) - unseen
    needed = car.speed * car.speed / (2.0 * max(way, 0.05))
    if needed > HARD * car.max_brake:
        # Who brakes as hard as he can has nothing left for what he drives in another step.
        needed = car.speed * car.speed / (2.0 * max(way - car.speed * step, 0.05))
    if needed > car.comfortable_brake or way < 0.05:
        return float(-max(needed, car.comfortable_brake))
    return free_acceleration(car, min(desired, most))


@njit(cache=True, error_model="numpy")
def view(car: Any) -> float:
    """How far ahead a stop line begins to matter to a driver [m]."""
    braking = car.speed * car.speed / (2.0 * car.comfortable_brake)
    return float(car.min_gap + 0.5 * car.speed + braking)
