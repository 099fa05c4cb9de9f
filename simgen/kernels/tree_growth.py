"""Growth of decision trees on binned features: what a split sees is a histogram.

Features come as bin codes, so that the best cut of a node takes one pass over its rows and one
over its bins (Ke et al. 2017, LightGBM). We depart from it in growing depth first until leaves are
small, as a distribution wants many, and in drawing anew at each node which features to look at
(Breiman 2001, Random forests), but for the first, which every node looks at.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.arrays import Floats, Integers
from simgen.kernels.philox import uniform

N_BINS = 256  # of a feature at most: a code is one byte


def grow_tree(
    codes: Any, targets: Floats, weight: Floats, least: float, n_looked_at: int, key: Any, tree: int
) -> tuple[Integers, Integers, Integers, Integers]:
    """A regression tree, its nodes in preorder: feature, cut, children, and each row's leaf.

    A cut makes the weighted variance within its sides, summed over targets, least. A node without
    a cut that makes it less is a leaf.

    Args:
        codes: the bin of each row, by feature `(d, n)` uint8.
        targets: what rows of a leaf should share `(n, m)`; a category as a column of flags each.
        weight: `(n,)` >= 0; rows that weigh nothing take no part, their leaf means nothing.
        least: the least weight in a leaf.
        n_looked_at: features to look at, at each node, besides the first: drawn from those that
            differ in it.
        key: of the draws `(2,)` uint32.
        tree: which tree it is, so that trees of one key differ.

    Returns:
        The feature of each node `(k,)`, -1 at a leaf; the bin up to which rows go left `(k,)`; the
        left and right child `(k, 2)`, later than their parent; the leaf of each row `(n,)`, counted
        in preorder.
    """
    n_rows = codes.shape[1]
    most = max(1, min(2 * n_rows, 2 * int(weight.sum() / least) + 1))
    nodes = np.full((most, 4), -1, np.int64)  # feature, cut, children
    leaf = np.zeros(n_rows, np.int64)
    n_nodes = _grow(codes, targets, weight, least, n_looked_at, key, tree, nodes, leaf)
    grown = nodes[:n_nodes]
    return grown[:, 0].copy(), grown[:, 1].copy(), grown[:, 2:].copy(), leaf


@njit(cache=True)
def _grow(
    codes: Any,
    targets: Any,
    weight: Any,
    least: Any,
    n_looked_at: Any,
    key: Any,
    tree: Any,
    nodes: Any,
    leaf: Any,
) -> Any:
    """Fill nodes and the leaf of each row; how many nodes there are."""
    n_features = len(codes)
    rows = np.flatnonzero(weight).astype(np.int32)
    spare = np.empty(len(rows), np.int32)
    features = np.arange(n_features)
    histogram = np.empty((N_BINS, targets.shape[1] + 1))
    spans = [(0, len(rows), -1, 0)]  # first row, end, parent, which child of it
    n_nodes = n_leaves = n_drawn = 0
    while len(spans) > 0:
        first, end, parent, side = spans.pop()
        node = n_nodes
        n_nodes += 1
        if parent >= 0:
            nodes[parent, 2 + side] = node
        held = rows[first:end]
        feature, cut = -1, -1
        if n_features > 0 and _weight_of(held, weight) >= 2 * least:
            feature, cut, n_drawn = _best_cut(
                codes, targets, weight, held, least, n_looked_at, key, tree, n_drawn,
                features, histogram,
            )  # fmt: skip
        if feature < 0:
            leaf[held] = n_leaves
            n_leaves += 1
            continue
        nodes[node, 0], nodes[node, 1] = feature, cut
        middle = first + _part(codes[feature], cut, held, spare)
        spans.append((middle, end, node, 1))
        spans.append((first, middle, node, 0))
    return n_nodes


@njit(cache=True)
def _weight_of(rows: Any, weight: Any) -> Any:
    total = 0.0
    for row in rows:
        total += weight[row]
    return total


@njit(cache=True)
def _best_cut(
    codes: Any,
    targets: Any,
    weight: Any,
    rows: Any,
    least: Any,
    n_looked_at: Any,
    key: Any,
    tree: Any,
    n_drawn: Any,
    features: Any,
    histogram: Any,
) -> Any:
    """The best cut by the first feature and those drawn: feature and bin, or -1; draws so far."""
    n_features, feature, cut, n_seen = len(features), -1, -1, 0
    total = _sums(targets, weight, rows)
    best = _explained(total, total[0])
    # Sums of floats differ in their last digits: no cut of equal targets may seem a gain.
    best += 1e-10 * best + 1e-12 * total[0]
    for place in range(n_features):
        if n_seen > n_looked_at:
            break
        if place > 0:
            other = place + int(uniform(key, tree, n_drawn) * (n_features - place))
            n_drawn += 1
            features[place], features[other] = features[other], features[place]
        looked_at = features[place]
        low, high = _fill(codes[looked_at], targets, weight, rows, histogram)
        if low == high and place > 0:
            continue
        n_seen += 1
        explained, found = _cut_of(histogram, low, high, least, total)
        if explained > best:
            best, feature, cut = explained, looked_at, found
    return feature, cut, n_drawn


@njit(cache=True)
def _sums(targets: Any, weight: Any, rows: Any) -> Any:
    """Weight and weighted targets."""
    total = np.zeros(targets.shape[1] + 1)
    for row in rows:
        total[0] += weight[row]
        for target in range(targets.shape[1]):
            total[target + 1] += weight[row] * targets[row, target]
    return total


@njit(cache=True)
def _explained(sums: Any, weight: Any) -> Any:
    explained = 0.0
    for column in range(1, len(sums)):
        explained += sums[column] ** 2
    return explained / weight


@njit(cache=True)
def _fill(codes: Any, targets: Any, weight: Any, rows: Any, histogram: Any) -> Any:
    """Weight and weighted targets by bin; the lowest and the highest bin."""
    low, high = N_BINS, -1
    for row in rows:
        low, high = min(low, codes[row]), max(high, codes[row])
    histogram[low : high + 1] = 0.0
    for row in rows:
        code, own = codes[row], weight[row]
        histogram[code, 0] += own
        for target in range(targets.shape[1]):
            histogram[code, target + 1] += own * targets[row, target]
    return low, high


@njit(cache=True)
def _cut_of(histogram: Any, low: Any, high: Any, least: Any, total: Any) -> Any:
    """How much of the targets' squares the best cut explains, and its bin; -1 if there is none."""
    left = np.zeros(len(total))
    best, cut = 0.0, -1
    for code in range(low, high):
        if histogram[code, 0] == 0.0:
            continue
        for column in range(len(total)):
            left[column] += histogram[code, column]
        right = total[0] - left[0]
        if left[0] < least:
            continue
        if right < least:
            break
        explained = _explained(left, left[0])
        rest = 0.0
        for column in range(1, len(total)):
            rest += (total[column] - left[column]) ** 2
        explained += rest / right
        if explained > best:
            best, cut = explained, code
    return best, cut


@njit(cache=True)
def _part(codes: Any, cut: Any, rows: Any, spare: Any) -> Any:
    """Rows up to the cut first, both sides in their order; how many those are."""
    n_left = n_right = 0
    for row in rows:
        if codes[row] <= cut:
            rows[n_left] = row
            n_left += 1
        else:
            spare[n_right] = row
            n_right += 1
    rows[n_left:] = spare[:n_right]
    return n_left
