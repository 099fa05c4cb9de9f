"""Whether a model can tell real rows from synthetic ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from sklearn.metrics import roc_auc_score

from simgen.core import parameter
from simgen.kernels.arrays import Floats
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.models import boosted, encode, rank
from simgen.metrics.resampling import entity_codes, error_over_splits, half, thin

FEWEST_ENTITIES = 10  # of each side, so that a half of them says something


@dataclass(frozen=True, kw_only=True)
class ClassifierTwoSample(Metric):
    """Hold-out ROC-AUC of boosted trees that tell real from synthetic rows.

    Lopez-Paz and Oquab (2017), Revisiting classifier two-sample tests; with AUC in place of
    accuracy. Halves of the entities train and test; real and synthetic rows weigh the same in sum;
    the label, where there is one, is one more column.
    """

    name: ClassVar[str] = "c2st"
    title: ClassVar[str] = "Telling real from synthetic"
    doc: ClassVar[str] = (
        "Hold-out ROC-AUC of boosted trees trained to tell real from synthetic rows: "
        "0.5 is a coin toss, 1 is every time."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 0.5
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.60
    far: ClassVar[float] = 0.80
    family: ClassVar[Family] = "fidelity"

    max_rows: int = parameter(20_000, minimum=100, doc="Rows of each sample looked at.")
    n_splits: int = parameter(3, minimum=2, doc="Random splits, each with a model of its own.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        generator = self._generator()
        real, synthetic = (thin(side, self.max_rows, generator) for side in (real, synthetic))
        sides = [entity_codes(side.entity, side.n_rows) for side in (real, synthetic)]
        if min(int(codes.max()) + 1 for codes in sides) < FEWEST_ENTITIES:
            return Score.undefined(f"a sample has fewer than {FEWEST_ENTITIES} entities")
        features, names, categorical = _features(real, synthetic)
        is_real = np.arange(len(features)) < real.n_rows
        weight = np.concatenate([side.weight / side.weight.sum() for side in (real, synthetic)])
        areas, losses = [], []
        for split in range(self.n_splits):
            train = np.concatenate([half(codes, generator) for codes in sides])
            if not all(weight[a & b].any() for a in (is_real, ~is_real) for b in (train, ~train)):
                return Score.undefined("a half of the entities of one sample weighs nothing")
            model = boosted(
                features[train],
                is_real[train],
                weight[train],
                categorical=categorical,
                seed=self.seed + split,
            )
            test, truth, mass = features[~train], is_real[~train], weight[~train]
            areas.append(float(roc_auc_score(truth, rank(model, test), sample_weight=mass)))
            losses.append(_losses(model, test, truth, mass, areas[-1], generator=generator))
        value, error = float(np.mean(areas)), error_over_splits(areas)
        return Score(
            value=value,
            low=max(0.0, value - error),
            high=min(1.0, value + error),
            details={
                "splits": areas,
                "area_lost_without": dict(
                    zip(names, np.mean(losses, axis=0).tolist(), strict=True)
                ),
                "rows": [real.n_rows, synthetic.n_rows],
            },
        )


def _features(real: Sample, synthetic: Sample) -> tuple[Floats, list[str], list[int]]:
    real_features, synthetic_features, categorical = encode(real, synthetic)
    names = [*real.numeric, *real.categorical]
    features = np.concatenate([real_features, synthetic_features])
    if real.label is not None and synthetic.label is not None:
        label = np.concatenate([real.label, synthetic.label])
        features, names = np.column_stack([features, label]), [*names, "label"]
    return features, names, categorical


def _losses(
    model: Any,
    features: Floats,
    truth: Any,
    weight: Floats,
    area: float,
    *,
    generator: np.random.Generator,
) -> list[float]:
    """The area lost when one column is shuffled: which column gives the synthetic rows away."""
    losses = []
    for column in range(features.shape[1]):
        shuffled = features.copy()
        shuffled[:, column] = generator.permutation(shuffled[:, column])
        lower = roc_auc_score(truth, rank(model, shuffled), sample_weight=weight)
        losses.append(area - float(lower))
    return losses
