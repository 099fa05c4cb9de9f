"""Curves of models trained on synthetic and on real rows."""

import dataclasses

import numpy as np
import pytest

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.metrics.curves import curves


def rows(name, n_rows=6_000):
    """Rare rows lie one deviation higher: the ROC curve has a closed form."""
    chance = Streams(6).generator(name)
    label = chance.random(n_rows) < 0.2
    return Sample(
        numeric={"x": chance.normal(1.0 * label, 1.0)}, label=label, weight=np.ones(n_rows)
    )


def test_curves_of_one_nature_follow_the_law():
    """Recall at 20 % false alarms is Phi(1 - 0.8416); chances are what happens."""
    found = curves(rows("real"), rows("synthetic"))
    for model in found.models.values():
        at = np.searchsorted(model.roc.x, 0.2)
        assert model.roc.y[at] == pytest.approx(0.563, abs=0.04)
        assert model.roc.low[at] <= model.roc.y[at] <= model.roc.high[at]
        assert np.all(np.diff(model.roc.y) >= 0)
        assert model.precision_recall.y[-1] == pytest.approx(found.prevalence, abs=0.01)
        gap = np.abs(model.calibration.x - model.calibration.y)
        assert len(gap) == 10
        assert gap.mean() < 0.02


def test_a_model_of_turned_labels_ranks_the_wrong_way():
    """The curve of synthetic rows is of the model trained on them, and that of real rows is not."""
    synthetic = rows("synthetic")
    turned = dataclasses.replace(synthetic, numeric={"x": -synthetic.numeric["x"]})
    models = curves(rows("real"), turned).models
    middle = np.searchsorted(models["real"].roc.x, 0.5)
    assert models["synthetic"].roc.y[middle] < 0.5 < models["real"].roc.y[middle]


def test_without_labels_there_is_a_reason():
    """No curves, and why."""
    unlabelled = dataclasses.replace(rows("real"), label=None)
    found = curves(unlabelled, rows("synthetic"))
    assert not found.models
    assert "no label" in found.reason
