"""Distances between rows of two samples, a block at a time, and what follows from them.

Everything is compared with everything: for the few thousand rows that metrics look at, that is
faster than a tree once there are more than about five dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simgen.metrics.base import Flags, Floats, Indices

_ROWS = 512  # of a block
_EQUAL = 1e-12  # squared; what rounding leaves of the distance of a point to itself

Codes = tuple[Indices, Indices]  # of the rows of both sides: rows of one code are no neighbours


def blocks(
    points: Floats, among: Floats, *, apart: Codes | None = None
) -> Iterator[tuple[slice, Floats]]:
    """Distances `(b, m)` of some of the points `(n, d)` to all of `among` `(m, d)`.

    Rows with the same code in `apart` are infinitely far from one another.
    """
    squares = np.einsum("ij,ij->i", points, points), np.einsum("ij,ij->i", among, among)
    for start in range(0, len(points), _ROWS):
        rows = slice(start, start + _ROWS)
        square = squares[0][rows, None] + squares[1] - 2 * points[rows] @ among.T
        distance = np.sqrt(np.where(square < _EQUAL, 0.0, square))
        if apart is not None:
            distance[apart[0][rows, None] == apart[1]] = np.inf
        yield rows, distance


def nearest(
    points: Floats, among: Floats, *, k: int = 1, apart: Codes | None = None
) -> tuple[Floats, Indices]:
    """The distance `(n,)` of each point to the `k`-th nearest of `among`, and which that is.

    Infinite where there are fewer than `k`.
    """
    distances, indices = np.full(len(points), np.inf), np.zeros(len(points), np.int64)
    if len(among) < k:
        return distances, indices
    for rows, block in blocks(points, among, apart=apart):
        # A partition also puts the rest in place, which the first needs not.
        found = block.argmin(1) if k == 1 else np.argpartition(block, k - 1, axis=1)[:, k - 1]
        indices[rows] = found
        distances[rows] = np.take_along_axis(block, found[:, None], axis=1)[:, 0]
    return distances, indices


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """How the neighbourhoods of real and of synthetic rows overlap.

    A row's neighbourhood is the ball as far as its k-th neighbour of its own sample.

    Attributes:
        precise: whether each synthetic row lies in a neighbourhood of a real one `(m,)`.
        dense: in how many of them, over k `(m,)`.
        recalled: whether each real row lies in a neighbourhood of a synthetic one `(n,)`.
        covered: whether a synthetic row lies in the neighbourhood of each real row `(n,)`.
    """

    precise: Flags
    dense: Floats
    recalled: Flags
    covered: Flags


def overlap(real: Floats, synthetic: Floats, *, k: int, apart: Codes) -> Overlap:
    """The overlap of the points `(n, d)` and `(m, d)`; `apart` numbers the entities of both."""
    reach = [
        nearest(side, side, k=k, apart=(codes, codes))[0]
        for side, codes in zip((real, synthetic), apart, strict=True)
    ]
    precise, dense = np.zeros(len(synthetic), bool), np.zeros(len(synthetic))
    recalled, covered = np.zeros(len(real), bool), np.zeros(len(real), bool)
    for rows, distance in blocks(synthetic, real):
        within = distance <= reach[0]
        precise[rows], dense[rows] = within.any(axis=1), within.sum(axis=1) / k
        covered |= within.any(axis=0)
        recalled |= (distance <= reach[1][rows, None]).any(axis=0)
    return Overlap(precise=precise, dense=dense, recalled=recalled, covered=covered)
