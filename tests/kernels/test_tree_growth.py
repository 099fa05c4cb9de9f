"""Trees on binned features: what cuts they find, and what they leave alone."""

import numpy as np
import pytest
from sklearn.tree import DecisionTreeRegressor

from simgen.core import Streams
from simgen.kernels.tree_growth import grow_tree

KEY = Streams(0).key("growth")
CHANCE = np.random.default_rng(0)  # data of the tests
CODES = CHANCE.integers(0, 64, (5, 2_000)).astype(np.uint8)
TARGET = (CODES[0] * (CODES[1] > 20) + CHANCE.normal(size=2_000))[:, None]
EQUAL = np.ones(2_000)


def grow(*, targets=TARGET, weight=EQUAL, least=20.0, n_looked_at=5, tree=0):
    return grow_tree(CODES, targets, weight, least, n_looked_at, KEY, tree)


def test_explains_as_much_as_the_reference():
    """With all features looked at, leaves explain as much as scikit-learn's of the same size."""
    leaf = grow()[3]
    means = np.bincount(leaf, TARGET[:, 0]) / np.bincount(leaf)
    model = DecisionTreeRegressor(min_samples_leaf=20, random_state=0).fit(CODES.T, TARGET)
    ours = np.mean((TARGET[:, 0] - means[leaf]) ** 2)
    theirs = np.mean((TARGET[:, 0] - model.predict(CODES.T)) ** 2)
    assert ours == pytest.approx(theirs, rel=1e-6)


def test_rows_end_where_their_walk_ends():
    """The leaf of each row is the one that the tree's own cuts lead to."""
    feature, cut, children, leaf = grow(n_looked_at=2)
    number = np.cumsum(feature < 0) - 1
    for row in range(0, 2_000, 37):
        node = 0
        while feature[node] >= 0:
            node = children[node, int(CODES[feature[node], row] > cut[node])]
        assert number[node] == leaf[row]
    inner = feature >= 0
    assert (children[inner] > np.flatnonzero(inner)[:, None]).all()


def test_leaves_weigh_enough():
    """No leaf weighs less than asked for, and rows without weight count for nothing."""
    weight = CHANCE.exponential(size=2_000) * (CHANCE.random(2_000) < 0.7)
    leaf = grow(weight=weight, least=15.0, n_looked_at=2)[3]
    held = np.bincount(leaf[weight > 0], weight[weight > 0])
    assert held.min() >= 15.0
    heavy = grow(targets=np.where(weight[:, None] > 0, 1.0, CHANCE.normal(size=(2_000, 1))))
    assert len(heavy[0]) > 1
    alone = grow(targets=np.where(weight[:, None] > 0, 1.0, 9.0), weight=weight)
    assert alone[0].tolist() == [-1]


def test_equal_targets_are_left_together():
    """What can't be explained isn't cut, in one target or several."""
    assert grow(targets=np.full((2_000, 1), 0.1))[0].tolist() == [-1]
    assert grow(targets=np.full((2_000, 3), 1 / 3))[0].tolist() == [-1]


def test_classes_are_told_apart():
    """Flags of a category are targets like any: a cut between two of its words is found."""
    words = np.digitize(CODES[2], [20, 40])
    feature, cut, _, leaf = grow(targets=np.eye(3)[words])
    assert set(feature[feature >= 0]) == {2}
    assert set(cut[feature >= 0]) == {19, 39}
    assert len(np.unique(words + 3 * leaf)) == 3


def test_trees_of_one_key_differ_and_repeat():
    """Which features a node looks at hangs on key and tree alone."""
    one, again, other = (grow(n_looked_at=1, tree=tree)[0] for tree in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert len(one) != len(other) or (one != other).any()


def test_every_node_looks_at_the_first_feature():
    """A rare group that the first feature tells apart is a leaf, whatever else is drawn."""
    rare = np.arange(2_000) % 50 == 0  # 40 rows
    codes = np.vstack([rare, CODES[1:]]).astype(np.uint8)
    target = (3.0 * rare + CHANCE.normal(size=2_000))[:, None]
    for tree in range(5):
        leaf = grow_tree(codes, target, EQUAL, 20.0, 1, KEY, tree)[3]
        assert not set(leaf[rare]) & set(leaf[~rare])
