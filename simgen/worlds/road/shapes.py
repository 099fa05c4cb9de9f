"""Simple solids for actors: slanted boxes and wheels, closed, as triangles of materials.

A solid stands with the middle of its footprint at the origin, x forward, z up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import IntEnum, StrEnum
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.kernels.arrays import Floats

# A box's corners: bit 0 of the number is x, bit 1 y, bit 2 z; faces counter-clockwise from outside.
_FACES = ((0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5))
_TRIANGLES = np.array([t for a, b, c, d in _FACES for t in ((a, b, c), (a, c, d))])

Span = tuple[float, float]


class Form(StrEnum):
    """What a solid is shaped like."""

    BOX = "box"
    CAR = "car"
    VAN = "van"
    TRUCK = "truck"
    BUS = "bus"
    CYCLE = "cycle"  # bicycle or motorcycle with its rider
    PERSON = "person"
    CONE = "cone"


class Material(IntEnum):
    """What a part of a solid is made of."""

    PAINT = 0  # has the actor's own colour
    GLASS = 1
    RUBBER = 2
    METAL = 3
    HEADLIGHT = 4
    TAIL_LIGHT = 5
    SKIN = 6
    CLOTH = 7  # has the actor's own colour, and is a rider's where the form has one
    TROUSERS = 8  # a rider's where the form has one
    REFLECTOR = 9


class _Part(NamedTuple):
    """A box with slanted front and rear: shares of the size, x and y from -0.5."""

    below: Span  # x
    above: Span  # x
    y: Span
    z: Span
    material: Material = Material.PAINT


class _Wheel(NamedTuple):
    """A wheel that stands on the ground: shares of the size."""

    x: float  # of its axle, from -0.5
    radius: float  # of the length
    height: float
    y: Span


_Piece = _Part | _Wheel


def _block(x: Span, y: Span, z: Span, material: Material = Material.PAINT) -> _Part:
    return _Part(x, x, y, z, material)


_WHEEL_WIDTH = 0.12  # share of the size


def _wheels(*at: float, radius: float, height: float) -> tuple[_Wheel, ...]:
    """A pair of wheels at each share of the length."""
    sides = ((-0.5, -0.5 + _WHEEL_WIDTH), (0.5 - _WHEEL_WIDTH, 0.5))
    return tuple(_Wheel(x, radius, height, side) for x in at for side in sides)


def _lights(z: Span, width: float) -> tuple[_Part, ...]:
    """Lamps at both ends, a little out of the body."""
    ends = (((0.44, 0.5), Material.HEADLIGHT), ((-0.5, -0.46), Material.TAIL_LIGHT))
    sides = ((-0.485, -0.485 + width), (0.485 - width, 0.485))
    return tuple(_block(x, side, z, material) for x, material in ends for side in sides)


# Proportions are assumed, by eye.
_PIECES: dict[Form, tuple[_Piece, ...]] = {
    Form.BOX: (_block((-0.5, 0.5), (-0.5, 0.5), (0.0, 1.0)),),
    Form.CAR: (
        _Part((-0.49, 0.49), (-0.48, 0.47), (-0.48, 0.48), (0.14, 0.42)),
        _Part((-0.48, 0.47), (-0.46, 0.36), (-0.47, 0.47), (0.42, 0.6)),
        _Part((-0.44, 0.22), (-0.34, 0.06), (-0.44, 0.44), (0.6, 0.96), Material.GLASS),
        _Part((-0.35, 0.07), (-0.34, 0.05), (-0.42, 0.42), (0.95, 1.0)),
        _block((-0.2, -0.18), (-0.445, 0.445), (0.6, 0.96)),
        *_lights((0.4, 0.5), 0.2),
        *_wheels(-0.3, 0.3, radius=0.07, height=0.42),
    ),
    Form.VAN: (
        _Part((-0.49, 0.49), (-0.49, 0.47), (-0.48, 0.48), (0.12, 0.5)),
        _Part((-0.49, 0.46), (-0.48, 0.34), (-0.465, 0.465), (0.5, 0.84), Material.GLASS),
        _Part((-0.495, 0.2), (-0.485, 0.2), (-0.47, 0.47), (0.5, 0.84)),
        _Part((-0.49, 0.35), (-0.48, 0.3), (-0.46, 0.46), (0.84, 1.0)),
        *_lights((0.32, 0.4), 0.14),
        *_wheels(-0.3, 0.32, radius=0.06, height=0.27),
    ),
    Form.TRUCK: (
        _block((-0.49, 0.24), (-0.5, 0.5), (0.28, 1.0)),
        _block((-0.49, 0.26), (-0.3, 0.3), (0.18, 0.28), Material.METAL),
        _Part((0.26, 0.49), (0.26, 0.49), (-0.48, 0.48), (0.15, 0.5)),
        _Part((0.26, 0.49), (0.26, 0.47), (-0.47, 0.47), (0.5, 0.74), Material.GLASS),
        _Part((0.26, 0.47), (0.26, 0.45), (-0.48, 0.48), (0.74, 0.85)),
        *_lights((0.2, 0.28), 0.14),
        *_wheels(-0.36, -0.22, 0.36, radius=0.06, height=0.3),
    ),
    Form.BUS: (
        _Part((-0.495, 0.495), (-0.495, 0.49), (-0.5, 0.5), (0.1, 0.42)),
        _Part((-0.49, 0.493), (-0.49, 0.48), (-0.49, 0.49), (0.42, 0.82), Material.GLASS),
        *(_block((x, x + 0.012), (-0.495, 0.495), (0.42, 0.82)) for x in (-0.3, -0.1, 0.1, 0.3)),
        _Part((-0.495, 0.49), (-0.495, 0.48), (-0.5, 0.5), (0.82, 1.0)),
        *_lights((0.18, 0.26), 0.12),
        *_wheels(-0.28, 0.3, radius=0.045, height=0.28),
    ),
    Form.CYCLE: (
        _Wheel(-0.33, 0.17, 0.36, (-0.06, 0.06)),
        _Wheel(0.33, 0.17, 0.36, (-0.06, 0.06)),
        _block((-0.3, 0.3), (-0.06, 0.06), (0.3, 0.36)),
        _Part((0.28, 0.34), (0.2, 0.26), (-0.05, 0.05), (0.2, 0.55), Material.METAL),
        _block((0.18, 0.24), (-0.5, 0.5), (0.54, 0.57), Material.METAL),
        _Part((0.0, 0.1), (-0.2, 0.0), (-0.25, -0.08), (0.16, 0.5), Material.TROUSERS),
        _Part((0.0, 0.1), (-0.2, 0.0), (0.08, 0.25), (0.22, 0.5), Material.TROUSERS),
        _Part((-0.2, 0.0), (-0.06, 0.14), (-0.35, 0.35), (0.48, 0.84), Material.CLOTH),
        _Part((0.12, 0.22), (0.02, 0.12), (-0.46, -0.34), (0.55, 0.8), Material.CLOTH),
        _Part((0.12, 0.22), (0.02, 0.12), (0.34, 0.46), (0.55, 0.8), Material.CLOTH),
        _block((0.02, 0.16), (-0.17, 0.17), (0.86, 1.0), Material.SKIN),
        _block((-0.5, -0.48), (-0.1, 0.1), (0.3, 0.36), Material.TAIL_LIGHT),
        _block((0.48, 0.5), (-0.1, 0.1), (0.3, 0.36), Material.HEADLIGHT),
    ),
    Form.PERSON: (
        _Part((-0.5, -0.2), (-0.1, 0.15), (0.02, 0.28), (0.0, 0.48), Material.TROUSERS),
        _Part((0.15, 0.5), (-0.15, 0.1), (-0.28, -0.02), (0.0, 0.48), Material.TROUSERS),
        _Part((-0.18, 0.18), (-0.2, 0.2), (-0.34, 0.34), (0.46, 0.84), Material.CLOTH),
        _Part((-0.45, -0.28), (-0.12, 0.12), (-0.5, -0.36), (0.42, 0.82), Material.CLOTH),
        _Part((0.22, 0.42), (-0.12, 0.12), (0.36, 0.5), (0.42, 0.82), Material.CLOTH),
        _block((-0.08, 0.08), (-0.08, 0.08), (0.83, 0.88), Material.SKIN),
        _block((-0.16, 0.18), (-0.16, 0.16), (0.87, 1.0), Material.SKIN),
    ),
    Form.CONE: (
        _block((-0.5, 0.5), (-0.5, 0.5), (0.0, 0.06)),
        _Part((-0.36, 0.36), (-0.26, 0.26), (-0.3, 0.3), (0.06, 0.4)),
        _Part((-0.26, 0.26), (-0.17, 0.17), (-0.22, 0.22), (0.4, 0.7), Material.REFLECTOR),
        _Part((-0.17, 0.17), (-0.08, 0.08), (-0.12, 0.12), (0.7, 1.0)),
    ),
}
_WHEEL_SIDES = 8


def solid(form: Form, *, length: float, width: float, height: float) -> Floats:
    """The triangles of a form of a size [m] in its own frame `(m, 3, 3)` [m].

    Raises:
        RequestError: if a size is not positive.
    """
    size = np.array([length, width, height], np.float64)
    if not (np.isfinite(size).all() and (size > 0.0).all()):
        raise RequestError(f"a size is {length} x {width} x {height} m: all must be positive")
    shares = np.concatenate([_triangles(piece) for piece in _PIECES[form]])
    return np.asarray(shares * size, np.float64)


@cache
def materials(form: Form) -> npt.NDArray[np.uint8]:
    """The `Material` of each triangle of a form `(m,)`, read only."""
    made = np.concatenate([_materials(piece) for piece in _PIECES[form]])
    made.setflags(write=False)
    return made


@cache
def _triangles(piece: _Piece) -> Floats:
    if isinstance(piece, _Wheel):
        return _wheel(piece)
    corners = [
        [
            (piece.above if corner & 4 else piece.below)[corner & 1],
            piece.y[corner >> 1 & 1],
            piece.z[corner >> 2],
        ]
        for corner in range(8)
    ]
    return np.asarray(np.array(corners)[_TRIANGLES], np.float64)


def _wheel(wheel: _Wheel) -> Floats:
    """A flat-bottomed prism across the direction of travel."""
    angle = (np.arange(_WHEEL_SIDES) + 0.5) * (2.0 * math.pi / _WHEEL_SIDES)
    reach = 1.0 / math.cos(math.pi / _WHEEL_SIDES)  # of corners, for flats at the radius
    disc = np.stack([np.cos(angle), np.sin(angle), 0.0 * angle], axis=1) * reach
    standing = prism(disc, wheel.y[1] - wheel.y[0])
    x = wheel.x + wheel.radius * standing[..., 0]
    # x, z, -y is x, y, z turned, not mirrored: triangles keep looking outward.
    z = 0.5 * wheel.height * (1.0 + standing[..., 1])
    return np.stack([x, wheel.y[1] - standing[..., 2], z], axis=2)


def _materials(piece: _Piece) -> npt.NDArray[np.uint8]:
    if isinstance(piece, _Wheel):
        return np.full(len(_triangles(piece)), Material.RUBBER, np.uint8)
    return np.full(len(_TRIANGLES), piece.material, np.uint8)


def place(triangles: Floats, position: npt.ArrayLike, axes: Floats) -> Floats:
    """A solid `(m, 3, 3)` at a position `(3,)` [m], turned by axes given as columns `(3, 3)`."""
    return np.asarray(triangles @ axes.T + np.asarray(position, np.float64), np.float64)


def boxes(centres: npt.ArrayLike, half_sizes: npt.ArrayLike, yaws: npt.ArrayLike) -> Floats:
    """Upright boxes as triangles `(n, 12, 3, 3)` [m].

    Args:
        centres: of the boxes. (n, 3) [m]
        half_sizes: half the length, width and height. (n, 3) [m]
        yaws: directions of their length. (n,) [rad]
    """
    middle, half = np.asarray(centres, np.float64), np.asarray(half_sizes, np.float64)
    yaw = np.asarray(yaws, np.float64)
    if not (middle.shape == half.shape == (len(yaw), 3) and (half > 0.0).all()):
        raise RequestError("boxes need centres and positive half_sizes (n, 3), and yaws (n,)")
    signs = np.array([[corner & 1, corner >> 1 & 1, corner >> 2] for corner in range(8)]) * 2 - 1
    local = signs * half[:, None]
    cosine, sine = np.cos(yaw)[:, None], np.sin(yaw)[:, None]
    turned = np.stack(
        [
            cosine * local[..., 0] - sine * local[..., 1],
            sine * local[..., 0] + cosine * local[..., 1],
            local[..., 2],
        ],
        axis=2,
    )
    return (turned + middle[:, None])[:, _TRIANGLES]


def prism(outline: Floats, height: float) -> Floats:
    """A column of a height [m] over a convex outline `(n, 3)` [m], counter-clockwise from above."""
    return frustums([outline, outline + np.array([0.0, 0.0, height])])


def frustums(rings: Sequence[Floats]) -> Floats:
    """The closed solid `(m, 3, 3)` [m] between convex outlines `(n, 3)` [m], from below to above.

    All are counter-clockwise from above and have as many corners.
    """
    following = np.roll(np.arange(len(rings[0])), -1)
    fan = np.arange(1, len(rings[0]) - 1)
    parts = []
    for low, high in pairwise(rings):
        parts.append(np.stack([low, low[following], high[following]], axis=1))
        parts.append(np.stack([low, high[following], high], axis=1))
    for lid, first, second in ((rings[-1], fan, fan + 1), (rings[0], fan + 1, fan)):
        centre = np.broadcast_to(lid[0], (len(fan), 3))
        parts.append(np.stack([centre, lid[first], lid[second]], axis=1))
    return np.concatenate(parts)
