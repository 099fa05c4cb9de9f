"""The distribution of a column given those before it: trees whose leaves hold weighted values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import rankdata
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from simgen.residual.base import Arrays
from simgen.residual.forest import ABSENT, Forest, Singles, features
from simgen.residual.groups import Groups
from simgen.residual.rows import Floats, Indices
from simgen.residual.shape import Column, Free

MOST_CLASSES = 12  # that a growing tree tells apart; a larger vocabulary goes by its order


@dataclass(frozen=True, kw_only=True, eq=False)
class Law:
    """A conditional distribution, learned.

    It is the equal mixture of what the trees say.

    Raises:
        ValueError: leaves and values do not belong together.
    """

    forest: Forest
    leaves: Groups

    def __post_init__(self) -> None:
        if self.forest.n_leaves != self.leaves.n_groups:
            raise ValueError("leaves and values of a law do not belong together")

    def ranks(self, causes: Singles, values: Floats, generator: np.random.Generator) -> Floats:
        """The rank `(n,)` of each value given its causes `(n, d)`; an atom's is drawn within it."""
        return self.leaves.ranks(self._leaves(causes), values, generator)

    def quantiles(self, causes: Singles, ranks: Floats) -> Floats:
        """The value `(n,)` at each rank given the causes `(n, d)`; NaN for an absent one."""
        return self.leaves.quantiles(self._leaves(causes), ranks)

    def draws(self, causes: Singles, generator: np.random.Generator) -> Floats:
        """A value `(n,)` drawn at random given the causes `(n, d)`; NaN for an absent one."""
        tree = generator.integers(self.forest.n_trees, size=len(causes))
        leaf = self.forest.leaves(causes, tree)[:, None]
        return self.leaves.quantiles(leaf, generator.random(len(causes)))

    def _leaves(self, causes: Singles) -> Indices:
        trees = range(self.forest.n_trees)
        return np.column_stack([self.forest.leaves(causes, tree) for tree in trees])

    def arrays(self, prefix: str) -> dict[str, Any]:
        """The law as arrays by name."""
        return self.forest.arrays(prefix) | self.leaves.arrays(prefix)

    @classmethod
    def from_arrays(cls, arrays: Arrays, prefix: str, *, discrete: bool) -> Law:
        """The law whose arrays these are; KeyError or ValueError if they are not."""
        return cls(
            forest=Forest.from_arrays(arrays, prefix),
            leaves=Groups.from_arrays(arrays, prefix, discrete=discrete),
        )


def learn_law(
    rows: Free,
    place: int,
    column: Column,
    weights: Sequence[Floats],
    *,
    leaf_weight: float,
    cause_share: float,
    generator: np.random.Generator,
) -> Law:
    """A law from rows, with one tree for each way of weighing them.

    Args:
        rows: the rows.
        place: which of their columns it is.
        column: what it is.
        weights: `(n,)` > 0 for each tree.
        leaf_weight: the least weight in a leaf.
        cause_share: the share of causes that each split chooses from.
        generator: draws them, and breaks ties between splits.
    """
    causes = features(rows.label, rows.causes(place, column))
    values = rows.values[:, place]
    if 0 < len(column.categories) <= MOST_CLASSES:
        kind, target = DecisionTreeClassifier, values
    else:
        # Ranks: a heavy tail would decide every split.
        kind = DecisionTreeRegressor
        target = rankdata(np.where(np.isnan(values), ABSENT, values)) / len(values)
    forest = Forest.of(
        [
            kind(
                min_weight_fraction_leaf=min(0.5, leaf_weight / float(weight.sum())),
                max_features=cause_share,
                random_state=int(generator.integers(2**31)),
            ).fit(causes, target, sample_weight=weight)
            for weight in weights
        ]
    )
    leaves = Groups.of(
        np.concatenate([forest.leaves(causes, tree) for tree in range(len(weights))]),
        np.tile(values, len(weights)),
        np.concatenate(weights),
        np.tile(rows.entity, len(weights)),
        n_groups=forest.n_leaves,
        discrete=column.discrete,
    )
    return Law(forest=forest, leaves=leaves)
