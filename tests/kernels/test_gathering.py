"""Values gathered by leaves: against sorting, leaf by leaf."""

from itertools import pairwise

import numpy as np
import pytest

from simgen.kernels.gathering import gather

CHANCE = np.random.default_rng(1)  # data of the tests
LEAF = CHANCE.integers(0, 4, (3, 200)) + 5 * np.arange(3)[:, None]  # one leaf of each tree is empty
VALUES = CHANCE.integers(0, 40, 200) / 4.0
WEIGHT = CHANCE.exponential(size=(3, 200)) * (CHANCE.random((3, 200)) < 0.8)
ENTITY = CHANCE.integers(0, 30, 200)
NEVER = np.zeros(200, np.bool_)


def gathered(*, twice=NEVER, merge=False):
    starts, values, shares = gather(
        LEAF, VALUES, WEIGHT, ENTITY, n_leaves=15, twice=twice, merge=merge
    )
    return [
        (values[first:end], np.diff(shares[first:end], prepend=0.0))
        for first, end in pairwise(starts)
    ]


def test_each_leaf_holds_its_rows_in_order():
    """Values ascend, shares are those of the weights, and a leaf without rows is empty."""
    for group, (values, shares) in enumerate(gathered()):
        tree = group // 5
        own = np.flatnonzero((LEAF[tree] == group) & (WEIGHT[tree] > 0))
        own = own[np.argsort(VALUES[own], kind="stable")]
        np.testing.assert_array_equal(values, VALUES[own])
        if group % 5 == 4:
            assert len(values) == 0
        else:
            assert shares == pytest.approx(WEIGHT[tree, own] / WEIGHT[tree, own].sum())


def test_an_entity_has_each_value_once():
    """Equal values of one entity in a leaf become one of their weight."""
    for group, (values, shares) in enumerate(gathered(merge=True)):
        tree = group // 5
        own = (LEAF[tree] == group) & (WEIGHT[tree] > 0)
        pairs = np.unique(np.column_stack([VALUES[own], ENTITY[own]]), axis=0)
        np.testing.assert_array_equal(values, pairs[:, 0])
        assert shares.sum() == pytest.approx(float(own.any()))


def test_atoms_come_twice():
    """A value that is an atom anywhere is one in every leaf: two of half the weight."""
    for group, (values, shares) in enumerate(gathered(twice=VALUES == 3.0, merge=True)):
        tree = group // 5
        own = (LEAF[tree] == group) & (WEIGHT[tree] > 0)
        n_atoms = int((VALUES[own] == 3.0).sum())
        assert (values == 3.0).sum() == 2 * n_atoms
        if n_atoms:
            mass = WEIGHT[tree][own & (VALUES == 3.0)].sum() / WEIGHT[tree][own].sum()
            assert shares[values == 3.0].sum() == pytest.approx(mass)
