"""Curves of models trained on synthetic and on real rows."""

import dataclasses

import numpy as np
import pytest

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.metrics.tstr import TrainSyntheticTestReal


def rows(name, n_rows=6_000):
    """Rare rows lie one deviation higher: the ROC curve has a closed form."""
    chance = Streams(6).generator(name)
    label = chance.random(n_rows) < 0.2
    return Sample(
        numeric={"x": chance.normal(1.0 * label, 1.0)}, label=label, weight=np.ones(n_rows)
    )


def curves(real, synthetic):
    """Details of the score, and the curves of each model as arrays."""
    details = TrainSyntheticTestReal(n_splits=4).compute(real, synthetic).details
    return details, {
        source: {
            name: {end: np.array(values) for end, values in curve.items()}
            for name, curve in details[source]["curves"].items()
        }
        for source in ("real", "synthetic")
    }


def test_curves_of_one_nature_follow_the_law():
    """Recall at 20 % false alarms is Phi(1 - 0.8416); areas are those that the score tells."""
    details, models = curves(rows("real"), rows("synthetic"))
    for source, model in models.items():
        roc, levels = model["roc"], model["calibration"]
        at = np.searchsorted(roc["x"], 0.2)
        assert roc["y"][at] == pytest.approx(0.563, abs=0.04)
        assert roc["low"][at] <= roc["y"][at] <= roc["high"][at]
        assert np.all(np.diff(roc["y"]) >= 0)
        area = np.trapezoid(roc["y"], roc["x"])
        assert area == pytest.approx(details[source]["roc_auc"], abs=0.002)
        precision = model["precision_recall"]["y"]
        assert precision[-1] == pytest.approx(details["prevalence"], abs=0.01)
        gap = np.abs(levels["x"] - levels["y"])
        assert len(gap) == 10
        assert gap.mean() < 0.02


def test_a_model_of_turned_labels_ranks_the_wrong_way():
    """The curve of synthetic rows is of the model trained on them, and that of real rows is not."""
    synthetic = rows("synthetic")
    turned = dataclasses.replace(synthetic, numeric={"x": -synthetic.numeric["x"]})
    _, models = curves(rows("real"), turned)
    middle = np.searchsorted(models["real"]["roc"]["x"], 0.5)
    assert models["synthetic"]["roc"]["y"][middle] < 0.5 < models["real"]["roc"]["y"][middle]
