"""What attacks on membership share: what they see of a row, and how well they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
from sklearn.metrics import roc_curve

from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.base import Sample, Score
from simgen.metrics.models import boosted, rank
from simgen.metrics.neighbours import nearest
from simgen.metrics.resampling import bootstrap

REVERSED = 0.45  # below this area the attack is worse than a coin toss for some other reason
FALSE_ALARMS = 0.01  # at which the share found is told
N_NEIGHBOURS = 5  # the farther of two neighbours that an attack looks at
N_TREES = 50  # of a model that attacks: it reads a handful of columns
SMALL = 1e-9  # keeps the logarithm of a copy's distance finite
_FARTHEST = 1e3  # where no such neighbour is; the mixed space is some units wide

Labels = tuple[Flags, Flags] | None  # of the rows of both sides


@dataclass(frozen=True, kw_only=True, eq=False)
class Fold:
    """One attack on some rows.

    Attributes:
        suspicion: how much each row is taken for a fitted one `(n,)`.
        is_fitted: whether it was `(n,)`.
        attacked: whether it is attacked in this fold `(n,)`.
    """

    suspicion: Floats
    is_fitted: Flags
    attacked: Flags


def joined(fitted: Sample, others: Sample) -> Sample:
    """What is attacked and resampled: the label, entity and weight of both, one below the other."""
    parts: dict[str, Any] = {
        side: {
            name: np.concatenate([values, getattr(others, side)[name]])
            for name, values in getattr(fitted, side).items()
        }
        for side in ("numeric", "categorical")
    }
    for name in ("label", "entity", "weight"):
        if getattr(fitted, name) is not None:
            parts[name] = np.concatenate([getattr(fitted, name), getattr(others, name)])
    return Sample(**parts)


def signs(points: Floats, among: Floats, *, label: Labels = None) -> Floats:
    """What gives a row away: logarithms of its distances to released rows `(n, 2)` or `(n, 3)`.

    Those to the nearest, to the fifth, and where rows are labelled to the nearest of its class.

    Args:
        points: rows to attack `(n, d)`.
        among: released rows, or others that an attacker has `(m, d)`.
        label: the labels of both; None if one side has none.
    """
    found = [nearest(points, among, k=k)[0] for k in (1, N_NEIGHBOURS)]
    if label is not None:
        # Rows with the same code are no neighbours: of each class, the other one.
        other = label[0].astype(np.int64), (~label[1]).astype(np.int64)
        found.append(nearest(points, among, apart=other)[0])
    return np.log(np.minimum(np.column_stack(found), _FARTHEST) + SMALL)


def labels(targets: Sample, released: Sample) -> Labels:
    """The labels of both samples, if both have them."""
    if targets.label is None or released.label is None:
        return None
    return targets.label, released.label


def learned(features: Floats, is_fitted: Flags, attacked: Floats, *, seed: int) -> Floats:
    """The suspicion `(m,)` of a model that was shown who was fitted `(n,)`.

    Args:
        features: of the rows it was shown `(n, f)`.
        is_fitted: who was fitted `(n,)`.
        attacked: the same features of others `(m, f)`.
        seed: of the model.
    """
    model = boosted(features, is_fitted, None, seed=seed, n_trees=N_TREES)
    return rank(model, attacked)


def judged(
    folds: Sequence[Fold],
    targets: Sample,
    synthetic: Sample,
    *,
    n_resamples: int,
    generator: np.random.Generator,
) -> Score:
    """The area under the ROC curve of an attack, mean over folds, of all rows and of rare ones.

    Intervals resample entities. `details` has the share of fitted rows found at 1 % false alarms
    (Carlini et al., 2022, Membership inference attacks from first principles).

    Args:
        folds: the attacks.
        targets: the rows they attack.
        synthetic: the rows they read.
        n_resamples: resamples behind the interval.
        generator: draws them.
    """
    groups = {"all rows": np.ones(targets.n_rows, bool)}
    if targets.label is not None:
        groups["rare rows"] = targets.label
    score = bootstrap(
        lambda weight, _: {name: _area(folds, weight * group) for name, group in groups.items()},
        targets,
        synthetic,
        n_resamples=n_resamples,
        generator=generator,
        combine=itemgetter(0),
    )
    if score.high is not None and score.high < REVERSED:
        return Score.undefined(
            f"held-out rows lie nearer to the synthetic rows than fitted ones (area "
            f"{score.value:.2f}): the split is swapped, or its sides differ in nature"
        )
    found = {name: _found(folds, targets.weight * group) for name, group in groups.items()}
    return score.detailed(found_at_1_percent_false_alarms=found)


def _rows(folds: Sequence[Fold], weight: Floats) -> list[tuple[Flags, Floats, Floats]]:
    """Truth, suspicion and weight of the rows of each fold; none if a fold lacks a side."""
    found = []
    for fold in folds:
        rows = fold.attacked & (weight > 0)
        truth = fold.is_fitted[rows]
        if truth.all() or not truth.any():
            return []
        found.append((truth, fold.suspicion[rows], weight[rows]))
    return found


def _area(folds: Sequence[Fold], weight: Floats) -> float | None:
    areas = [area(*rows) for rows in _rows(folds, weight)]
    return float(np.mean(areas)) if areas else None


def area(truth: Flags, suspicion: Floats, mass: Floats) -> float:
    """The area under the curve of hits over false alarms; ties count half.

    As `sklearn.metrics.roc_auc_score`, whose checks of its arguments take thirty times as long:
    attacks are resampled by the thousand.

    Args:
        truth: whether each row was fitted, some and not all. (n,)
        suspicion: how much it is taken for one, finite. (n,)
        mass: above 0. (n,)
    """
    order = np.argsort(suspicion, kind="stable")
    starts = np.flatnonzero(np.diff(suspicion[order], prepend=-np.inf))
    hits = np.add.reduceat((mass * truth)[order], starts)
    misses = np.add.reduceat((mass * ~truth)[order], starts)
    return float(hits @ (np.cumsum(misses) - misses / 2.0) / (hits.sum() * misses.sum()))


def _found(folds: Sequence[Fold], weight: Floats) -> float | None:
    shares = []
    for truth, suspicion, mass in _rows(folds, weight):
        alarms, hits, _ = roc_curve(truth, suspicion, sample_weight=mass)
        shares.append(np.interp(FALSE_ALARMS, alarms, hits))
    return float(np.mean(shares)) if shares else None
