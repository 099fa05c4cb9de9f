"""The sky by direction, and noise: plain arithmetic, the same bits everywhere."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, error_model="numpy", forceinline=True)
def chance_at(i: int, j: int) -> float:
    """A number in [0, 1) that belongs to a square of a lattice."""
    # Primes of xxHash; 32 bits held in 64.
    mixed = (i * 374_761_393 + j * 668_265_263) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 13)) * 1_274_126_177) & 0xFFFFFFFF
    return float((mixed ^ (mixed >> 16)) * 2.0**-32)


@njit(cache=True, error_model="numpy", forceinline=True)
def noise(x: float, y: float) -> float:
    """Smooth noise in [0, 1] with lumps of about 1."""
    left, low = np.floor(x), np.floor(y)
    i, j = int(left), int(low)
    u, v = x - left, y - low
    u, v = u * u * (3.0 - 2.0 * u), v * v * (3.0 - 2.0 * v)
    below = chance_at(i, j) * (1.0 - u) + chance_at(i + 1, j) * u
    above = chance_at(i, j + 1) * (1.0 - u) + chance_at(i + 1, j + 1) * u
    return float(below * (1.0 - v) + above * v)


@njit(cache=True, error_model="numpy", forceinline=True)
def blend(a: Any, b: Any, share: float) -> tuple[float, float, float]:
    """Between two colours."""
    rest = 1.0 - share
    return a[0] * rest + b[0] * share, a[1] * rest + b[1] * share, a[2] * rest + b[2] * share


@njit(cache=True, error_model="numpy", forceinline=True)
def _clear_sky(x: float, y: float, z: float, light: Any) -> tuple[float, float, float]:
    """Without clouds, in a direction of length 1."""
    sun, glare, _, zenith, horizon, _, _, _ = light
    share = math.sqrt(min(max(z, 0.0), 1.0))
    colour = blend(horizon, zenith, share)
    near = max(x * sun[0] + y * sun[1] + z * sun[2], 0.0)
    near *= near
    near *= near
    near *= near
    wide = near * near
    wide *= wide
    glow = 0.12 * near + 0.5 * wide * wide
    return colour[0] + glow * glare[0], colour[1] + glow * glare[1], colour[2] + glow * glare[2]


@njit(cache=True, error_model="numpy", forceinline=True)
def _cloud(x: float, y: float, z: float, share: float) -> float:
    """How much of the sky clouds hide in a direction."""
    scale = 2.2 / (z + 0.12)
    u, v = x * scale, y * scale
    lumps = (
        0.55 * noise(u, v) + 0.3 * noise(2.3 * u + 7.0, 2.3 * v) + 0.15 * noise(5.1 * u, 5.1 * v)
    )
    thick = (lumps - (0.82 - 0.72 * share)) * 4.0
    return min(max(thick, 0.0), 1.0) * min(z * 8.0, 1.0)


@njit(cache=True, error_model="numpy", forceinline=True)
def _open_sky(x: float, y: float, z: float, light: Any) -> tuple[float, float, float]:
    """Sky with clouds; below the horizon, as there."""
    _, glare, ambient, _, _, share, _, _ = light
    colour = _clear_sky(x, y, z, light)
    if z <= 0.0 or share <= 0.0:
        return colour
    white = (
        ambient[0] + 0.25 * glare[0],
        0.96 * ambient[1] + 0.25 * glare[1],
        0.93 * ambient[2] + 0.25 * glare[2],
    )
    return blend(colour, white, _cloud(x, y, z, share))


@njit(cache=True, error_model="numpy", nogil=True)
def paint_sky(light: Any, out: Any) -> None:
    """The sky in all directions, laid out by `_square` `(k, k, 3)`."""
    half = 0.5 * (out.shape[0] - 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[0]):
            u, v = j / half - 1.0, i / half - 1.0
            z = 1.0 - abs(u) - abs(v)
            if z < 0.0:
                u, v = (
                    (1.0 - abs(v)) * (1.0 if u >= 0.0 else -1.0),
                    (1.0 - abs(u)) * (1.0 if v >= 0.0 else -1.0),
                )
            scale = 1.0 / math.sqrt(u * u + v * v + z * z)
            colour = _open_sky(u * scale, v * scale, z * scale, light)
            for k in range(3):
                out[i, j, k] = colour[k]


@njit(cache=True, error_model="numpy", forceinline=True)
def _square(x: float, y: float, z: float) -> tuple[float, float]:
    """A direction on the square [-1, 1]: an octahedron's faces unfolded."""
    scale = 1.0 / (abs(x) + abs(y) + abs(z))
    u, v = x * scale, y * scale
    if z < 0.0:
        u, v = (
            (1.0 - abs(v)) * (1.0 if u >= 0.0 else -1.0),
            (1.0 - abs(u)) * (1.0 if v >= 0.0 else -1.0),
        )
    return u, v


@njit(cache=True, error_model="numpy", forceinline=True)
def sky_cell(x: float, y: float, z: float, side: int) -> tuple[int, int, float, float]:
    """Row and column of a direction in what `paint_sky` made, and the shares of the next ones."""
    u, v = _square(x, y, z)
    half = 0.5 * (side - 1)
    u, v = (u + 1.0) * half, (v + 1.0) * half
    j, i = min(int(u), side - 2), min(int(v), side - 2)
    return i, j, v - i, u - j
