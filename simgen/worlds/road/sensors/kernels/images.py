"""What a pinhole camera sees: triangles drawn row by row into an image of depths."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.sensors.kernels.planes import edge_planes, into_frame, near_enough
from simgen.worlds.road.sensors.kernels.stretches import stretch_end

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


@njit(cache=True, error_model="numpy", forceinline=True)
def _beside(corners: Any, slopes: Any) -> bool:
    """Whether all corners lie beyond one side of the image; `slopes` of its sides, at depth 1."""
    left, right, top, bottom = slopes
    n_left = n_right = n_top = n_bottom = 0
    for k in range(3):
        x, y, z = corners[k, 0], corners[k, 1], corners[k, 2]
        n_left += x < -left * z
        n_right += x > right * z
        n_top += y < -top * z
        n_bottom += y > bottom * z
    return n_left == 3 or n_right == 3 or n_top == 3 or n_bottom == 3


@njit(cache=True, error_model="numpy")
def _cut_rows(corners: Any, lens: Any) -> tuple[float, float]:
    """Least and greatest row of what of a triangle lies beyond the near plane, else infinite."""
    _, focal_y, _, centre_y, _, _, near, _ = lens
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
    return low, high


@njit(cache=True, error_model="numpy")
def rows_of(corners: Any, lens: Any) -> tuple[int, int]:
    """The first row that a triangle may cover, and the one after the last.

    Edges that come nearer than the near plane are cut there.
    """
    _, focal_y, _, centre_y, _, height, near, _ = lens
    if min(corners[0, 2], corners[1, 2], corners[2, 2]) >= near:
        a = focal_y * corners[0, 1] / corners[0, 2] + centre_y
        b = focal_y * corners[1, 1] / corners[1, 2] + centre_y
        c = focal_y * corners[2, 1] / corners[2, 2] + centre_y
        low, high = min(a, b, c), max(a, b, c)
    else:
        low, high = _cut_rows(corners, lens)
    if low > high or high < 0.0 or low > height:
        return 0, 0
    # The centre of pixel 0 lies at 0.5.
    first = max(math.ceil(low - 0.5 - _MARGIN), 0)
    return first, min(math.floor(high - 0.5 + _MARGIN) + 1, int(height))


@njit(cache=True, error_model="numpy")
def edges_of(planes: Any, lens: Any, out: Any) -> None:
    """Where the planes of a triangle cut rows, as `span_of` takes it: divided once, not each row.

    Planes of opposite sign, as neighbours have, give the same numbers but for the side.

    Args:
        planes: as `planes.edge_planes` makes them. (3, 3)
        lens: as for `draw_image`.
        out: side on which pixels are inside: 1 right, -1 left, 0 all or none; and the first of them
            [pixel], or what is not negative inside, by the row at depth 1: slope, start. (3, 3)
    """
    focal_x, _, centre_x = lens[0], lens[1], lens[2]
    for k in range(3):
        rise = planes[k, 0] / focal_x
        start = planes[k, 2] + planes[k, 0] * (0.5 - centre_x) / focal_x
        if rise == 0.0:
            out[k, 0], out[k, 1], out[k, 2] = 0.0, planes[k, 1], start
        else:
            out[k, 0] = 1.0 if rise > 0.0 else -1.0
            out[k, 1], out[k, 2] = -planes[k, 1] / rise, -start / rise


@njit(cache=True, error_model="numpy", forceinline=True)
def span_of(edges: Any, y: float, width: float) -> tuple[int, int]:
    """The first pixel of a row inside all planes, and the one after the last.

    Args:
        edges: as `edges_of` makes them. (3, 3)
        y: of the row, at depth 1.
        width: of the image [pixel].
    """
    low, high = 0.0, width - 1.0
    for k in range(3):
        place = edges[k, 1] * y + edges[k, 2]
        if edges[k, 0] > 0.0:
            low = max(low, place)
        elif edges[k, 0] < 0.0:
            high = min(high, place)
        elif place < 0.0:
            return 0, 0
    if low > high + 2.0 * _MARGIN:
        return 0, 0
    return math.ceil(low - _MARGIN), math.floor(high + _MARGIN) + 1


@njit(cache=True, error_model="numpy")
def _fill(depth: Any, number: int, first: int, count: int, nearest: Any, numbers: Any) -> None:
    """Keep what is nearer in a stretch of a row. Nothing branches: LLVM does several at once.

    Args:
        depth: one over the depth of the first pixel, its rise from one to the next, and the most
            that there can be, at the near plane [1/m].
        number: the triangle's.
        first: the first pixel, counted row by row.
        count: of pixels.
        nearest: one over the depth of the nearest so far. (height * width,) [1/m]
        numbers: which triangle that is. (height * width,)
    """
    (start, rise, most), own = depth, np.int32(number)
    # Unsigned, for then no index can count from the end; slices would count references.
    base = np.uintp(first)
    for k in range(np.uintp(count)):
        nearness = np.float32(start + rise * np.int64(k))
        nearer = (nearness > nearest[base + k]) & (nearness <= most)
        nearest[base + k] = nearness if nearer else nearest[base + k]
        numbers[base + k] = own if nearer else numbers[base + k]


@njit(cache=True, error_model="numpy")
def _draw(corners: Any, face: Any, lens: Any, rows: Any, number: int, out: Any) -> None:
    """Draw one triangle, given in the camera's frame; nothing nearer than the near plane.

    `rows` are the first one and the one after the last, as `rows_of` tells.
    """
    nearest, numbers = out
    planes, scale, edges = face
    focal_x, focal_y, centre_x, centre_y, width, _, near, _ = lens
    edges_of(planes, lens, edges)
    x = (planes[0, 0] + planes[1, 0] + planes[2, 0]) * scale
    y = (planes[0, 1] + planes[1, 1] + planes[2, 1]) * scale
    z = (planes[0, 2] + planes[1, 2] + planes[2, 2]) * scale
    rise = x / focal_x
    cut = min(corners[0, 2], corners[1, 2], corners[2, 2]) < near
    most = np.float32(1.0 / near if cut else np.inf)
    for row in range(rows[0], rows[1]):
        slope = (row + 0.5 - centre_y) / focal_y
        begin, end = span_of(edges, slope, width)
        start = y * slope + z + x * (0.5 - centre_x) / focal_x
        if begin < end:
            place, depth = row * int(width) + begin, (start + rise * begin, rise, most)
            _fill(depth, number, place, end - begin, nearest, numbers)


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
    flat = (out[0].ravel(), out[1].ravel())
    local, planes, edges = np.empty((3, 3)), np.empty((3, 3)), np.empty((3, 3))
    slopes = (
        lens[2] / lens[0], (lens[4] - lens[2]) / lens[0],
        lens[3] / lens[1], (lens[5] - lens[3]) / lens[1],
    )  # fmt: skip
    for group in range(len(spheres)):
        if not near_enough(spheres[group], origin, lens[7]):
            continue
        if outside(spheres[group], origin, axes, lens):
            continue
        for k in range(starts[group], starts[group + 1]):
            into_frame(corners[k], origin, axes, local)
            if max(local[0, 2], local[1, 2], local[2, 2]) <= lens[6] or _beside(local, slopes):
                continue
            # First of all, for most triangles are small and lie between the centres of rows.
            rows = rows_of(local, lens)
            if rows[0] >= rows[1]:
                continue
            scale = edge_planes(local, two_sided[k], planes)
            if scale > 0.0:
                _draw(local, (planes, scale, edges), lens, rows, first + k, flat)


@njit(cache=True, error_model="numpy")
def _resolve(nearness: Any, owners: Any, seen: Any, stretch: Any, labels: Any) -> None:
    """Label a stretch of pixels that show one triangle or sky: tag, instance, whether it is sky."""
    tag, instance, is_sky = np.uint8(labels[0]), np.int32(labels[1]), labels[2]
    base = np.uintp(stretch[0])
    for k in range(np.uintp(stretch[1])):
        depth = np.float32(1.0) / nearness[base + k]
        nearness[base + k] = np.float32(np.inf) if is_sky else depth
        owners[base + k], seen[base + k] = instance, tag


@njit(cache=True, error_model="numpy", nogil=True)
def resolve_image(image: Any, owners: Any, tags: Any, instances: Any, sky: int, out: Any) -> None:
    """Turn what `draw_image` left into depth [m] and instance, in place, and tell the tags.

    In place, because fresh memory costs as much as drawing. Where nothing was drawn: infinity, 0
    and the tag `sky`. All but the labels of the triangles, `tags` and `instances`, are
    (height, width).
    """
    width = image.shape[1]
    nearness, numbers, seen = image.ravel(), owners.ravel(), out.ravel()
    for row in range(image.shape[0]):
        first, end = row * width, (row + 1) * width
        while first < end:
            number, after = numbers[first], stretch_end(numbers, first, end)
            if number < 0:
                _resolve(nearness, numbers, seen, (first, after - first), (sky, 0, True))
            else:
                labels = (int(tags[number]), int(instances[number]), False)
                _resolve(nearness, numbers, seen, (first, after - first), labels)
            first = after
