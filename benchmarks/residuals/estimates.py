"""Means and ratios over seeds and over resamples of the final test, with their 95 % intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from simgen.kernels.arrays import Floats

_NORMAL_95 = 1.96  # standard errors on each side of a 95 % interval


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A value and half its 95 % interval."""

    value: float
    error: float

    @property
    def low(self) -> float:
        """Where the interval begins."""
        return self.value - self.error


def mean_score(values: Sequence[float], errors: Sequence[float]) -> Estimate:
    """The mean over seeds of scores that have intervals of their own.

    Those come from the same final test, so averaging makes them no smaller.
    """
    own = float(np.mean(errors))
    return Estimate(value=float(np.mean(values)), error=float(np.hypot(own, _of_seeds([*values]))))


def mean(runs: Sequence[Sequence[float]]) -> Estimate:
    """The mean over seeds of runs `(s, 1 + r)`: a measure, and the same on `r` resamples.

    A resample without a rare row has no measure (NaN) and is left out.
    """
    table = np.asarray(runs)
    return _estimate(table.mean(axis=0), _of_seeds(table[:, 0]))


def ratio(
    runs: Sequence[Sequence[float]], others: Sequence[Sequence[float]], *, paired: bool = False
) -> Estimate:
    """The geometric mean of runs over that of others, each `(s, 1 + r)`.

    Both are tested on the same resamples, so what a resample does to both falls out. `paired`: a
    seed's runs share their real rows, so what those do to both falls out as well.
    """
    first, second = np.log(runs), np.log(others)
    logs = first.mean(axis=0) - second.mean(axis=0)
    if paired:
        of_seeds = _of_seeds(first[:, 0] - second[:, 0])
    else:
        of_seeds = float(np.hypot(_of_seeds(first[:, 0]), _of_seeds(second[:, 0])))
    found = _estimate(logs, of_seeds)
    value = float(np.exp(found.value))
    return Estimate(value=value, error=value * float(np.expm1(found.error)))


def _estimate(resampled: Floats, of_seeds: float) -> Estimate:
    """The first of `(1 + r)` numbers, its error that of the others that are any and of seeds."""
    others = resampled[1:][np.isfinite(resampled[1:])]
    of_test = _NORMAL_95 * float(np.std(others, ddof=1))
    return Estimate(value=float(resampled[0]), error=float(np.hypot(of_test, of_seeds)))


def _of_seeds(values: Sequence[float] | Floats) -> float:
    """Half the interval of the mean of seeds; 0 where there is one, which says nothing of them."""
    if len(values) < 2:
        return 0.0
    wide = float(student.ppf(0.975, len(values) - 1))
    return wide * float(np.std(values, ddof=1)) / float(np.sqrt(len(values)))
