"""The distribution of a column given those before it: trees whose leaves hold weighted values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.kernels.arrays import Floats
from simgen.residual.base import Arrays
from simgen.residual.column import Column
from simgen.residual.forest import Forest, Singles
from simgen.residual.groups import Groups
from simgen.residual.rows import Indices


@dataclass(frozen=True, kw_only=True, eq=False)
class Law:
    """A conditional distribution, learned.

    It is the equal mixture of what the trees say.

    Raises:
        ValueError: leaves and values do not belong together.
    """

    forest: Forest
    leaves: Groups
    categorical: bool = False

    def __post_init__(self) -> None:
        if self.forest.n_leaves != self.leaves.n_groups:
            raise ValueError("leaves and values of a law do not belong together")

    def draws(self, causes: Singles, generator: np.random.Generator) -> Floats:
        """A value `(n,)` drawn at random given the causes `(n, d)`; NaN for an absent one."""
        leaf = self.one_leaf(causes, generator)
        return self.leaves.quantiles(leaf, generator.random(len(causes)))

    def one_leaf(self, causes: Singles, generator: np.random.Generator) -> Indices:
        """The leaf `(n, 1)` that each row falls into, in a tree drawn for it."""
        tree = generator.integers(self.forest.n_trees, size=len(causes))
        return self.forest.leaves(causes, tree)[:, None]

    def some_leaves(self, causes: Singles, generator: np.random.Generator) -> Indices:
        """Where each row looks for its rank and value `(n, b)`.

        A category in every tree, as it changes the less the more rows say how often it comes. A
        number in one tree drawn for it: among the peers of several its rank would not be uniform.
        """
        return self.all_leaves(causes) if self.categorical else self.one_leaf(causes, generator)

    def all_leaves(self, causes: Singles) -> Indices:
        """The leaves `(n, t)` that each row falls into, in every tree."""
        trees = range(self.forest.n_trees)
        return np.column_stack([self.forest.leaves(causes, tree) for tree in trees])

    def arrays(self, prefix: str) -> dict[str, Any]:
        """The law as arrays by name."""
        return self.forest.arrays(prefix) | self.leaves.arrays(prefix)

    @classmethod
    def from_arrays(cls, arrays: Arrays, prefix: str, column: Column) -> Law:
        """The law whose arrays these are; KeyError or ValueError if they are not."""
        return cls(
            forest=Forest.from_arrays(arrays, prefix),
            leaves=Groups.from_arrays(arrays, prefix, discrete=column.discrete),
            categorical=bool(column.categories),
        )
