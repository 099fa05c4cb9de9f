"""How solids lie in an image: whole, and what is left to see of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.sensors.kernels.images import edges_of, outside, rows_of, span_of
from simgen.worlds.road.sensors.kernels.planes import edge_planes, into_frame, near_enough
from simgen.worlds.road.sensors.kernels.stretches import stretch_end


@njit(cache=True, error_model="numpy")
def _stamp(corners: Any, face: Any, lens: Any, rows: Any, solid: int, stamps: Any) -> int:
    """Mark the pixels of a triangle that bear no mark of its solid yet; gives how many.

    `rows` are the first one and the one after the last, as `rows_of` tells.
    """
    planes, scale, edges = face
    focal_x, focal_y, centre_x, centre_y, width, _, near, _ = lens
    edges_of(planes, lens, edges)
    x = (planes[0, 0] + planes[1, 0] + planes[2, 0]) * scale
    y = (planes[0, 1] + planes[1, 1] + planes[2, 1]) * scale
    z = (planes[0, 2] + planes[1, 2] + planes[2, 2]) * scale
    cut = min(corners[0, 2], corners[1, 2], corners[2, 2]) < near
    count = 0
    for row in range(rows[0], rows[1]):
        slope = (row + 0.5 - centre_y) / focal_y
        begin, end = span_of(edges, slope, width)
        for column in range(begin, end):
            if stamps[row, column] == solid:
                continue
            if cut and y * slope + z + x * (column + 0.5 - centre_x) / focal_x > 1.0 / near:
                continue
            stamps[row, column] = solid
            count += 1
    return count


@njit(cache=True, error_model="numpy")
def _extend(corners: Any, lens: Any, box: Any) -> None:
    """Let a box hold what of a triangle lies beyond the near plane."""
    focal_x, focal_y, centre_x, centre_y, _, _, near, _ = lens
    for k in range(3):
        a, b = corners[k], corners[(k + 1) % 3]
        share = 0.0 if a[2] >= near else -1.0
        for _ in range(2):
            if share >= 0.0:
                depth = a[2] + share * (b[2] - a[2])
                column = focal_x * (a[0] + share * (b[0] - a[0])) / depth + centre_x
                row = focal_y * (a[1] + share * (b[1] - a[1])) / depth + centre_y
                box[0], box[1] = min(box[0], column), min(box[1], row)
                box[2], box[3] = max(box[2], column), max(box[3], row)
            share = (near - a[2]) / (b[2] - a[2]) if (a[2] >= near) != (b[2] >= near) else -1.0


@njit(cache=True, error_model="numpy", nogil=True)
def silhouettes_of(world: Any, frame: Any, lens: Any, stamps: Any, boxes: Any, counts: Any) -> None:
    """How each solid would lie in the image if nothing hid it.

    Args:
        world: as for `fans.cast_fan`; each group is a solid, all one-sided.
        frame: of the camera, origin (3,) [m] and right, down and forward as columns (3, 3).
        lens: as for `images.draw_image`.
        stamps: -1 in each pixel; scratch. (height, width)
        boxes: left, upper, right, lower of what lies beyond the near plane, also beside the image;
            of nothing, left is infinite. (k, 4) [pixel]
        counts: pixels of the image. (k,)
    """
    origin, axes = frame
    corners, _, starts, spheres = world
    local, planes, edges = np.empty((3, 3)), np.empty((3, 3)), np.empty((3, 3))
    for solid in range(len(spheres)):
        boxes[solid, :2], boxes[solid, 2:], counts[solid] = np.inf, -np.inf, 0
        sphere = spheres[solid]
        if not near_enough(sphere, origin, lens[7]) or outside(sphere, origin, axes, lens):
            continue
        for k in range(starts[solid], starts[solid + 1]):
            into_frame(corners[k], origin, axes, local)
            if max(local[0, 2], local[1, 2], local[2, 2]) <= lens[6]:
                continue
            _extend(local, lens, boxes[solid])
            rows = rows_of(local, lens)
            scale = edge_planes(local, False, planes) if rows[0] < rows[1] else 0.0
            if scale > 0.0:
                counts[solid] += _stamp(local, (planes, scale, edges), lens, rows, solid, stamps)


@njit(cache=True, error_model="numpy", nogil=True)
def visible_of(instances: Any, rows: Any, boxes: Any, counts: Any) -> None:
    """What of each solid is seen.

    Args:
        instances: of the pixels, 0 for none. (height, width)
        rows: the solid of each instance. (number of the last instance + 1,)
        boxes: left, upper, right, lower, in whole pixels; of nothing, left is infinite. (k, 4)
        counts: pixels. (k,)
    """
    boxes[:, :2], boxes[:, 2:] = np.inf, -np.inf
    counts[:] = 0
    (height, width), seen = instances.shape, instances.ravel()
    for row in range(height):
        end, column = row * width, 0
        while column < width:
            first, instance = column, seen[end]
            end = stretch_end(seen, end, (row + 1) * width)
            column = end - row * width
            if instance == 0:
                continue
            solid = rows[instance]
            counts[solid] += column - first
            box = boxes[solid]
            box[0], box[1] = min(box[0], first), min(box[1], row)
            box[2], box[3] = max(box[2], column), max(box[3], row + 1.0)
