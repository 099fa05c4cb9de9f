"""Models trained on some rows and tested on others, and how good they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.base import Sample
from simgen.metrics.models import boosted, encode, linear, rank
from simgen.metrics.resampling import entity_codes, half
from simgen.metrics.space import Space

FEWEST_OF_A_CLASS = 20  # rows of each class on each side: half of them train, half test
FEWEST_SPLITS = 3  # fewer say nothing of the spread
PREVALENCE = 0.05  # share of rare rows at which precision is measured unless told; assumption
FEATURE_SHARE = 0.75  # of the columns each split of a tree may use, drawn by the model's seed
N_LEVELS = 10  # groups of rows, by the chance predicted, in which calibration is measured


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows to train or test on: features `(n, d)`, label `(n,)` and weight `(n,)`."""

    features: Floats
    label: Flags
    weight: Floats

    def take(self, rows: Flags) -> Rows:
        """The rows of a mask."""
        return Rows(features=self.features[rows], label=self.label[rows], weight=self.weight[rows])

    def joined(self, other: Rows) -> Rows:
        """These rows and the other ones."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in self.__annotations__)
        features, label, weight = (np.concatenate(pair) for pair in pairs)
        return Rows(features=features, label=label, weight=weight)


@dataclass(frozen=True, kw_only=True)
class Learner:
    """A model class, and both samples in the form it reads them."""

    real: Rows
    synthetic: Rows
    fit: Callable[[Rows, int], Callable[[Floats], Floats]]  # rows, seed -> chances of features


def learners(real: Sample, synthetic: Sample) -> dict[str, Learner]:
    """The model classes tried: the first gives the score, the others show what hangs on it."""
    features, synthetic_features, categorical = encode(real, synthetic)
    space = Space.of(real, synthetic)

    def trees(rows: Rows, seed: int) -> Callable[[Floats], Floats]:
        model = boosted(
            rows.features,
            rows.label,
            rows.weight,
            categorical=categorical,
            seed=seed,
            feature_share=FEATURE_SHARE,
        )
        return lambda features: rank(model, features)

    def regression(rows: Rows, _: int) -> Callable[[Floats], Floats]:
        model = linear(rows.features, rows.label, rows.weight)
        return lambda features: rank(model, features)

    return {
        "boosted trees": Learner(
            real=_rows(real, features), synthetic=_rows(synthetic, synthetic_features), fit=trees
        ),
        "logistic regression": Learner(
            real=_rows(real, space.place(real)),
            synthetic=_rows(synthetic, space.place(synthetic)),
            fit=regression,
        ),
    }


def _rows(sample: Sample, features: Floats) -> Rows:
    assert sample.label is not None
    return Rows(features=features, label=sample.label, weight=sample.weight)


def why_undefined(real: Sample, synthetic: Sample) -> str:
    """Why no model can be trained and tested; "" if one can."""
    for name, side in (("real", real), ("synthetic", synthetic)):
        if side.label is None:
            return f"the {name} rows have no label"
        if (n_rows := n_rarer(side.label[side.weight > 0])) < FEWEST_OF_A_CLASS:
            return (
                f"the {name} sample has {n_rows} rows of its rarer class that weigh something: "
                f"{FEWEST_OF_A_CLASS} are needed"
            )
    return ""


def halves(
    real: Sample, n_splits: int, generator: np.random.Generator
) -> Iterator[tuple[Flags, Flags]]:
    """Masks `(n,)` of real rows to train and to test on, with both classes in either.

    Random halves of the entities; where it is known what a generator was fitted on, those rows
    train, and a random half of the others tests: intervals then know nothing of another fit.
    """
    assert real.label is not None
    codes, weighs = entity_codes(real.entity, real.n_rows), real.weight > 0
    for _ in range(n_splits):
        chosen = half(codes, generator)
        train, test = chosen, ~chosen
        if real.fitted is not None:
            train, test = real.fitted, ~real.fitted & ~chosen
        if min(n_rarer(real.label[side & weighs]) for side in (train, test)) > 0:
            yield train, test


def n_rarer(label: Flags) -> int:
    """How many rows the rarer class has."""
    return int(min(label.sum(), (~label).sum()))


def measure(chance: Floats, rows: Rows, prevalence: float) -> dict[str, float]:
    """How good the chances `(n,)` are that a model, trained on balanced classes, gives the rows.

    Within a class rows count as they weigh; the classes as `prevalence` says. Brier score (1950)
    and calibration error are those of the chances carried over to that prevalence.
    """
    label, weight, mixed = rows.label, rows.weight, at_prevalence(rows, prevalence)
    believed = carried(chance, prevalence)
    return {
        "average_precision": float(average_precision_score(label, chance, sample_weight=mixed)),
        "natural_average_precision": float(
            average_precision_score(label, chance, sample_weight=weight)
        ),
        "roc_auc": float(roc_auc_score(label, chance, sample_weight=weight)),
        "brier_score": float(mixed @ (believed - label) ** 2),
        "calibration_error": calibration(believed, label, mixed).error,
    }


def at_prevalence(rows: Rows, prevalence: float) -> Floats:
    """The weights `(n,)` scaled so that they sum to 1 and the rare rows to `prevalence`."""
    weight, label = rows.weight, rows.label
    shares = prevalence / weight[label].sum(), (1 - prevalence) / weight[~label].sum()
    scaled: Floats = weight * np.where(label, *shares)
    return scaled


def carried(chance: Floats, prevalence: float) -> Floats:
    """The chances `(n,)` of a model trained on balanced classes, at a prevalence (Bayes' rule)."""
    rare = chance * prevalence
    moved: Floats = rare / (rare + (1 - chance) * (1 - prevalence))
    return moved


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Chance predicted and share of rare rows observed, in tenths of the rows by that chance.

    Attributes:
        share: how much of the weight each tenth holds `(10,)`; 0 if a heavy row spans it.
        predicted: the mean chance of each `(10,)`, ascending; NaN where it holds nothing.
        observed: the share of rare rows in each `(10,)`, likewise.
    """

    share: Floats
    predicted: Floats
    observed: Floats

    @property
    def error(self) -> float:
        """The mean gap between what was predicted and observed (Naeini et al., 2015)."""
        return float(np.nansum(self.share * np.abs(self.predicted - self.observed)))


def calibration(chance: Floats, label: Flags, weight: Floats) -> Calibration:
    """The calibration of chances `(n,)` for rows that weigh something."""
    order = np.argsort(chance, kind="stable")
    mass = np.cumsum(weight[order]) / weight.sum()
    level = np.empty(len(chance), np.int64)
    level[order] = np.minimum((mass * N_LEVELS).astype(np.int64), N_LEVELS - 1)
    held, predicted, observed = (
        np.bincount(level, weight * part, N_LEVELS) for part in (1.0, chance, label)
    )
    empty = held == 0
    mean = np.where(empty, 1.0, held)
    return Calibration(
        share=held / weight.sum(),
        predicted=np.where(empty, np.nan, predicted / mean),
        observed=np.where(empty, np.nan, observed / mean),
    )
