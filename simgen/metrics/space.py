"""One space for numbers and categories, in which rows have distances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Floats
from simgen.metrics.base import Sample
from simgen.metrics.weighted import quantiles, ranks

N_CATEGORIES = 50  # with a place of their own; rarer ones share one
_ROWS_PER_KNOT, _FEWEST_KNOTS, _MOST_KNOTS = 20, 10, 101  # of a scale of ranks; assumptions
_APART = np.sqrt(0.5)  # of a category's corner from the origin: two categories are 1 apart


@dataclass(frozen=True, kw_only=True)
class Space:
    """Where rows lie: numbers within one unit, categories one unit apart.

    Wilson and Martinez (1997), Improved heterogeneous distance functions, with another scale for
    numbers: half their rank among the real rows, so that a heavy tail stretches nothing, and half
    their place between the real 1 % and 99 % quantiles, so that a gap between real values stays
    one. Ranks are those of some real values, and run straight between them: each real value at
    its own rank would be as far from the next as any other, where synthetic ones lie anywhere
    between. Beyond the real values the scale goes on linearly, in ranges of the real values. A
    row without a number lies in the middle and apart from all that have one.

    Attributes:
        numeric: some real values of each column in order, and their places.
        categorical: the categories of each column that have a place of their own.
    """

    numeric: Mapping[str, tuple[Floats, Floats]]
    categorical: Mapping[str, npt.NDArray[np.str_]]

    @classmethod
    def of(cls, real: Sample, synthetic: Sample) -> Space:
        """The space of two samples that have the same columns."""
        return cls(
            numeric={name: _scale(values, real.weight) for name, values in real.numeric.items()},
            categorical={
                name: _frequent(np.concatenate([words, synthetic.categorical[name]]))
                for name, words in real.categorical.items()
            },
        )

    def place(self, sample: Sample, *, without: str = "") -> Floats:
        """The points `(n, d)` of the rows, the column `without` left out; numbers come first."""
        numeric = [n for n in self.numeric if n != without]
        scaled = [self._scaled(name, sample.numeric[name]) for name in numeric]
        absent = [_APART * np.isnan(sample.numeric[name]) for name in numeric]
        corners = [
            _APART * (sample.categorical[name][:, None] == known)
            for name, known in self.categorical.items()
            if name != without
        ]
        columns = [np.column_stack(part) for part in (scaled, absent) if part]
        return np.hstack([np.zeros((sample.n_rows, 0)), *columns, *corners])

    def _scaled(self, name: str, values: Floats) -> Floats:
        known, places = self.numeric[name]
        if len(known) == 0:
            return np.full(len(values), 0.5)
        spread = known[-1] - known[0] or max(abs(known[0]), 1.0)
        beyond = values - np.clip(values, known[0], known[-1])
        place = np.interp(values, known, places) + beyond / spread
        return np.where(np.isnan(values), 0.5, place)


def _scale(values: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """The values in order and their places; none of a column without a value that weighs any."""
    if not weight[~np.isnan(values)].any():
        return np.zeros(0), np.zeros(0)
    known, first = np.unique(values, return_index=True)
    first, known = first[~np.isnan(known)], known[~np.isnan(known)]
    rank = ranks(values, weight)[first]
    low, high = quantiles(values, weight, [0.01, 0.99])
    n_knots = np.clip(len(values) // _ROWS_PER_KNOT, _FEWEST_KNOTS, _MOST_KNOTS)
    wanted = np.searchsorted(rank, np.linspace(rank[0], rank[-1], n_knots))
    ends = np.searchsorted(known, [low, high])  # where the linear half bends
    at = np.union1d(wanted, np.clip(ends, 0, len(known) - 1))
    known, rank = known[at], rank[at]
    linear = np.clip((known - low) / (high - low), 0.0, 1.0) if high > low else rank
    return known, (rank + linear) / 2


def _frequent(words: npt.NDArray[np.str_]) -> npt.NDArray[np.str_]:
    known, counts = np.unique(words, return_counts=True)
    return known[np.sort(np.argsort(-counts, kind="stable")[:N_CATEGORIES])]
