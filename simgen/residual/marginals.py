"""Tables of counts by public bins and label: what a private fit asks of the real rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np
from scipy.stats import entropy

from simgen.kernels.arrays import Floats
from simgen.residual.rows import Indices
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

    @property
    def n_present(self) -> tuple[int, ...]:
        """How many bins of each column hold values, not their absence."""
        return tuple(len(edges) + 1 for edges in self.edges)

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
            cuts = _cuts(values[present], weight[present], n_bins)
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


def workload(told: Floats, bins: Bins, n_pairs: int) -> Workload:
    """The workload with the `n_pairs` pairs of columns that tell most of one another `(d, d)`."""
    pairs = sorted(combinations(range(len(told)), 2), key=lambda pair: -told[pair])[:n_pairs]
    return Workload(n_bins=bins.n_bins, pairs=tuple(sorted(pairs)))


def dependence(simulated: Free, bins: Bins) -> tuple[Floats, Floats]:
    """How columns hang together within a class, from simulated rows alone, each `(d, d)`.

    First what they tell of one another [nat], the sum over both classes. Then, among rows that have
    both, the same as a share of the lesser entropy of the two, the mean of both classes.
    """
    weight, codes = balanced(simulated), bins.codes(simulated.values)
    told, shared = np.zeros((2, len(bins.n_bins), len(bins.n_bins)))
    classes = [own for own in (simulated.label, ~simulated.label) if own.any()]
    for own in classes:
        part, mass = codes[own], weight[own]
        for pair in combinations(range(len(told)), 2):
            table = _table(part[:, pair], mass, bins, pair)
            present = table[tuple(slice(bins.n_present[place]) for place in pair)]
            least = min(_entropy(present.sum(axis=axis)) for axis in (0, 1))
            told[pair] += _information(table)
            shared[pair] += _information(present) / max(least, 1e-9) / len(classes)
    return told + told.T, shared + shared.T


def balanced(rows: Free) -> Floats:
    """What rows weigh `(n,)` when each class has the same sum."""
    weight = rows.weight.copy()
    for own in (rows.label, ~rows.label):
        weight[own] /= max(weight[own].sum(), np.finfo(float).tiny)
    return weight


def _cuts(values: Floats, weight: Floats, n_bins: int) -> Floats:
    """The distinct values `(k,)`, k < `n_bins`, up to which bins of about as much weight reach."""
    if not weight.any():
        return np.zeros(0)
    shares = np.arange(1, n_bins) / n_bins
    return np.unique(np.quantile(values, shares, weights=weight, method="inverted_cdf"))


def _table(codes: Indices, weight: Floats, bins: Bins, pair: Query) -> Floats:
    """What rows weigh by the bins of two columns."""
    n_rows, n_columns = (bins.n_bins[place] for place in pair)
    cell = codes[:, 0] * n_columns + codes[:, 1]
    mass = np.bincount(cell, weight, n_rows * n_columns)
    return mass.astype(np.float64).reshape(n_rows, n_columns)


def _information(table: Floats) -> float:
    """The mutual information of rows and columns [nat]."""
    sides = _entropy(table.sum(axis=0)) + _entropy(table.sum(axis=1))
    return max(0.0, sides - _entropy(table.ravel()))


def _entropy(mass: Floats) -> float:
    """The entropy [nat] of shares that masses `(k,)` have; 0 where there is none."""
    return float(entropy(mass)) if mass.sum() > 0 else 0.0
