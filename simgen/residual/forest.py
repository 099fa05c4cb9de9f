"""Decision trees as plain arrays: grown by scikit-learn, walked by our own kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Flags, Floats
from simgen.kernels.decision_trees import leaf_nodes
from simgen.residual.base import Arrays
from simgen.residual.rows import Indices

Singles = npt.NDArray[np.float32]

ABSENT = -1e30  # stands for no number: below all others, and within single precision


def features(label: Flags, values: Floats) -> Singles:
    """What trees look at: the label and free numbers `(n, d)`, as `(n, 1 + d)`.

    Single precision, as scikit-learn compares, so that rows fall where they fell as trees grew.
    """
    table = np.column_stack([label, np.where(np.isnan(values), ABSENT, values)])
    return table.astype(np.float32)


@dataclass(frozen=True, kw_only=True, eq=False)
class Forest:
    """Trees whose nodes lie one after the other; leaves are counted through all trees.

    Attributes:
        roots: the first node of each tree `(t,)`.
        feature: the feature that each node looks at `(k,)`; -1 at a leaf.
        threshold: rows up to it go left `(k,)`.
        children: the left and the right child `(k, 2)`, later than their parent.

    Raises:
        ValueError: an array has another length, or a child does not come after its parent.
    """

    roots: Indices
    feature: Indices
    threshold: Floats
    children: Indices

    def __post_init__(self) -> None:
        # The kernel trusts what it walks, and a model may come from a folder.
        n_nodes = len(self.feature)
        nodes = np.arange(n_nodes)[:, None]
        inner = self.feature >= 0
        lengths = {len(self.threshold), len(self.children)}
        if lengths != {n_nodes} or self.children.shape[1:] != (2,) or len(self.roots) == 0:
            raise ValueError("arrays of a forest differ in length")
        later = (self.children > nodes) & (self.children < n_nodes)
        if not later[inner].all() or not ((self.roots >= 0) & (self.roots < n_nodes)).all():
            raise ValueError("a child in a forest does not come after its parent")

    @property
    def n_leaves(self) -> int:
        """How many leaves all trees have together."""
        return int((self.feature < 0).sum())

    @property
    def n_trees(self) -> int:
        """How many trees there are."""
        return len(self.roots)

    def leaves(self, features: Singles, tree: Indices | int) -> Indices:
        """The leaf `(n,)` of each row of features `(n, d)` in the tree named for it.

        ValueError if a tree looks at a feature that is not there.
        """
        if self.feature.max() >= features.shape[1]:
            raise ValueError("a forest looks at a feature that is not there")
        starts = self.roots[np.broadcast_to(tree, len(features))]
        nodes = leaf_nodes(features, starts, self.feature, self.threshold, self.children)
        number = np.cumsum(self.feature < 0) - 1
        return number[nodes].astype(np.int64)

    def arrays(self, prefix: str) -> dict[str, Any]:
        """The forest as arrays by name."""
        return {f"{prefix}{field.name}": getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Arrays, prefix: str) -> Forest:
        """The forest whose arrays these are; KeyError or ValueError if they are not."""
        return cls(
            roots=arrays[f"{prefix}roots"].astype(np.int64, casting="safe"),
            feature=arrays[f"{prefix}feature"].astype(np.int64, casting="safe"),
            threshold=arrays[f"{prefix}threshold"].astype(np.float64, casting="safe"),
            children=arrays[f"{prefix}children"].astype(np.int64, casting="safe"),
        )

    @classmethod
    def of(cls, trees: Sequence[tuple[Indices, Floats, Indices]]) -> Forest:
        """The forest of trees: of each, feature `(k,)`, threshold `(k,)` and children `(k, 2)`."""
        roots = np.cumsum([0, *(len(feature) for feature, _, _ in trees)])[:-1]
        children = [child + root for (_, _, child), root in zip(trees, roots, strict=True)]
        return cls(
            roots=roots.astype(np.int64),
            feature=np.concatenate([feature for feature, _, _ in trees]).astype(np.int64),
            threshold=np.concatenate([threshold for _, threshold, _ in trees]).astype(np.float64),
            children=np.concatenate(children).astype(np.int64),
        )
