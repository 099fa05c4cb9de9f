"""A vehicle's physics in CARLA's terms, and what of it the road world takes.

Taken are mass, drag, the greatest steering angle and the tyres' grip; all else is kept and told
back. Grip is relative: CARLA's usual tire_friction, 3.5, stands for the kind's own friction.
"""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import fmean

from simgen.core import RequestError
from simgen.worlds.carla.frames import CENTIMETRES, vector_of
from simgen.worlds.carla.protocol.types import Vector2
from simgen.worlds.carla.protocol.vehicles import GearPhysics, VehiclePhysics, WheelPhysics
from simgen.worlds.carla.server.entities import Vehicle
from simgen.worlds.carla.server.episode import Episode
from simgen.worlds.road.actors import inertia_of
from simgen.worlds.road.catalogue import Kind, catalogue

_USUAL_FRICTION = 3.5  # tire_friction of CARLA's cars
_RADIUS = 35.0  # of wheels; assumed [cm]
_FRONTAL_SHARE = 0.85  # of width times height that the air meets; assumed
_TRACK_SHARE = 0.8  # of the width between left and right wheels; assumed


def physics_of(kind: Kind) -> VehiclePhysics:
    """What a kind of vehicle is in CARLA's terms; wheels without their places."""
    wheel = WheelPhysics(
        tire_friction=_USUAL_FRICTION,
        max_steer_angle=math.degrees(kind.max_steer),
        radius=_RADIUS,
        max_brake_torque=kind.mass * kind.max_brake * _RADIUS / CENTIMETRES / 4.0,
        max_handbrake_torque=0.0,
    )
    held = kind.mass * kind.max_hand_brake * _RADIUS / CENTIMETRES / 2.0
    rear = WheelPhysics(
        tire_friction=_USUAL_FRICTION,
        max_steer_angle=0.0,
        radius=_RADIUS,
        max_brake_torque=wheel.max_brake_torque,
        max_handbrake_torque=held,
    )
    _, width, height = kind.size
    return VehiclePhysics(
        torque_curve=(Vector2(x=0.0, y=500.0), Vector2(x=5000.0, y=500.0)),
        gears=tuple(GearPhysics(ratio=kind.gears[-1] / top) for top in kind.gears),
        mass=kind.mass,
        drag_coefficient=kind.drag_area / (_FRONTAL_SHARE * width * height),
        steering_curve=(Vector2(x=0.0, y=1.0), Vector2(x=100.0, y=1.0)),
        wheels=(wheel, wheel, rear, rear),
    )


def placed_physics(episode: Episode, vehicle: Vehicle) -> VehiclePhysics:
    """A vehicle's physics with the places of its wheels in the world."""
    kind, frame = _kind(vehicle), episode.place(vehicle)
    aside = 0.5 * _TRACK_SHARE * kind.size[1]
    up = vehicle.physics.wheels[0].radius / CENTIMETRES if vehicle.physics.wheels else 0.0
    corners = [(x, y, up) for x in (kind.axles[0], -kind.axles[1]) for y in (aside, -aside)]
    wheels = []
    for wheel, corner in zip(vehicle.physics.wheels, corners, strict=False):
        place = frame.position + frame.axes @ corner
        wheels.append(replace(wheel, position=vector_of(place * CENTIMETRES)))
    return replace(vehicle.physics, wheels=tuple(wheels))


def change_physics(episode: Episode, vehicle: Vehicle, wanted: VehiclePhysics) -> None:
    """Let a vehicle be another.

    Raises:
        RequestError: a value is out of bounds.
    """
    kind, ground, number = _kind(vehicle), episode.ground, vehicle.number
    usual = physics_of(kind)
    if not 1.0 <= wanted.mass <= 1e6:
        raise RequestError(f"mass = {wanted.mass:g}: must be in [1, 1e+06] kg")
    vehicle.mass = wanted.mass
    if not vehicle.is_held:
        ground.change(number, "mass", wanted.mass)
    ground.change(number, "inertia", inertia_of(kind, wanted.mass))
    share = max(wanted.drag_coefficient, 1e-6) / usual.drag_coefficient
    ground.change(number, "drag_area", kind.drag_area * share)
    if wanted.wheels:
        grip = fmean(wheel.tire_friction for wheel in wanted.wheels) / _USUAL_FRICTION
        ground.change(number, "friction", kind.friction * max(grip, 1e-6))
        greatest = math.radians(max(wheel.max_steer_angle for wheel in wanted.wheels))
        ground.change(number, "max_steer", min(max(greatest, 1e-3), 1.4))
    vehicle.physics = wanted


def _kind(vehicle: Vehicle) -> Kind:
    return catalogue().find(vehicle.actor.description.id)
