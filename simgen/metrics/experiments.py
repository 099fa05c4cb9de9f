"""The experiment behind the metrics of utility: models of one class, compared on many splits."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from simgen.core import parameter
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.curves import averaged_curves, measured_curves
from simgen.metrics.resampling import error_over_splits, thin
from simgen.metrics.utility import (
    FEWEST_SPLITS,
    PREVALENCE,
    Learner,
    Rows,
    halves,
    learners,
    measure,
    why_undefined,
)

MEASURES = (
    "average_precision",
    "natural_average_precision",
    "roc_auc",
    "brier_score",
    "calibration_error",
)

Plan = Mapping[str, tuple[Rows, Rows]]  # rows to train and to test on, by what is compared


@dataclass(frozen=True, kw_only=True)
class Experiment(Metric):
    """Average precision of one way to train and test over that of another, on the same splits.

    The value is the geometric mean over splits, each with models of a seed of its own, for boosted
    trees; parts show a second model class.

    Within a class rows count as they weigh; between classes precision is measured at one stated
    prevalence (Siblini et al., 2020, Master your metrics with calibration). At that of nature,
    where a file holds one ordinary row of a hundred, the first false alarm decides: two halves of
    real rows then differ by a factor of four. `details` has that average precision too.
    """

    range: ClassVar[tuple[float, float]] = (0.0, float("inf"))
    ideal: ClassVar[float] = 1.0
    family: ClassVar[Family] = "utility"
    sees_fitted: ClassVar[bool] = True
    sources: ClassVar[Mapping[str, str]]  # what is compared, and with what, each with its name

    max_rows: int = parameter(20_000, minimum=100, doc="Rows of each sample looked at.")
    prevalence: float = parameter(
        PREVALENCE, above=0, below=1, doc="Share of rare rows at which precision is measured."
    )
    n_splits: int = parameter(10, minimum=FEWEST_SPLITS, doc="Random splits.")

    @abstractmethod
    def _plan(self, learner: Learner, train: Rows, test: Rows) -> Plan:
        """What each of `sources` is trained and tested on, given real rows for either."""

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        if reason := why_undefined(real, synthetic):
            return Score.undefined(reason)
        generator = self._generator()
        real, synthetic = (thin(side, self.max_rows, generator) for side in (real, synthetic))
        models = learners(real, synthetic)
        results: dict[str, list[dict[str, dict[str, Any]]]] = {name: [] for name in models}
        for split, (train, test) in enumerate(halves(real, self.n_splits, generator)):
            for name, learner in models.items():
                plan = self._plan(learner, learner.real.take(train), learner.real.take(test))
                results[name].append(self._compared(learner, plan, self.seed + split))
        n_splits = len(next(iter(results.values())))
        if n_splits < FEWEST_SPLITS:
            return Score.undefined(
                f"{n_splits} splits of the real entities have both classes in both halves: "
                f"{FEWEST_SPLITS} are needed"
            )
        compared, with_what = self.sources
        ratios = {name: _ratio(splits, compared, with_what) for name, splits in results.items()}
        first = next(iter(results))
        details = {source: _summary(results[first], source) for source in self.sources}
        about = {
            "parts": {
                name: {"value": score.value, "low": score.low, "high": score.high}
                for name, score in ratios.items()
            },
            "sources": dict(self.sources),
            "splits": n_splits,
            "prevalence": self.prevalence,
            "rows": _counts(real, synthetic),
        }
        return replace(ratios[first], details=details | about)

    def _compared(self, learner: Learner, plan: Plan, seed: int) -> dict[str, dict[str, Any]]:
        models = {id(train): learner.fit(train, seed) for train, _ in plan.values()}
        found = {}
        for source, (train, test) in plan.items():
            chance = models[id(train)](test.features)
            curves = measured_curves(chance, test, self.prevalence)
            found[source] = {**measure(chance, test, self.prevalence), "curves": curves}
        return found


Results = Sequence[Mapping[str, Mapping[str, Any]]]  # for each split, by what was compared


def _ratio(results: Results, compared: str, with_what: str) -> Score:
    """Average precision of one over that of the other: geometric mean over splits."""
    logs = [
        float(np.log(split[compared]["average_precision"] / split[with_what]["average_precision"]))
        for split in results
    ]
    value, error = float(np.exp(np.mean(logs))), float(np.exp(error_over_splits(logs)))
    return Score(value=value, low=value / error, high=value * error)


def _summary(results: Results, source: str) -> dict[str, Any]:
    """Mean of each measure and curve over the splits, and the spread of each measure."""
    each = {key: [split[source][key] for split in results] for key in MEASURES}
    means = {key: float(np.mean(values)) for key, values in each.items()}
    spreads = {f"{key}_spread": float(np.std(values, ddof=1)) for key, values in each.items()}
    curves = averaged_curves([split[source]["curves"] for split in results])
    return {**means, **spreads, "curves": curves}


def _counts(real: Sample, synthetic: Sample) -> dict[str, int]:
    """Rows and rare rows of both sides."""
    found = {}
    for name, sample in (("synthetic", synthetic), ("real", real)):
        assert sample.label is not None
        found[f"{name} rows"] = sample.n_rows
        found[f"{name} rare rows"] = int(sample.label.sum())
    return found
