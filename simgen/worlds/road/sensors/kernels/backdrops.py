"""What a camera sees where nothing stands: sky, far trees on the horizon, fields below it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.sensors.kernels.skies import blend, noise, sky_cell
from simgen.worlds.road.sensors.kernels.stretches import SHARE, ray_of

_STRIDE = 4  # pixels; the sky's painting has no detail finer than 0.2 degree
_POST = 3  # rows of a stretch that hold the sky's red, green and blue at each so many pixels
_LOW = 0.03  # below this sine of elevation there may be more than sky
# Tops of trees above the level at a distance of 1: from, lumps, finer lumps on them; assumed.
_TOP, _LUMPS, _FINE = 0.004, 0.016, 0.006


@njit(cache=True, error_model="numpy", forceinline=True)
def _over_trees(ray: Any) -> bool:
    """Whether a ray above the horizon passes over the trees; no noise where it decides nothing."""
    x, y, z = ray
    level = math.sqrt(x * x + y * y)
    low, high = _TOP * level, (_TOP + _LUMPS + _FINE) * level
    if z < low or z >= high:
        return bool(z >= high)
    u, v = x / level, y / level
    top = _TOP + _LUMPS * noise(18.0 * u, 18.0 * v)
    low, high = top * level, (top + _FINE) * level
    if z < low or z >= high:
        return bool(z >= high)
    return bool(z >= (top + _FINE * noise(130.0 * u, 130.0 * v)) * level)


@njit(cache=True, error_model="numpy", forceinline=True)
def _fields(ray: Any, light: Any, open_sky: Any) -> Any:
    """Far trees on the horizon, or fields below it, where they hide the sky."""
    _, _, ambient, _, horizon, _, air, _ = light
    if ray[2] > 0.0 and _over_trees(ray):
        return open_sky
    # 700 m away, as far as the air lets them through.
    far = air * 700.0
    through = 0.75 / (1.0 + far + 0.5 * far * far)
    share = (0.10, 0.15, 0.06) if ray[2] > 0.0 else (0.17, 0.22, 0.08)
    colour = (share[0] * ambient[0], share[1] * ambient[1], share[2] * ambient[2])
    return blend(horizon, colour, through)


@njit(cache=True, error_model="numpy")
def _place_posts(posts: Any, width: int, down: float, view: Any, side: int, out: Any) -> float:
    """The painting's cell along the rays of a stretch's posts, with shares; gives the least z.

    `posts` are the first, by number in the row, and how many; beside the image the last pixel
    counts. Into the first three rows go the cell and the shares of the next column and row.
    """
    (first, count), (axes, lens), low = posts, view, 1.0
    for k in range(count):
        column = min((first + k) * _STRIDE, width - 1)
        x, y, z, _ = ray_of(column, down, axes, lens)
        i, j, row_share, column_share = sky_cell(x, y, z, side)
        out[0, k], out[1, k], out[2, k] = float(i * side + j), column_share, row_share
        low = min(low, z)
    return low


@njit(cache=True, error_model="numpy")
def _set_posts(count: int, painting: Any, side: int, out: Any) -> None:
    """The colours that `_place_posts` found; the painting is flat."""
    one = np.float32(1.0)
    for k in range(count):
        cell, u, v = np.uintp(np.int64(out[0, k])), np.float32(out[1, k]), np.float32(out[2, k])
        here = np.uintp(3) * cell
        below = here + np.uintp(3 * side)
        a, b, c, d = (one - u) * (one - v), u * (one - v), (one - u) * v, u * v
        for m in range(3):
            this, beside = np.uintp(m), np.uintp(3 + m)
            out[_POST + m, k] = (
                a * painting[here + this] + b * painting[here + beside]
                + c * painting[below + this] + d * painting[below + beside]
            )  # fmt: skip


@njit(cache=True, error_model="numpy")
def _blend_posts(begin: int, count: int, width: int, out: Any) -> None:
    """Colours of the pixels between posts; `begin` is the first pixel, after the first post."""
    one, past = np.float32(1.0), begin % _STRIDE
    last = width - 1 - (begin - past)  # of the image, from the first post on
    for m in range(3):
        colours, posts = out[SHARE + m], out[_POST + m]
        for i in range(past, _STRIDE):
            step = one / np.float32(min(_STRIDE, max(last, 1)))
            rise = np.float32(posts[1]) - np.float32(posts[0])
            colours[i - past] = np.float32(posts[0]) + np.float32(i) * step * rise
        for k in range(1, count - 1):
            step = one / np.float32(min(_STRIDE, max(last - k * _STRIDE, 1)))
            here = np.float32(posts[k])
            rise = np.float32(posts[k + 1]) - here
            place = np.uintp(k * _STRIDE - past)
            colours[place] = here
            colours[place + np.uintp(1)] = here + step * rise
            colours[place + np.uintp(2)] = here + np.float32(2.0) * step * rise
            colours[place + np.uintp(3)] = here + np.float32(3.0) * step * rise


@njit(cache=True, error_model="numpy")
def paint_stretch(
    stretch: Any, width: int, down: float, axes: Any, lens: Any, lights: Any, out: Any
) -> None:
    """Shares of light of a stretch of sky, looked up each `_STRIDE` pixels and blended between.

    Args:
        stretch: as for `stretches.aim`.
        width: of the image.
        down: as there.
        axes: of the camera, row by row, a tuple. (9,)
        lens: as there.
        lights: as for `shading.shade_image`.
        out: of the stretch, as of `stretches`.
    """
    (begin, count, _), (light, painting) = stretch, lights
    first, side = begin // _STRIDE, painting.shape[0]
    n_posts = (begin + count - 1) // _STRIDE - first + 2
    low = _place_posts((first, n_posts), width, down, (axes, lens), side, out)
    _set_posts(n_posts, painting.ravel(), side, out)
    _blend_posts(begin, n_posts, width, out)
    for k in range(count if low < _LOW else 0):
        x, y, z, _ = ray_of(begin + k, down, axes, lens)
        if z < _LOW:
            colour = (out[SHARE, k], out[SHARE + 1, k], out[SHARE + 2, k])
            colour = _fields((x, y, z), light, colour)
            out[SHARE, k], out[SHARE + 1, k], out[SHARE + 2, k] = colour
