"""From triangles to colours: Lambert's light, a sun that casts shadows, patterns, haze."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.sensors.kernels.backdrops import paint_stretch
from simgen.worlds.road.sensors.kernels.patterns import (
    FACADE,
    GLASS,
    LAMP,
    grain_of,
    mirror_of,
    window_of,
)
from simgen.worlds.road.sensors.kernels.skies import blend
from simgen.worlds.road.sensors.kernels.stretches import (
    CLOSENESS,
    GRAIN,
    LIT,
    MARGIN,
    N_ROWS,
    POINT,
    SHARE,
    THROUGH,
    aim,
    show,
    stretch_end,
)
from simgen.worlds.road.sensors.kernels.sunlight import let_shine


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
def _light(colour: Any, face: Any, lit: float) -> tuple[float, float, float]:
    """What a colour sends back of sky and sun."""
    return (
        colour[0] * (face[3] + lit * face[6]),
        colour[1] * (face[4] + lit * face[7]),
        colour[2] * (face[5] + lit * face[8]),
    )


@njit(cache=True, error_model="numpy", forceinline=True)
def _shine(face: Any, ray: Any, mirror: Any, light: Any, colour: Any) -> tuple[float, float, float]:
    """A colour under the clear sky that it mirrors: a share, and one more at a low angle."""
    cosine = -(face[0] * ray[0] + face[1] * ray[1] + face[2] * ray[2])
    low = (1.0 - cosine) * (1.0 - cosine)
    upward = min(max(ray[2] + 2.0 * cosine * face[2], 0.0), 1.0)
    seen = blend(light[4], light[3], upward)
    return blend(colour, seen, mirror[0] + mirror[1] * low * low)


@njit(cache=True, error_model="numpy")
def _colour_matt(count: int, coat: Any, face: Any, haze: Any, out: Any) -> None:
    """Of what mirrors nothing, with the grain in row `GRAIN`."""
    for k in range(count):
        grain, through = out[GRAIN, k], out[THROUGH, k]
        colour = (coat[3] * grain, coat[4] * grain, coat[5] * grain)
        seen = blend(haze, _light(colour, face, out[LIT, k]), through)
        out[SHARE, k], out[SHARE + 1, k], out[SHARE + 2, k] = seen


@njit(cache=True, error_model="numpy")
def _colour_facade(count: int, coat: Any, face: Any, lens: Any, light: Any, out: Any) -> None:
    """Of a wall with windows, which mirror the sky."""
    for k in range(count):
        size = 1.0 / (out[CLOSENESS, k] * lens[0])
        point = (out[POINT, k], out[POINT + 1, k], out[POINT + 2, k])
        window, bright = window_of(coat, point, size)
        colour = blend((coat[3], coat[4], coat[5]), (0.02, 0.025, 0.03), window)
        matt, mirror = _light(colour, face, out[LIT, k]), 0.5 * window * bright
        shiny = _shine(face, (out[0, k], out[1, k], out[2, k]), (mirror, 0.0), light, matt)
        through, rest = out[THROUGH, k], 1.0 - out[THROUGH, k]
        red = shiny[0] if mirror > 0.0 else matt[0]
        green = shiny[1] if mirror > 0.0 else matt[1]
        blue = shiny[2] if mirror > 0.0 else matt[2]
        out[SHARE, k] = light[4][0] * rest + red * through
        out[SHARE + 1, k] = light[4][1] * rest + green * through
        out[SHARE + 2, k] = light[4][2] * rest + blue * through


@njit(cache=True, error_model="numpy")
def _colour_shiny(count: int, coat: Any, face: Any, light: Any, out: Any) -> None:
    """Of lamps, glass and wet ground, with the grain in row `GRAIN`."""
    pattern, wetness = int(coat[6]), light[7]
    for k in range(count):
        grain = out[GRAIN, k]
        colour = (coat[3] * grain, coat[4] * grain, coat[5] * grain)
        if pattern == LAMP:
            colour = (colour[0] * 0.9, colour[1] * 0.9, colour[2] * 0.9)
        else:
            mirror = mirror_of(pattern)
            if wetness > 0.0 and face[2] > 0.7:
                mirror, dry = (0.03 * wetness, 0.55 * wetness), 1.0 - 0.55 * wetness
                colour = (colour[0] * dry, colour[1] * dry, colour[2] * dry)
            ray = (out[0, k], out[1, k], out[2, k])
            colour = _shine(face, ray, mirror, light, _light(colour, face, out[LIT, k]))
        seen = blend(light[4], colour, out[THROUGH, k])
        out[SHARE, k], out[SHARE + 1, k], out[SHARE + 2, k] = seen


@njit(cache=True, error_model="numpy", forceinline=True)
def _coat(coats: Any, k: int) -> tuple[float, ...]:
    """A row as numbers."""
    return (
        coats[k, 0], coats[k, 1], coats[k, 2], coats[k, 3], coats[k, 4], coats[k, 5],
        coats[k, 6], coats[k, 7], coats[k, 8], coats[k, 9], coats[k, 10],
    )  # fmt: skip


@njit(cache=True, error_model="numpy")
def _shade(count: int, coat: Any, lens: Any, light: Any, shade: Any, out: Any) -> None:
    """Shares of light of a stretch that shows a triangle."""
    face, pattern = _face(coat, (out[0, 0], out[1, 0], out[2, 0]), light), int(coat[6])
    let_shine(count, coat, shade, out)
    if pattern == FACADE:
        _colour_facade(count, coat, face, lens, light, out)
        return
    grain_of(count, pattern, lens[0], out)
    if pattern >= GLASS or (light[7] > 0.0 and face[2] > 0.7):
        _colour_shiny(count, coat, face, light, out)
    else:
        _colour_matt(count, coat, face, light[4], out)


@njit(cache=True, error_model="numpy", nogil=True)
def shade_image(
    coats: Any, frame: Any, lens: Any, film: Any, lights: Any, shade: Any, out: Any
) -> None:
    """Colour all pixels, stretch by stretch: arrays are handed on seldom, numbers often.

    Args:
        coats: of the triangles that stand still, then of those that move, as `skins.Skin.coats`
            makes them. (n, 11)
        frame: of the camera: its axes, row by row (9,), and origin (3,), as tuples [m].
        lens: as for `images.draw_image`.
        film: one over depth [1/m] and triangle, -1 for none, as `draw_image` leaves them, (h, w).
        lights: `weather.lighting`, and the sky that `skies.paint_sky` made of it (k, k, 3).
        shade: what the sun sees: one over depth (k, k) [1/m], (1, 1) without shadows; and its
            right, down and forward (9,), place (3,) [m], focal length and middle [pixel], a tuple.
        out: red, green, blue. (3, h, w)
    """
    light, (still, moved) = lights[0], coats
    nearness, numbers, (height, width) = film[0].ravel(), film[1].ravel(), film[1].shape
    sunny = (shade[0].ravel(), shade[0].shape[0], shade[1])
    known, colours = np.empty((N_ROWS, width + MARGIN)), out.reshape(3, height * width)
    n_still = len(still)
    for row in range(height):
        down, pixel = (row + 0.5 - lens[3]) / lens[1], row * width
        while pixel < (row + 1) * width:
            number, after = numbers[pixel], stretch_end(numbers, pixel, (row + 1) * width)
            stretch = (pixel - row * width, after - pixel, pixel)
            if number < 0:
                paint_stretch(stretch, width, down, frame[0], lens, lights, known)
            else:
                coat = _coat(still, number) if number < n_still else _coat(moved, number - n_still)
                aim(stretch, down, frame, lens, light[6], nearness, known)
                _shade(after - pixel, coat, lens, light, sunny, known)
            show(stretch, known, colours)
            pixel = after
