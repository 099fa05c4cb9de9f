"""Statistics of weighted rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Floats
from simgen.metrics.base import Indices

# From the weights of the real and of the synthetic rows to a distance; None if a side is empty.
Distance = Callable[[Floats, Floats], float | None]
Matrix = list[list[float | None]]  # of correlations; None where a column does not vary


def kolmogorov_smirnov(real: Floats, synthetic: Floats) -> Distance:
    """The largest gap between two weighted distribution functions, as a function of the weights.

    The values `(n,)` are sorted once, so that a bootstrap pays for sums alone. NaN is left out.
    """
    values = np.concatenate([real, synthetic])
    order = np.argsort(values, kind="stable")
    order = order[: len(order) - int(np.isnan(values).sum())]
    # A distribution function is compared where its step is complete: at the last of equal values.
    complete = np.flatnonzero(np.diff(values[order], append=np.inf))
    of_real = order < len(real)

    def distance(real_weight: Floats, synthetic_weight: Floats) -> float | None:
        weight = np.concatenate([real_weight, synthetic_weight])[order]
        below_real = np.cumsum(np.where(of_real, weight, 0.0))
        below_synthetic = np.cumsum(np.where(of_real, 0.0, weight))
        if len(order) == 0 or below_real[-1] == 0 or below_synthetic[-1] == 0:
            return None
        gap = below_real / below_real[-1] - below_synthetic / below_synthetic[-1]
        return float(np.abs(gap[complete]).max())

    return distance


def total_variation(real: Indices, synthetic: Indices) -> Distance:
    """Half the summed difference of the shares of each code, as a function of the weights.

    Args:
        real: codes `(n,)` >= 0 into a vocabulary that both samples share.
        synthetic: codes `(m,)` into the same.
    """
    n_codes = int(max(real.max(initial=-1), synthetic.max(initial=-1))) + 1

    def distance(real_weight: Floats, synthetic_weight: Floats) -> float | None:
        real_mass = np.bincount(real, real_weight, n_codes)
        synthetic_mass = np.bincount(synthetic, synthetic_weight, n_codes)
        if real_mass.sum() == 0 or synthetic_mass.sum() == 0:
            return None
        gap = real_mass / real_mass.sum() - synthetic_mass / synthetic_mass.sum()
        return float(np.abs(gap).sum() / 2)

    return distance


def shared_codes(
    real: npt.NDArray[np.str_], synthetic: npt.NDArray[np.str_]
) -> tuple[Indices, Indices, list[str]]:
    """Codes of both columns into one vocabulary, and the vocabulary."""
    vocabulary, codes = np.unique(np.concatenate([real, synthetic]), return_inverse=True)
    return codes[: len(real)], codes[len(real) :], [str(entry) for entry in vocabulary]


def ranks(values: Floats, weight: Floats) -> Floats:
    """The mid-rank `(n,)` in [0, 1] of each value among the weighted values; NaN for NaN."""
    result = np.full(len(values), np.nan)
    present = ~np.isnan(values)
    _, codes = np.unique(values[present], return_inverse=True)
    if weight[present].any():
        result[present] = _mid_ranks(codes, weight[present])
    return result


def spearman(first: Floats, second: Floats, weight: Floats) -> float | None:
    """The weighted rank correlation; None where a side does not vary."""
    both = ~(np.isnan(first) | np.isnan(second))
    weight = weight[both]
    if not weight.any():
        return None
    return pearson(ranks(first[both], weight), ranks(second[both], weight), weight)


def pearson(first: Floats, second: Floats, weight: Floats) -> float | None:
    """The weighted correlation, where both are present; None where a side does not vary."""
    both = ~(np.isnan(first) | np.isnan(second))
    return correlations(np.stack([first[both], second[both]]), weight[both])[0][1]


def correlations(values: Floats, weight: Floats) -> Matrix:
    """Pearson's correlation of each pair of the rows of `values` `(k, n)`, weighted."""
    if not weight.any():
        return [[None] * len(values) for _ in values]
    held = values[:, weight > 0]
    varies = held.min(axis=1) < held.max(axis=1)
    centred = values - np.average(values, axis=1, weights=weight)[:, None]
    products = (centred * weight) @ centred.T
    varies &= products.diagonal() > 0  # differences of 1e-200 have no square
    spread = np.sqrt(np.where(varies, products.diagonal(), 1.0))
    found = products / spread[:, None] / spread
    return [
        [float(found[i, j]) if varies[i] and varies[j] else None for j in range(len(values))]
        for i in range(len(values))
    ]


def pairwise(
    columns: Sequence[Floats], pair: Callable[[Floats, Floats, Floats], float | None], *, rank: bool
) -> Callable[[Floats], Matrix]:
    """The correlation of each pair of columns `(n,)`, as a function of the weights.

    Columns without NaN are done together, their values sorted once; the others by `pair`, since
    NaN leaves out other rows in each pair.

    Args:
        columns: the values.
        pair: what does two columns and a weight: `spearman` or `pearson`.
        rank: whether the values count by their ranks.
    """
    whole = [i for i, values in enumerate(columns) if not np.isnan(values).any()]
    codes = [np.unique(columns[i], return_inverse=True)[1] for i in whole] if rank else []

    def matrix(weight: Floats) -> Matrix:
        together: Matrix = []
        if whole and weight.any():
            values = [_mid_ranks(c, weight) for c in codes] if rank else [columns[i] for i in whole]
            together = correlations(np.stack(values), weight)
        found: Matrix = [[None] * len(columns) for _ in columns]
        for i, first in enumerate(columns):
            for j, second in enumerate(columns[: i + 1]):
                known = together and i in whole and j in whole
                found[i][j] = found[j][i] = (
                    together[whole.index(i)][whole.index(j)]
                    if known
                    else pair(first, second, weight)
                )
        return found

    return matrix


def change(
    association: Callable[..., float | None],
    first: tuple[Floats | Indices, Floats | Indices],
    second: tuple[Floats | Indices, Floats | Indices],
) -> Distance:
    """How far an association of two columns, each of both samples, is off."""

    def distance(real_weight: Floats, synthetic_weight: Floats) -> float | None:
        expected = association(first[0], second[0], real_weight)
        found = association(first[1], second[1], synthetic_weight)
        return None if expected is None or found is None else abs(expected - found)

    return distance


def _mid_ranks(codes: Indices, weight: Floats) -> Floats:
    places: Floats = mid_shares(codes, weight)[codes]
    return places


def mid_shares(codes: Indices, weight: Floats) -> Floats:
    """The mid-distribution `(k,)`: the share of the weight before each code and half of its own."""
    mass = np.bincount(codes, weight)
    shares: Floats = (np.cumsum(mass) - mass / 2) / mass.sum()
    return shares


def quantiles(values: Floats, weight: Floats, shares: npt.ArrayLike) -> Floats:
    """The least of the values at or below which each share of the weight lies; NaN is left out.

    The inverse of the distribution function, without interpolation. That of `np.quantile` finds
    another row where rounding decides: 7 / 25 is 0.28, but 0.28 * 25 is more than 7.
    """
    present = ~np.isnan(values)
    order = np.argsort(values[present], kind="stable")
    mass = np.cumsum(weight[present][order])
    positions = np.searchsorted(mass, np.asarray(shares, np.float64) * mass[-1])
    found: Floats = values[present][order][np.minimum(positions, len(order) - 1)]
    return found


def cuts(values: Floats, weight: Floats, n_bins: int) -> Floats:
    """Between which values `(k,)`, k < `n_bins`, bins of about as much weight meet."""
    return np.unique(quantiles(values, weight, np.arange(1, n_bins) / n_bins))


def mean(values: npt.ArrayLike, weight: Floats) -> float | None:
    """The weighted mean; None where nothing weighs anything."""
    total = weight.sum()
    return float(np.asarray(values, np.float64) @ weight / total) if total > 0 else None
