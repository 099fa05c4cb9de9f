"""Whether a model trained on synthetic rows treats subgroups more unequally than a real one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from sklearn.metrics import average_precision_score

from simgen.core import parameter
from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.resampling import error_over_splits, thin
from simgen.metrics.utility import (
    FEWEST_SPLITS,
    PREVALENCE,
    Rows,
    halves,
    learners,
    why_undefined,
)
from simgen.metrics.weighted import quantiles

FEWEST_OF_A_GROUP = 10  # rare and ordinary rows of a subgroup in the half that tests
FALSE_ALARMS = 0.05  # share of ordinary rows at which recall is compared
MEASURES = ("recall", "average precision")

Groups = Mapping[str, Flags]  # masks of the rows of a test, by subgroup


@dataclass(frozen=True, kw_only=True)
class Fairness(Metric):
    """Gap between subgroups of a model trained on synthetic rows, less that of one on real rows.

    The gap is that between the best and the worst served subgroup in the recall of rare rows at 5 %
    false alarms overall (Hardt et al., 2016, Equality of opportunity in supervised learning); the
    value is its mean over splits. Parts: the same of average precision, at one stated prevalence.
    Below 0 the synthetic rows make a fairer model.
    """

    name: ClassVar[str] = "fairness"
    title: ClassVar[str] = "Subgroups served alike"
    doc: ClassVar[str] = (
        "Gap in recall at 5 % false alarms between the best and the worst served subgroup, for a "
        "model trained on synthetic rows, less that for one trained on real rows."
    )
    range: ClassVar[tuple[float, float]] = (-1.0, 1.0)
    ideal: ClassVar[float] = 0.0
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.10
    far: ClassVar[float] = 0.25
    family: ClassVar[Family] = "utility"
    sees_fitted: ClassVar[bool] = True

    max_rows: int = parameter(20_000, minimum=100, doc="Rows of each sample looked at.")
    prevalence: float = parameter(
        PREVALENCE, above=0, below=1, doc="Share of rare rows at which precision is measured."
    )
    n_splits: int = parameter(5, minimum=FEWEST_SPLITS, doc="Random splits.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        if real.subgroup is None:
            return Score.undefined("no subgroup column is stated")
        if reason := why_undefined(real, synthetic):
            return Score.undefined(reason)
        generator = self._generator()
        real, synthetic = (thin(side, self.max_rows, generator) for side in (real, synthetic))
        assert real.subgroup is not None
        learner = next(iter(learners(real, synthetic).values()))
        gaps: dict[str, list[float]] = {name: [] for name in MEASURES}
        for split, (train, test) in enumerate(halves(real, self.n_splits, generator)):
            rows = learner.real.take(test)
            groups = _groups(rows, real.subgroup[test])
            if len(groups) < 2:
                continue
            models = (
                learner.fit(trained, self.seed + split)
                for trained in (learner.synthetic, learner.real.take(train))
            )
            both = [self._gaps(model(rows.features), rows, groups) for model in models]
            for name in MEASURES:
                gaps[name].append(both[0][name] - both[1][name])
        if len(gaps["recall"]) < FEWEST_SPLITS:
            return Score.undefined(
                f"fewer than 2 subgroups have {FEWEST_OF_A_GROUP} rare and as many ordinary rows "
                "in a half of the real rows"
            )
        parts = {f"gap in {name}": _interval(values) for name, values in gaps.items()}
        whole = parts["gap in recall"]
        return Score(
            value=whole["value"], low=whole["low"], high=whole["high"], details={"parts": parts}
        )

    def _gaps(self, chance: Floats, rows: Rows, groups: Groups) -> dict[str, float]:
        ordinary = ~rows.label
        bound = quantiles(chance[ordinary], rows.weight[ordinary], [1 - FALSE_ALARMS])[0]
        recalls, precisions = [], []
        for group in groups.values():
            rare = group & rows.label
            recalls.append(float(np.average(chance[rare] > bound, weights=rows.weight[rare])))
            shares = (
                self.prevalence / rows.weight[rare].sum(),
                (1 - self.prevalence) / rows.weight[group & ordinary].sum(),
            )
            mixed = rows.weight * np.where(rows.label, *shares)
            precisions.append(
                float(
                    average_precision_score(
                        rows.label[group], chance[group], sample_weight=mixed[group]
                    )
                )
            )
        return {"recall": float(np.ptp(recalls)), "average precision": float(np.ptp(precisions))}


def _groups(rows: Rows, subgroup: np.ndarray[tuple[int], np.dtype[np.str_]]) -> Groups:
    groups = {str(name): subgroup == name for name in np.unique(subgroup) if name}
    return {
        name: mask
        for name, mask in groups.items()
        if min(int((mask & rows.label).sum()), int((mask & ~rows.label).sum())) >= FEWEST_OF_A_GROUP
        and rows.weight[mask & rows.label].any()
        and rows.weight[mask & ~rows.label].any()
    }


def _interval(values: list[float]) -> dict[str, float]:
    value, error = float(np.mean(values)), error_over_splits(values)
    return {"value": value, "low": max(-1.0, value - error), "high": min(1.0, value + error)}
