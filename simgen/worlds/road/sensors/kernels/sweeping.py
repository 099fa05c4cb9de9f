"""What a rotating unit's rays meet while unit and things move: the planes of `planes` drift.

With the unit at o = w t, the plane through it and an edge from a to b is
(a - o) x (b - o) = a x b + t w x (a - b), and the volume of a triangle is linear in t, too. So each
ray is tested at its own time, and neighbours still have exactly opposite planes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.sensors.kernels.fans import azimuths_of, channels_of, least_distance
from simgen.worlds.road.sensors.kernels.planes import FLAT, into_frame, near_enough


@njit(cache=True, error_model="numpy")
def _cross(a: Any, b: Any, out: Any) -> None:
    out[0] = a[1] * b[2] - a[2] * b[1]
    out[1] = a[2] * b[0] - a[0] * b[2]
    out[2] = a[0] * b[1] - a[1] * b[0]


@njit(cache=True, error_model="numpy")
def _drifting(corners: Any, way: Any, out: Any) -> tuple[float, float]:
    """Planes and their drift; returns the volume and its drift.

    Args:
        corners: in the unit's frame at the turn's beginning. (3, 3) [m]
        way: of the unit past them, by time. (3,) [m/s]
        out: planes, and their drift by time. (2, 3, 3)
    """
    edge = np.empty(3)
    for k in range(3):
        a, b = corners[k], corners[(k + 1) % 3]
        _cross(a, b, out[0, k])
        for i in range(3):
            edge[i] = a[i] - b[i]
        _cross(way, edge, out[1, k])
    volume, drift = 0.0, 0.0
    for i in range(3):
        volume += corners[2, i] * out[0, 0, i]
        drift -= way[i] * (out[0, 0, i] + out[0, 1, i] + out[0, 2, i])
    return volume, drift


@njit(cache=True, error_model="numpy")
def _fill(face: Any, up: float, rays: Any, number: int, nearest: Any, numbers: Any) -> None:
    """Keep what is nearer in a stretch of a channel; nothing branches.

    Args:
        face: planes and drift (2, 3, 3), volume, its drift, least volume, whether two-sided.
        up: z of the channel's rays.
        rays: their x, y and time, each (n,).
        number: the triangle's.
        nearest: one over the distance of the nearest so far. (n,) [1/m]
        numbers: which triangle that is. (n,)
    """
    planes, volume, drift, least, two_sided = face
    p, q = planes[0], planes[1]
    across, along, times = rays
    for k in range(len(nearest)):
        x, y, t = across[k], along[k], times[k]
        u = (p[0, 0] + t * q[0, 0]) * x + (p[0, 1] + t * q[0, 1]) * y + (p[0, 2] + t * q[0, 2]) * up
        v = (p[1, 0] + t * q[1, 0]) * x + (p[1, 1] + t * q[1, 1]) * y + (p[1, 2] + t * q[1, 2]) * up
        w = (p[2, 0] + t * q[2, 0]) * x + (p[2, 1] + t * q[2, 1]) * y + (p[2, 2] + t * q[2, 2]) * up
        seen = volume + t * drift
        side = 1.0 if seen > 0.0 else -1.0  # a ray that meets the front goes against the normal
        nearness = (u + v + w) / seen
        nearer = (u * side >= 0.0) & (v * side >= 0.0) & (w * side >= 0.0)
        nearer &= (abs(seen) > least) & (two_sided | (seen < 0.0)) & (nearness > nearest[k])
        nearest[k] = nearness if nearer else nearest[k]
        numbers[k] = number if nearer else numbers[k]


@njit(cache=True, error_model="numpy")
def _draw(corners: Any, face: Any, way: Any, fan: Any, number: int, out: Any) -> None:
    """Draw one triangle, given in the unit's frame at the turn's beginning."""
    rays, slopes, offsets, order, step = fan
    across, along, up, times = rays
    nearest, numbers = out
    n_columns = across.shape[1]
    path = math.hypot(way[0], way[1]) * times[n_columns - 1]
    rise = way[2] * times[n_columns - 1]
    least = least_distance(corners)
    # Where the unit may come by, rays to all sides may meet it.
    nearest_by = max(least - path, 0.0)
    channels = channels_of(corners, slopes, nearest_by, path, rise)
    first, last = azimuths_of(corners, nearest_by)
    pad = math.asin(path / least) if path < least else 0.0
    for row in range(channels[0], channels[1]):
        channel = order[row]
        for lap in range(-1, 3):
            start = lap * 2.0 * math.pi - offsets[channel]
            begin = max(math.ceil((first - pad + start) / step), 0)
            end = min(math.floor((last + pad + start) / step) + 1, n_columns)
            if begin < end:
                stretch = (across[channel, begin:end], along[channel, begin:end], times[begin:end])
                _fill(
                    face, up[channel], stretch, number,
                    nearest[channel, begin:end], numbers[channel, begin:end],
                )  # fmt: skip


@njit(cache=True, error_model="numpy", nogil=True)
def cast_sweep(
    world: Any, frame: Any, reach: float, ways: Any, fan: Any, first: int, out: Any
) -> None:
    """As `fans.cast_fan`, while unit and groups move evenly.

    Args:
        world: as there.
        frame: of the unit when the turn begins.
        reach: beyond which nothing is drawn [m].
        ways: of the unit past each group, in the unit's frame. (k, 3) [m/s]
        fan: x and y (c, n) and z (c,) of the rays in that frame, and their times (n,) [s]; slopes
            in rising order (c,), azimuth of each channel beside its column (c,) [rad], which
            channel has the k-th slope (c,), and the angle between two columns [rad].
        first: the number of the first triangle.
        out: as there.
    """
    origin, axes = frame
    corners, two_sided, starts, spheres = world
    local, planes = np.empty((3, 3)), np.empty((2, 3, 3))
    turn_time = fan[0][3][-1]
    for group in range(len(spheres)):
        way = ways[group]
        path = math.sqrt(way[0] ** 2 + way[1] ** 2 + way[2] ** 2) * turn_time
        if not near_enough(spheres[group], origin, reach + path):
            continue
        for k in range(starts[group], starts[group + 1]):
            into_frame(corners[k], origin, axes, local)
            volume, drift = _drifting(local, way, planes)
            size = path
            for i in range(3):
                size = max(size, abs(local[i, 0]), abs(local[i, 1]), abs(local[i, 2]))
            least = FLAT * size * size * size
            # Seen from behind all the time.
            if not two_sided[k] and min(volume, volume + drift * turn_time) >= -least:
                continue
            face = (planes, volume, drift, least, two_sided[k])
            _draw(local, face, way, fan, first + k, out)
