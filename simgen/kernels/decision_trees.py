"""Walks through binary decision trees that lie one after the other in flat arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.arrays import Integers


@njit(cache=True)
def leaf_nodes(features: Any, starts: Any, feature: Any, threshold: Any, children: Any) -> Integers:
    """The node `(n,)` at which each row ends.

    Args:
        features: `(n, d)`.
        starts: the node at which each row begins `(n,)`.
        feature: the feature that each node looks at `(k,)`; negative at a leaf.
        threshold: rows up to it go left `(k,)`.
        children: the left and the right child of each node `(k, 2)`, later than their parent.
    """
    nodes = np.empty(len(features), np.int64)
    for row in range(len(features)):
        node = starts[row]
        while feature[node] >= 0:
            left = features[row, feature[node]] <= threshold[node]
            node = children[node, 0 if left else 1]
        nodes[row] = node
    return nodes
