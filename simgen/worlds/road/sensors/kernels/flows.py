"""Normals of what pixels show, and where it was before."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, error_model="numpy", nogil=True)
def normals_of(worlds: Any, axes: Any, lens: Any, numbers: Any, out: Any) -> None:
    """Unit normals toward the camera in its frame `(h, w, 3)`; 0 where nothing is drawn.

    Args:
        worlds: normals (n, 3) of what stands still, then of what moves.
        axes: of the camera, as columns. (3, 3)
        lens: as for `images.draw_image`.
        numbers: triangles, -1 for none. (h, w)
        out: right, down, forward. (h, w, 3)
    """
    n_still = len(worlds[0])
    local = np.empty(3)
    for row in range(numbers.shape[0]):
        down = (row + 0.5 - lens[3]) / lens[1]
        for column in range(numbers.shape[1]):
            number = numbers[row, column]
            if number < 0:
                out[row, column] = 0.0
                continue
            normal = worlds[0][number] if number < n_still else worlds[1][number - n_still]
            for i in range(3):
                local[i] = axes[0, i] * normal[0] + axes[1, i] * normal[1] + axes[2, i] * normal[2]
            right = (column + 0.5 - lens[2]) / lens[0]
            sign = -1.0 if local[0] * right + local[1] * down + local[2] > 0.0 else 1.0
            for i in range(3):
                out[row, column, i] = sign * local[i]


@njit(cache=True, error_model="numpy", nogil=True)
def flow_of(film: Any, n_still: int, moves: Any, frames: Any, lens: Any, out: Any) -> None:
    """How far each pixel's surface has moved in the image since before `(h, w, 2)` [pixel].

    Args:
        film: one over depth [1/m] and triangle, -1 for none, (h, w).
        n_still: how many triangles stand still; they come first.
        moves: for each of the others its row among what follows (m,), and for each row a turn
            (k, 3, 3) and a shift (k, 3) [m] that bring a point of the world to where it was.
        frames: of the camera now, then before: each its origin (3,) [m] and axes (3, 3).
        lens: as for `images.draw_image`.
        out: right and down; NaN where nothing is drawn, or it was behind the camera.
    """
    rows, turns, shifts = moves
    (origin, axes), (old_origin, old_axes) = frames
    focal_x, focal_y, centre_x, centre_y, _, _, near, _ = lens
    nearness, numbers = film
    point, moved = np.empty(3), np.empty(3)
    for row in range(numbers.shape[0]):
        for column in range(numbers.shape[1]):
            out[row, column] = np.nan
            number = numbers[row, column]
            if number < 0:
                continue
            depth = 1.0 / nearness[row, column]
            right = (column + 0.5 - centre_x) / focal_x * depth
            down = (row + 0.5 - centre_y) / focal_y * depth
            for i in range(3):
                point[i] = origin[i] + axes[i, 0] * right + axes[i, 1] * down + axes[i, 2] * depth
            moved[:] = point
            if number >= n_still:
                which = rows[number - n_still]
                for i in range(3):
                    moved[i] = shifts[which, i] + (
                        turns[which, i, 0] * point[0]
                        + turns[which, i, 1] * point[1]
                        + turns[which, i, 2] * point[2]
                    )
            for i in range(3):
                moved[i] -= old_origin[i]
            z = old_axes[0, 2] * moved[0] + old_axes[1, 2] * moved[1] + old_axes[2, 2] * moved[2]
            if z < near:
                continue
            x = old_axes[0, 0] * moved[0] + old_axes[1, 0] * moved[1] + old_axes[2, 0] * moved[2]
            y = old_axes[0, 1] * moved[0] + old_axes[1, 1] * moved[1] + old_axes[2, 1] * moved[2]
            out[row, column, 0] = column + 0.5 - (focal_x * x / z + centre_x)
            out[row, column, 1] = row + 0.5 - (focal_y * y / z + centre_y)
