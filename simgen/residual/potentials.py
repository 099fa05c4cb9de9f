"""Weights of simulated rows that agree with noised tables of counts.

A log-linear model with a penalty on potentials, which is the dual of relative entropy to the rows
as simulated (Dudik, Phillips and Schapire 2007, Maximum entropy density estimation with generalized
regularization). A row's weight follows from its cells, so it carries over to other rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from simgen.kernels.arrays import Flags, Floats
from simgen.residual.base import Arrays
from simgen.residual.marginals import Bins, Workload
from simgen.residual.rows import Indices

_MOST_STEPS = 100  # of the search; tables are met to within their noise after some thirty


@dataclass(frozen=True, kw_only=True, eq=False)
class Noised:
    """What noised tables say of one class.

    Attributes:
        counts: the rows in each cell `(n_cells,)`; below 0 where noise outweighs them.
        variance: of the noise of each cell `(n_cells,)`.
        sizes: how many cells each table has.
        total: how many rows there are, as all tables together say; 1/2 at least.
    """

    counts: Floats
    variance: Floats
    sizes: tuple[int, ...]
    total: float

    @classmethod
    def of(cls, counts: Floats, variance: Floats, sizes: tuple[int, ...]) -> Noised:
        """The tables, and their total: the mean of their sums, weighted by precision."""
        starts = np.cumsum((0, *sizes[:-1]))
        found, spread = (np.add.reduceat(parts, starts) for parts in (counts, variance))
        total = max(0.5, float(np.average(found, weights=1 / spread)))
        return cls(counts=counts, variance=variance, sizes=sizes, total=total)

    def tables(self, first: int, last: int) -> Noised:
        """Some of the tables: from `first` up to, but not including, `last`."""
        own = slice(sum(self.sizes[:first]), sum(self.sizes[:last]))
        return Noised(
            counts=self.counts[own],
            variance=self.variance[own],
            sizes=self.sizes[first:last],
            total=self.total,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Weighing:
    """How much more often rows should come, from the cells they fall into.

    Attributes:
        workload: the tables.
        potential: the logarithm of each cell's factor `(2, n_cells)`, by class.

    Raises:
        ValueError: there are not as many potentials as cells.
    """

    workload: Workload
    potential: Floats

    def __post_init__(self) -> None:
        if self.potential.shape != (2, sum(self.workload.sizes)):
            raise ValueError("tables have another number of potentials than cells")

    def ratio(self, codes: Indices, label: Flags) -> Floats:
        """The ratio `(n,)` of rows in the given bins `(n, d)`."""
        ratio = np.empty(len(codes))
        for code, own in enumerate((~label, label)):
            cells = self.workload.cells(codes[own])
            ratio[own] = np.exp(sums(cells, self.potential[code], int(own.sum())))
        return ratio

    def arrays(self) -> dict[str, Any]:
        """The weighing as arrays by name."""
        pairs = np.array(self.workload.pairs, np.int64).reshape(-1, 2)
        return {"potential": self.potential, "pairs": pairs}

    @classmethod
    def from_arrays(cls, arrays: Arrays, bins: Bins) -> Weighing:
        """The weighing whose arrays these are; KeyError or ValueError if they are not."""
        pairs = tuple((int(one), int(other)) for one, other in arrays["pairs"])
        return cls(
            workload=Workload(n_bins=bins.n_bins, pairs=pairs),
            potential=arrays["potential"].astype(np.float64),
        )


def fit_potentials(
    noised: Noised, cells: list[Indices], weight: Floats, *, n_simulated: float, prior_share: float
) -> Floats:
    """A potential for each cell `(n_cells,)`: a row's weight grows by e to the sum of its cells'.

    Of all ways to weigh the rows, the one with the least squared deviations from the tables over
    twice their variance, of noise and of counts, plus relative entropy, as if `prior_share` of the
    real rows had been as simulated. Where simulated rows are few, they are trusted with less.

    Args:
        noised: the tables.
        cells: for each table, the cell of every row `(n,)`.
        weight: what rows weigh `(n,)`.
        n_simulated: how many simulated rows of one weight would tell as much.
        prior_share: what the simulated rows weigh beside real ones.
    """
    share, total, n_cells = weight / weight.sum(), noised.total, len(noised.counts)
    expected = total * _mass(cells, share, n_cells)
    stiffness = prior_share * (noised.variance + expected) + expected * total / n_simulated
    # All directions about as steep; a cell that no row falls into has no potential.
    scale = (expected > 0) / np.sqrt(stiffness + expected)

    def dual(scaled: Floats) -> tuple[float, Floats]:
        potential = scaled * scale
        logs = sums(cells, potential, len(share))
        highest = logs.max()
        tilted = share * np.exp(logs - highest)
        whole = tilted.sum()
        pull = stiffness * potential - noised.counts
        slope = pull + total * _mass(cells, tilted / whole, n_cells)
        value = total * (np.log(whole) + highest) + potential @ (pull - noised.counts) / 2
        return value, slope * scale

    options: Any = {"maxiter": _MOST_STEPS}
    found = minimize(dual, np.zeros(n_cells), jac=True, method="L-BFGS-B", options=options)
    potentials: Floats = found.x * scale
    return potentials


def credibility(noised: Noised, shares: Floats) -> float:
    """What simulated rows should weigh beside the real ones, as a share of these; 1 at most.

    As in credibility theory (Buehlmann 1967, Experience rating and credibility), from how far the
    tables are from what is simulated beyond what noise and sampling explain: if the real shares
    were spread around the simulated ones as by a Dirichlet distribution with `a` rows, cells would
    differ by a variance of n^2 q (1 - q) / (a + 1).

    Args:
        noised: the tables.
        shares: of simulated rows in each cell `(n_cells,)`.
    """
    total, spread = noised.total, float(np.sum(shares * (1 - shares)))
    apart = (noised.counts - total * shares) ** 2 - noised.variance
    beyond = float(apart.sum()) / max(spread, np.finfo(float).tiny) - total
    rows = total**2 / max(beyond, total) - 1
    return max(1.0, rows) / max(1.0, total)


def effective_rows(weight: Floats) -> float:
    """How many rows of one weight tell as much as these `(n,)` do: Kish 1965, Survey sampling."""
    return float(weight.sum() ** 2 / np.sum(weight**2))


def sums(cells: Iterable[Indices], potential: Floats, n_rows: int) -> Floats:
    """The sum `(n,)` of the potentials `(n_cells,)` of every row's cells."""
    total = np.zeros(n_rows)
    for cell in cells:
        total += potential[cell]
    return total


def _mass(cells: list[Indices], share: Floats, n_cells: int) -> Floats:
    total = np.zeros(n_cells)
    for cell in cells:
        total += np.bincount(cell, share, n_cells)
    return total
