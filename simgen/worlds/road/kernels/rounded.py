"""Places on lanes as CARLA has them: with 32 bits, rounded after every step.

Source: CARLA 0.9.16, LibCarla/source/carla/road: element/Geometry.cpp (PosFromDist,
ApplyLateralOffset), Road.cpp (GetDirectedPointIn), Lane.cpp (ComputeTransform). Lines, arcs and
spirals are CARLA's to the bit. Parametric cubics are exact here; CARLA cuts them into chords, which
leads 2 mm away at most.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.kernels.curves import cubic_at, piece_at

Single = np.float32
_QUARTER = 0.5 * math.pi  # [rad]


@njit(cache=True, error_model="numpy", forceinline=True)
def _ahead(curves: Any, road: int, s: float) -> tuple[Single, Single, float]:
    """Position and heading of the reference line at s [m, m, rad]."""
    offsets, pieces, _, _ = curves
    first = offsets[road]
    row = first + max(np.searchsorted(pieces.s[first : offsets[road + 1]], s, side="right") - 1, 0)
    piece = pieces[row]
    ds = min(max(s - piece.s, 0.0), piece.length)
    x, y = Single(piece.x), Single(piece.y)
    if piece.n_nodes == 0 and piece.curvature_rate == 0.0 and piece.curvature != 0.0:
        radius, inward = 1.0 / piece.curvature, piece.heading + _QUARTER
        x += Single(radius * math.cos(inward))
        y += Single(radius * math.sin(inward))
        heading = piece.heading + ds * piece.curvature
        inward = heading + _QUARTER
        x -= Single(radius * math.cos(inward))
        y -= Single(radius * math.sin(inward))
    else:
        there_x, there_y, heading = piece_at(curves, row, ds)
        x += Single(there_x - piece.x)
        y += Single(there_y - piece.y)
    return x, y, heading


@njit(cache=True, error_model="numpy", forceinline=True)
def _aside(x: Single, y: Single, heading: float, t: float) -> tuple[Single, Single]:
    """The place t to the left of another [m, m]."""
    rounded = Single(heading)
    return x - Single(t) * Single(math.sin(rounded)), y + Single(t) * Single(math.cos(rounded))


@njit(cache=True, error_model="numpy", forceinline=True)
def rounded_at(roads: Any, lanes: Any, lane: int, s: float) -> tuple[Single, Single, Single]:
    """The middle of a lane at s; CARLA knows neither roll nor lateral shape [m, m, m].

    Where lane offsets or elevations meet at s, those that begin there count, as in CARLA.
    """
    curves, profiles = roads
    records, width_offsets, widths, shift_offsets, shifts = lanes
    record = records[lane]
    shift, _ = cubic_at(shift_offsets, shifts, record.road, s)
    inner = outer = shift
    for k in range(record.first, lane + 1):
        inner = outer
        value, _ = cubic_at(width_offsets, widths, k, s)
        outer = value if records[k].bordered else inner + records[k].side * value
    x, y, heading = _ahead(curves, record.road, s)
    x, y = _aside(x, y, heading, shift)
    x, y = _aside(x, y, heading, 0.5 * (inner + outer) - shift)
    z, _ = cubic_at(profiles[0], profiles[1], record.road, s)
    return x, y, Single(z)
