"""Single rays through the scene."""

from __future__ import annotations

import numpy as np

from simgen.kernels.arrays import Floats
from simgen.worlds.carla.frames import MIRROR
from simgen.worlds.carla.protocol.types import LabelledPoint, Vector
from simgen.worlds.road.sensors import Scene

_SAME = 1e-6  # hits nearer to each other are one, on the seam of two triangles; share of the ray


def hits(scene: Scene, start: Floats, way: Floats) -> tuple[LabelledPoint, ...]:
    """What a ray meets between its start and start + way, nearest first.

    Moeller and Trumbore (1997), Fast minimum storage ray-triangle intersection. A degenerate ray
    meets nothing.

    Args:
        scene: what there is.
        start: in CARLA's frame. (3,) [m]
        way: to the end. (3,) [m]
    """
    corners = np.concatenate([scene.still.corners, scene.moving.corners]) * MIRROR
    first = corners[:, 0]
    one, two = corners[:, 1] - first, corners[:, 2] - first
    normal = np.cross(way, two)
    scale = np.einsum("ij,ij->i", one, normal)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        off = start - first
        u = np.einsum("ij,ij->i", off, normal) / scale
        across = np.cross(off, one)
        v = across @ way / scale
        share = np.einsum("ij,ij->i", two, across) / scale
        met = (u >= 0.0) & (v >= 0.0) & (u + v <= 1.0) & (share >= 0.0) & (share <= 1.0)
    rows = np.flatnonzero(met)
    rows = rows[np.argsort(share[rows], kind="stable")]
    found: list[LabelledPoint] = []
    last = -1.0
    for row in rows:
        if share[row] - last > _SAME:
            x, y, z = (float(value) for value in start + share[row] * way)
            place = Vector(x=x, y=y, z=z)
            found.append(LabelledPoint(location=place, label=int(scene.tags[row])))
        last = float(share[row])
    return tuple(found)
