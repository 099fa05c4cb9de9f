"""Tables of counts by public bins and label: what a private fit asks of the real rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import Any

import numpy as np

from simgen.residual.rows import Floats, Indices
from simgen.residual.shape import Free, Shape

Query = tuple[int, ...]  # the places of the columns counted together; () counts rows


@dataclass(frozen=True, kw_only=True, eq=False)
class Bins:
    """Bins of every column.

    Attributes:
        edges: by column, where its second and later bins begin `(k - 1,)`. Those of a category lie
            at its codes; a number has one more bin, the last, for its absence.
        n_bins: how many bins each column has.
    """

    edges: tuple[Floats, ...]
    n_bins: tuple[int, ...]

    def codes(self, values: Floats) -> Indices:
        """The bin of every number `(n, d)`."""
        codes = np.empty(values.shape, np.int64)
        for place, edges in enumerate(self.edges):
            codes[:, place] = np.searchsorted(edges, values[:, place], side="right")
            codes[np.isnan(values[:, place]), place] = self.n_bins[place] - 1
        return codes

    @classmethod
    def of(cls, edges: tuple[Floats, ...], shape: Shape) -> Bins:
        """The bins that begin at these edges."""
        n_bins = [
            len(column.categories) or len(own) + 2
            for own, column in zip(edges, shape.columns, strict=True)
        ]
        return cls(edges=edges, n_bins=tuple(n_bins))


def public_bins(simulated: Free, shape: Shape, n_bins: int) -> Bins:
    """Bins made from the vocabulary, and from simulated rows alone for numbers.

    A whole number with at most `n_bins` values has a bin for each; others have bins that hold
    about as much of the simulated weight, when both classes weigh the same.
    """
    weight = balanced(simulated)
    edges = []
    for column, values in zip(shape.columns, simulated.values.T, strict=True):
        present = ~np.isnan(values)
        different = np.unique(values[present])
        if column.categories:
            edges.append(np.arange(1.0, len(column.categories)))
        elif column.whole and len(different) <= n_bins:
            edges.append(different[1:])
        else:
            shares = np.arange(1, n_bins) / n_bins
            cuts = np.unique(quantiles(values[present], weight[present], shares))
            edges.append(cuts[cuts > different[:1]])
    return Bins.of(tuple(edges), shape)


@dataclass(frozen=True, kw_only=True, eq=False)
class Workload:
    """The tables that are counted: of all rows, of each column, and of some pairs of columns.

    Attributes:
        n_bins: how many bins each column has.
        pairs: the places of two columns, for each pair.
    """

    n_bins: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]

    @property
    def queries(self) -> tuple[Query, ...]:
        """The columns of each table."""
        return ((), *((place,) for place in range(len(self.n_bins))), *self.pairs)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many cells each table has."""
        return tuple(prod(self.n_bins[place] for place in query) for query in self.queries)

    def cells(self, codes: Indices) -> Iterator[Indices]:
        """For each table, the cell of every row `(n,)`, numbered on from table to table."""
        start = 0
        for query, size in zip(self.queries, self.sizes, strict=True):
            cell = np.zeros(len(codes), np.int64)
            for place in query:
                cell = cell * self.n_bins[place] + codes[:, place]
            yield cell + start
            start += size

    def counts(self, codes: Indices) -> Indices:
        """How many rows there are in each cell `(n_cells,)`."""
        counts = np.zeros(sum(self.sizes), np.int64)
        for cell in self.cells(codes):
            counts += np.bincount(cell, minlength=len(counts))
        return counts


def workload(simulated: Free, bins: Bins, n_pairs: int) -> Workload:
    """The workload with the `n_pairs` pairs of columns that depend most on one another.

    By their mutual information within each class, among simulated rows alone.
    """
    places = range(len(bins.n_bins))
    weight, codes = balanced(simulated), bins.codes(simulated.values)
    told = {
        pair: sum(
            _information(codes[own][:, pair], weight[own], bins, pair)
            for own in (simulated.label, ~simulated.label)
        )
        for pair in combinations(places, 2)
    }
    pairs = sorted(told, key=lambda pair: -told[pair])[:n_pairs]
    return Workload(n_bins=bins.n_bins, pairs=tuple(sorted(pairs)))


def balanced(rows: Free) -> Floats:
    """What rows weigh `(n,)` when each class has the same sum."""
    weight = rows.weight.copy()
    for own in (rows.label, ~rows.label):
        weight[own] /= max(weight[own].sum(), np.finfo(float).tiny)
    return weight


def quantiles(values: Floats, weight: Floats, shares: Floats) -> Floats:
    """The least of the values `(n,)` below or at which each share `(k,)` of the weight lies."""
    if not len(values):
        return np.zeros(0)
    order = np.argsort(values)
    below = np.cumsum(weight[order])
    place = np.searchsorted(below / below[-1], shares)
    found: Floats = values[order][np.minimum(place, len(values) - 1)]
    return found


def _information(codes: Indices, weight: Floats, bins: Bins, pair: Query) -> float:
    """The mutual information [nat] of two columns."""
    n_rows, n_columns = (bins.n_bins[place] for place in pair)
    cell = codes[:, 0] * n_columns + codes[:, 1]
    table = np.bincount(cell, weight, n_rows * n_columns).reshape(n_rows, n_columns)
    table = table / max(table.sum(), np.finfo(float).tiny)
    alone = table.sum(axis=1, keepdims=True) * table.sum(axis=0)
    there: Any = table > 0
    return float(np.sum(table[there] * np.log(table[there] / alone[there])))
