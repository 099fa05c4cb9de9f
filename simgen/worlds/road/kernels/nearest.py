"""The nearest lane: chords of all centre lines in a grid of squares."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.kernels.lanes import EDGE, centre_at, tangent_at

SAGITTA = 2e-3  # between a centre line and its chord at most [m]
LONGEST_CHORD = 20.0  # [m]
SHORTEST_CHORD = 0.05  # [m]
N_REFINEMENTS = 6  # steps from chord to centre line at most
_CLOSE = 1e-6  # a step that needs no other [m]
_MARGIN = 1e-9  # for the rounding of squared distances [m2]


@njit(cache=True, error_model="numpy")
def _bulge(roads: Any, lanes: Any, lane: int, s: float, step: float) -> float:
    """How far a centre line leaves its chord from s to s + step, at three points between [m]."""
    x, y, z, _, _, _ = centre_at(roads, lanes, lane, s)
    x1, y1, z1, _, _, _ = centre_at(roads, lanes, lane, s + step)
    squared = 0.0
    for quarter in range(1, 4):
        w = 0.25 * quarter
        xm, ym, zm, _, _, _ = centre_at(roads, lanes, lane, s + w * step)
        off_x, off_y, off_z = xm - x - w * (x1 - x), ym - y - w * (y1 - y), zm - z - w * (z1 - z)
        squared = max(squared, off_x * off_x + off_y * off_y + off_z * off_z)
    return math.sqrt(squared)


@njit(cache=True, error_model="numpy", nogil=True)
def chords_of(roads: Any, lanes: Any, out: Any, owner: Any) -> int:
    """Cut all centre lines into chords: rows x, y, z, s at the start, then at the end, `(n, 8)`.

    Returns how many there are, or -1 if they don't fit.
    """
    count = 0
    for lane in range(len(lanes[0])):
        s, end = lanes[0][lane].s_start, lanes[0][lane].s_end
        x, y, z, _, _, _ = centre_at(roads, lanes, lane, s)
        step = LONGEST_CHORD
        while s < end:
            step = min(2.0 * step, LONGEST_CHORD, end - s)
            while step > SHORTEST_CHORD and _bulge(roads, lanes, lane, s, step) > SAGITTA:
                step *= 0.5
            if count == len(out):
                return -1
            # What is left must not be so short that s + step is s again.
            stop = end if end - s - step < EDGE else s + step
            x1, y1, z1, _, _, _ = centre_at(roads, lanes, lane, stop)
            out[count, 0], out[count, 1], out[count, 2], out[count, 3] = x, y, z, s
            out[count, 4], out[count, 5], out[count, 6], out[count, 7] = x1, y1, z1, stop
            owner[count] = lane
            count += 1
            s, x, y, z = stop, x1, y1, z1
    return count


@njit(cache=True, error_model="numpy")
def _cell(value: float, low: float, side: float, n: int) -> int:
    """The row or column of squares that holds a coordinate, held to the grid."""
    return min(max(int((value - low) / side), 0), n - 1)


@njit(cache=True, error_model="numpy", nogil=True)
def fill_grid(chords: Any, frame: Any, limit: int, starts: Any, members: Any) -> int:
    """Put each chord into the squares under it; counts them if `members` is empty.

    Args:
        chords: as `chords_of` gives them.
        frame: x and y of the grid's corner [m], side of a square [m], columns, rows.
        limit: entries beyond which counting stops.
        starts: first counts, then where the next member of each square goes. (n_squares + 1,)
        members: the chords, square by square.
    """
    low_x, low_y, side, n_x, n_y = frame
    total = 0
    for k in range(len(chords)):
        if total > limit:
            break
        left = _cell(min(chords[k, 0], chords[k, 4]), low_x, side, n_x)
        right = _cell(max(chords[k, 0], chords[k, 4]), low_x, side, n_x)
        bottom = _cell(min(chords[k, 1], chords[k, 5]), low_y, side, n_y)
        top = _cell(max(chords[k, 1], chords[k, 5]), low_y, side, n_y)
        for row in range(bottom, top + 1):
            for column in range(left, right + 1):
                square = row * n_x + column
                if len(members):
                    members[starts[square]] = k
                    starts[square] += 1
                else:
                    starts[square + 1] += 1
                total += 1
    return total


@njit(cache=True, error_model="numpy")
def _squared_distance(chord: Any, x: float, y: float, z: float) -> tuple[float, float]:
    """Squared distance to a chord, and the share of it at which it is nearest."""
    dx, dy, dz = chord[4] - chord[0], chord[5] - chord[1], chord[6] - chord[2]
    along = (x - chord[0]) * dx + (y - chord[1]) * dy + (z - chord[2]) * dz
    share = min(max(along / max(dx * dx + dy * dy + dz * dz, 1e-300), 0.0), 1.0)
    off_x = x - chord[0] - share * dx
    off_y = y - chord[1] - share * dy
    off_z = z - chord[2] - share * dz
    return off_x * off_x + off_y * off_y + off_z * off_z, share


@njit(cache=True, error_model="numpy")
def _gap(value: float, low: float, side: float, number: int) -> float:
    """How far a coordinate lies outside of a row or column of squares [m]."""
    start = low + number * side
    return max(start - value, value - start - side, 0.0)


@njit(cache=True, error_model="numpy")
def _search(grid: Any, wanted: Any, hint: int, x: float, y: float, z: float) -> tuple[int, float]:
    """The chord of a wanted lane that is nearest to a point, and the share of it; -1 for none.

    Squares are searched in rings around the point's own, or the nearest to it; a ring is the last
    when nothing beyond it can be nearer. A chord that is likely to be near, `hint`, only says
    which squares are too far: what is found is the same without it (-1).
    """
    frame, starts, members, chords, owner = grid
    low_x, low_y, side, n_x, n_y = frame
    inside_x = min(max(x, low_x), low_x + side * n_x)
    inside_y = min(max(y, low_y), low_y + side * n_y)
    outside = (x - inside_x) ** 2 + (y - inside_y) ** 2
    column, row = _cell(x, low_x, side, n_x), _cell(y, low_y, side, n_y)
    best, best_chord, best_share = np.inf, -1, 0.0
    if hint >= 0 and wanted[owner[hint]]:
        squared, _ = _squared_distance(chords[hint], x, y, z)
        best = squared * (1.0 + _MARGIN) + _MARGIN
    for ring in range(max(n_x, n_y)):
        for j in range(max(row - ring, 0), min(row + ring, n_y - 1) + 1):
            off_y = _gap(y, low_y, side, j)
            # Within a ring, rows between its top and bottom have two squares only.
            stride = 1 if abs(j - row) == ring else max(2 * ring, 1)
            for i in range(column - ring, column + ring + 1, stride):
                off_x = _gap(x, low_x, side, i)
                if i < 0 or i >= n_x or off_x * off_x + off_y * off_y > best + _MARGIN:
                    continue
                square = j * n_x + i
                for m in range(starts[square], starts[square + 1]):
                    k = members[m]
                    if wanted[owner[k]]:
                        squared, share = _squared_distance(chords[k], x, y, z)
                        if squared < best:
                            best, best_chord, best_share = squared, k, share
        edge_x = min(
            inside_x - low_x - (column - ring) * side, low_x + (column + ring + 1) * side - inside_x
        )
        edge_y = min(
            inside_y - low_y - (row - ring) * side, low_y + (row + ring + 1) * side - inside_y
        )
        reach = max(min(edge_x, edge_y), 0.0)
        if best <= reach * reach + outside:
            break
    return best_chord, best_share


@njit(cache=True, error_model="numpy")
def _refine(
    roads: Any, lanes: Any, lane: int, s: float, x: float, y: float, z: float
) -> tuple[float, float]:
    """From an s near the foot of a point on a centre line to the foot, and the distance [m, m].

    Newton steps for a straight line; one that leads further away is halved.
    """
    record = lanes[0][lane]
    cx, cy, cz, _, _, _ = centre_at(roads, lanes, lane, s)
    squared = (x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2
    for _ in range(N_REFINEMENTS):
        dx, dy, dz = tangent_at(roads, lanes, lane, s)
        along = (x - cx) * dx + (y - cy) * dy + (z - cz) * dz
        step = along / (dx * dx + dy * dy + dz * dz)
        while abs(step) > _CLOSE:
            moved = min(max(s + step, record.s_start), record.s_end)
            mx, my, mz, _, _, _ = centre_at(roads, lanes, lane, moved)
            nearer = (x - mx) ** 2 + (y - my) ** 2 + (z - mz) ** 2
            if nearer < squared:
                s, cx, cy, cz, squared = moved, mx, my, mz, nearer
                break
            step *= 0.5
        if abs(step) <= _CLOSE:
            break
    return s, math.sqrt(squared)


@njit(cache=True, error_model="numpy", nogil=True)
def nearest_of(
    roads: Any, lanes: Any, grid: Any, wanted: Any, points: Any, near: Any, out_lane: Any, out: Any
) -> None:
    """For each point `(n, 3)` the nearest wanted lane, and s and distance there, `(n, 2)` [m].

    `near` `(n,)` holds the chords that were nearest to these points when they were asked about
    before, -1 for never, and then the chords that are. They save time and change nothing.
    """
    chords, owner = grid[3], grid[4]
    for i in range(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        chord, share = _search(grid, wanted, near[i], x, y, z)
        out_lane[i], near[i] = -1, chord
        if chord < 0:
            out[i, 0], out[i, 1] = np.nan, np.nan
            continue
        lane = owner[chord]
        low, high = chords[chord, 3], chords[chord, 7]
        out_lane[i] = lane
        out[i, 0], out[i, 1] = _refine(roads, lanes, lane, low + share * (high - low), x, y, z)


@njit(cache=True, error_model="numpy", nogil=True)
def nearest_chords_of(grid: Any, wanted: Any, points: Any, out_lane: Any, out_s: Any) -> None:
    """For each point `(n, 3)` the lane of the nearest chord, and CARLA's s on it `(n,)` [m].

    Which chord is nearest is a matter of space, how far along it the point lies one of the plane;
    and what is driven along a chord counts as s, so that in bends some s at its end are skipped.
    """
    chords, owner = grid[3], grid[4]
    for i in range(len(points)):
        x, y = points[i, 0], points[i, 1]
        k, _ = _search(grid, wanted, -1, x, y, points[i, 2])
        out_lane[i] = owner[k] if k >= 0 else -1
        if k < 0:
            out_s[i] = np.nan
            continue
        dx, dy = chords[k, 4] - chords[k, 0], chords[k, 5] - chords[k, 1]
        length = math.hypot(dx, dy)
        along = (x - chords[k, 0]) * dx + (y - chords[k, 1]) * dy
        way = min(max(along / max(length, 1e-300), 0.0), length)
        start, end = chords[k, 3], chords[k, 7]
        out_s[i] = min(start + way, end) if end > start else max(start - way, end)
