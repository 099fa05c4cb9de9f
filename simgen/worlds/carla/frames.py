"""Between CARLA's left-handed frame and the world's right-handed one.

CARLA's y points to the other side, and its yaw turns the other way; x, z, pitch and roll are the
same. CARLA has degrees where the world has radians. Places and directions are turned here alone;
what turns about the upward axis changes its sign where it comes and goes.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.kernels.arrays import Floats
from simgen.worlds.base import Pose
from simgen.worlds.carla.protocol.types import Rotation, Transform, Vector
from simgen.worlds.road.catalogue import Kind
from simgen.worlds.road.commands import MAX_PLACE
from simgen.worlds.road.sensors import Frame

MIRROR = np.array([1.0, -1.0, 1.0])
MIRROR.setflags(write=False)
CENTIMETRES = 100.0  # per metre: Unreal's unit, in some calls and texts
# Signs of CARLA's pitch, yaw and roll in terms of the world's, which stand as yaw, pitch, roll.
_ORDER, _SIGNS = [1, 0, 2], np.array([1.0, -1.0, 1.0])


def pose_of(transform: Transform, *, lift: float = 0.0) -> Pose:
    """A place in the world; the actor's origin there lies `lift` [m] below CARLA's."""
    place, turn = transform.location, transform.rotation
    return Pose(
        x=place.x,
        y=-place.y,
        z=place.z - lift,
        yaw=-math.radians(turn.yaw),
        pitch=math.radians(turn.pitch),
        roll=math.radians(turn.roll),
    )


def transform_at(pose: Pose) -> Transform:
    """The inverse of `pose_of` without a lift."""
    return Transform(
        location=Vector(x=pose.x, y=-pose.y, z=pose.z),
        rotation=Rotation(
            pitch=math.degrees(pose.pitch),
            yaw=-math.degrees(pose.yaw),
            roll=math.degrees(pose.roll),
        ),
    )


def lift_of(kind: Kind) -> float:
    """Of CARLA's origin over the world's: a walker's is his middle, all others' the ground [m]."""
    return 0.5 * kind.size[2] if kind.category == "walker" else 0.0


def check_transform(transform: Transform) -> None:
    """Raise RequestError if a place is too far away, or turned too often, to be worked with."""
    for value in six(transform):
        if not abs(value) <= MAX_PLACE:
            raise RequestError(f"transform: {value:g} must be within {MAX_PLACE:g}")


def frame_of(transform: Transform) -> Frame:
    """The same place as a frame."""
    return Frame.of(pose_of(transform))


def transform_of(frame: Frame) -> Transform:
    """Where a frame is, in CARLA's terms."""
    x, y, z = frame.position.tolist()
    yaw, pitch, roll = frame.angles
    return transform_at(Pose(x=x, y=y, z=z, yaw=yaw, pitch=pitch, roll=roll))


def mirrored(vector: Vector) -> tuple[float, float, float]:
    """A vector in the other frame: it is its own inverse."""
    return vector.x, -vector.y, vector.z


def vector_of(values: npt.ArrayLike) -> Vector:
    """CARLA's vector of x, y, z in the world `(3,)`."""
    x, y, z = np.asarray(values, np.float64).tolist()
    return Vector(x=x, y=-y, z=z)


def rotations_of(angles: Floats) -> Floats:
    """CARLA's pitch, yaw and roll [degree] of the world's yaw, pitch and roll `(n, 3)` [rad].

    Yaws are wrapped to (-180, 180].
    """
    degrees = np.degrees(angles)[:, _ORDER] * _SIGNS
    degrees[:, 1] = 180.0 - (180.0 - degrees[:, 1]) % 360.0
    return np.asarray(degrees, np.float64)


def angles_of(rotations: Floats) -> Floats:
    """The world's yaw, pitch and roll `(n, 3)` [rad] of CARLA's pitch, yaw and roll [degree]."""
    return np.asarray(np.radians(rotations * _SIGNS)[:, _ORDER], np.float64)


def six(transform: Transform) -> tuple[float, ...]:
    """x, y, z, pitch, yaw and roll."""
    place, turn = transform.location, transform.rotation
    return place.x, place.y, place.z, turn.pitch, turn.yaw, turn.roll
