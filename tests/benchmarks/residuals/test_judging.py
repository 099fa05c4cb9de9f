"""The judge, on rows whose worth is known."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from benchmarks.residuals.judging import N_RESAMPLES, Judge, joined, ranked, together
from benchmarks.residuals.references import REFERENCES
from simgen.core import Streams
from simgen.metrics.utility import Rows as Labelled
from simgen.residual import Rows

pytestmark = pytest.mark.slow

REFERENCE = REFERENCES["crash_occupants"]


def rows(seed, n_accidents=2_500):
    return REFERENCE.example.simulate(n_accidents, Streams(seed))


@pytest.fixture(scope="module")
def judge():
    """Development and final rows of one nature, of different accidents."""
    train, final = rows(1), rows(2)
    apart = final.columns["accident"] + 10_000
    return Judge.of(REFERENCE, train, Rows.of({**final.columns, "accident": apart}))


def first(utility, model="boosted trees"):
    """Average precision on the final rows as they are."""
    return utility[model]["average_precision"][0]


def test_fresh_rows_of_the_same_nature_pass(judge):
    """As useful as real ones, not to be told apart, no rule broken, nobody given away."""
    found = judge.whole(rows(3), 0)

    assert found["broken_share"] == 0
    assert found["c2st"]["value"] == pytest.approx(0.5, abs=0.05)
    for group in ("all rows", "rare rows"):
        own = found["membership"][group]
        assert abs(own["value"] - 0.5) < own["error"] + 0.05
    real = judge.real_alone(0)["utility"]
    assert first(found["utility"]) == pytest.approx(first(real), rel=0.6)
    assert {len(run) for model in real.values() for run in model.values()} == {1 + N_RESAMPLES}


def test_copies_are_found_out(judge):
    """Whoever hands out the real rows gives everybody away."""
    found = judge.whole(rows(1), 0)

    assert found["membership"]["all rows"]["value"] > 0.95
    assert found["membership"]["all rows"]["found"] > 0.9


def test_broken_rules_and_shuffled_labels_count(judge):
    """Each lowers what it should."""
    made = dict(rows(3).columns)
    made["airbag"] = ~made["airbag"]
    made["dead"] = np.random.default_rng(0).permutation(made["dead"])

    found = judge.whole(Rows.of(made), 0)

    assert found["broken_share"] == 1
    assert found["broken_by_rule"]["airbag_agrees_with_its_state"] == 1
    assert found["broken_by_rule"]["weight_is_not_negative"] == 0
    assert first(found["utility"]) < 0.5 * first(judge.real_alone(0)["utility"])


def test_rows_with_hardly_a_rare_one_train_nothing(judge):
    """That is said by an empty result, not by a number."""
    made = rows(3)

    assert judge.whole(made.take(~made.columns["dead"]), 0)["utility"] == {}


def test_beside_real_rows_made_ones_weigh_half_of_each_class():
    """However many they are."""
    real, made = (
        Labelled(features=np.zeros((n, 1)), label=np.arange(n) < n_rare, weight=np.ones(n))
        for n, n_rare in ((100, 10), (5_000, 40))
    )

    both = together(real, made)

    for label in (False, True):
        own = both.label == label
        assert both.weight[:100][own[:100]].sum() == pytest.approx(both.weight[own].sum() / 2)


def test_joined_rows_keep_their_columns():
    """One below the other."""
    both = joined(rows(1), rows(2))

    assert both.n_rows == rows(1).n_rows + rows(2).n_rows
    assert set(both.columns) == set(rows(1).columns)


def test_ranks_are_judged_as_scikit_learn_does():
    """With ties, and with rows that a resample leaves out."""
    generator = np.random.default_rng(6)
    label = generator.random(400) < 0.1
    chance = np.round(generator.random(400) + 0.3 * label, 1)
    weights = generator.poisson(1.0, (3, 400)).astype(float)

    precision, area = ranked(chance, label, weights)

    for row, weight in enumerate(weights):
        expected = average_precision_score(label, chance, sample_weight=weight)
        assert precision[row] == pytest.approx(expected)
        assert area[row] == pytest.approx(roc_auc_score(label, chance, sample_weight=weight))
