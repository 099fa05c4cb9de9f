"""What drivers, walkers and controllers on board tell the road world before each step."""

from __future__ import annotations

import math
from dataclasses import replace

from simgen.worlds import base
from simgen.worlds.carla.frames import mirrored, vector_of
from simgen.worlds.carla.protocol.types import Vector
from simgen.worlds.carla.protocol.vehicles import VehicleControl, WalkerControl
from simgen.worlds.carla.server.ackermann import ackermann_control
from simgen.worlds.carla.server.entities import Body, Vehicle, Walker
from simgen.worlds.carla.server.episode import Episode
from simgen.worlds.road.commands import MAX_WALK_SPEED


def drive(episode: Episode, vehicle: Vehicle, control: VehicleControl) -> None:
    """Let a vehicle do what its driver does; values out of bounds are cut, as CARLA does.

    What is no number presses the brake and nothing else; assumed.
    """
    if math.isnan(control.throttle + control.steer + control.brake):
        control = replace(
            control,
            throttle=_number(control.throttle, 0.0),
            steer=_number(control.steer, 0.0),
            brake=_number(control.brake, 1.0),
        )
    vehicle.control = control
    n_gears = int(episode.ground.measure(vehicle.number, "n_gears"))
    gear, throttle = 0, control.throttle
    if control.manual_gear:
        gear = min(max(control.gear, -1), n_gears)
        throttle = throttle if gear else 0.0  # in neutral the engine drives nothing
    if control.reverse:
        gear = -1
    episode.ground.apply(
        vehicle.number,
        base.VehicleControl(
            throttle=min(max(throttle, 0.0), 1.0),
            brake=min(max(control.brake, 0.0), 1.0),
            steer=min(max(-control.steer, -1.0), 1.0),
            hand_brake=control.hand_brake,
            gear=gear,
        ),
    )


def _number(value: float, otherwise: float) -> float:
    return otherwise if math.isnan(value) else value


def engaged_gear(episode: Episode, vehicle: Vehicle) -> int:
    """What a vehicle says its gear is; 0: neutral, -1: reverse."""
    control = vehicle.control
    is_neutral = control.manual_gear and control.gear == 0 and not control.reverse
    if vehicle.is_held or is_neutral:  # held: it repeats what it was told, as in a replay
        return control.gear
    return episode.ground.gear(vehicle.number)


def walk(episode: Episode, walker: Walker, control: WalkerControl) -> None:
    """Let a walker go."""
    walker.control = control
    x, y, _ = mirrored(control.direction)
    speed = control.speed if x or y else 0.0
    episode.ground.apply(
        walker.number,
        base.WalkerControl(yaw=math.atan2(y, x), speed=min(max(speed, 0.0), MAX_WALK_SPEED)),
    )


def move(episode: Episode, body: Body, velocity: Vector) -> None:
    """Give a body a velocity in the world; it goes on turning as it does."""
    if body.is_held:
        return
    x, y, z = mirrored(velocity)
    turning = episode.ground.velocity(body.number)[3]
    episode.ground.apply(body.number, base.TargetVelocity(x=x, y=y, z=z, about_z=turning))


def hold(episode: Episode, body: Body, *, held: bool) -> None:
    """Hold a body where it is, or let forces act on it again."""
    if body.is_held is held:
        return
    body.is_held = held
    if held:
        episode.ground.hold(body.number)
    else:
        episode.ground.change(body.number, "mass", body.mass)


def drive_all(episode: Episode, step: float) -> None:
    """Let controllers on board act for the next step [s]."""
    for body in episode.entities.of(Body):
        if isinstance(body, Vehicle) and body.ackermann:
            drive(episode, body, ackermann_control(episode, body, body.ackermann, step))
        if body.constant_velocity is not None:
            x, y, z = mirrored(body.constant_velocity)
            move(episode, body, vector_of(episode.place(body).axes @ [x, y, z]))
