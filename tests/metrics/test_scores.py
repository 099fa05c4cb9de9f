"""What each metric notices, and what it must not take for a difference."""

import dataclasses

import numpy as np
import pytest

from simgen.core import RequestError, Streams
from simgen.metrics import Sample, Score
from simgen.metrics.c2st import ClassifierTwoSample
from simgen.metrics.class_marginals import ClassMarginals
from simgen.metrics.marginal_ks import MarginalKolmogorovSmirnov
from simgen.metrics.marginal_total_variation import MarginalTotalVariation
from simgen.metrics.pair_dependence import PairDependence
from simgen.metrics.tstr import TrainSyntheticTestReal


def generator(name):
    return Streams(1).generator(name)


def numbers(name, n_rows=2_000, shift=0.0):
    chance = generator(name)
    return Sample(
        numeric={"x": chance.normal(shift, 1, n_rows), "y": chance.normal(0, 1, n_rows)},
        weight=np.ones(n_rows),
    )


def labelled(name, n_rows=4_000, effect=2.0, rare=0.1):
    """Rare rows have a larger x, by `effect`."""
    chance = generator(name)
    label = chance.random(n_rows) < rare
    return Sample(
        numeric={"x": chance.normal(effect * label, 1), "y": chance.normal(0, 1, n_rows)},
        categorical={"kind": chance.choice(["a", "b", "c"], n_rows)},
        label=label,
        weight=np.ones(n_rows),
    )


def test_a_score_is_never_nan():
    """A number that does not exist has a reason instead."""
    with pytest.raises(ValueError, match="undefined"):
        Score(value=float("nan"))
    with pytest.raises(ValueError, match="reason"):
        Score(value=None)
    assert Score.undefined("because").plain() == {
        "value": None,
        "low": None,
        "high": None,
        "reason": "because",
    }


def test_weights_that_are_no_weights_are_refused():
    """Negative and infinite weights, and columns of another length, make no sample."""
    for weight in ([1.0, -1.0], [1.0, np.inf], [1.0]):
        with pytest.raises(ValueError, match="sample"):
            Sample(numeric={"x": np.zeros(2)}, weight=np.array(weight))


def test_parameters_of_metrics_are_checked():
    """A metric refuses a parameter out of bounds in one line."""
    with pytest.raises(RequestError, match="n_splits = 1 is out of bounds: must be >= 3"):
        TrainSyntheticTestReal(n_splits=1)


def test_columns_that_differ_are_an_error_of_the_caller():
    """Two samples with different columns can't be compared."""
    with pytest.raises(ValueError, match="different columns"):
        MarginalKolmogorovSmirnov().compute(numbers("a"), labelled("b"))


def test_a_shift_of_one_column_shows_in_that_column():
    """A shift by one deviation is a distance of 0.38 (2 Phi(1/2) - 1), its neighbour stays at 0."""
    score = MarginalKolmogorovSmirnov().compute(numbers("a"), numbers("b", shift=1.0))
    parts = score.details["parts"]
    assert parts["x"]["value"] == pytest.approx(0.383, abs=0.04)
    assert parts["x"]["low"] < 0.383 < parts["x"]["high"]
    assert parts["y"]["value"] < 0.05


def test_weights_undo_a_biased_draw():
    """Rows drawn twice as often on one side weigh half: the distance to nature vanishes."""
    nature = numbers("a", n_rows=4_000)
    x = nature.numeric["x"]
    rows = np.concatenate([np.flatnonzero(x > 0), np.arange(len(x))])
    drawn = nature.take(rows)
    weight = np.where(drawn.numeric["x"] > 0, 0.5, 1.0)
    corrected = Sample(numeric=drawn.numeric, weight=weight)
    metric = MarginalKolmogorovSmirnov()
    assert metric.compute(nature, drawn).details["parts"]["x"]["value"] > 0.1
    assert metric.compute(nature, corrected).details["parts"]["x"]["value"] < 1e-9


def test_rows_a_generator_was_fitted_on_are_no_yardstick():
    """Fidelity is measured on held-out rows alone: what was learned by heart does not help."""
    held_out, learned = numbers("a"), numbers("b", shift=3.0)
    both = Sample(
        numeric={
            name: np.concatenate([learned.numeric[name], values])
            for name, values in held_out.numeric.items()
        },
        weight=np.ones(4_000),
        fitted=np.arange(4_000) < 2_000,
    )
    metric = MarginalKolmogorovSmirnov()
    assert metric.compute(both, learned).details["parts"]["x"]["value"] > 0.8
    assert metric.compute(both, held_out).value == 0


def test_a_missing_category_shows():
    """Total variation is the share of rows that would have to move."""
    real = labelled("a")
    kind = np.where(real.categorical["kind"] == "c", "a", real.categorical["kind"])
    other = Sample(numeric=real.numeric, categorical={"kind": kind}, weight=real.weight)
    score = MarginalTotalVariation().compute(real, other)
    assert score.value == pytest.approx(np.mean(real.categorical["kind"] == "c"))


def test_classes_are_compared_apart():
    """Labels drawn at random leave the columns right, but not within the rare class."""
    real, other = labelled("a"), labelled("b")
    shuffled = Sample(
        numeric=other.numeric,
        categorical=other.categorical,
        label=generator("labels").permutation(other.label),
        weight=other.weight,
    )
    assert MarginalKolmogorovSmirnov().compute(real, shuffled).value < 0.05
    parts = ClassMarginals().compute(real, shuffled).details["parts"]
    assert parts["x of rare rows"]["value"] > 0.5
    assert parts["y of rare rows"]["value"] < 0.15


def test_broken_dependence_shows_though_the_columns_are_right():
    """Shuffling one column keeps it and loses what ties it to the others."""
    chance = generator("tied")
    x = chance.normal(size=3_000)
    kind = np.where(x > 0, "high", "low")
    tied = Sample(
        numeric={"x": x, "z": x + 0.1 * chance.normal(size=len(x))},
        categorical={"kind": kind},
        weight=np.ones(len(x)),
    )
    loose = Sample(
        numeric={"x": chance.permutation(x), "z": tied.numeric["z"]},
        categorical={"kind": kind},
        weight=tied.weight,
    )
    assert MarginalKolmogorovSmirnov().compute(tied, loose).value == pytest.approx(0)
    parts = PairDependence().compute(tied, loose).details["parts"]
    assert parts["x x z"]["value"] == pytest.approx(0.5, abs=0.03)  # half of rho 1 against 0
    assert parts["x x kind"]["value"] == pytest.approx(0.5, abs=0.05)
    assert parts["z x kind"]["value"] == pytest.approx(0)


def test_a_model_can_not_tell_samples_of_one_nature_apart():
    """Two draws from one distribution: a coin toss."""
    score = ClassifierTwoSample().compute(labelled("a"), labelled("b"))
    assert score.value == pytest.approx(0.5, abs=0.05)


def test_a_model_tells_samples_apart_and_names_the_column():
    """A shift is seen, and shuffling its column loses the area."""
    score = ClassifierTwoSample().compute(numbers("a"), numbers("b", shift=2.0))
    assert score.value > 0.85
    losses = score.details["area_lost_without"]
    assert losses["x"] > 0.3 > 10 * abs(losses["y"])


def test_a_model_is_not_helped_by_entities_it_has_seen():
    """Each entity has a value of its own; without grouping the trees would learn it by heart."""
    chance = generator("entities")
    sides = []
    for _ in range(2):
        own = chance.normal(size=60)
        entity = np.repeat(np.arange(60), 40)
        sides.append(Sample(numeric={"x": own[entity]}, weight=np.ones(2_400), entity=entity))
    alone = [Sample(numeric=side.numeric, weight=side.weight) for side in sides]
    assert ClassifierTwoSample().compute(*alone).value > 0.9
    assert ClassifierTwoSample().compute(*sides).value < 0.75


def test_training_on_the_same_nature_is_as_good_as_real():
    """A second draw trains a model as well as the first."""
    score = TrainSyntheticTestReal().compute(labelled("a"), labelled("b", n_rows=2_000))
    assert score.value == pytest.approx(1.0, abs=0.15)
    assert score.low < 1.0 < score.high


def test_training_on_random_labels_is_no_use():
    """Labels that say nothing leave the model with the prevalence."""
    score = TrainSyntheticTestReal(n_splits=3).compute(labelled("a"), labelled("b", effect=0.0))
    assert score.value < 0.5
    assert score.details["synthetic"]["roc_auc"] == pytest.approx(0.5, abs=0.15)
    assert score.details["real"]["roc_auc"] > 0.85


def test_precision_is_measured_at_the_stated_prevalence():
    """The rare rows' own weight does not change it: reweighting a class leaves the score."""
    real, synthetic = labelled("a"), labelled("b")
    heavier = Sample(
        numeric=real.numeric,
        categorical=real.categorical,
        label=real.label,
        weight=np.where(real.label, 0.01, 1.0),
    )
    one, two = (
        TrainSyntheticTestReal(n_splits=3).compute(side, synthetic) for side in (real, heavier)
    )
    assert two.details["real"]["average_precision"] == pytest.approx(
        one.details["real"]["average_precision"], rel=0.1
    )
    assert (
        two.details["real"]["natural_average_precision"]
        < 0.5 * one.details["real"]["natural_average_precision"]
    )


@pytest.mark.parametrize("n_entities", [1, 4, 5])
def test_few_entities_have_no_interval(n_entities):
    """Too few to show how far they differ: the value stands alone and says why, below five."""
    few = dataclasses.replace(numbers("few"), entity=np.arange(2_000) % n_entities)
    score = MarginalKolmogorovSmirnov().compute(numbers("real"), few)
    intervals = [(score.low, score.high)]
    intervals += [(part["low"], part["high"]) for part in score.details["parts"].values()]

    assert score.value is not None
    assert all((low is None) == (high is None) == (n_entities < 5) for low, high in intervals)
    assert ("no_interval" in score.details) == (n_entities < 5)


def test_entities_that_weigh_nothing_do_not_make_an_interval():
    """They are in no resample."""
    weight = np.where(np.arange(2_000) % 9 < 2, 1.0, 0.0)
    few = dataclasses.replace(numbers("few"), entity=np.arange(2_000) % 9, weight=weight)
    score = MarginalKolmogorovSmirnov().compute(few, numbers("real"))

    told = "there are 2 real of the 5 entities that an interval needs"
    assert (score.low, score.details["no_interval"]) == (None, told)
