"""Where the sun's light falls: a look at what the sun sees."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.sensors.kernels.stretches import LIT, POINT, SHARE

# A surface must not shade itself in the sun's picture, whose cells are 0.18 m wide; assumed [m].
_NEAR, _CELL, _MOST = 0.1, 0.2, 1.0


@njit(cache=True, error_model="numpy", forceinline=True)
def _gap(coat: Any, ray: Any, sunward: Any) -> float:
    """How much nearer to the sun a thing must be to shade a triangle; 0: the sun is behind it [m].

    The more aslant light falls, the more depth a cell of the sun's picture spans.
    """
    x, y, z = coat[0], coat[1], coat[2]
    seen = x * ray[0] + y * ray[1] + z * ray[2]
    cosine = x * sunward[6] + y * sunward[7] + z * sunward[8]
    if seen * cosine <= 0.0:
        return 0.0
    slope = math.sqrt(max(1.0 / (cosine * cosine) - 1.0, 0.0))
    return _NEAR + min(_CELL * slope, _MOST)


@njit(cache=True, error_model="numpy")
def _place(count: int, gap: float, side: float, sunward: Any, out: Any) -> None:
    """Which cell each pixel falls into, and how near to the sun a thing there shades it.

    Into `LIT` goes the cell, and into three rows from `SHARE` on the limit [1/m] and the shares of
    the next column and row; the limit is infinite beside the sun's picture.
    """
    most = side - 2.0
    for k in range(count):
        x = out[POINT, k] - sunward[9]
        y = out[POINT + 1, k] - sunward[10]
        z = out[POINT + 2, k] - sunward[11]
        closeness = 1.0 / (sunward[6] * x + sunward[7] * y + sunward[8] * z)
        scale = sunward[12] * closeness
        u = scale * (sunward[0] * x + sunward[1] * y + sunward[2] * z) + sunward[13]
        v = scale * (sunward[3] * x + sunward[4] * y + sunward[5] * z) + sunward[13]
        row, column = np.floor(v), np.floor(u)
        inside = (row >= 0.0) & (column >= 0.0) & (row <= most) & (column <= most)
        out[LIT, k] = row * side + column if inside else 0.0
        out[SHARE, k] = closeness * (1.0 + gap * closeness) if inside else np.inf
        out[SHARE + 1, k] = u - column if inside else 0.0
        out[SHARE + 2, k] = v - row if inside else 0.0


@njit(cache=True, error_model="numpy")
def _compare(count: int, shadows: Any, side: int, out: Any) -> None:
    """What `_place` left, as the share of four cells that let the sun through, into `LIT`."""
    down, one = np.uintp(side), np.uintp(1)
    for k in range(count):
        cell, limit = np.uintp(np.int64(out[LIT, k])), out[SHARE, k]
        u, v, below = out[SHARE + 1, k], out[SHARE + 2, k], cell + down
        above = (shadows[cell] < limit) * (1.0 - u) + (shadows[cell + one] < limit) * u
        under = (shadows[below] < limit) * (1.0 - u) + (shadows[below + one] < limit) * u
        out[LIT, k] = above * (1.0 - v) + under * v


@njit(cache=True, error_model="numpy")
def let_shine(count: int, coat: Any, shade: Any, out: Any) -> None:
    """How much of the sun's light reaches each pixel of a stretch, into `LIT`: 0 in shadow.

    Args:
        count: of pixels.
        coat: of the triangle that they show, as `skins.Skin.coats` makes it (11,), a tuple.
        shade: what the sun sees, one over depth (k * k,) [1/m], empty: no shadows; k; and the
            axes there, right, down and forward (9,), place (3,) [m], focal length and middle
            [pixel], a tuple.
        out: of the stretch, as of `stretches`.
    """
    shadows, side, sunward = shade
    gap = 0.0
    if side > 1:
        gap = _gap(coat, (out[0, 0], out[1, 0], out[2, 0]), sunward)
    if gap <= 0.0:
        for k in range(count):
            out[LIT, k] = 1.0
        return
    _place(count, gap, float(side), sunward, out)
    _compare(count, shadows, side, out)
