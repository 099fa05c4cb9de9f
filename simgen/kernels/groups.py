"""Ranks and quantiles within groups of weighted values.

The values of group g stand in ascending order at `starts[g]` to `starts[g + 1]`; `shares` is the
share of the group's weight up to and including each, so the last of each group is 1. A value that
is absent is -inf.

Between two neighbours the distribution function of continuous values rises along a straight line,
from the middle of the lower one's step to the middle of the upper one's (Hazen 1914), and beyond
the outermost by half a gap, but never beyond a bound. So a quantile is one of the values by
accident only, unless several of them are equal: an atom, which keeps its mass.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.arrays import Floats, Integers

_N_HALVINGS = 40  # of a mixture's range: to 1e-12 of it


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
    groups: Any, value: Any, chance: Any, starts: Any, values: Any, shares: Any, discrete: Any
) -> Floats:
    """The rank `(n,)` in [0, 1] of each value in an equal mixture of groups.

    Args:
        groups: the groups of each row's mixture `(n, b)`.
        value: `(n,)`.
        chance: where in the step of an atom each row falls `(n,)`, uniform in [0, 1).
        starts: see above `(g + 1,)`.
        values: see above `(m,)`.
        shares: see above `(m,)`.
        discrete: whether nothing lies between two neighbours.
    """
    ranks = np.zeros(len(value))
    for row in range(len(value)):
        for group in groups[row]:
            first, end = starts[group], starts[group + 1]
            below = first + np.searchsorted(values[first:end], value[row], side="left")
            above = first + np.searchsorted(values[first:end], value[row], side="right")
            low = shares[below - 1] if below > first else 0.0
            high = shares[above - 1] if above > first else 0.0
            if not discrete and above - below <= 1 and np.isfinite(value[row]):
                low, high = _step(value[row], below, above, first, end, values, shares)
            ranks[row] += low + chance[row] * (high - low)
        ranks[row] /= len(groups[row])
    return ranks


@njit(cache=True)
def newcomer_ranks(
    groups: Any, value: Any, chance: Any, starts: Any, values: Any, shares: Any, discrete: Any
) -> Floats:
    """The rank `(n,)` in (0, 1) of values that are not in their groups, in an equal mixture.

    A newcomer falls with equal chances before, between or after the m members that are alike to it
    (Vovk, Gammerman and Shafer 2005, Algorithmic learning in a random world), so its rank among
    them is uniform however few they are. Arguments as in `group_ranks`, `chance` also being where a
    value beyond all members falls.
    """
    ranks = np.zeros(len(value))
    for row in range(len(value)):
        for group in groups[row]:
            first, end = starts[group], starts[group + 1]
            below = first + np.searchsorted(values[first:end], value[row], side="left")
            above = first + np.searchsorted(values[first:end], value[row], side="right")
            low = shares[below - 1] if below > first else 0.0
            high = shares[above - 1] if above > first else 0.0
            part = chance[row]
            if not discrete and above == below and first < below < end:
                gap = values[below] - values[below - 1]
                part = (value[row] - values[below - 1]) / gap if gap < np.inf else part
            n_members = end - first
            ranks[row] += (low * n_members + part * ((high - low) * n_members + 1)) / (
                n_members + 1
            )
        ranks[row] /= len(groups[row])
    return ranks


@njit(cache=True)
def _middle(index: Any, first: Any, shares: Any) -> Any:
    return (shares[index] + (shares[index - 1] if index > first else 0.0)) / 2


@njit(cache=True)
def _step(
    value: Any, below: Any, above: Any, first: Any, end: Any, values: Any, shares: Any
) -> Any:
    """The ranks that a value which is no atom may take: one, but beyond the outermost values."""
    if above > below:
        middle = _middle(below, first, shares)
        return middle, middle
    if below == first:
        return 0.0, _middle(first, first, shares)
    if below == end:
        return _middle(end - 1, first, shares), 1.0
    if not np.isfinite(values[below - 1]):
        return shares[below - 1], _middle(below, first, shares)
    rank = _between(value, below, first, values, shares)
    return rank, rank


@njit(cache=True)
def _between(value: Any, upper: Any, first: Any, values: Any, shares: Any) -> Any:
    low, high = _middle(upper - 1, first, shares), _middle(upper, first, shares)
    part = (value - values[upper - 1]) / (values[upper] - values[upper - 1])
    return low + part * (high - low)


@njit(cache=True)
def _share_up_to(value: Any, first: Any, end: Any, values: Any, shares: Any, bounds: Any) -> Any:
    """The distribution function of continuous values, some of them absent."""
    start, absent = first, 0.0
    if values[first] == -np.inf:
        start += np.searchsorted(values[first:end], -np.inf, side="right")
        absent = shares[start - 1]
    upper = first + np.searchsorted(values[first:end], value, side="right")
    if upper > start and upper < end:
        # The lowest of all has its mass above it: below lies a bound.
        if upper - 1 == start and values[start] <= bounds[0] < values[upper]:
            part = (value - values[start]) / (values[upper] - values[start])
            return absent + part * (_middle(upper, first, shares) - absent)
        if upper == end - 1 and values[upper] >= bounds[1] > values[upper - 1]:
            low = _middle(upper - 1, first, shares)
            part = (value - values[upper - 1]) / (values[upper] - values[upper - 1])
            return low + part * (1.0 - low)
        return _between(value, upper, first, values, shares)
    if start == end:
        return 1.0
    if upper == start:
        gap = values[start + 1] - values[start] if start + 1 < end else 0.0
        least = max(values[start] - gap / 2, bounds[0])
        if value < least or least >= values[start]:
            return absent
        part = (value - least) / (values[start] - least)
        return absent + part * (_middle(start, first, shares) - absent)
    gap = values[end - 1] - values[end - 2] if end - 1 > start else 0.0
    most = min(values[end - 1] + gap / 2, bounds[1])
    if value >= most or most <= values[end - 1]:
        return 1.0
    low = _middle(end - 1, first, shares)
    return low + (value - values[end - 1]) / (most - values[end - 1]) * (1.0 - low)


@njit(cache=True)
def _extent(mixture: Any, starts: Any, values: Any, shares: Any) -> Any:
    """The share of absent values, and where those that are there begin and end."""
    absent, low, high = 0.0, np.inf, -np.inf
    for group in mixture:
        first, end = starts[group], starts[group + 1]
        start = first + np.searchsorted(values[first:end], -np.inf, side="right")
        if start > first:
            absent += shares[start - 1]
        if start < end:
            beside = 1 if start + 1 < end else 0
            low = min(low, 2 * values[start] - values[start + beside])
            high = max(high, 2 * values[end - 1] - values[end - 1 - beside])
    return absent / len(mixture), low, high


@njit(cache=True)
def group_quantiles(
    groups: Any, rank: Any, starts: Any, values: Any, shares: Any, bounds: Any
) -> Floats:
    """The continuous value `(n,)` at each rank of an equal mixture of groups.

    Args:
        groups: the groups of each row's mixture `(n, b)`.
        rank: `(n,)` in [0, 1].
        starts: see above `(g + 1,)`.
        values: see above `(m,)`.
        shares: see above `(m,)`.
        bounds: no value is beyond these `(2,)`.
    """
    found = np.empty(len(rank))
    for row in range(len(rank)):
        mixture = groups[row]
        absent, low, high = _extent(mixture, starts, values, shares)
        if rank[row] < absent or low > high:
            found[row] = -np.inf
            continue
        low, high = max(low, bounds[0]), min(high, bounds[1])
        for _ in range(_N_HALVINGS):
            middle = (low + high) / 2
            share = 0.0
            for group in mixture:
                first, end = starts[group], starts[group + 1]
                share += _share_up_to(middle, first, end, values, shares, bounds)
            if share > rank[row] * len(mixture):
                high = middle
            else:
                low = middle
        found[row] = _atom_between(low, high, mixture, starts, values)
    return found


@njit(cache=True)
def _atom_between(low: Any, high: Any, mixture: Any, starts: Any, values: Any) -> Any:
    """The atom that lies between, if there is one; else the middle."""
    for group in mixture:
        first, end = starts[group], starts[group + 1]
        at = first + np.searchsorted(values[first:end], low, side="left")
        if at + 1 < end and values[at] == values[at + 1] and values[at] <= high:
            return values[at]
    return (low + high) / 2


@njit(cache=True)
def group_codes(
    groups: Any, rank: Any, starts: Any, values: Any, shares: Any, candidates: Any
) -> Floats:
    """The discrete value `(n,)` at each rank of an equal mixture of groups.

    Args:
        groups: the groups of each row's mixture `(n, b)`.
        rank: `(n,)` in [0, 1].
        starts: see above `(g + 1,)`.
        values: see above `(m,)`.
        shares: see above `(m,)`.
        candidates: the distinct values, ascending.
    """
    found = np.empty(len(rank))
    for row in range(len(rank)):
        mixture = groups[row]
        low, high = 0, len(candidates) - 1
        while low < high:
            middle = (low + high) // 2
            share = 0.0
            for group in mixture:
                first, end = starts[group], starts[group + 1]
                above = np.searchsorted(values[first:end], candidates[middle], side="right")
                share += shares[first + above - 1] if above > 0 else 0.0
            if share > rank[row] * len(mixture):
                high = middle
            else:
                low = middle + 1
        found[row] = candidates[low]
    return found
