"""Reference lines and the surface over them: from (road, s, t) to a place.

Kernels take the tables of `simgen.worlds.road.tables` as plain tuples:
    curves: (piece_offsets, pieces, coefficients, nodes)
    profiles: (elevation_offsets, elevations, roll_offsets, rolls, shape_offsets, shapes)
A table of cubics is `(n, 5)`: start, a, b, c, d; the rows of owner i begin at `offsets[i]`.
"""

from __future__ import annotations

import math
from typing import Any

from numba import njit

# Abscissae and weights of the Gauss-Legendre rule with 8 points on [-1, 1]: Abramowitz, Stegun
# (1964), Handbook of Mathematical Functions, table 25.4.
ABSCISSAE = (0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363)
WEIGHTS = (0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763)
_PANEL_TURN = 0.5  # heading change per panel, at which the rule is exact to rounding [rad]
_STRAIGHT = 1e-9  # of a half turn, below which its sine over itself is 1 [rad]


@njit(cache=True, error_model="numpy")
def last_row(table: Any, low: int, high: int, value: float) -> int:
    """The last row in [low, high) whose first column is not above `value`; `low` if all are."""
    high -= 1
    while low < high:
        middle = (low + high + 1) // 2
        if table[middle, 0] <= value:
            low = middle
        else:
            high = middle - 1
    return low


@njit(cache=True, error_model="numpy", forceinline=True)
def cubic_at(offsets: Any, table: Any, owner: int, s: float) -> tuple[float, float]:
    """Value and slope of an owner's piecewise cubic at s; 0 where it has none."""
    low, high = offsets[owner], offsets[owner + 1]
    if low == high:
        return 0.0, 0.0
    row = last_row(table, low, high, s)
    ds = max(s - table[row, 0], 0.0)
    a, b, c, d = table[row, 1], table[row, 2], table[row, 3], table[row, 4]
    return a + ds * (b + ds * (c + ds * d)), b + ds * (2.0 * c + ds * 3.0 * d)


@njit(cache=True, error_model="numpy", forceinline=True)
def _arc(heading: float, curvature: float, ds: float) -> tuple[float, float, float]:
    """Where a circle or line leads: its chord, which points along half the turn."""
    half = 0.5 * curvature * ds
    chord = ds if abs(half) < _STRAIGHT else ds * math.sin(half) / half
    return chord * math.cos(heading + half), chord * math.sin(heading + half), 2.0 * half


@njit(cache=True, error_model="numpy")
def _clothoid(heading: float, start: float, rate: float, ds: float) -> tuple[float, float, float]:
    """Where a clothoid leads, by quadrature: has no singular case as Fresnel's integrals do."""
    steepest = max(abs(start), abs(start + rate * ds))
    n_panels = int(steepest * ds / _PANEL_TURN) + 1
    half = 0.5 * ds / n_panels
    x, y = 0.0, 0.0
    for panel in range(n_panels):
        middle = (2 * panel + 1) * half
        for k in range(8):
            node = ABSCISSAE[k // 2] if k % 2 else -ABSCISSAE[k // 2]
            u = middle + half * node
            angle = heading + u * (start + 0.5 * rate * u)
            x += WEIGHTS[k // 2] * half * math.cos(angle)
            y += WEIGHTS[k // 2] * half * math.sin(angle)
    return x, y, ds * (start + 0.5 * rate * ds)


@njit(cache=True, error_model="numpy")
def _parametric(
    heading: float, coefficients: Any, nodes: Any, low: int, high: int, ds: float
) -> tuple[float, float, float]:
    """Where a parametric cubic leads; its parameter is read from a table of arc lengths."""
    row = min(last_row(nodes, low, high, ds), high - 2)
    step = nodes[row + 1, 0] - nodes[row, 0]
    w = (ds - nodes[row, 0]) / step
    # Hermite's cubic in w: values and slopes at both ends.
    p = (
        nodes[row, 1] * (1.0 + 2.0 * w) * (1.0 - w) * (1.0 - w)
        + nodes[row + 1, 1] * w * w * (3.0 - 2.0 * w)
        + step * nodes[row, 2] * w * (1.0 - w) * (1.0 - w)
        - step * nodes[row + 1, 2] * w * w * (1.0 - w)
    )
    c = coefficients
    u = c[0] + p * (c[1] + p * (c[2] + p * c[3]))
    v = c[4] + p * (c[5] + p * (c[6] + p * c[7]))
    du = c[1] + p * (2.0 * c[2] + p * 3.0 * c[3])
    dv = c[5] + p * (2.0 * c[6] + p * 3.0 * c[7])
    cosine, sine = math.cos(heading), math.sin(heading)
    return u * cosine - v * sine, u * sine + v * cosine, math.atan2(dv, du)


@njit(cache=True, error_model="numpy", forceinline=True)
def piece_at(curves: Any, row: int, ds: float) -> tuple[float, float, float]:
    """Position and heading on one piece, `ds` [m] from its start [m, m, rad]."""
    _, pieces, coefficients, nodes = curves
    piece = pieces[row]
    heading = piece.heading
    if piece.n_nodes > 0:
        low = piece.first_node
        x, y, turn = _parametric(heading, coefficients[row], nodes, low, low + piece.n_nodes, ds)
    elif piece.curvature_rate == 0.0:
        x, y, turn = _arc(heading, piece.curvature, ds)
    else:
        x, y, turn = _clothoid(heading, piece.curvature, piece.curvature_rate, ds)
    return piece.x + x, piece.y + y, heading + turn


@njit(cache=True, error_model="numpy", forceinline=True)
def line_at(curves: Any, road: int, s: float) -> tuple[float, float, float]:
    """Position and heading of a road's reference line at s, held to the road [m, m, rad]."""
    offsets, pieces, _, _ = curves
    low, high = offsets[road], offsets[road + 1] - 1
    while low < high:
        middle = (low + high + 1) // 2
        if pieces[middle].s <= s:
            low = middle
        else:
            high = middle - 1
    ds = min(max(s - pieces[low].s, 0.0), pieces[low].length)
    return piece_at(curves, low, ds)


@njit(cache=True, error_model="numpy")
def _shape_row(shapes: Any, low: int, high: int, t: float) -> float:
    """The height that one cross-section, rows [low, high), gives at t [m]."""
    row = low
    while row + 1 < high and shapes[row + 1, 1] <= t:
        row += 1
    dt = t - shapes[row, 1]
    a, b, c, d = shapes[row, 2], shapes[row, 3], shapes[row, 4], shapes[row, 5]
    return float(a + dt * (b + dt * (c + dt * d)))


@njit(cache=True, error_model="numpy", forceinline=True)
def shape_at(offsets: Any, shapes: Any, road: int, s: float, t: float) -> float:
    """Height of the cross-section over its plane, linear between those that are given [m]."""
    low, high = offsets[road], offsets[road + 1]
    if low == high:
        return 0.0
    end = low  # of the section before s
    while end < high and shapes[end, 0] == shapes[low, 0]:
        end += 1
    while end < high and shapes[end, 0] <= s:
        low = end
        while end < high and shapes[end, 0] == shapes[low, 0]:
            end += 1
    here = _shape_row(shapes, low, end, t)
    if end == offsets[road + 1] or s <= shapes[low, 0]:
        return here
    after = end
    while after < high and shapes[after, 0] == shapes[end, 0]:
        after += 1
    share = (s - shapes[low, 0]) / (shapes[end, 0] - shapes[low, 0])
    return float(here + share * (_shape_row(shapes, end, after, t) - here))


@njit(cache=True, error_model="numpy", forceinline=True)
def surface_at(
    curves: Any, profiles: Any, road: int, s: float, t: float
) -> tuple[float, float, float, float, float, float]:
    """Position, heading, slope dz/ds and roll of the road's surface [m, m, m, rad, 1, rad].

    Roll turns the cross-section about the reference line; positive lifts its left side.
    """
    elevation_offsets, elevations, roll_offsets, rolls, shape_offsets, shapes = profiles
    x, y, heading = line_at(curves, road, s)
    z, slope = cubic_at(elevation_offsets, elevations, road, s)
    roll, _ = cubic_at(roll_offsets, rolls, road, s)
    across = t * math.cos(roll)
    height = shape_at(shape_offsets, shapes, road, s, t) * math.cos(roll)
    return (
        x - across * math.sin(heading),
        y + across * math.cos(heading),
        z + t * math.sin(roll) + height,
        heading,
        slope,
        roll,
    )
