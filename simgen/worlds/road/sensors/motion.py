"""How the carrier of a sensor moves, between two looks at it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from simgen.worlds.road.sensors.poses import Frame

Floats = npt.NDArray[np.float64]


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


def turning_between(before: Motion, frame: Frame, time: float) -> Floats:
    """The constant angular velocity that turns one frame into the other `(3,)` [rad/s]."""
    turn = Rotation.from_matrix(frame.axes @ before.frame.axes.T).as_rotvec()
    return np.asarray(turn / (time - before.time), np.float64)
