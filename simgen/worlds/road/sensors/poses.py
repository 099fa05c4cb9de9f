"""Where a sensor is and how it is turned."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.kernels.arrays import Floats
from simgen.worlds.base import Pose

# A camera's right, down and forward in the frame of its carrier: x forward, y left, z up.
OPTICAL_AXES = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
OPTICAL_AXES.setflags(write=False)
_LOOSE = 1e-5  # how far the rows of a rotation may be from orthonormal: published rigs' rounding


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A frame: its origin and its axes as columns; RequestError if those are no rotation."""

    position: Floats  # (3,) [m]
    axes: Floats  # (3, 3)

    def __post_init__(self) -> None:
        if self.position.shape != (3,) or self.axes.shape != (3, 3):
            raise RequestError("a frame needs a position (3,) and axes (3, 3)")
        off = np.abs(self.axes.T @ self.axes - np.eye(3)).max()
        if not (off <= _LOOSE and np.isfinite(self.position).all()):
            raise RequestError(f"axes are {off:.2g} from a rotation: use Frame.turned")

    @staticmethod
    def turned(
        position: npt.ArrayLike, *, yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0
    ) -> Frame:
        """First rolled about x, then pitched about y, then yawed about z; signs as in `Pose`.

        Args:
            position: the origin. (3,) [m]
            yaw: to the left [rad].
            pitch: uphill [rad].
            roll: left side up [rad].
        """
        cy, sy = math.cos(yaw), math.sin(yaw)
        cp, sp = math.cos(pitch), math.sin(pitch)
        cr, sr = math.cos(roll), math.sin(roll)
        axes = np.array(
            [
                [cy * cp, -cy * sp * sr - sy * cr, -cy * sp * cr + sy * sr],
                [sy * cp, -sy * sp * sr + cy * cr, -sy * sp * cr - cy * sr],
                [sp, cp * sr, cp * cr],
            ]
        )
        return Frame(position=np.asarray(position, float), axes=axes)

    @staticmethod
    def of(pose: Pose) -> Frame:
        """The frame of an actor that has this pose in a `World`."""
        return Frame.turned(
            [pose.x, pose.y, pose.z], yaw=pose.yaw, pitch=pose.pitch, roll=pose.roll
        )

    @property
    def angles(self) -> tuple[float, float, float]:
        """Yaw, pitch and roll [rad]: those of `turned`, with the pitch within a quarter turn."""
        ahead, left, up = self.axes.T.tolist()
        pitch = math.asin(min(max(ahead[2], -1.0), 1.0))
        return math.atan2(ahead[1], ahead[0]), pitch, math.atan2(left[2], up[2])

    def carry(self, mount: Frame) -> Frame:
        """The pose in the world of what is mounted on this one."""
        return Frame(
            position=self.position + self.axes @ mount.position, axes=self.axes @ mount.axes
        )

    def optical(self) -> Frame:
        """The same place for a camera that looks along x: right, down, forward."""
        return Frame(position=self.position, axes=self.axes @ OPTICAL_AXES)
