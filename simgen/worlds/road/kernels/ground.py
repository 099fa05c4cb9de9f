"""The ground under actors: the tangent plane of the road's surface.

Beside all lanes the ground goes on level, at the height of the nearest lane's edge. Lanes' kerbs
(`height` in OpenDRIVE) are not felt.
"""

from __future__ import annotations

import math
from typing import Any

from numba import njit

from simgen.worlds.road.kernels.curves import surface_at
from simgen.worlds.road.kernels.lanes import edges_at, tangent_at, within
from simgen.worlds.road.kernels.nearest import nearest_of

_ACROSS = 0.25  # to both sides of a point, where the cross slope is measured [m]


@njit(cache=True, error_model="numpy")
def _plane_at(
    roads: Any, lanes: Any, lane: int, s: float, x: float, y: float
) -> tuple[float, float, float]:
    """Height and slopes along x and y of the ground at a point near (lane, s) [m, 1, 1]."""
    curves, profiles = roads
    record = lanes[0][lane]
    s = within(record, s)
    inner, outer = edges_at(lanes, lane, s)
    middle = 0.5 * (inner + outer)
    cx, cy, _, heading, _, _ = surface_at(curves, profiles, record.road, s, middle)
    cosine, sine = math.cos(heading), math.sin(heading)
    aside = middle + (y - cy) * cosine - (x - cx) * sine
    t = min(max(aside, min(inner, outer)), max(inner, outer))
    _, _, z, _, _, _ = surface_at(curves, profiles, record.road, s, t)
    dx, dy, dz = tangent_at(roads, lanes, lane, s)
    along = dz / math.hypot(dx, dy)
    across = 0.0
    if t == aside:
        x0, y0, z0, _, _, _ = surface_at(curves, profiles, record.road, s, t - _ACROSS)
        x1, y1, z1, _, _, _ = surface_at(curves, profiles, record.road, s, t + _ACROSS)
        across = (z1 - z0) / math.hypot(x1 - x0, y1 - y0)
    # The foot on the lane lies abreast of the point, so that no slope along it is left over.
    return z, along * cosine - across * sine, along * sine + across * cosine


@njit(cache=True, error_model="numpy", nogil=True)
def planes_of(
    roads: Any,
    lanes: Any,
    grid: Any,
    wanted: Any,
    points: Any,
    near: Any,
    lane: Any,
    feet: Any,
    out: Any,
) -> None:
    """The ground at each point `(n, 3)` as rows x, y, z, slope along x, slope along y, `(n, 5)`.

    `near` `(n,)` is as for `nearest_of`; `lane` `(n,)` and `feet` `(n, 2)` are scratch. A map
    without lanes is level at height 0.
    """
    nearest_of(roads, lanes, grid, wanted, points, near, lane, feet)
    for i in range(len(points)):
        x, y = points[i, 0], points[i, 1]
        out[i, 0], out[i, 1] = x, y
        out[i, 2:] = 0.0
        if lane[i] >= 0:
            z, slope_x, slope_y = _plane_at(roads, lanes, lane[i], feet[i, 0], x, y)
            out[i, 2], out[i, 3], out[i, 4] = z, slope_x, slope_y


@njit(cache=True, error_model="numpy")
def height_at(plane: Any, x: float, y: float) -> float:
    """The height of a plane, a row of `planes_of`, at a place [m]."""
    return float(plane[2] + plane[3] * (x - plane[0]) + plane[4] * (y - plane[1]))


@njit(cache=True, error_model="numpy")
def tilt_at(plane: Any, yaw: float) -> tuple[float, float]:
    """The slopes of a plane along a direction and to its left [1, 1]."""
    cosine, sine = math.cos(yaw), math.sin(yaw)
    return (
        plane[3] * cosine + plane[4] * sine,
        plane[4] * cosine - plane[3] * sine,
    )
