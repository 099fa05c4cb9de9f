"""Models trained and tested: calibration, splits, and what hangs on the model class."""

import dataclasses

import numpy as np
import pytest

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.metrics.augmentation import Augmentation
from simgen.metrics.models import linear, rank
from simgen.metrics.tstr import TrainSyntheticTestReal
from simgen.metrics.utility import Rows, calibration, halves, measure


def generator(name="test"):
    return Streams(5).generator(name)


def labelled(name, n_rows=3_000, **changes):
    chance = generator(name)
    label = chance.random(n_rows) < 0.15
    entity = np.arange(n_rows) // 3
    return dataclasses.replace(
        Sample(
            numeric={"x": chance.normal(1.5 * label, 1.0), "y": chance.normal(size=n_rows)},
            label=label,
            entity=entity,
            weight=np.ones(n_rows),
        ),
        **changes,
    )


def test_true_chances_are_calibrated():
    """Rows that are rare as often as predicted have no error; twice as often, that gap."""
    chance = generator().uniform(0, 0.5, 200_000)
    once = np.ones(len(chance))
    true, double = (generator("draw").random(len(chance)) < chance * f for f in (1, 2))
    assert calibration(chance, true, once).error < 0.005
    assert calibration(chance, double, once).error == pytest.approx(0.25, abs=0.005)


def test_chances_are_carried_over_to_the_stated_prevalence():
    """The ideal chances of balanced classes are calibrated at 5 %, whatever the rows hold."""
    label = np.arange(40_000) < 20_000
    x = generator("carried").normal(1.5 * label, 1.0)
    balanced = 1 / (1 + np.exp(-1.5 * (x - 0.75)))  # Bayes: log-odds of N(1.5, 1) against N(0, 1)
    rows = Rows(features=x[:, None], label=label, weight=np.where(label, 0.3, 7.0))
    found = measure(balanced, rows, 0.05)
    assert found["calibration_error"] < 0.003
    assert found["brier_score"] < 0.05 * 0.95  # that of saying 5 % to everyone
    worse = measure(np.sqrt(balanced), rows, 0.05)
    assert worse["calibration_error"] > 10 * found["calibration_error"]


def test_the_second_model_class_sees_bends():
    """Rare in the middle: a logistic regression on hinges ranks those first."""
    points = generator("bend").uniform(0, 1, (4_000, 1))
    label = np.abs(points[:, 0] - 0.5) < 0.1
    chance = rank(linear(points, label, np.ones(4_000)), points)
    assert chance[label].mean() > chance[~label].mean() + 0.3


def test_known_fitted_rows_train_and_the_others_test():
    """The model on real rows is trained on what the generator was fitted on."""
    fitted = np.arange(3_000) // 3 % 2 == 0
    real = labelled("a", fitted=fitted)
    for train, test in halves(real, 4, generator()):
        assert (train == fitted).all()
        assert not (train & test).any()
        assert 600 < test.sum() < 900


def test_both_model_classes_are_told():
    """Parts say what the score hangs on; the first class is the score."""
    score = TrainSyntheticTestReal(n_splits=3).compute(labelled("a"), labelled("b"))
    parts = score.details["parts"]
    assert set(parts) == {"boosted trees", "logistic regression"}
    assert parts["boosted trees"]["value"] == score.value
    assert score.details["synthetic"]["brier_score"] < 0.05
    assert score.details["synthetic"]["calibration_error"] < 0.02


def test_synthetic_rows_help_where_real_ones_are_few():
    """Few real rows and three thousand more of their nature are better than the few."""

    def crossed(name, n_rows):
        x, y = generator(name).normal(size=(2, n_rows))
        return Sample(numeric={"x": x, "y": y}, label=x * y > 0.7, weight=np.ones(n_rows))

    score = Augmentation(n_splits=5).compute(crossed("few", 300), crossed("many", 3_000))
    assert score.value > 1.1


@pytest.mark.parametrize("light", [False, True])
@pytest.mark.parametrize("side", [0, 1])
def test_a_class_that_weighs_nothing_trains_no_model(light, side):
    """Rows of weight 0 are none, on either side and of either class."""
    pair = [labelled("real"), labelled("synthetic")]
    weight = np.where(pair[side].label == light, 0.0, 1.0)
    pair[side] = dataclasses.replace(pair[side], weight=weight)

    reason = TrainSyntheticTestReal(n_splits=3).compute(*pair).reason

    assert "has 0 rows of its rarer class that weigh something" in reason


def test_halves_hold_both_classes_by_weight():
    """Where all the weight of the rare rows is one entity's, no split has them on both sides."""
    real = labelled("real")
    weight = np.where(real.label & (real.entity != real.entity[real.label][0]), 0.0, 1.0)
    heavy = dataclasses.replace(real, weight=weight)

    assert not list(halves(heavy, 5, generator()))
