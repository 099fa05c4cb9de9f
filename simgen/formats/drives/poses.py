"""Frames as other formats write them."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from simgen.kernels.arrays import Floats
from simgen.worlds.road.sensors import Frame


def inverse(frame: Frame) -> Frame:
    """Where the outer frame is, seen from this one."""
    return Frame(position=-frame.axes.T @ frame.position, axes=frame.axes.T)


def matrix(frame: Frame) -> Floats:
    """As a matrix `(4, 4)` that carries homogeneous places in the frame to the outer one [m]."""
    found = np.eye(4)
    found[:3, :3], found[:3, 3] = frame.axes, frame.position
    return found


def quaternion(frame: Frame) -> list[float]:
    """The rotation as w, x, y, z of length 1, with w >= 0."""
    found: list[float] = (
        Rotation.from_matrix(frame.axes).as_quat(canonical=True, scalar_first=True).tolist()
    )
    return found
