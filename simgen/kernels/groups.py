"""Ranks and quantiles within groups of weighted values.

The values of group g stand in ascending order at `starts[g]` to `starts[g + 1]`; `shares` is the
share of the group's weight up to and including each, so the last of each group is 1. A value that
is absent is -inf.

Between two neighbours the distribution function of continuous values rises along a straight line,
from the middle of the lower one's step to the middle of the upper one's (Hazen 1914), and beyond
the outermost by half a gap, within bounds. So a quantile is one of the values by accident only,
unless several of them are equal: an atom, which keeps its mass.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.arrays import Floats, Integers


def group_shares(group: Integers, values: Floats, weight: Floats, n_groups: int) -> Any:
    """Weighted values `(n,)` by group, as the kernels here take them: starts, values, shares.

    ValueError if the values of a group weigh nothing.
    """
    order = np.lexsort((values, group))
    starts = np.zeros(n_groups + 1, np.int64)
    np.cumsum(np.bincount(group, minlength=n_groups), out=starts[1:])
    total = np.bincount(group, weight, n_groups)
    if not (total > 0).all():
        raise ValueError("the values of a group weigh nothing")
    shares = np.empty(len(values))
    _accumulate(starts, weight[order] / total[group[order]], shares)
    return starts, values[order], shares


@njit(cache=True)
def _accumulate(starts: Any, part: Any, shares: Any) -> None:
    for group in range(len(starts) - 1):
        total = 0.0
        for index in range(starts[group], starts[group + 1]):
            total += part[index]
            shares[index] = min(total, 1.0)
        shares[starts[group + 1] - 1] = 1.0


@njit(cache=True)
def group_ranks(
    group: Any, value: Any, chance: Any, starts: Any, values: Any, shares: Any, discrete: bool
) -> Floats:
    """The rank `(n,)` in [0, 1] of each value in its group, anywhere in the step of an atom.

    Args:
        group: each row's group `(n,)`.
        value: `(n,)`.
        chance: where in the step each row falls `(n,)`, uniform in [0, 1).
        starts: see above `(g + 1,)`.
        values: see above `(m,)`.
        shares: see above `(m,)`.
        discrete: whether nothing lies between two neighbours.
    """
    ranks = np.empty(len(value))
    for row in range(len(value)):
        first, end = starts[group[row]], starts[group[row] + 1]
        below = first + np.searchsorted(values[first:end], value[row], side="left")
        above = first + np.searchsorted(values[first:end], value[row], side="right")
        low = shares[below - 1] if below > first else 0.0
        high = shares[above - 1] if above > first else 0.0
        if not discrete and above - below <= 1 and np.isfinite(value[row]):
            low, high = _step(value[row], below, above, first, end, values, shares)
        ranks[row] = low + chance[row] * (high - low)
    return ranks


@njit(cache=True)
def _middle(index: Any, first: Any, shares: Any) -> Any:
    return (shares[index] + (shares[index - 1] if index > first else 0.0)) / 2


@njit(cache=True)
def _step(value: Any, below: Any, above: Any, first: Any, end: Any, values: Any, shares: Any) -> Any:
    """The ranks that a value which is no atom may take: one, but beyond the outermost values."""
    if above > below:
        middle = _middle(below, first, shares)
        return middle, middle
    if below == first:
        return 0.0, _middle(first, first, shares)
    if below == end:
        return _middle(end - 1, first, shares), 1.0
    low, high = _middle(below - 1, first, shares), _middle(below, first, shares)
    if not np.isfinite(values[below - 1]):
        return shares[below - 1], high
    part = (value - values[below - 1]) / (values[below] - values[below - 1])
    rank = low + part * (high - low)
    return rank, rank


@njit(cache=True)
def group_quantiles(
    group: Any,
    rank: Any,
    starts: Any,
    values: Any,
    shares: Any,
    discrete: bool,
    bounds: Any,
) -> Floats:
    """The value `(n,)` at each rank of its group.

    Args:
        group: each row's group `(n,)`.
        rank: `(n,)` in [0, 1].
        starts: see above `(g + 1,)`.
        values: see above `(m,)`.
        shares: see above `(m,)`.
        discrete: whether nothing lies between two neighbours.
        bounds: continuous values stay within these `(2,)`.
    """
    found = np.empty(len(rank))
    for row in range(len(rank)):
        first, end = starts[group[row]], starts[group[row] + 1]
        at = min(first + np.searchsorted(shares[first:end], rank[row]), end - 1)
        if discrete or not np.isfinite(values[at]):
            found[row] = values[at]
            continue
        # The neighbours whose middles the rank lies between.
        upper = at if rank[row] < _middle(at, first, shares) else at + 1
        lower = upper - 1
        if upper == end:
            low, from_rank = values[end - 1], _middle(end - 1, first, shares)
            gap = low - values[end - 2] if end - first > 1 else 0.0
            high, to_rank = low + (gap / 2 if np.isfinite(gap) else 0.0), 1.0
        elif lower < first or not np.isfinite(values[lower]):
            high, to_rank = values[upper], _middle(upper, first, shares)
            gap = values[upper + 1] - high if upper + 1 < end else 0.0
            low, from_rank = high - gap / 2, shares[lower] if lower >= first else 0.0
        else:
            low, from_rank = values[lower], _middle(lower, first, shares)
            high, to_rank = values[upper], _middle(upper, first, shares)
        part = (rank[row] - from_rank) / (to_rank - from_rank) if to_rank > from_rank else 0.5
        made = low + min(max(part, 0.0), 1.0) * (high - low)
        found[row] = min(max(made, bounds[0]), bounds[1])
    return found
