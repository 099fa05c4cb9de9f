"""Simple solids for actors: some boxes with slanted sides each, closed, as triangles.

A solid stands with the middle of its footprint at the origin, x forward, z up.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError

Floats = npt.NDArray[np.float64]

# A box's corners: bit 0 of the number is x, bit 1 y, bit 2 z; faces counter-clockwise from outside.
_FACES = ((0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5))
_TRIANGLES = np.array([t for a, b, c, d in _FACES for t in ((a, b, c), (a, c, d))])

Span = tuple[float, float]
Part = tuple[
    Span, Span, Span, Span
]  # x below, x above, y, z: shares of the size, x and y from -0.5


class Form(StrEnum):
    """What a solid is shaped like."""

    BOX = "box"
    CAR = "car"
    VAN = "van"
    TRUCK = "truck"
    BUS = "bus"
    CYCLE = "cycle"  # bicycle or motorcycle with its rider
    PERSON = "person"


def _wheels(*at: float, radius: float, width: float = 0.12) -> tuple[Part, ...]:
    """A pair of wheels at each share of the length, as boxes up to their top."""
    return tuple(
        ((x - radius, x + radius), (x - radius, x + radius), side, (0.0, 0.45))
        for x in at
        for side in ((-0.5, -0.5 + width), (0.5 - width, 0.5))
    )


def _block(x: Span, y: Span, z: Span) -> Part:
    return x, x, y, z


# Proportions are assumed, by eye.
_PARTS: dict[Form, tuple[Part, ...]] = {
    Form.BOX: (_block((-0.5, 0.5), (-0.5, 0.5), (0.0, 1.0)),),
    Form.CAR: (
        _block((-0.5, 0.5), (-0.48, 0.48), (0.14, 0.6)),
        ((-0.42, 0.24), (-0.32, 0.08), (-0.42, 0.42), (0.6, 1.0)),
        *_wheels(-0.3, 0.3, radius=0.07),
    ),
    Form.VAN: (
        _block((-0.5, 0.5), (-0.48, 0.48), (0.12, 0.5)),
        ((-0.5, 0.44), (-0.48, 0.3), (-0.46, 0.46), (0.5, 1.0)),
        *_wheels(-0.3, 0.32, radius=0.06),
    ),
    Form.TRUCK: (
        _block((-0.5, 0.24), (-0.5, 0.5), (0.28, 1.0)),
        ((0.26, 0.5), (0.26, 0.48), (-0.48, 0.48), (0.15, 0.85)),
        *_wheels(-0.36, -0.22, 0.36, radius=0.06),
    ),
    Form.BUS: (
        ((-0.5, 0.5), (-0.5, 0.48), (-0.5, 0.5), (0.1, 1.0)),
        *_wheels(-0.28, 0.3, radius=0.045),
    ),
    Form.CYCLE: (
        _block((-0.5, -0.16), (-0.06, 0.06), (0.0, 0.4)),
        _block((0.16, 0.5), (-0.06, 0.06), (0.0, 0.4)),
        _block((-0.3, 0.3), (-0.08, 0.08), (0.32, 0.55)),
        ((-0.2, 0.04), (-0.08, 0.18), (-0.4, 0.4), (0.5, 0.86)),
        _block((-0.02, 0.14), (-0.18, 0.18), (0.86, 1.0)),
        _block((0.2, 0.26), (-0.5, 0.5), (0.52, 0.57)),
    ),
    Form.PERSON: (
        ((-0.35, -0.05), (-0.1, 0.15), (0.02, 0.3), (0.0, 0.48)),
        ((0.05, 0.5), (-0.15, 0.1), (-0.3, -0.02), (0.0, 0.48)),
        _block((-0.2, 0.2), (-0.34, 0.34), (0.48, 0.84)),
        ((-0.5, -0.3), (-0.15, 0.15), (-0.5, -0.36), (0.42, 0.82)),
        ((0.2, 0.45), (-0.15, 0.15), (0.36, 0.5), (0.42, 0.82)),
        _block((-0.18, 0.2), (-0.17, 0.17), (0.86, 1.0)),
    ),
}


def solid(form: Form, *, length: float, width: float, height: float) -> Floats:
    """The triangles of a form of a size [m] in its own frame `(m, 3, 3)` [m].

    Raises:
        RequestError: if a size is not positive.
    """
    size = np.array([length, width, height], np.float64)
    if not (np.isfinite(size).all() and (size > 0.0).all()):
        raise RequestError(f"a size is {length} x {width} x {height} m: all must be positive")
    corners = np.array([_corners(*part) for part in _PARTS[form]])
    return (corners * size)[:, _TRIANGLES].reshape(-1, 3, 3)


def _corners(below: Span, above: Span, y: Span, z: Span) -> list[list[float]]:
    return [
        [(above if corner & 4 else below)[corner & 1], y[corner >> 1 & 1], z[corner >> 2]]
        for corner in range(8)
    ]


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
    top = outline + np.array([0.0, 0.0, height])
    following = np.roll(np.arange(len(outline)), -1)
    sides = np.concatenate(
        [
            np.stack([outline, outline[following], top[following]], axis=1),
            np.stack([outline, top[following], top], axis=1),
        ]
    )
    fan = np.arange(1, len(outline) - 1)
    lids = np.concatenate(
        [
            np.stack([np.broadcast_to(top[0], (len(fan), 3)), top[fan], top[fan + 1]], axis=1),
            np.stack(
                [np.broadcast_to(outline[0], (len(fan), 3)), outline[fan + 1], outline[fan]], axis=1
            ),
        ]
    )
    return np.concatenate([sides, lids])
