"""Actors as arrays: one record an actor for what it is, how it moves, and what it is told."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simgen.worlds.road.catalogue import MAX_GEARS, Kind
from simgen.worlds.road.kernels.vehicles import VEHICLE
from simgen.worlds.road.kernels.walkers import PROP, WALKER

CATEGORIES = {"vehicle": VEHICLE, "walker": WALKER, "prop": PROP}

# What an actor is: `Kind` as the kernels take it. Front before rear.
BODY = np.dtype(
    [
        ("category", np.int64),
        ("mass", np.float64),  # [kg]
        ("inertia", np.float64),  # about z [kg m2]
        ("half_length", np.float64),  # [m]
        ("half_width", np.float64),  # [m]
        ("height", np.float64),  # [m]
        ("restitution", np.float64),
        ("friction", np.float64),
        ("front_axle", np.float64),  # from the middle [m]
        ("rear_axle", np.float64),  # from the middle, backward [m]
        ("front_cornering", np.float64),  # [1/rad]
        ("rear_cornering", np.float64),  # [1/rad]
        ("max_steer", np.float64),  # [rad]
        ("steer_rate", np.float64),  # [rad/s]
        ("power", np.float64),  # [W]
        ("max_drive", np.float64),  # [m/s2]
        ("front_drive_share", np.float64),
        ("max_brake", np.float64),  # [m/s2]
        ("max_hand_brake", np.float64),  # [m/s2]
        ("drag_area", np.float64),  # [m2]
        ("rolling_resistance", np.float64),
        ("agility", np.float64),  # [m/s2]
        ("walk_speed", np.float64),  # [m/s]
        ("n_gears", np.int64),
        ("gears", np.float64, (MAX_GEARS,)),  # top speeds [m/s]
    ]
)

# How an actor moves.
MOTION = np.dtype(
    [
        ("x", np.float64),  # [m]
        ("y", np.float64),  # [m]
        ("z", np.float64),  # [m]
        ("yaw", np.float64),  # [rad]
        ("pitch", np.float64),  # [rad]
        ("roll", np.float64),  # [rad]
        ("velocity_x", np.float64),  # [m/s]
        ("velocity_y", np.float64),  # [m/s]
        ("velocity_z", np.float64),  # [m/s]
        ("yaw_rate", np.float64),  # [rad/s]
        ("steer", np.float64),  # of the front wheels [rad]
        ("gear", np.int64),  # engaged; -1: reverse
        ("airborne", np.bool_),
    ]
)

# What an actor is told.
ORDER = np.dtype(
    [
        ("throttle", np.float64),
        ("brake", np.float64),
        ("steer", np.float64),
        ("hand_brake", np.bool_),
        ("gear", np.int64),
        ("walk_x", np.float64),  # [m/s]
        ("walk_y", np.float64),  # [m/s]
        ("force_x", np.float64),  # [N]
        ("force_y", np.float64),  # [N]
        ("force_z", np.float64),  # [N]
        ("torque", np.float64),  # about z [N m]
    ]
)


def body_of(kind: Kind) -> npt.NDArray[np.void]:
    """The record `(1,)` of a kind."""
    body = np.zeros(1, BODY)
    length, width, height = kind.size
    values = {
        "category": CATEGORIES[kind.category],
        "inertia": inertia_of(kind, kind.mass),
        "half_length": 0.5 * length,
        "half_width": 0.5 * width,
        "height": height,
        "front_axle": kind.axles[0],
        "rear_axle": kind.axles[1],
        "front_cornering": kind.cornering[0],
        "rear_cornering": kind.cornering[1],
        "n_gears": len(kind.gears),
        "gears": np.pad(kind.gears, (0, MAX_GEARS - len(kind.gears))),
    }
    for name in BODY.names or ():
        body[name] = values[name] if name in values else getattr(kind, name)
    return body


def inertia_of(kind: Kind, mass: float) -> float:
    """About z, of a homogeneous box with a mass [kg]: an assumption [kg m2]."""
    length, width, _ = kind.size
    return mass * (length * length + width * width) / 12.0
