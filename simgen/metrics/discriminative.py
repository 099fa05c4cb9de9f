"""Whether a model can tell real from synthetic histories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from sklearn.linear_model import RidgeClassifierCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from simgen.core import parameter
from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.histories import whole_entities, why_undefined
from simgen.metrics.resampling import error_over_splits, half
from simgen.metrics.windows import (
    FEWEST_STEPS,
    FEWEST_WINDOWS,
    Convolutions,
    Windows,
    cut,
    place_steps,
    usual_length,
)

PENALTIES = np.logspace(-3, 3, 10)  # tried by leave-one-out, as ROCKET's authors do


@dataclass(frozen=True, kw_only=True)
class Discriminative(Metric):
    """Hold-out accuracy, less one half, of a model that tells real from synthetic histories.

    The discriminative score of Yoon et al. (2019), Time-series generative adversarial networks.
    They train a recurrent network; here a ridge classifier reads random convolutions (Dempster et
    al., 2020, ROCKET) of windows of an entity's rows, the time since the row before among them.
    Halves of the entities train and test; both sides weigh the same.
    """

    name: ClassVar[str] = "discriminative"
    title: ClassVar[str] = "Telling real from simulated histories"
    doc: ClassVar[str] = (
        "How much more often than one half a model says rightly whether successive rows of an "
        "entity are real or synthetic: 0 is a coin toss, 0.5 is every time."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 0.5)
    ideal: ClassVar[float] = 0.0
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.10
    far: ClassVar[float] = 0.30
    family: ClassVar[Family] = "fidelity"

    max_rows: int = parameter(20_000, minimum=100, doc="Rows of each sample, whole entities.")
    n_splits: int = parameter(5, minimum=2, doc="Random splits, each with a model of its own.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        generator = self._generator()
        if reason := why_undefined(real, synthetic):
            return Score.undefined(reason)
        real, synthetic = (
            whole_entities(side, self.max_rows, generator) for side in (real, synthetic)
        )
        if (n_steps := usual_length(real, synthetic)) < FEWEST_STEPS:
            return Score.undefined(
                f"most rows are of entities with fewer than {FEWEST_STEPS} of them"
            )
        points = place_steps(real, synthetic)
        sides = [
            cut(side, held, n_steps, stride=n_steps)
            for side, held in zip((real, synthetic), points, strict=True)
        ]
        if min(side.n_windows for side in sides) < FEWEST_WINDOWS:
            return Score.undefined(
                f"a sample has fewer than {FEWEST_WINDOWS} windows of {n_steps} rows of one entity"
            )
        accuracies = self._accuracies(sides, generator)
        if not accuracies:
            return Score.undefined("a half of the entities of one sample weighs nothing")
        value, error = float(np.mean(accuracies)) - 0.5, error_over_splits(accuracies)
        return Score(
            value=min(abs(value), 0.5),
            low=max(0.0, abs(value) - error),
            high=min(0.5, abs(value) + error),
            details={
                "accuracies": accuracies,
                "rows_of_a_window": n_steps,
                "windows": [side.n_windows for side in sides],
            },
        )

    def _accuracies(self, sides: list[Windows], generator: np.random.Generator) -> list[float]:
        values = np.concatenate([side.values for side in sides])
        features = Convolutions.drawn(values, generator).features(values)
        is_real = np.arange(len(values)) < sides[0].n_windows
        weight = np.concatenate([side.weight for side in sides])
        accuracies = []
        for _ in range(self.n_splits):
            train = np.concatenate([half(side.entity, generator) for side in sides])
            if not all(weight[a & b].any() for a in (is_real, ~is_real) for b in (train, ~train)):
                return []
            accuracies.append(_accuracy(features, is_real, weight, train))
        return accuracies


def _accuracy(features: Floats, is_real: Flags, weight: Floats, train: Flags) -> float:
    model = make_pipeline(StandardScaler(), RidgeClassifierCV(PENALTIES))
    model.fit(
        features[train],
        is_real[train],
        ridgeclassifiercv__sample_weight=_even(weight[train], is_real[train]),
    )
    right = model.predict(features[~train]) == is_real[~train]
    return float(right @ _even(weight[~train], is_real[~train])) / 2


def _even(weight: Floats, is_real: Flags) -> Floats:
    """The weights `(n,)`, those of each side 1 in sum."""
    total = weight[~is_real].sum(), weight[is_real].sum()
    even: Floats = weight / np.where(is_real, total[1], total[0])
    return even
