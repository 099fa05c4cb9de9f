"""Whether a model trained on synthetic rows works on real ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from sklearn.metrics import (
    average_precision_score,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

from simgen.core import parameter
from simgen.metrics.base import Flags, Floats, Metric, Sample, Score
from simgen.metrics.models import boosted, encode, rank
from simgen.metrics.resampling import entity_codes, error_over_splits, half, thin

FEWEST_OF_A_CLASS = 20  # rows of each class on each side: half of them train, half test
FEWEST_SPLITS = 3  # fewer say nothing of the spread
GRID = np.linspace(0.0, 1.0, 101)  # where the curves of the splits are averaged


@dataclass(frozen=True, kw_only=True)
class TrainSyntheticTestReal(Metric):
    """Average precision of a model trained on synthetic rows over one trained on real ones.

    Esteban, Hyland and Raetsch (2017), Real-valued (medical) time series generation. Both models
    are the same boosted trees, tested on the same half of the real entities; the other half trains
    the real one. The value is the geometric mean over splits.

    Within a class rows count as they weigh; between classes precision is measured at one stated
    prevalence (Siblini et al., 2020, Master your metrics with calibration). At that of nature,
    where a file holds one ordinary row of a hundred, the first false alarm decides: two halves of
    real rows then differ by a factor of four. `details` has that average precision too.
    """

    name: ClassVar[str] = "tstr"
    title: ClassVar[str] = "A model trained on it, tested on real rows"
    doc: ClassVar[str] = (
        "Average precision on real rows of boosted trees trained on synthetic rows, over that of "
        "the same trees trained on real rows: 1 is as good as real data."
    )
    range: ClassVar[tuple[float, float]] = (0.0, float("inf"))
    ideal: ClassVar[float] = 1.0
    direction: ClassVar[Literal["higher", "lower"]] = "higher"
    close: ClassVar[float] = 0.90
    far: ClassVar[float] = 0.70

    max_rows: int = parameter(20_000, minimum=100, doc="Rows of each sample looked at.")
    prevalence: float = parameter(
        0.05, above=0, below=1, doc="Share of rare rows at which precision is measured."
    )
    n_splits: int = parameter(
        10, minimum=FEWEST_SPLITS, doc="Random splits, each with models of its own."
    )

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        if reason := _why_undefined(real, synthetic):
            return Score.undefined(reason)
        generator = self._generator()
        real, synthetic = (thin(side, self.max_rows, generator) for side in (real, synthetic))
        splits = list(self._splits(real, synthetic, generator))
        if len(splits) < FEWEST_SPLITS:
            return Score.undefined(
                f"{len(splits)} splits of the real entities have both classes in both halves: "
                f"{FEWEST_SPLITS} are needed"
            )
        results = {
            source: {key: [split[source][key] for split in splits] for key in _MEASURES}
            for source in ("synthetic", "real")
        }
        ratios = np.log(results["synthetic"]["average_precision"]) - np.log(
            results["real"]["average_precision"]
        )
        value = float(np.exp(ratios.mean()))
        error = float(np.exp(error_over_splits(ratios.tolist())))
        details = {source: _summary(result) for source, result in results.items()}
        about = {
            "splits": len(splits),
            "prevalence": self.prevalence,
            "rows": _counts(synthetic, "synthetic") | _counts(real, "real"),
            "grid": GRID.tolist(),
        }
        return Score(value=value, low=value / error, high=value * error, details=details | about)

    def _splits(
        self, real: Sample, synthetic: Sample, generator: np.random.Generator
    ) -> Iterator[dict[str, dict[str, Any]]]:
        assert real.label is not None
        assert synthetic.label is not None
        features, synthetic_features, categorical = encode(real, synthetic)
        codes = entity_codes(real.entity, real.n_rows)
        for split in range(self.n_splits):
            train = half(codes, generator)
            if min(_n_rarer(real.label[train]), _n_rarer(real.label[~train])) == 0:
                continue
            sources = {
                "synthetic": (synthetic_features, synthetic.label, synthetic.weight),
                "real": (features[train], real.label[train], real.weight[train]),
            }
            yield {
                source: _measure(
                    rank(
                        boosted(*rows, categorical=categorical, seed=self.seed + split),
                        features[~train],
                    ),
                    real.label[~train],
                    real.weight[~train],
                    self.prevalence,
                )
                for source, rows in sources.items()
            }


_MEASURES = (
    "average_precision",
    "natural_average_precision",
    "roc_auc",
    "precision_at_recall",
    "recall_at_false_alarms",
)


def _why_undefined(real: Sample, synthetic: Sample) -> str:
    for side, label in (("real", real.label), ("synthetic", synthetic.label)):
        if label is None:
            return f"the {side} rows have no label"
        if (n_rows := _n_rarer(label)) < FEWEST_OF_A_CLASS:
            return (
                f"the {side} sample has {n_rows} rows of its rarer class: "
                f"{FEWEST_OF_A_CLASS} are needed"
            )
    return ""


def _counts(sample: Sample, name: str) -> dict[str, int]:
    assert sample.label is not None
    return {f"{name} rows": sample.n_rows, f"{name} rare rows": int(sample.label.sum())}


def _n_rarer(label: Flags) -> int:
    return int(min(label.sum(), (~label).sum()))


def _measure(chance: Floats, label: Flags, weight: Floats, prevalence: float) -> dict[str, Any]:
    shares = prevalence / weight[label].sum(), (1 - prevalence) / weight[~label].sum()
    mixed = weight * np.where(label, *shares)
    precision, recall, _ = precision_recall_curve(label, chance, sample_weight=mixed)
    alarms, hits, _ = roc_curve(label, chance, sample_weight=weight)
    return {
        "average_precision": float(average_precision_score(label, chance, sample_weight=mixed)),
        "natural_average_precision": float(
            average_precision_score(label, chance, sample_weight=weight)
        ),
        "roc_auc": float(roc_auc_score(label, chance, sample_weight=weight)),
        "precision_at_recall": np.interp(GRID, recall[::-1], precision[::-1]),
        "recall_at_false_alarms": np.interp(GRID, alarms, hits),
    }


def _summary(result: dict[str, list[Any]]) -> dict[str, Any]:
    means = {key: np.mean(values, axis=0).tolist() for key, values in result.items()}
    spreads = {f"{key}_spread": float(np.std(result[key], ddof=1)) for key in _MEASURES[:3]}
    return means | spreads
