"""Laws of columns, learned from rows: features go into bins once, then trees grow on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from simgen.kernels.arrays import Flags, Floats, Key
from simgen.kernels.gathering import gather
from simgen.kernels.tree_growth import N_BINS, grow_tree
from simgen.residual.column import Column
from simgen.residual.forest import ABSENT, Forest, Singles, features
from simgen.residual.groups import Groups, held
from simgen.residual.law import Law
from simgen.residual.rows import Indices
from simgen.residual.shape import Free

MOST_CLASSES = 12  # that a growing tree tells apart; a larger vocabulary goes by its order


@dataclass(frozen=True, kw_only=True, eq=False)
class Binned:
    """Features in bins: what growing trees look at.

    Attributes:
        codes: the bin of each row, by feature `(d, n)` uint8.
        edges: by feature, between which numbers its bins meet.
    """

    codes: npt.NDArray[np.uint8]
    edges: tuple[Floats, ...]

    @classmethod
    def of(cls, table: Singles) -> Binned:
        """Features `(n, d)` in bins of about as many rows; each number its own bin, if few."""
        codes = np.empty(table.shape[::-1], np.uint8)
        edges = []
        for place, values in enumerate(table.T):
            edges.append(_edges(values))
            codes[place] = np.searchsorted(edges[-1], values)
        return cls(codes=codes, edges=tuple(edges))

    def thresholds(self, feature: Indices, cut: Indices) -> Floats:
        """The number up to which rows go left, for each node's feature and bin `(k,)`."""
        found = np.zeros(len(feature))
        for place, between in enumerate(self.edges):
            looked_at = feature == place
            found[looked_at] = between[cut[looked_at]]
        return found

    def joined(self, other: Binned) -> Binned:
        """The features of both, of the same rows."""
        return Binned(
            codes=np.concatenate([self.codes, other.codes]), edges=self.edges + other.edges
        )

    def first(self, n_features: int) -> Binned:
        """The first features alone."""
        return Binned(codes=self.codes[:n_features], edges=self.edges[:n_features])


def _edges(values: npt.NDArray[np.float32]) -> Floats:
    """Edges `(k,)`, k < `N_BINS`, each halfway between two neighbouring numbers."""
    ascending = np.sort(values).astype(np.float64)
    lower = np.flatnonzero(np.diff(ascending) > 0)
    if len(lower) >= N_BINS:
        marks = np.arange(1, N_BINS) * len(ascending) // N_BINS
        lower = np.unique(lower[np.searchsorted(lower, marks).clip(max=len(lower) - 1)])
    edges: Floats = (ascending[lower] + ascending[lower + 1]) / 2
    return edges


@dataclass(frozen=True, kw_only=True, eq=False)
class Learner:
    """What learns the laws of the columns of rows.

    Attributes:
        rows: the rows.
        ways: what each row weighs in each tree `(t, n)`; a row of weight 0 takes no part.
        leaf_weight: the least weight in a leaf.
        cause_share: the share of causes that each split chooses from.
        key: of the choices `(2,)` uint32.
        binned: label and free numbers in bins.
        past: earlier values, in bins.
    """

    rows: Free
    ways: Floats
    leaf_weight: float
    cause_share: float
    key: Key
    binned: Binned
    past: Binned

    @classmethod
    def of(
        cls, rows: Free, ways: Floats, *, leaf_weight: float, cause_share: float, key: Key
    ) -> Learner:
        """A learner from rows, with one tree of each law for each way of weighing them."""
        return cls(
            rows=rows,
            ways=ways,
            leaf_weight=leaf_weight,
            cause_share=cause_share,
            key=key,
            binned=Binned.of(features(rows.label, rows.values)),
            past=Binned.of(features(rows.label, rows.past)[:, 1:]),
        )

    def law(self, place: int, column: Column) -> Law:
        """The law of the column at a place in the causal order, given its causes."""
        values = self.rows.values[:, place]
        caused = features(self.rows.label, column.caused(self.rows.columns))[:, 1:]
        causes = self.binned.first(1 + place).joined(Binned.of(caused)).joined(self.past)
        targets = _targets(values, column)
        # The label is the first: a rare class that no cut has told apart early never would be.
        n_looked_at = max(1, int(self.cause_share * (len(causes.edges) - 1)))
        n_trees = len(self.ways)
        trees = [
            grow_tree(
                causes.codes,
                targets,
                way,
                min(self.leaf_weight, float(way.sum()) / 2),
                n_looked_at,
                self.key,
                place * n_trees + tree,
            )
            for tree, way in enumerate(self.ways)
        ]
        forest = Forest.of([(f, causes.thresholds(f, cut), child) for f, cut, child, _ in trees])
        n_leaves = [int((feature < 0).sum()) for feature, *_ in trees]
        leaves: Indices = np.array([leaf for *_, leaf in trees])
        leaves += np.array([0, *np.cumsum(n_leaves[:-1]).tolist()])[:, None]
        starts, ordered, shares = gather(
            leaves,
            held(values),
            self.ways,
            self.rows.entity,
            n_leaves=forest.n_leaves,
            twice=_atoms(values, self.rows.entity) & (not column.discrete),
            merge=not column.discrete,
        )
        return Law(
            forest=forest,
            leaves=Groups(starts=starts, values=ordered, shares=shares, discrete=column.discrete),
            categorical=bool(column.categories),
        )


def _targets(values: Floats, column: Column) -> Floats:
    """What trees bring together `(n, m)`: a category's flags, or a number's rank.

    Ranks, as a heavy tail would decide every split.
    """
    if 0 < len(column.categories) <= MOST_CLASSES:
        codes = np.where(np.isnan(values), len(column.categories), values)
        flags: Floats = (codes[:, None] == np.unique(codes)).astype(np.float64)
        return flags
    ranks: Floats = rankdata(np.where(np.isnan(values), ABSENT, values)) / len(values)
    return ranks[:, None]


def _atoms(values: Floats, entity: Indices) -> Flags:
    """Which values `(n,)` several entities have."""
    order = np.lexsort((entity, values))
    same = np.diff(values[order]) == 0
    shared = same & (np.diff(entity[order]) != 0)
    run = np.concatenate([[0], np.cumsum(~same)])
    atoms = np.empty(len(values), np.bool_)
    atoms[order] = np.bincount(run, np.append(shared, False))[run] > 0
    return atoms
