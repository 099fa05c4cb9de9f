"""Distances between rows of two samples, a block at a time, and what follows from them.

Everything is compared with everything: for the few thousand rows that metrics look at, that is
faster than a tree once there are more than about five dimensions. Who looks for copies of rows
looks among all of them, and thins the rows that look.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.base import Indices

_ROWS = 512  # of a block
_EQUAL = 1e-12  # squared; what rounding leaves of the distance of a point to itself
_MANY = 20_000  # rows to be found; more are searched in parts, as blocks would fill the memory
_PART = 2_048  # rows of such a part: what is compared with one block stays in the cache
_MOST_PAIRS = 2_000_000_000  # compared by a metric; some ten seconds with twenty columns
_FEWEST = 250  # rows that look for neighbours, however many there are to be found

Codes = tuple[Indices, Indices]  # of the rows of both sides: rows of one code are no neighbours


def why_alone(real: Indices, synthetic: Indices | None = None, *, k: int = 1) -> str:
    """Why a row's neighbourhood has no end: "" if each has `k` rows of other entities beside it.

    Args:
        real: the entity of each real row, as a number from 0 `(n,)`.
        synthetic: that of each synthetic row `(m,)`.
        k: neighbours that a neighbourhood reaches to.
    """
    for name, codes in (("real", real), ("synthetic", synthetic)):
        if codes is None:
            continue
        n_others = len(codes) - int(np.bincount(codes).max(initial=0))
        if n_others < k:
            found = "no row" if n_others == 0 else f"fewer than {k} rows"
            return f"a {name} row has {found} of another entity beside it"
    return ""


def affordable(n_pairs: int, most: int) -> int:
    """How many rows, up to `most`, may look among all others, for `n_pairs` comparisons each."""
    return min(most, max(_FEWEST, _MOST_PAIRS // n_pairs))


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
    if len(among) > _MANY:
        return _nearest_of_many(points, among, k, apart)
    for rows, block in blocks(points, among, apart=apart):
        # A partition also puts the rest in place, which the first needs not.
        found = block.argmin(1) if k == 1 else np.argpartition(block, k - 1, axis=1)[:, k - 1]
        indices[rows] = found
        distances[rows] = np.take_along_axis(block, found[:, None], axis=1)[:, 0]
    return distances, indices


def _nearest_of_many(
    points: Floats, among: Floats, k: int, apart: Codes | None
) -> tuple[Floats, Indices]:
    """As `nearest`: the `k` nearest so far of a block are compared with those of the next part."""
    varies = (among != among[0]).any(axis=0) | (points != among[0]).any(axis=0)
    points, among = points[:, varies], among[:, varies]
    # One product gives the squared distances, less the own square of each point.
    goals = np.column_stack([-2 * among, np.einsum("ij,ij->i", among, among)]).T
    starts = np.column_stack([points, np.ones(len(points))])
    distances, indices = np.full(len(points), np.inf), np.zeros(len(points), np.int64)
    for start in range(0, len(points), _ROWS):
        rows = slice(start, start + _ROWS)
        n_rows = len(points[rows])
        gaps, found = np.full((n_rows, k), np.inf), np.zeros((n_rows, k), np.int64)
        for first in range(0, len(among), _PART):
            part = slice(first, first + _PART)
            gap = starts[rows] @ goals[:, part]
            if apart is not None:
                gap[apart[0][rows, None] == apart[1][part]] = np.inf
            # Most rows have nearer ones already: those need no partition.
            new = np.flatnonzero(gap.min(axis=1) < gaps[:, -1])
            both = np.hstack([gaps[new], gap[new]])
            kept = np.argpartition(both, k - 1, axis=1)[:, :k]
            gaps[new] = np.take_along_axis(both, kept, axis=1)
            here = np.broadcast_to(np.arange(first, first + gap.shape[1]), gap[new].shape)
            found[new] = np.take_along_axis(np.hstack([found[new], here]), kept, axis=1)
        last, indices[rows] = gaps[:, -1], found[:, -1]
        square = ((points[rows] - among[indices[rows]]) ** 2).sum(axis=1)
        square = np.where(square < _EQUAL, 0.0, square)
        distances[rows] = np.where(np.isinf(last), np.inf, np.sqrt(square))
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
