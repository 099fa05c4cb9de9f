"""From triangles to colours: Lambert's light, a sun that casts shadows, patterns, haze."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.elementary import exp
from simgen.worlds.road.sensors.kernels.patterns import LAMP, patterned
from simgen.worlds.road.sensors.kernels.skies import LOW, blend, fields, sky_cell

# A surface must not shade itself in the sun's picture, whose cells are 0.18 m wide; assumed [m].
_NEAR, _CELL, _MOST = 0.1, 0.2, 1.0
_STRIDE = 4  # pixels; the sky's painting has no detail finer than 0.2 degree


@njit(cache=True, error_model="numpy", forceinline=True)
def _face(coat: Any, ray: Any, light: Any) -> tuple[float, ...]:
    """What all pixels of a triangle share: normal toward the camera, light from sky and sun."""
    sun, glare, ambient, _, _, _, _, _ = light
    x, y, z = coat[0], coat[1], coat[2]
    sign = 1.0 if x * ray[0] + y * ray[1] + z * ray[2] <= 0.0 else -1.0
    x, y, z = sign * x, sign * y, sign * z
    open_share, facing = 0.62 + 0.38 * z, max(x * sun[0] + y * sun[1] + z * sun[2], 0.0)
    return (
        x, y, z, open_share * ambient[0], open_share * ambient[1], open_share * ambient[2],
        facing * glare[0], facing * glare[1], facing * glare[2],
    )  # fmt: skip


@njit(cache=True, error_model="numpy", forceinline=True)
def _shine(face: Any, ray: Any, mirror: Any, light: Any, colour: Any) -> tuple[float, float, float]:
    """A colour under the clear sky that it mirrors: a share, and one more at a low angle."""
    cosine = -(face[0] * ray[0] + face[1] * ray[1] + face[2] * ray[2])
    low = (1.0 - cosine) * (1.0 - cosine)
    upward = min(max(ray[2] + 2.0 * cosine * face[2], 0.0), 1.0)
    seen = blend(light[4], light[3], upward)
    return blend(colour, seen, mirror[0] + mirror[1] * low * low)


@njit(cache=True, error_model="numpy", forceinline=True)
def _surface(
    coat: Any, face: Any, ray: Any, point: Any, sharpness: float, light: Any, lit: float
) -> tuple[float, float, float]:
    """The light that a triangle sends along a ray of length 1."""
    red, green, blue, pattern, mirror, low = coat[3], coat[4], coat[5], coat[6], 0.0, 0.0
    if pattern == LAMP:
        return red * 0.9, green * 0.9, blue * 0.9
    if pattern != 0:
        red, green, blue, mirror, low = patterned(coat, point, sharpness)
    wetness = light[7]
    if wetness > 0.0 and face[2] > 0.7:
        mirror, low, dry = 0.03 * wetness, 0.55 * wetness, 1.0 - 0.55 * wetness
        red, green, blue = red * dry, green * dry, blue * dry
    colour = (
        red * (face[3] + lit * face[6]),
        green * (face[4] + lit * face[7]),
        blue * (face[5] + lit * face[8]),
    )
    return _shine(face, ray, (mirror, low), light, colour) if mirror > 0.0 else colour


@njit(cache=True, error_model="numpy")
def _aim(down: float, view: Any, lens: Any, air: float, nearness: Any, out: Any) -> None:
    """Of a row's pixels: rays of length 1, how near, points [m], and the light that comes through.

    Nothing branches or is looked up here and in `_show`: LLVM does several at once.

    Args:
        down: of the row, at depth 1.
        view: axes of the camera, row by row (9,), and origin (3,), as tuples.
        lens: as for `images.draw_image`.
        air: extinction [1/m].
        nearness: one over depth. (w,) [1/m]
        out: rays x, y, z; one over distance; points x, y, z; share of light. (8, w)
    """
    axes, origin = view
    base, step = 0.5 - lens[2], 1.0 / lens[0]
    for k in range(len(nearness)):
        right = (k + base) * step
        scale = 1.0 / math.sqrt(right * right + down * down + 1.0)
        x = (axes[0] * right + axes[1] * down + axes[2]) * scale
        y = (axes[3] * right + axes[4] * down + axes[5]) * scale
        z = (axes[6] * right + axes[7] * down + axes[8]) * scale
        closeness = nearness[k] * scale
        distance = 1.0 / closeness
        out[0, k], out[1, k], out[2, k], out[3, k] = x, y, z, closeness
        out[4, k] = origin[0] + distance * x
        out[5, k] = origin[1] + distance * y
        out[6, k] = origin[2] + distance * z
        out[7, k] = exp(-air * distance)


@njit(cache=True, error_model="numpy")
def _show(shares: Any, out: Any) -> None:
    """What a screen is told for shares of light; bright light is compressed, not cut off."""
    for k in range(len(shares)):
        share = max(shares[k], np.float32(0.0))
        above = max(share - np.float32(0.6), np.float32(0.0))
        share = min(share, np.float32(0.6)) + np.float32(0.4) * above / (above + np.float32(0.4))
        out[k] = np.uint8(np.float32(255.0) * np.sqrt(share) + np.float32(0.5))


@njit(cache=True, error_model="numpy")
def _coat(coats: Any, k: int) -> tuple[float, ...]:
    """A row as numbers."""
    return (
        coats[k, 0], coats[k, 1], coats[k, 2], coats[k, 3], coats[k, 4], coats[k, 5],
        coats[k, 6], coats[k, 7], coats[k, 8], coats[k, 9], coats[k, 10],
    )  # fmt: skip


@njit(cache=True, error_model="numpy")
def _sky_row(numbers: Any, aims: Any, lights: Any, posts: Any, out: Any) -> None:
    """Colour a row that has sky as if it were nothing else: what it is not is drawn over later.

    The sky is looked up each `_STRIDE` pixels, into `posts`, and blended between.
    """
    light, painting = lights
    width, side, one, low = len(numbers), painting.shape[0], np.float32(1.0), False
    for k in range(len(posts)):
        column = min(k * _STRIDE, width - 1)
        x, y, z = aims[0, column], aims[1, column], aims[2, column]
        i, j, row_share, column_share = sky_cell(x, y, z, side)
        low |= z < LOW
        u, v = np.float32(column_share), np.float32(row_share)
        a, b, c, d = (one - u) * (one - v), u * (one - v), (one - u) * v, u * v
        for m in range(3):
            posts[k, m] = (
                a * painting[i, j, m] + b * painting[i, j + 1, m]
                + c * painting[i + 1, j, m] + d * painting[i + 1, j + 1, m]
            )  # fmt: skip
    for k in range(len(posts) - 1):
        first = k * _STRIDE
        last = min(first + _STRIDE, width)
        step = one / np.float32(min(_STRIDE, max(width - 1 - first, 1)))
        for column in range(first, last):
            share = np.float32(column - first) * step
            for m in range(3):
                out[column, m] = posts[k, m] + share * (posts[k + 1, m] - posts[k, m])
    for column in range(width if low else 0):
        ray = (aims[0, column], aims[1, column], aims[2, column])
        if numbers[column] < 0 and ray[2] < LOW:
            colour = (out[column, 0], out[column, 1], out[column, 2])
            out[column, 0], out[column, 1], out[column, 2] = fields(ray, light, colour)


@njit(cache=True, error_model="numpy")
def _gap(coats: Any, k: int, ray: Any, sunward: Any) -> float:
    """How much nearer to the sun a thing must be to shade a triangle; 0: the sun is behind it [m].

    The more aslant light falls, the more depth a cell of the sun's picture spans.
    """
    x, y, z = coats[k, 0], coats[k, 1], coats[k, 2]
    seen = x * ray[0] + y * ray[1] + z * ray[2]
    cosine = x * sunward[6] + y * sunward[7] + z * sunward[8]
    if seen * cosine <= 0.0:
        return 0.0
    slope = math.sqrt(max(1.0 / (cosine * cosine) - 1.0, 0.0))
    return _NEAR + min(_CELL * slope, _MOST)


@njit(cache=True, error_model="numpy")
def _sun_row(coats: Any, numbers: Any, aims: Any, shade: Any, out: Any) -> None:
    """How much of the sun's light reaches each pixel of a row: 0 in shadow.

    `shade` is what the sun sees, and its axes (right, down, forward), place, focal length, middle.
    """
    shadows, sunward = shade
    (still, moved), side, last, gap = coats, shadows.shape[0], -1, 0.0
    n_still = len(still)
    out[:] = 1.0
    for column in range(len(numbers) if side > 1 else 0):
        number = numbers[column]
        if number < 0:
            continue
        if number != last:
            last, ray = number, (aims[0, column], aims[1, column], aims[2, column])
            if number < n_still:
                gap = _gap(still, number, ray, sunward)
            else:
                gap = _gap(moved, number - n_still, ray, sunward)
        if gap <= 0.0:
            continue
        x = aims[4, column] - sunward[9]
        y = aims[5, column] - sunward[10]
        z = aims[6, column] - sunward[11]
        closeness = 1.0 / (sunward[6] * x + sunward[7] * y + sunward[8] * z)
        scale = sunward[12] * closeness
        u = scale * (sunward[0] * x + sunward[1] * y + sunward[2] * z) + sunward[13]
        v = scale * (sunward[3] * x + sunward[4] * y + sunward[5] * z) + sunward[13]
        i, j = int(np.floor(v)), int(np.floor(u))
        if i < 0 or j < 0 or i + 1 >= side or j + 1 >= side:
            continue
        limit = closeness * (1.0 + gap * closeness)
        v, u = v - i, u - j
        above = (shadows[i, j] < limit) * (1.0 - u) + (shadows[i, j + 1] < limit) * u
        below = (shadows[i + 1, j] < limit) * (1.0 - u) + (shadows[i + 1, j + 1] < limit) * u
        out[column] = above * (1.0 - v) + below * v


@njit(cache=True, error_model="numpy")
def _shade_row(
    coats: Any, numbers: Any, aims: Any, focal: float, light: Any, lit: Any, out: Any
) -> None:
    """Colour what of a row is no sky, in shares of light `(w, 3)`.

    Within the loop numbers are handed on, not arrays: counting references takes longer than light.
    """
    last, zero, n_still = -1, np.float32(0.0), len(coats[0])
    coat: Any = (zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero)
    face = _face(coat, (0.0, 0.0, 0.0), light)
    for column in range(len(numbers)):
        number = numbers[column]
        if number < 0:
            continue
        ray = (aims[0, column], aims[1, column], aims[2, column])
        if number != last:
            last = number
            if number < n_still:
                coat = _coat(coats[0], number)
            else:
                coat = _coat(coats[1], number - n_still)
            face = _face(coat, ray, light)
        point = (aims[4, column], aims[5, column], aims[6, column])
        colour = _surface(coat, face, ray, point, aims[3, column] * focal, light, lit[column])
        colour = blend(light[4], colour, aims[7, column])
        out[column, 0], out[column, 1], out[column, 2] = colour


@njit(cache=True, error_model="numpy", nogil=True)
def shade_image(
    coats: Any, frame: Any, lens: Any, film: Any, lights: Any, shade: Any, out: Any
) -> None:
    """Colour all pixels.

    Args:
        coats: of the triangles that stand still, then of those that move, as `skins.Skin.coats`
            makes them. (n, 11)
        frame: of the camera: its axes, row by row (9,), and origin (3,), as tuples [m].
        lens: as for `images.draw_image`.
        film: one over depth [1/m] and triangle, -1 for none, as `draw_image` leaves them, (h, w).
        lights: `weather.lighting`, and the sky that `skies.paint_sky` made of it (k, k, 3).
        shade: what the sun sees: one over depth (k, k) [1/m], (1, 1) without shadows; and its
            right, down and forward (9,), place (3,) [m], focal length and middle [pixel], a tuple.
        out: red, green, blue. (h, w, 3)
    """
    nearness, numbers = film
    width = numbers.shape[1]
    aims, lit = np.empty((8, width)), np.empty(width)
    shares = np.empty((width, 3), np.float32)
    posts = np.empty(((width - 1) // _STRIDE + 2, 3), np.float32)
    for row in range(numbers.shape[0]):
        down = (row + 0.5 - lens[3]) / lens[1]
        _aim(down, frame, lens, lights[0][6], nearness[row], aims)
        if numbers[row].min() < 0:
            _sky_row(numbers[row], aims, lights, posts, shares)
        if numbers[row].max() >= 0:
            _sun_row(coats, numbers[row], aims, shade, lit)
            _shade_row(coats, numbers[row], aims, lens[0], lights[0], lit, shares)
        _show(shares.ravel(), out[row].ravel())
