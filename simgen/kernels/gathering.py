"""Weighted values gathered by the leaves of trees, ascending, without sorting leaf by leaf."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.arrays import Flags, Floats, Integers


def gather(
    leaf: Integers,
    values: Floats,
    weight: Floats,
    entity: Integers,
    *,
    n_leaves: int,
    twice: Flags,
    merge: bool,
) -> tuple[Integers, Floats, Floats]:
    """The values in each leaf, as `simgen.kernels.groups` takes them: starts, values, shares.

    Args:
        leaf: the leaf of each row, by tree `(t, n)`, counted through all trees.
        values: `(n,)`.
        weight: what each row weighs, by tree `(t, n)`; a row of weight 0 is in no leaf.
        entity: whom each row is about `(n,)`.
        n_leaves: of all trees; one that no row falls into is empty.
        twice: which rows come as two values of half their weight `(n,)`, as an atom does, which is
            one even where a single row of it falls into a leaf.
        merge: whether other equal values of one entity in a leaf become one, which weighs as much.
    """
    order = np.lexsort((entity, values)) if merge else np.argsort(values, kind="stable")
    slots = np.zeros(n_leaves + 1, np.int64)
    _count(leaf, weight, twice, slots)
    np.cumsum(slots, out=slots)
    held, share = np.empty(slots[-1]), np.empty(slots[-1])
    starts = np.zeros(n_leaves + 1, np.int64)
    _fill(order, leaf, values, weight, entity, twice, merge, slots, starts, held, share)
    np.cumsum(starts, out=starts)
    _close_gaps(slots, starts, held, share)
    return starts, held[: starts[-1]].copy(), share[: starts[-1]].copy()


@njit(cache=True)
def _count(leaf: Any, weight: Any, twice: Any, slots: Any) -> None:
    for tree in range(len(leaf)):
        for row in range(leaf.shape[1]):
            if weight[tree, row] > 0:
                slots[leaf[tree, row] + 1] += 2 if twice[row] else 1


@njit(cache=True)
def _fill(
    order: Any,
    leaf: Any,
    values: Any,
    weight: Any,
    entity: Any,
    twice: Any,
    merge: Any,
    slots: Any,
    sizes: Any,
    held: Any,
    share: Any,
) -> None:
    """Fill the slots of each leaf from its first on; `sizes[g + 1]` counts those of leaf g."""
    last = np.full(len(slots) - 1, -1, np.int64)
    for tree in range(len(leaf)):
        for row in order:
            own = weight[tree, row]
            if not own > 0:
                continue
            group = leaf[tree, row]
            slot = slots[group] + sizes[group + 1]
            if twice[row]:
                held[slot : slot + 2], share[slot : slot + 2] = values[row], own / 2
                sizes[group + 1] += 2
                continue
            if merge and last[group] == entity[row] and held[slot - 1] == values[row]:
                share[slot - 1] += own
                continue
            held[slot], share[slot] = values[row], own
            sizes[group + 1] += 1
            last[group] = entity[row]


@njit(cache=True)
def _close_gaps(slots: Any, starts: Any, held: Any, share: Any) -> None:
    """Move the values of each leaf to their start, and sum up their weights to shares."""
    for group in range(len(starts) - 1):
        total, n_held = 0.0, starts[group + 1] - starts[group]
        for place in range(n_held):
            total += share[slots[group] + place]
            held[starts[group] + place] = held[slots[group] + place]
            share[starts[group] + place] = total
        for place in range(n_held):
            share[starts[group] + place] /= total
