"""Lanes: their edges and centre lines, and what follows them.

`lanes` is a plain tuple: (records, width_offsets, widths, shift_offsets, shifts). The lanes of one
side of a section lie side by side in `records`, from the reference line outward; the side begins at
`first`. `roads` is (curves, profiles) of `kernels.curves`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.kernels.curves import cubic_at, surface_at

STEP = 1e-3  # of numeric derivatives along a lane [m]
# Before the end of a lane, where profiles of the next section may begin already [m].
EDGE = 1e-6


@njit(cache=True, error_model="numpy", forceinline=True)
def within(record: Any, s: float) -> float:
    """An s held to a lane [m]."""
    return float(min(max(s, record.s_start), record.s_end - EDGE))


@njit(cache=True, error_model="numpy", forceinline=True)
def edges_at(lanes: Any, lane: int, s: float) -> tuple[float, float]:
    """The t of a lane's inner and outer edge [m, m]."""
    records, width_offsets, widths, shift_offsets, shifts = lanes
    s = within(records[lane], s)
    outer, _ = cubic_at(shift_offsets, shifts, records[lane].road, s)
    inner = outer
    for k in range(records[lane].first, lane + 1):
        inner = outer
        value, _ = cubic_at(width_offsets, widths, k, s)
        outer = value if records[k].bordered else inner + records[k].side * value
    return inner, outer


@njit(cache=True, error_model="numpy", forceinline=True)
def centre_at(
    roads: Any, lanes: Any, lane: int, s: float
) -> tuple[float, float, float, float, float, float]:
    """The surface in the middle of a lane: as `surface_at`."""
    curves, profiles = roads
    record = lanes[0][lane]
    inner, outer = edges_at(lanes, lane, s)
    return surface_at(curves, profiles, record.road, within(record, s), 0.5 * (inner + outer))


@njit(cache=True, error_model="numpy", forceinline=True)
def tangent_at(roads: Any, lanes: Any, lane: int, s: float) -> tuple[float, float, float]:
    """The derivative of a lane's centre line by s; as long as the metres driven per metre of s."""
    record = lanes[0][lane]
    before, after = within(record, s - STEP), within(record, s + STEP)
    x0, y0, z0, _, _, _ = centre_at(roads, lanes, lane, before)
    x1, y1, z1, _, _, _ = centre_at(roads, lanes, lane, after)
    step = after - before
    return (x1 - x0) / step, (y1 - y0) / step, (z1 - z0) / step


@njit(cache=True, error_model="numpy", nogil=True)
def poses_of(roads: Any, lanes: Any, lane: Any, s: Any, out: Any) -> None:
    """Poses of lane centres in the direction of travel, `(n, 6)`: x, y, z, heading, pitch, roll.

    A negative lane has none: NaN.

    Pitch is positive uphill; roll is positive where the left side, seen in the direction of travel,
    lies higher. [m, m, m, rad, rad, rad]
    """
    for i in range(len(lane)):
        if lane[i] < 0:
            out[i] = np.nan
            continue
        record = lanes[0][lane[i]]
        x, y, z, _, _, roll = centre_at(roads, lanes, lane[i], s[i])
        dx, dy, dz = tangent_at(roads, lanes, lane[i], s[i])
        ahead = record.direction
        out[i, 0], out[i, 1], out[i, 2] = x, y, z
        out[i, 3] = math.atan2(ahead * dy, ahead * dx)
        out[i, 4] = math.atan2(ahead * dz, math.hypot(dx, dy))
        out[i, 5] = ahead * roll


@njit(cache=True, error_model="numpy", nogil=True)
def surfaces_of(roads: Any, road: Any, s: Any, t: Any, out: Any) -> None:
    """Places on roads, `(n, 6)`: x, y, z, heading, pitch, roll of the surface along s."""
    curves, profiles = roads
    for i in range(len(road)):
        x, y, z, heading, slope, roll = surface_at(curves, profiles, road[i], s[i], t[i])
        out[i, 0], out[i, 1], out[i, 2] = x, y, z
        out[i, 3], out[i, 4], out[i, 5] = heading, math.atan(slope), roll


@njit(cache=True, error_model="numpy", nogil=True)
def edges_of(lanes: Any, lane: Any, s: Any, out: Any) -> None:
    """The t of inner and outer edges, `(n, 2)` [m]; NaN for a negative lane."""
    for i in range(len(lane)):
        out[i] = np.nan
        if lane[i] >= 0:
            out[i, 0], out[i, 1] = edges_at(lanes, lane[i], s[i])
