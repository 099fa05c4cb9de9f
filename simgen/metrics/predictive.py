"""Whether a model of what comes next, learned from synthetic histories, works on real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from simgen.core import parameter
from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.base import Family, Indices, Metric, Sample, Score
from simgen.metrics.discriminative import PENALTIES
from simgen.metrics.histories import whole_entities, why_undefined
from simgen.metrics.resampling import error_over_splits, half
from simgen.metrics.utility import FEWEST_SPLITS
from simgen.metrics.windows import (
    FEWEST_STEPS,
    FEWEST_WINDOWS,
    Convolutions,
    Windows,
    cut,
    place_steps,
    usual_length,
)

FEWEST_WITH_A_NUMBER = 10  # windows of either side, for a column to be predicted


@dataclass(frozen=True, kw_only=True)
class Predictive(Metric):
    """Error in predicting an entity's next row, learned from synthetic rows over from real ones.

    The predictive score of Yoon et al. (2019), Time-series generative adversarial networks: mean
    absolute error on real rows of a model trained on synthetic ones. They train a recurrent network
    and give its error; here ridge regression reads the last row and random convolutions of those
    before, and the error is divided by that of the same model trained on other real entities.
    Numbers count by their place among the real ones, so that every column weighs alike.
    """

    name: ClassVar[str] = "predictive"
    title: ClassVar[str] = "Predicting an entity's next row"
    doc: ClassVar[str] = (
        "Mean absolute error in predicting the numbers of an entity's next real row, learned from "
        "synthetic histories, over that learned from real ones: 1 is as good as real data."
    )
    range: ClassVar[tuple[float, float]] = (0.0, float("inf"))
    ideal: ClassVar[float] = 1.0
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 1.05
    far: ClassVar[float] = 1.25
    family: ClassVar[Family] = "utility"

    max_rows: int = parameter(20_000, minimum=100, doc="Rows of each sample, whole entities.")
    n_splits: int = parameter(5, minimum=FEWEST_SPLITS, doc="Random splits.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        generator = self._generator()
        if reason := why_undefined(real, synthetic):
            return Score.undefined(reason)
        real, synthetic = (
            whole_entities(side, self.max_rows, generator) for side in (real, synthetic)
        )
        if not real.numeric:
            return Score.undefined("there is no number to predict")
        if (n_steps := usual_length(real, synthetic)) < FEWEST_STEPS:
            return Score.undefined(
                f"most rows are of entities with fewer than {FEWEST_STEPS} of them"
            )
        sides = [
            cut(side, held, n_steps, stride=max(1, n_steps // 2))
            for side, held in zip((real, synthetic), place_steps(real, synthetic), strict=True)
        ]
        if min(side.n_windows for side in sides) < FEWEST_WINDOWS:
            return Score.undefined(
                f"a sample has fewer than {FEWEST_WINDOWS} windows of {n_steps} rows of one entity"
            )
        read = Convolutions.drawn(sides[0].values[:, :-1], generator)
        tasks = [
            _Task.of(windows, side, read)
            for windows, side in zip(sides, (real, synthetic), strict=True)
        ]
        return self._compared(tasks, tuple(real.numeric), generator)

    def _compared(
        self, tasks: Sequence[_Task], names: Sequence[str], generator: np.random.Generator
    ) -> Score:
        real, synthetic = tasks
        splits = []
        for _ in range(self.n_splits):
            train = half(real.entity, generator)
            test = real.take(~train)
            splits.append([_errors(trained, test) for trained in (synthetic, real.take(train))])
        errors = np.array(splits)  # by split, by what trained, by column
        known = (np.isfinite(errors) & (errors > 0)).all(axis=(0, 1))
        if not known.any():
            return Score.undefined("no number is present, and varies, in every half of the rows")
        errors = errors[:, :, known]
        kept = [name for name, present in zip(names, known, strict=True) if present]
        logs = np.log(errors[:, 0] / errors[:, 1])
        parts = {name: _ratio(of.tolist()) for name, of in zip(kept, logs.T, strict=True)}
        means = errors.mean(axis=2)
        whole = _ratio(np.log(means[:, 0] / means[:, 1]).tolist())
        return Score(
            value=whole["value"],
            low=whole["low"],
            high=whole["high"],
            details={
                "parts": parts,
                "error": dict(zip(("synthetic", "real"), means.mean(axis=0).tolist(), strict=True)),
                "windows": [len(task.weight) for task in tasks],
                "undefined": [name for name in names if name not in parts],
            },
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Task:
    """Rows to predict.

    Attributes:
        features: what is known before each `(w, f)`.
        truth: the places of its numbers `(w, k)`; NaN where it has none.
        entity: whose it is, as a number from 0 `(w,)`.
        weight: what it weighs `(w,)`.
    """

    features: Floats
    truth: Floats
    entity: Indices
    weight: Floats

    @classmethod
    def of(cls, windows: Windows, sample: Sample, read: Convolutions) -> _Task:
        """The last row of each window, to be predicted from the others."""
        before, last = windows.values[:, :-1], windows.values[:, -1, : len(sample.numeric)]
        absent = [np.isnan(values[windows.last]) for values in sample.numeric.values()]
        return cls(
            features=np.hstack([read.features(before), before[:, -1]]),
            truth=np.where(np.column_stack(absent), np.nan, last),
            entity=windows.entity,
            weight=windows.weight,
        )

    def take(self, rows: Flags) -> _Task:
        """The rows of a mask."""
        return _Task(
            features=self.features[rows],
            truth=self.truth[rows],
            entity=self.entity[rows],
            weight=self.weight[rows],
        )


def _errors(trained: _Task, tested: _Task) -> Floats:
    """Mean absolute error of each number's place `(k,)`; NaN where too few rows have one."""
    present = [~np.isnan(task.truth) & (task.weight > 0)[:, None] for task in (trained, tested)]
    errors = np.full(trained.truth.shape[1], np.nan)
    # Columns that the same rows have are fitted together, for one decomposition.
    patterns = np.unique(np.vstack(present), axis=1, return_inverse=True)[1]
    for pattern in range(int(patterns.max()) + 1):
        columns = np.flatnonzero(patterns == pattern)
        train, test = (side[:, columns[0]] for side in present)
        if min(train.sum(), test.sum()) < FEWEST_WITH_A_NUMBER:
            continue
        model = make_pipeline(StandardScaler(), RidgeCV(PENALTIES))
        model.fit(
            trained.features[train],
            trained.truth[np.ix_(train, columns)],
            ridgecv__sample_weight=trained.weight[train],
        )
        told = model.predict(tested.features[test]).reshape(-1, len(columns))
        missed = np.abs(told - tested.truth[np.ix_(test, columns)])
        errors[columns] = np.average(missed, axis=0, weights=tested.weight[test])
    return errors


def _ratio(logs: Sequence[float]) -> dict[str, float]:
    """The geometric mean over splits and its interval."""
    value, error = float(np.exp(np.mean(logs))), float(np.exp(error_over_splits(logs)))
    return {"value": value, "low": value / error, "high": value * error}
