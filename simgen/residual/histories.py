"""Histories: rows of one entity in their order, where earlier rows are causes of later ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from simgen.kernels.arrays import Floats
from simgen.residual.rows import Indices


@dataclass(frozen=True, kw_only=True, eq=False)
class History:
    """Where each row stands in the history of its entity.

    Attributes:
        previous: the entity's row before each `(n,)`; -1 for its first.
        position: how many of its rows come before `(n,)`.
        lags: how many earlier values of each column are causes `(d,)`; none if rows stand alone.
    """

    previous: Indices
    position: Indices
    lags: Sequence[int]

    @classmethod
    def of(cls, entity: Indices, order: Floats, lags: Sequence[int]) -> History:
        """The history of rows whose entity and place in time are these, each `(n,)`."""
        n_rows = len(entity)
        rows = np.lexsort((order, entity))
        first = np.diff(entity[rows], prepend=-1) != 0
        previous = np.empty(n_rows, np.int64)
        previous[rows] = np.where(first, -1, np.roll(rows, 1))
        starts = np.flatnonzero(first)
        position = np.empty(n_rows, np.int64)
        position[rows] = np.arange(n_rows) - starts[np.cumsum(first) - 1]
        return cls(previous=previous, position=position, lags=lags)

    def steps(self) -> Iterator[Indices]:
        """The rows `(k,)` of each position, the first ones first."""
        rows = np.argsort(self.position, kind="stable")
        sizes = np.bincount(self.position)
        yield from np.split(rows, np.cumsum(sizes)[:-1])

    def past(self, values: Floats, rows: Indices) -> Floats:
        """What rows `(k,)` answer to besides their own columns `(k, 1 + sum of lags)`.

        That is their position and, for each column, as many of the entity's last values as it has
        lags; NaN before its first. `values` `(n, d)` are those of all rows.
        """
        if not self.lags:
            return np.empty((len(rows), 0))
        causes = [self.position[rows].astype(np.float64)]
        for values_of_column, n_lags in zip(values.T, self.lags, strict=True):
            before = rows
            for _ in range(n_lags):
                before = np.where(before >= 0, self.previous[before], -1)
                causes.append(np.where(before >= 0, values_of_column[before], np.nan))
        return np.column_stack(causes)
