"""Rows drawn as often as a classifier says they should come: nothing is moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier

from simgen.core import Streams, parameter
from simgen.kernels.arrays import Flags, Floats
from simgen.residual.base import Arrays, FittedResidual, Learned, Residual
from simgen.residual.drawing import Thinning, draw, draw_enough, learn_thinning
from simgen.residual.forest import Forest, features
from simgen.residual.rows import Indices
from simgen.residual.shape import Free, Shape

_DEPTH = 4  # of a boosted tree: how many columns act together
_LEAST_IN_LEAF = 50  # rows


@dataclass(frozen=True, kw_only=True)
class DensityRatio(Residual):
    """Draws simulated rows by the odds that a classifier takes them for real.

    Sugiyama, Suzuki and Kanamori (2012), Density ratio estimation in machine learning; boosted
    trees, cross-fitted over entities, so that no row is judged by a model that has seen it. Rules
    and dependence come from the simulator; what it never makes can't be drawn.
    """

    name: ClassVar[str] = "density_ratio"
    title: ClassVar[str] = "Density ratio"
    doc: ClassVar[str] = (
        "Simulated rows are drawn as often as a classifier, trained to tell them from real rows, "
        "says they should come within their class."
    )
    privacy: ClassVar[str] = "Thresholds of trees learned from real rows; no row's values."

    n_folds: int = parameter(3, minimum=2, doc="Parts of the entities; one model for each.")
    n_trees: int = parameter(60, minimum=1, doc="Trees of each model.")
    learning_rate: float = parameter(0.15, above=0, maximum=1, doc="How far each tree goes.")
    max_ratio: float = parameter(
        5.0, minimum=1, doc="A row is drawn at most so many times as often as the average row."
    )
    simulated_per_real: float = parameter(
        2.0, above=0, doc="Simulated rows of each class learned from, per real row of the class."
    )

    def _learn(self, simulated: Free, real: Free, shape: Shape, streams: Streams) -> Learned:
        del shape
        generator = streams.generator("folds")
        seen = [
            (features(rows.label, rows.values), generator.integers(0, self.n_folds, n)[rows.entity])
            for rows, n in ((side, int(side.entity.max()) + 1) for side in (simulated, real))
        ]
        (simulated_features, simulated_fold), (real_features, real_fold) = seen
        both = np.concatenate([simulated_features, real_features])
        fold = np.concatenate([simulated_fold, real_fold])
        is_real = np.arange(len(both)) >= simulated.n_rows
        weight = self._weights(simulated, real, streams)
        arrays: dict[str, Any] = {}
        log_ratio = np.zeros(simulated.n_rows)
        for held in range(self.n_folds):
            rows = (fold != held) & (weight > 0)
            booster = self._boosted(
                both[rows], is_real[rows], weight[rows], seed=int(generator.integers(2**31))
            )
            arrays |= booster.arrays(f"{held}.")
            judged = simulated_fold == held
            log_ratio[judged] = booster.log_odds(simulated_features[judged])
        ratio = np.exp(log_ratio)
        thinning, details = learn_thinning(ratio, simulated, real, max_ratio=self.max_ratio)
        return Learned(arrays=arrays | thinning.arrays(), details=details)

    def _weights(self, simulated: Free, real: Free, streams: Streams) -> Floats:
        """What simulated and then real rows weigh: the same in sum in each class, so odds 1."""
        weight = np.concatenate([simulated.weight, real.weight])
        label = np.concatenate([simulated.label, real.label])
        is_real = np.arange(len(weight)) >= simulated.n_rows
        unused = np.ones(simulated.n_rows, np.bool_)
        unused[
            draw_enough(simulated, real, self.simulated_per_real, streams.generator("simulated"))
        ] = False
        weight[: simulated.n_rows][unused] = 0.0
        for value in np.unique(label):
            own = label == value
            for side in (is_real, ~is_real):
                weight[own & side] *= (own & is_real).sum() / weight[own & side].sum()
        return weight

    def _boosted(self, table: Any, is_real: Flags, weight: Floats, *, seed: int) -> Booster:
        model = GradientBoostingClassifier(
            n_estimators=self.n_trees,
            learning_rate=self.learning_rate,
            max_depth=_DEPTH,
            min_samples_leaf=_LEAST_IN_LEAF,
            subsample=0.5,
            max_features=0.5,
            init="zero",
            random_state=seed,
        ).fit(table, is_real, sample_weight=weight)
        trees = [estimator.tree_ for estimator in model.estimators_[:, 0]]
        leaves = [tree.children_left < 0 for tree in trees]
        values = [tree.value[leaf, 0, 0] for tree, leaf in zip(trees, leaves, strict=True)]
        forest = Forest.of(
            [
                (
                    np.where(leaf, -1, tree.feature),
                    tree.threshold,
                    np.column_stack([tree.children_left, tree.children_right]),
                )
                for tree, leaf in zip(trees, leaves, strict=True)
            ]
        )
        return Booster(forest=forest, step=self.learning_rate * np.concatenate(values))

    def revive(self, shape: Shape, card: Mapping[str, Any], arrays: Arrays) -> FittedResidual:
        """See `Residual.revive`."""
        return FittedDensityRatio(
            residual=self,
            shape=shape,
            card=card,
            arrays=arrays,
            thinning=Thinning.from_arrays(arrays),
            boosters=tuple(Booster.from_arrays(arrays, f"{held}.") for held in range(self.n_folds)),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Booster:
    """Boosted trees: the log odds are the sum of one step `(l,)` from each tree's leaves.

    Raises:
        ValueError: there are not as many steps as leaves.
    """

    forest: Forest
    step: Floats

    def __post_init__(self) -> None:
        if self.step.shape != (self.forest.n_leaves,):
            raise ValueError("boosted trees have another number of steps than leaves")

    def log_odds(self, table: Any) -> Floats:
        """The log odds `(n,)` of rows `(n, d)`."""
        total = np.zeros(len(table))
        for tree in range(self.forest.n_trees):
            total += self.step[self.forest.leaves(table, tree)]
        return total

    def arrays(self, prefix: str) -> dict[str, Any]:
        """The trees as arrays by name."""
        return self.forest.arrays(prefix) | {f"{prefix}step": self.step}

    @classmethod
    def from_arrays(cls, arrays: Arrays, prefix: str) -> Booster:
        """The trees whose arrays these are; KeyError or ValueError if they are not."""
        forest = Forest.from_arrays(arrays, prefix)
        return cls(forest=forest, step=arrays[f"{prefix}step"].astype(np.float64))


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedDensityRatio(FittedResidual):
    """One model for each fold; a new row takes the mean of their log odds."""

    thinning: Thinning
    boosters: tuple[Booster, ...]

    def _draw(self, free: Free, streams: Streams) -> Indices:
        table = features(free.label, free.values)
        ratio = np.exp(np.mean([booster.log_odds(table) for booster in self.boosters], axis=0))
        return draw(self.thinning.chance(ratio, free.label), free.label, streams.generator("draw"))

    def _move(self, free: Free, streams: Streams) -> Floats | None:
        del free, streams
        return None
