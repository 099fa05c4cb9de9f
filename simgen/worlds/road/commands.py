"""What actors are told, checked and written into their records."""

from __future__ import annotations

import math
from dataclasses import astuple, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.worlds.base import (
    Command,
    Force,
    Impulse,
    Pose,
    TargetVelocity,
    Teleport,
    VehicleControl,
    WalkerControl,
)
from simgen.worlds.road.kernels.vehicles import VEHICLE
from simgen.worlds.road.kernels.walkers import WALKER

MAX_PLACE = 1e7  # of a pose [m]
MAX_WALK_SPEED = 13.0  # above the fastest man's 12.4 m/s (Berlin, 2009) [m/s]

Record = npt.NDArray[np.void]


def obey(command: Command, body: Any, motion: Record, order: Record) -> None:
    """Let a command act on an actor's motion and order, `(1,)` each.

    Raises:
        RequestError: it is not for such an actor, or out of bounds.
    """
    match command:
        case VehicleControl():
            _drive(command, body, order)
        case WalkerControl():
            _walk(command, body, order)
        case Teleport():
            place(motion, command.pose)
            motion["airborne"] = True  # until the next step finds the ground
        case _:
            _move(command, body, motion, order)


def place(motion: Record, pose: Pose) -> None:
    """Put an actor `(1,)` at a pose.

    Raises:
        RequestError: the pose is not finite, or too far away.
    """
    for field in fields(pose):
        value = getattr(pose, field.name)
        if not abs(value) <= MAX_PLACE:
            raise RequestError(f"pose.{field.name} = {value!r}: must be within {MAX_PLACE:g}")
    for field in fields(pose):
        motion[field.name] = getattr(pose, field.name)


def _drive(control: VehicleControl, body: Any, order: Record) -> None:
    if body["category"] != VEHICLE:
        raise RequestError("VehicleControl: this actor is no vehicle; give it what fits its kind")
    for name, low in (("throttle", 0.0), ("brake", 0.0), ("steer", -1.0)):
        _check(f"VehicleControl.{name}", getattr(control, name), low, 1.0)
    _check("VehicleControl.gear", control.gear, -1, int(body["n_gears"]))
    for field in fields(control):
        order[field.name] = getattr(control, field.name)


def _walk(control: WalkerControl, body: Any, order: Record) -> None:
    if body["category"] != WALKER:
        raise RequestError("WalkerControl: this actor is no walker; give it what fits its kind")
    speed = float(body["walk_speed"]) if control.speed is None else control.speed
    _check("WalkerControl.speed", speed, 0.0, MAX_WALK_SPEED)
    _check("WalkerControl.yaw", control.yaw, -1e6, 1e6)
    order["walk_x"] = speed * math.cos(control.yaw)
    order["walk_y"] = speed * math.sin(control.yaw)


def _move(
    command: Impulse | Force | TargetVelocity, body: Any, motion: Record, order: Record
) -> None:
    name = type(command).__name__
    if not np.isfinite(body["mass"]):
        raise RequestError(f"{name}: nothing moves this actor; it is anchored")
    values = astuple(command)
    for field, value in zip(fields(command), values, strict=True):
        _check(f"{name}.{field.name}", value, -1e9, 1e9)
    rates = ("velocity_x", "velocity_y", "velocity_z", "yaw_rate")
    inertias = (*[float(body["mass"])] * 3, float(body["inertia"]))
    for value, inertia, rate, force in zip(
        values, inertias, rates, ("force_x", "force_y", "force_z", "torque"), strict=True
    ):
        match command:
            case Impulse():
                motion[rate] += value / inertia
            case Force():
                order[force] += value
            case TargetVelocity():
                motion[rate] = value


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise RequestError(f"{name} = {value!r}: must be in [{low:g}, {high:g}]")
