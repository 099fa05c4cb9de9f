"""Stretches of a row of pixels that show one triangle, or sky: rays, points, bytes.

What is known of a stretch lies in an array with a row for each number below and a column for each
pixel, from 0. Loops over it neither branch nor look anything up: LLVM does several at once.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.elementary import exp

RAY, CLOSENESS, POINT, THROUGH = 0, 3, 4, 7  # x, y, z; one over distance; x, y, z; share of light
LIT, GRAIN, SHARE = 8, 9, 10  # of the sun's light; factor on the colour; red, green, blue
N_ROWS = 13
MARGIN = 4  # columns more than an image has: the sky is painted by fours


_AT_ONCE = 16  # pixels that are compared together


@njit(cache=True, error_model="numpy")
def stretch_end(values: Any, first: int, end: int) -> int:
    """The first pixel before `end`, or `end`, whose value is not that of pixel `first`."""
    value, after = values[first], first + 1
    while after + _AT_ONCE <= end:
        base, changed = np.uintp(after), np.int32(0)
        for k in range(np.uintp(_AT_ONCE)):
            changed |= values[base + k] ^ value
        if changed != 0:
            break
        after += _AT_ONCE
    while after < end and values[np.uintp(after)] == value:
        after += 1
    return after


@njit(cache=True, error_model="numpy", forceinline=True)
def ray_of(column: int, down: float, axes: Any, lens: Any) -> tuple[float, float, float, float]:
    """The ray of length 1 through a pixel, and its depth; `down` is the row's at depth 1."""
    right = (column + (0.5 - lens[2])) * (1.0 / lens[0])
    scale = 1.0 / math.sqrt(right * right + down * down + 1.0)
    return (
        (axes[0] * right + axes[1] * down + axes[2]) * scale,
        (axes[3] * right + axes[4] * down + axes[5]) * scale,
        (axes[6] * right + axes[7] * down + axes[8]) * scale,
        scale,
    )


@njit(cache=True, error_model="numpy")
def aim(
    stretch: Any, down: float, view: Any, lens: Any, air: float, nearness: Any, out: Any
) -> None:
    """Rays of length 1, how near, points [m], and the share of light that comes through the air.

    Args:
        stretch: first column, how many, and which pixel of the image the first is.
        down: of the row, at depth 1.
        view: axes of the camera, row by row (9,), and origin (3,), as tuples.
        lens: as for `images.draw_image`.
        air: extinction [1/m].
        nearness: one over depth. (h * w,) [1/m]
        out: of the stretch; rows up to `THROUGH` are filled. (N_ROWS, w)
    """
    (axes, origin), (first, count, pixel) = view, stretch
    base = np.uintp(pixel)
    for k in range(np.uintp(count)):
        x, y, z, scale = ray_of(first + np.int64(k), down, axes, lens)
        closeness = nearness[base + k] * scale
        distance = 1.0 / closeness
        out[RAY, k], out[RAY + 1, k], out[RAY + 2, k], out[CLOSENESS, k] = x, y, z, closeness
        out[POINT, k] = origin[0] + distance * x
        out[POINT + 1, k] = origin[1] + distance * y
        out[POINT + 2, k] = origin[2] + distance * z
        out[THROUGH, k] = exp(-air * distance)


@njit(cache=True, error_model="numpy", forceinline=True)
def _shown(light: float) -> Any:
    """What a screen is told for a share of light; bright light is compressed, not cut off."""
    share = max(np.float32(light), np.float32(0.0))
    above = max(share - np.float32(0.6), np.float32(0.0))
    share = min(share, np.float32(0.6)) + np.float32(0.4) * above / (above + np.float32(0.4))
    return np.uint8(np.float32(255.0) * np.sqrt(share) + np.float32(0.5))


@njit(cache=True, error_model="numpy")
def show(stretch: Any, known: Any, out: Any) -> None:
    """Shares of light as red, green and blue of a picture `(3, h * w)`."""
    _, count, pixel = stretch
    base = np.uintp(pixel)
    for k in range(np.uintp(count)):
        out[0, base + k] = _shown(known[SHARE, k])
        out[1, base + k] = _shown(known[SHARE + 1, k])
        out[2, base + k] = _shown(known[SHARE + 2, k])
