"""How the carrier of a sensor moves, between two looks at it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from simgen.kernels.arrays import Floats
from simgen.worlds.road.sensors.poses import Frame


@dataclass(frozen=True, kw_only=True)
class Motion:
    """A frame in the world and how it moves."""

    time: float  # since the world was opened [s]
    frame: Frame
    velocity: Floats  # of its origin (3,) [m/s]
    turning: Floats  # angular velocity, about the world's axes (3,) [rad/s]

    def velocity_at(self, points: Floats) -> Floats:
        """Of points of the body `(..., 3)` in the world [m] [m/s]."""
        return self.velocity + np.cross(self.turning, points - self.frame.position)

    def carried(self, mount: Frame) -> Motion:
        """The motion of what is mounted on it."""
        frame = self.frame.carry(mount)
        return Motion(
            time=self.time,
            frame=frame,
            velocity=self.velocity_at(frame.position),
            turning=self.turning,
        )


class Steering:
    """How a vehicle turns that must steer to follow a line which bends at once.

    The bend of its way nears that of its line over its wheelbase, exponentially: as the rear axle
    of a vehicle does whose front axle keeps to the line, in slight bends.
    """

    def __init__(self, wheelbase: float) -> None:
        self._wheelbase = wheelbase  # [m]
        self._bend = np.zeros(3)  # of its way, about the world's axes [rad/m]

    def follow(self, motion: Motion, since: float = math.inf) -> Floats:
        """How it turns `(3,)` [rad/s], some time [s] after the last; at first, as its line does.

        `motion` is along the line.
        """
        speed = float(np.linalg.norm(motion.velocity))
        if speed > 0.0:
            share = -math.expm1(-speed * since / self._wheelbase)
            self._bend = self._bend + share * (motion.turning / speed - self._bend)
        return speed * self._bend


def turning_between(before: Motion, frame: Frame, time: float) -> Floats:
    """The constant angular velocity that turns one frame into the other `(3,)` [rad/s]."""
    turn = Rotation.from_matrix(frame.axes @ before.frame.axes.T).as_rotvec()
    return np.asarray(turn / (time - before.time), np.float64)
