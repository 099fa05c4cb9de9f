"""Vehicles: one track, two axles, tyres whose grip is a circle.

The model is the linear single-track model (Pacejka 2012, Tire and Vehicle Dynamics, 3rd edition,
section 1.3.2) with three departures: an axle's force is scaled back to the circle of radius
grip times load when it would leave it (so wheels that slide keep their peak grip); loads are those
at rest, brakes share the work as the loads do, and nothing leans; speeds from side slip are solved
for implicitly, so that standing still and creeping need no other model.
"""

from __future__ import annotations

import math
from typing import Any

from numba import njit

from simgen.worlds.road.kernels.ground import tilt_at

VEHICLE = 0
GRAVITY = 9.80665  # standard; CGPM (1901) [m/s2]
AIR_DENSITY = 1.2041  # at 20 degrees C and 101,325 Pa [kg/m3]
_SLOWEST = 1e-3  # that slip is measured against [m/s]


@njit(cache=True, error_model="numpy")
def gear_for(body: Any, wanted: int, speed: float) -> int:
    """The gear engaged at a speed [m/s] along the vehicle: 0 means the lowest that reaches it."""
    if wanted != 0:
        return int(max(min(wanted, body.n_gears), -1))
    for gear in range(body.n_gears):
        if speed <= body.gears[gear]:
            return gear + 1
    return int(body.n_gears)


@njit(cache=True, error_model="numpy")
def drive_force(body: Any, gear: int, speed: float) -> float:
    """The greatest force of the drive, forward [N]: limited by torque, power and the gear's speed.

    Torque at the wheels falls as the gear's top speed rises. Reverse is the first gear backward.
    """
    top = body.gears[max(gear, 1) - 1]
    ahead = -1.0 if gear < 0 else 1.0
    if speed * ahead >= top:
        return 0.0
    torque = body.mass * body.max_drive * body.gears[0] / top
    return float(ahead * min(torque, body.power / max(speed * ahead, _SLOWEST)))


@njit(cache=True, error_model="numpy")
def _resistance(body: Any, order: Any, load: float, needed: float) -> tuple[float, float]:
    """Brakes and rolling resistance on the front and rear axle [N, N].

    Together they are at most what stops the vehicle within the step, `needed` [N].
    """
    wheelbase = body.front_axle + body.rear_axle
    front_share = body.rear_axle / wheelbase
    both = order.brake * body.max_brake * body.mass + body.rolling_resistance * load
    rear = both * (1.0 - front_share)
    if order.hand_brake:
        rear += body.max_hand_brake * body.mass
    front = both * front_share
    most = front + rear
    if most <= 0.0:
        return 0.0, 0.0
    share = min(max(needed / most, -1.0), 1.0)
    return front * share, rear * share


@njit(cache=True, error_model="numpy")
def _within_circle(along: float, aside: float, radius: float) -> tuple[float, float]:
    """A tyre's force, scaled back to its circle [N, N]."""
    size = math.hypot(along, aside)
    scale = radius / size if size > radius else 1.0
    return along * scale, aside * scale


@njit(cache=True, error_model="numpy")
def _side_forces(
    body: Any,
    load: float,
    speeds: tuple[float, float, float],
    steer: float,
    pushes: tuple[float, float],
    step: float,
) -> tuple[float, float]:
    """What the tyres would give across the front and rear wheels, had they no limit [N, N].

    Side speed w and yaw rate r after the step solve the implicit Euler equations
        m (w' - w) / h = F + R + push - m u r',   I (r' - r) / h = a (F + push) - b R
    with F and R linear in the slip that w' and r' make.

    Args:
        body: the vehicle.
        load: on both axles. [N]
        speeds: u ahead, w to the left [m/s], and r [rad/s].
        steer: angle of the front wheels. [rad]
        pushes: across at the front axle, and at the centre of mass. [N]
        step: [s]
    """
    ahead, aside, turn = speeds
    front_axle, rear_axle = body.front_axle, body.rear_axle
    wheelbase = front_axle + rear_axle
    slowest = max(abs(ahead), _SLOWEST)
    front = body.front_cornering * load * rear_axle / wheelbase / slowest
    rear = body.rear_cornering * load * front_axle / wheelbase / slowest
    cosine, sine = math.cos(steer), math.sin(steer)
    squared = front * cosine * cosine
    a11 = body.mass / step + squared + rear
    a12 = front_axle * squared - rear_axle * rear + body.mass * ahead
    a21 = front_axle * squared - rear_axle * rear
    a22 = body.inertia / step + front_axle**2 * squared + rear_axle**2 * rear
    steered = front * cosine * sine * ahead + pushes[0]
    b1 = body.mass * aside / step + steered + pushes[1]
    b2 = body.inertia * turn / step + front_axle * steered
    determinant = a11 * a22 - a12 * a21
    aside = (b1 * a22 - a12 * b2) / determinant
    turn = (a11 * b2 - a21 * b1) / determinant
    return (
        -front * ((aside + front_axle * turn) * cosine - ahead * sine),
        -rear * (aside - rear_axle * turn),
    )


@njit(cache=True, error_model="numpy")
def _tyre_forces(
    body: Any,
    motion: Any,
    order: Any,
    load: float,
    radius: float,
    speeds: tuple[float, float, float],
    pushes: tuple[float, float],
    step: float,
) -> tuple[float, float, float]:
    """What the road does to a vehicle: ahead, and to the left at the front and rear axle [N].

    Args:
        body: the vehicle.
        motion: its wheels and gear.
        order: what the driver does.
        load: on both axles. [N]
        radius: of both axles' circles together. [N]
        speeds: ahead, to the left [m/s], and of turning [rad/s].
        pushes: of all else, ahead and to the left. [N]
        step: [s]
    """
    driving = order.throttle * drive_force(body, motion.gear, speeds[0])
    needed = -(body.mass * speeds[0] / step + driving + pushes[0])
    front_along, rear_along = _resistance(body, order, load, needed)
    front_along += driving * body.front_drive_share
    rear_along += driving * (1.0 - body.front_drive_share)
    cosine, sine = math.cos(motion.steer), math.sin(motion.steer)
    aside = (front_along * sine, pushes[1])
    front_aside, rear_aside = _side_forces(body, load, speeds, motion.steer, aside, step)
    front_share = body.rear_axle / (body.front_axle + body.rear_axle)
    front_along, front_aside = _within_circle(front_along, front_aside, radius * front_share)
    rear_along, rear_aside = _within_circle(rear_along, rear_aside, radius * (1.0 - front_share))
    return (
        front_along * cosine - front_aside * sine + rear_along,
        front_along * sine + front_aside * cosine,
        rear_aside,
    )


@njit(cache=True, error_model="numpy")
def drive(body: Any, motion: Any, order: Any, plane: Any, grip: float, step: float) -> None:
    """Change the velocity of a vehicle that stands on the ground, as its driver wants.

    `grip` multiplies the tyres' friction; `step` is in seconds.
    """
    most = body.steer_rate * step
    motion.steer += min(max(order.steer * body.max_steer - motion.steer, -most), most)
    slope, bank = tilt_at(plane, motion.yaw)
    # Metres on the surface per metre in the plane, ahead and to the left.
    stretch, widen = math.sqrt(1.0 + slope * slope), math.sqrt(1.0 + bank * bank)
    cosine, sine = math.cos(motion.yaw), math.sin(motion.yaw)
    ahead = (motion.velocity_x * cosine + motion.velocity_y * sine) * stretch
    aside = (motion.velocity_y * cosine - motion.velocity_x * sine) * widen
    motion.gear = gear_for(body, order.gear, ahead)
    weight = body.mass * GRAVITY
    load = weight / math.sqrt(1.0 + plane[3] ** 2 + plane[4] ** 2)
    drag = 0.5 * AIR_DENSITY * body.drag_area * abs(ahead) * ahead
    pushes = (-drag - weight * slope / stretch, -weight * bank / widen)
    along, front, rear = _tyre_forces(
        body, motion, order, load, grip * body.friction * load,
        (ahead, aside, motion.yaw_rate), pushes, step,
    )  # fmt: skip
    ahead += (along + pushes[0]) / body.mass * step
    aside += (front + rear + pushes[1]) / body.mass * step
    motion.yaw_rate += (body.front_axle * front - body.rear_axle * rear) / body.inertia * step
    motion.velocity_x = ahead / stretch * cosine - aside / widen * sine
    motion.velocity_y = ahead / stretch * sine + aside / widen * cosine
