"""What a pinhole camera sees: triangles drawn row by row into an image of depths."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.sensors.kernels.planes import edge_planes, into_frame, near_enough

_MARGIN = 1e-7  # around a bound, for rounding [pixel]


@njit(cache=True, error_model="numpy")
def outside(sphere: Any, origin: Any, axes: Any, lens: Any) -> bool:
    """Whether a sphere lies behind the camera or wholly beside its image."""
    focal_x, focal_y, centre_x, centre_y, width, height, _, _ = lens
    x, y, z = 0.0, 0.0, 0.0
    for i in range(3):
        off = sphere[i] - origin[i]
        x += axes[i, 0] * off
        y += axes[i, 1] * off
        z += axes[i, 2] * off
    radius = sphere[3]
    left, right = centre_x / focal_x, (width - centre_x) / focal_x
    top, bottom = centre_y / focal_y, (height - centre_y) / focal_y
    return bool(
        z < -radius
        or -x - left * z > radius * math.hypot(1.0, left)
        or x - right * z > radius * math.hypot(1.0, right)
        or -y - top * z > radius * math.hypot(1.0, top)
        or y - bottom * z > radius * math.hypot(1.0, bottom)
    )


@njit(cache=True, error_model="numpy")
def rows_of(corners: Any, lens: Any) -> tuple[int, int]:
    """The first row that a triangle may cover, and the one after the last.

    Edges that come nearer than the near plane are cut there.
    """
    _, focal_y, _, centre_y, _, height, near, _ = lens
    low, high = np.inf, -np.inf
    for k in range(3):
        a, b = corners[k], corners[(k + 1) % 3]
        if a[2] >= near:
            row = focal_y * a[1] / a[2] + centre_y
            low, high = min(low, row), max(high, row)
        if (a[2] >= near) != (b[2] >= near):
            share = (near - a[2]) / (b[2] - a[2])
            row = focal_y * (a[1] + share * (b[1] - a[1])) / near + centre_y
            low, high = min(low, row), max(high, row)
    if low > high or high < 0.0 or low > height:
        return 0, 0
    # The centre of pixel 0 lies at 0.5.
    first = max(math.ceil(low - 0.5 - _MARGIN), 0)
    return first, min(math.floor(high - 0.5 + _MARGIN) + 1, int(height))


@njit(cache=True, error_model="numpy")
def span_of(planes: Any, y: float, lens: Any) -> tuple[int, int]:
    """The first pixel of a row inside all planes, and the one after the last."""
    focal_x, _, centre_x, _, width, _, _, _ = lens
    low, high = 0.0, width - 1.0
    for k in range(3):
        rise = planes[k, 0] / focal_x
        start = planes[k, 1] * y + planes[k, 2] + planes[k, 0] * (0.5 - centre_x) / focal_x
        if rise > 0.0:
            low = max(low, -start / rise)
        elif rise < 0.0:
            high = min(high, -start / rise)
        elif start < 0.0:
            return 0, 0
    if low > high + 2.0 * _MARGIN:
        return 0, 0
    return math.ceil(low - _MARGIN), math.floor(high + _MARGIN) + 1


@njit(cache=True, error_model="numpy")
def _fill(start: float, rise: float, number: int, nearest: Any, numbers: Any) -> None:
    """Keep what is nearer in a stretch of a row. Nothing branches: LLVM does several at once."""
    for k in range(len(nearest)):
        nearness = np.float32(start + rise * k)
        nearer = nearness > nearest[k]
        nearest[k] = nearness if nearer else nearest[k]
        numbers[k] = number if nearer else numbers[k]


@njit(cache=True, error_model="numpy")
def _fill_cut(
    start: float, rise: float, most: float, number: int, nearest: Any, numbers: Any
) -> None:
    """The same for what crosses the near plane: nothing nearer than that."""
    for k in range(len(nearest)):
        nearness = np.float32(start + rise * k)
        if nearest[k] < nearness <= most:
            nearest[k] = nearness
            numbers[k] = number


@njit(cache=True, error_model="numpy")
def _draw(corners: Any, face: Any, lens: Any, number: int, out: Any) -> None:
    """Draw one triangle, given in the camera's frame."""
    nearest, numbers = out
    planes, scale = face
    focal_x, focal_y, centre_x, centre_y, _, _, near, _ = lens
    x = (planes[0, 0] + planes[1, 0] + planes[2, 0]) * scale
    y = (planes[0, 1] + planes[1, 1] + planes[2, 1]) * scale
    z = (planes[0, 2] + planes[1, 2] + planes[2, 2]) * scale
    rise = x / focal_x
    cut = min(corners[0, 2], corners[1, 2], corners[2, 2]) < near
    first, last = rows_of(corners, lens)
    for row in range(first, last):
        slope = (row + 0.5 - centre_y) / focal_y
        begin, end = span_of(planes, slope, lens)
        start = y * slope + z + x * (0.5 - centre_x) / focal_x
        slots, owners = nearest[row, begin:end], numbers[row, begin:end]
        if cut:
            _fill_cut(start + rise * begin, rise, 1.0 / near, number, slots, owners)
        else:
            _fill(start + rise * begin, rise, number, slots, owners)


@njit(cache=True, error_model="numpy", nogil=True)
def draw_image(world: Any, frame: Any, lens: Any, first: int, out: Any) -> None:
    """Draw all triangles that are nearer than what was drawn before.

    Args:
        world: as for `fans.cast_fan`.
        frame: of the camera, origin (3,) [m] and right, down and forward as columns (3, 3).
        lens: focal lengths and centre, x and y, width and height [pixel], near and far plane [m].
        first: the number of the first triangle.
        out: one over the depth of the nearest so far, 1 / far at first [1/m], and which triangle
            that is, (height, width).
    """
    origin, axes = frame
    corners, two_sided, starts, spheres = world
    local, planes = np.empty((3, 3)), np.empty((3, 3))
    for group in range(len(spheres)):
        if not near_enough(spheres[group], origin, lens[7]):
            continue
        if outside(spheres[group], origin, axes, lens):
            continue
        for k in range(starts[group], starts[group + 1]):
            into_frame(corners[k], origin, axes, local)
            if max(local[0, 2], local[1, 2], local[2, 2]) <= lens[6]:
                continue
            scale = edge_planes(local, two_sided[k], planes)
            if scale > 0.0:
                _draw(local, (planes, scale), lens, first + k, out)


@njit(cache=True, error_model="numpy", nogil=True)
def resolve_image(image: Any, owners: Any, tags: Any, instances: Any, sky: int, out: Any) -> None:
    """Turn what `draw_image` left into depth [m] and instance, in place, and tell the tags.

    In place, because fresh memory costs as much as drawing. Where nothing was drawn: infinity, 0
    and the tag `sky`. All but the labels of the triangles, `tags` and `instances`, are
    (height, width).
    """
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            number = owners[row, column]
            if number < 0:
                image[row, column] = np.inf
                out[row, column], owners[row, column] = sky, 0
            else:
                image[row, column] = np.float32(1.0) / image[row, column]
                out[row, column], owners[row, column] = tags[number], instances[number]
