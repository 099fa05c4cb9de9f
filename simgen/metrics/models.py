"""The model families that stand for what users would train."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.base import Sample
from simgen.metrics.weighted import cuts, shared_codes

N_BINS = 250  # of each column; the booster admits 255
N_CATEGORIES = 200  # with a code of their own; rarer ones share one


def encode(real: Sample, synthetic: Sample) -> tuple[Floats, Floats, list[int]]:
    """Both samples as matrices `(n, d)` with shared codes, and which columns are codes."""
    matrices: list[list[Floats]] = [[], []]
    for name, values in real.numeric.items():
        matrices[0].append(values)
        matrices[1].append(synthetic.numeric[name])
    for name, words in real.categorical.items():
        codes = np.concatenate(shared_codes(words, synthetic.categorical[name])[:2])
        frequent = np.argsort(-np.bincount(codes), kind="stable")[:N_CATEGORIES]
        place = np.full(int(codes.max()) + 1, N_CATEGORIES)
        place[frequent] = np.arange(len(frequent))
        encoded = place[codes].astype(np.float64)
        matrices[0].append(encoded[: real.n_rows])
        matrices[1].append(encoded[real.n_rows :])
    categorical = list(range(len(real.numeric), len(matrices[0])))
    return np.column_stack(matrices[0]), np.column_stack(matrices[1]), categorical


@dataclass(frozen=True, kw_only=True)
class Boosted:
    """Fitted gradient boosted trees."""

    model: HistGradientBoostingClassifier
    edges: tuple[Floats, ...] | None  # of the bins of each column; None: the model's own

    def predict_proba(self, features: Floats) -> Floats:
        """The chance of either class `(n, 2)` for features `(n, d)`."""
        with threadpool_limits(1, user_api="openmp"):
            chances: Floats = self.model.predict_proba(_inputs(features, self.edges))
        return chances


def boosted(
    features: Floats,
    label: Flags,
    weight: Floats | None,
    *,
    seed: int,
    categorical: list[int] | None = None,
    n_trees: int = 100,
    feature_share: float = 1.0,
) -> Boosted:
    """Gradient boosted trees fitted to features `(n, d)`, some columns of which are codes.

    With a weight both classes weigh the same in sum, so the model ranks, whatever the prevalence of
    the rows it was trained on. Without one every row counts once. Each split of a tree may use a
    random `feature_share` of the columns: only where that is below 1 does the seed matter.
    """
    edges = balanced = None
    if weight is not None:
        codes = set(categorical or ())
        edges = tuple(
            np.arange(N_CATEGORIES + 0.5) if column in codes else _edges(values, weight)
            for column, values in enumerate(features.T)
        )
        balanced = _balanced(label, weight)
    model = HistGradientBoostingClassifier(
        max_iter=n_trees,
        max_leaf_nodes=15,
        min_samples_leaf=20,
        l2_regularization=1.0,
        max_features=feature_share,
        early_stopping=False,
        categorical_features=categorical or None,
        random_state=seed,
    )
    # On a busy machine the booster's threads wait for each other: three times as slow as one.
    with threadpool_limits(1, user_api="openmp"):
        model.fit(_spoken(_inputs(features, edges)), label, sample_weight=balanced)
    return Boosted(model=model, edges=edges)


@dataclass(frozen=True, kw_only=True)
class Linear:
    """A fitted logistic regression on points of the mixed space."""

    model: LogisticRegression

    def predict_proba(self, points: Floats) -> Floats:
        """The chance of either class `(n, 2)` for points `(n, d)`."""
        chances: Floats = self.model.predict_proba(_hinges(points))
        return chances


def linear(points: Floats, label: Flags, weight: Floats) -> Linear:
    """Logistic regression on points `(n, d)`, piecewise linear in each; both classes weigh alike.

    Points of the mixed space lie in [0, 1]: numbers by rank, so that bends at the quartiles let a
    number be as likely rare in its middle as at its ends.
    """
    model = LogisticRegression(tol=1e-3, max_iter=1_000)
    model.fit(_hinges(points), label, sample_weight=_balanced(label, weight))
    return Linear(model=model)


def _hinges(points: Floats) -> Floats:
    return np.hstack([points, *(np.maximum(points - bend, 0.0) for bend in (0.25, 0.5, 0.75))])


def _balanced(label: Flags, weight: Floats) -> Floats:
    """The weights `(n,)` scaled so that both classes weigh the same, n together."""
    total = {value: weight[label == value].sum() for value in (True, False)}
    balanced: Floats = weight * len(label) / 2 / np.where(label, total[True], total[False])
    return balanced


def rank(model: Boosted | Linear | DecisionTreeClassifier, features: npt.NDArray[Any]) -> Floats:
    """How rare the model takes each row to be `(n,)`, in [0, 1]."""
    chances: Floats = model.predict_proba(features)
    return chances[:, 1]


def _edges(values: Floats, weight: Floats) -> Floats:
    """Where a column is cut: weighted quantiles; scikit-learn's own take fifty times as long."""
    if np.isnan(values).all():
        return np.zeros(0)
    return cuts(values, weight, N_BINS)


def _inputs(features: Floats, edges: tuple[Floats, ...] | None) -> Floats:
    if edges is None:
        return features
    bins = [np.searchsorted(own, values) for own, values in zip(edges, features.T, strict=True)]
    return np.where(np.isnan(features), np.nan, np.column_stack(bins))


def _spoken(features: Floats) -> Floats:
    """The features, 0 in place of columns that are all NaN: scikit-learn 1.9 can't bin those."""
    return np.where(np.isnan(features).all(axis=0), 0.0, features)
