"""ROC, precision-recall and calibration curves of a model, and their means over splits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.metrics import precision_recall_curve, roc_curve

from simgen.kernels.arrays import Floats
from simgen.metrics.resampling import error_over_splits
from simgen.metrics.utility import Rows, at_prevalence, calibration, carried

GRID = np.linspace(0.0, 1.0, 101)  # where precision is read
# Where ROC curves are read: with rare events, what happens below 1 % decides.
FALSE_ALARMS = np.union1d(GRID, np.geomspace(1e-4, 1e-2, 21))

Points = tuple[Floats, Floats]  # places and values `(p,)` of a curve


def measured_curves(chance: Floats, rows: Rows, prevalence: float) -> dict[str, Points]:
    """The curves of a model that was trained on balanced classes and gives the rows these chances.

    `roc`: rare rows found by false alarms, at any prevalence; `precision_recall`: precision by
    recall, and `calibration`: share of rare rows by the chance predicted, in tenths of the rows,
    both at the prevalence.
    """
    mixed = at_prevalence(rows, prevalence)
    alarms, hits, _ = roc_curve(rows.label, chance, sample_weight=rows.weight)
    precision, recall, _ = precision_recall_curve(rows.label, chance, sample_weight=mixed)
    levels = calibration(carried(chance, prevalence), rows.label, mixed)
    return {
        "roc": (FALSE_ALARMS, np.interp(FALSE_ALARMS, alarms, hits)),
        "precision_recall": (GRID, np.interp(GRID, recall[::-1], precision[::-1])),
        "calibration": (levels.predicted, levels.observed),
    }


def averaged_curves(splits: Sequence[Mapping[str, Points]]) -> dict[str, dict[str, list[float]]]:
    """Each curve's places `x`, mean `y` over the splits, and 95 % interval from `low` to `high`.

    Averaged vertically (Fawcett, 2006, An introduction to ROC analysis).
    """
    return {name: _averaged([split[name] for split in splits]) for name in splits[0]}


def _averaged(found: Sequence[Points]) -> dict[str, list[float]]:
    places, values = (np.stack(side) for side in zip(*found, strict=True))
    held = np.isfinite(places).all(axis=0)
    places, values = places[:, held], values[:, held]
    y = values.mean(axis=0)
    error = np.array([error_over_splits(at) for at in values.T.tolist()])
    return {
        "x": places.mean(axis=0).tolist(),
        "y": y.tolist(),
        "low": np.maximum(y - error, 0.0).tolist(),
        "high": np.minimum(y + error, 1.0).tolist(),
    }
