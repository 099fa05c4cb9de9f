"""Walks through trees, against scikit-learn's own."""

import numpy as np
from sklearn.tree import DecisionTreeRegressor

from simgen.core import Streams
from simgen.kernels.decision_trees import leaf_nodes


def test_rows_end_where_scikit_learn_says():
    """The same leaf for every row, from the root of the second of two trees in one array."""
    chance = Streams(1).generator("trees")
    features = chance.normal(size=(2_000, 4)).astype(np.float32)
    target = features[:, 0] * features[:, 1] + chance.normal(size=2_000)
    tree = DecisionTreeRegressor(min_samples_leaf=5, random_state=0).fit(features, target).tree_
    count = tree.node_count
    children = np.column_stack([tree.children_left, tree.children_right])
    nodes = leaf_nodes(
        features,
        np.full(2_000, count),
        np.tile(np.where(tree.children_left < 0, -1, tree.feature), 2),
        np.tile(tree.threshold, 2),
        np.concatenate([children, children + count]),
    )
    np.testing.assert_array_equal(nodes - count, tree.apply(features))
