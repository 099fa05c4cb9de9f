"""What a rotating unit's rays meet: triangles drawn into the grid of channels and columns."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.sensors.kernels.planes import edge_planes, into_frame, near_enough

MARGIN = 1e-9  # around a bound, for rounding [rad]


@njit(cache=True, error_model="numpy")
def least_distance(corners: Any) -> float:
    """From the vertical axis to a triangle, seen from above; 0 if the axis meets it [m]."""
    least, n_left, n_right = np.inf, 0, 0
    for k in range(3):
        a, b = corners[k], corners[(k + 1) % 3]
        dx, dy = b[0] - a[0], b[1] - a[1]
        share = -(a[0] * dx + a[1] * dy) / max(dx * dx + dy * dy, 1e-300)
        share = min(max(share, 0.0), 1.0)
        least = min(least, math.hypot(a[0] + share * dx, a[1] + share * dy))
        side = a[0] * b[1] - a[1] * b[0]
        n_left += side >= 0.0
        n_right += side <= 0.0
    return 0.0 if n_left == 3 or n_right == 3 else least


@njit(cache=True, error_model="numpy")
def _turned(angle: float) -> float:
    """An angle within pi of zero [rad]."""
    return float(angle - 2.0 * math.pi * np.rint(angle / (2.0 * math.pi)))


@njit(cache=True, error_model="numpy")
def channels_of(
    corners: Any, slopes: Any, least: float, path: float, rise: float
) -> tuple[int, int]:
    """The first channel, by rising slope, that may meet a triangle, and the one after the last.

    Args:
        corners: in the unit's frame. (3, 3) [m]
        slopes: of the channels, rising. (c,)
        least: distance that the vertical axis may have to it [m].
        path: by which the unit may move sideways [m].
        rise: by which it moves upward [m].
    """
    most = 0.0
    for k in range(3):
        most = max(most, math.hypot(corners[k, 0], corners[k, 1]))
    low = min(corners[0, 2], corners[1, 2], corners[2, 2]) - max(rise, 0.0)
    high = max(corners[0, 2], corners[1, 2], corners[2, 2]) - min(rise, 0.0)
    low /= max(least if low < 0.0 else most + path, 1e-300)
    high /= max(least if high > 0.0 else most + path, 1e-300)
    first = np.searchsorted(slopes, low - MARGIN * (1.0 + abs(low)))
    after, high = first, high + MARGIN * (1.0 + abs(high))
    while after < len(slopes) and slopes[after] <= high:
        after += 1
    return first, after


@njit(cache=True, error_model="numpy")
def azimuths_of(corners: Any, least: float) -> tuple[float, float]:
    """First and last azimuth of the rays that may meet a triangle [rad].

    All, where the vertical axis may be as near to it as `least` [m], nearly 0.
    """
    if least <= MARGIN * max(
        math.hypot(corners[0, 0], corners[0, 1]),
        math.hypot(corners[1, 0], corners[1, 1]),
        math.hypot(corners[2, 0], corners[2, 1]),
    ):
        return -math.pi, math.pi
    azimuth = math.atan2(corners[0, 1], corners[0, 0])
    first, last = 0.0, 0.0
    for k in range(1, 3):
        turn = _turned(math.atan2(corners[k, 1], corners[k, 0]) - azimuth)
        first, last = min(first, turn), max(last, turn)
    return azimuth + first - MARGIN, azimuth + last + MARGIN


@njit(cache=True, error_model="numpy")
def _fill(face: Any, up: float, rays: Any, number: int, nearest: Any, numbers: Any) -> None:
    """Keep what is nearer in a stretch of a channel. Nothing branches: LLVM does several at once.

    Args:
        face: three planes and their scale, as `edge_planes` makes them.
        up: z of the channel's rays.
        rays: their x and y, each (n,).
        number: the triangle's.
        nearest: one over the distance of the nearest so far. (n,) [1/m]
        numbers: which triangle that is. (n,)
    """
    planes, scale = face
    ux, uy, uz = planes[0, 0], planes[0, 1], planes[0, 2] * up
    vx, vy, vz = planes[1, 0], planes[1, 1], planes[1, 2] * up
    wx, wy, wz = planes[2, 0], planes[2, 1], planes[2, 2] * up
    across, along = rays
    for k in range(len(nearest)):
        x, y = across[k], along[k]
        u = ux * x + uy * y + uz
        v = vx * x + vy * y + vz
        w = wx * x + wy * y + wz
        nearness = (u + v + w) * scale
        nearer = (u >= 0.0) & (v >= 0.0) & (w >= 0.0) & (nearness > nearest[k])
        nearest[k] = nearness if nearer else nearest[k]
        numbers[k] = number if nearer else numbers[k]


@njit(cache=True, error_model="numpy")
def _draw_row(face: Any, channel: int, rays: Any, columns: Any, number: int, out: Any) -> None:
    """Test the rays of one channel in columns begin to end - 1, which may cross the seam."""
    across, along, up = rays
    nearest, numbers = out
    n_columns = across.shape[1]
    begin, end = columns
    end -= begin
    begin %= n_columns
    end += begin
    for low, high in ((begin, min(end, n_columns)), (0, end - n_columns)):
        if low < high:
            stretch = (across[channel, low:high], along[channel, low:high])
            _fill(
                face, up[channel], stretch, number,
                nearest[channel, low:high], numbers[channel, low:high],
            )  # fmt: skip


@njit(cache=True, error_model="numpy")
def _draw(face: Any, fan: Any, channels: Any, azimuths: Any, number: int, out: Any) -> None:
    """Draw one triangle into channels and azimuths that may meet it."""
    rays, _, offsets, order = fan
    n_columns = rays[0].shape[1]
    step = 2.0 * math.pi / n_columns
    for row in range(channels[0], channels[1]):
        channel = order[row]
        begin = math.ceil((azimuths[0] - offsets[channel]) / step)
        end = math.floor((azimuths[1] - offsets[channel]) / step) + 1
        end = min(end, begin + n_columns)
        _draw_row(face, channel, rays, (begin, end), number, out)


@njit(cache=True, error_model="numpy", nogil=True)
def cast_fan(world: Any, frame: Any, reach: float, fan: Any, first: int, out: Any) -> None:
    """Draw all triangles within reach that are nearer than what was drawn before.

    Args:
        world: corners (n, 3, 3) [m], whether two-sided (n,), first triangle of each group (k + 1,)
            and a sphere around each group, x, y, z, radius (k, 4) [m].
        frame: of the unit, origin (3,) [m] and x, y, z as columns (3, 3).
        reach: beyond which nothing is drawn [m].
        fan: x and y (c, n) and z (c,) of the rays, slopes in rising order (c,), azimuth of each
            channel beside its column (c,) [rad], and which channel has the k-th slope (c,).
        first: the number of the first triangle.
        out: one over the distance of the nearest so far [1/m], and which triangle that is, (c, n).
    """
    origin, axes = frame
    corners, two_sided, starts, spheres = world
    local, planes = np.empty((3, 3)), np.empty((3, 3))
    for group in range(len(spheres)):
        if not near_enough(spheres[group], origin, reach):
            continue
        for k in range(starts[group], starts[group + 1]):
            into_frame(corners[k], origin, axes, local)
            # First of all, for most triangles are small and lie between two channels.
            least = least_distance(local)
            channels = channels_of(local, fan[1], least, 0.0, 0.0)
            if channels[0] >= channels[1]:
                continue
            scale = edge_planes(local, two_sided[k], planes)
            if scale > 0.0:
                azimuths = azimuths_of(local, least)
                _draw((planes, scale), fan, channels, azimuths, first + k, out)
