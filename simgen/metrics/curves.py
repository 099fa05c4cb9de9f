"""ROC, precision-recall and calibration curves of models trained on synthetic and on real rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from sklearn.metrics import precision_recall_curve, roc_curve

from simgen.core import Streams
from simgen.metrics.base import Floats, Sample
from simgen.metrics.resampling import error_over_splits, thin
from simgen.metrics.utility import (
    FEWEST_SPLITS,
    GRID,
    PREVALENCE,
    Rows,
    at_prevalence,
    calibration,
    carried,
    halves,
    learners,
    why_undefined,
)

MAX_ROWS = 20_000  # of each sample looked at
N_SPLITS = 5
# Where ROC curves are read: with rare events, what happens below 1 % decides.
FALSE_ALARMS = np.union1d(GRID, np.geomspace(1e-4, 1e-2, 21))


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """One curve, averaged over splits of the real entities at fixed places.

    Attributes:
        x: the places `(p,)`.
        y: the mean over splits `(p,)`.
        low: the lower end of a 95 % interval at each place `(p,)`.
        high: the upper end `(p,)`.
    """

    x: Floats
    y: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class ModelCurves:
    """The curves of models trained on one kind of rows and tested on real ones.

    Attributes:
        roc: true positive rate by false positive rate; does not depend on the prevalence.
        precision_recall: precision by recall, at the stated prevalence.
        calibration: share of rare rows by the chance predicted, in tenths of the rows, at it too.
    """

    roc: Curve
    precision_recall: Curve
    calibration: Curve


@dataclass(frozen=True, kw_only=True, eq=False)
class Curves:
    """The curves behind the score `tstr`, or why there are none.

    Attributes:
        models: by what trained them: `synthetic` rows or `real` ones; empty if undefined.
        prevalence: the share of rare rows at which precision and calibration are measured.
        reason: why there are no curves; "" if there are.
    """

    models: Mapping[str, ModelCurves] = field(default_factory=lambda: MappingProxyType({}))
    prevalence: float = PREVALENCE
    reason: str = ""


def curves(real: Sample, synthetic: Sample, *, seed: int = 0) -> Curves:
    """The curves of boosted trees trained on synthetic and on real rows, tested on the same halves.

    The splits, the model and the prevalence are those of the score `tstr`. ROC curves are averaged
    vertically (Fawcett, 2006, An introduction to ROC analysis), precision at each recall likewise.

    Args:
        real: real rows; half of their entities train, the others test, on several splits.
        synthetic: simulated rows with the same columns.
        seed: of the splits and models.
    """
    if reason := why_undefined(real, synthetic):
        return Curves(reason=reason)
    generator = Streams(seed).child("metrics").generator("curves")
    real, synthetic = (thin(side, MAX_ROWS, generator) for side in (real, synthetic))
    learner = next(iter(learners(real, synthetic).values()))
    found: dict[str, list[_Curves]] = {"synthetic": [], "real": []}
    for split, (train, test) in enumerate(halves(real, N_SPLITS, generator)):
        tested = learner.real.take(test)
        for name, rows in (("synthetic", learner.synthetic), ("real", learner.real.take(train))):
            chance = learner.fit(rows, seed + split)(tested.features)
            found[name].append(_measured(chance, tested))
    if len(found["real"]) < FEWEST_SPLITS:
        return Curves(reason=f"fewer than {FEWEST_SPLITS} splits have both classes in both halves")
    return Curves(models={name: _averaged(splits) for name, splits in found.items()})


_Curves = tuple[tuple[Floats, Floats], ...]  # places and values of each curve


def _measured(chance: Floats, rows: Rows) -> _Curves:
    mixed = at_prevalence(rows, PREVALENCE)
    alarms, hits, _ = roc_curve(rows.label, chance, sample_weight=rows.weight)
    precision, recall, _ = precision_recall_curve(rows.label, chance, sample_weight=mixed)
    levels = calibration(carried(chance, PREVALENCE), rows.label, mixed)
    return (
        (FALSE_ALARMS, np.interp(FALSE_ALARMS, alarms, hits)),
        (GRID, np.interp(GRID, recall[::-1], precision[::-1])),
        (levels.predicted, levels.observed),
    )


def _averaged(splits: list[_Curves]) -> ModelCurves:
    roc, precision_recall, calibrated = (_average(found) for found in zip(*splits, strict=True))
    return ModelCurves(roc=roc, precision_recall=precision_recall, calibration=calibrated)


def _average(found: Sequence[tuple[Floats, Floats]]) -> Curve:
    places, values = (np.stack(side) for side in zip(*found, strict=True))
    held = np.isfinite(places).all(axis=0)
    places, values = places[:, held], values[:, held]
    y = values.mean(axis=0)
    error = np.array([error_over_splits(at) for at in values.T.tolist()])
    return Curve(
        x=places.mean(axis=0),
        y=y,
        low=np.maximum(y - error, 0.0),
        high=np.minimum(y + error, 1.0),
    )
