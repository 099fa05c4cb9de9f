"""What every metric must satisfy. New modules under simgen/metrics are found by themselves."""

import dataclasses
import inspect
import json
from functools import cache

import numpy as np
import pytest

from simgen.core import Streams
from simgen.metrics import Metric, Sample, find_metrics
from simgen.metrics.base import FAMILIES

METRICS = [pytest.param(kind, id=name) for name, kind in find_metrics().items()]


@cache
def sample(name, n_rows=1_000):
    """Rows with all that a sample can have: holes, histories, subgroups, some of them fitted on."""
    chance = Streams(3).generator(name)
    label = chance.random(n_rows) < 0.15
    x = chance.normal(1.5 * label, 1.0)
    entity = chance.integers(0, n_rows // 12, n_rows)
    return Sample(
        numeric={
            "x": x,
            "y": np.where(chance.random(n_rows) < 0.1, np.nan, x + chance.normal(size=n_rows)),
        },
        categorical={"kind": np.where(label, "a", chance.choice(["a", "b"], n_rows))},
        label=label,
        entity=entity,
        weight=chance.uniform(0.5, 1.5, n_rows),
        kind=np.where(label, chance.choice(["theft", "ring"], n_rows), ""),
        subgroup=chance.choice(["young", "old"], n_rows),
        at=chance.uniform(0, 100, n_rows),
        fitted=entity % 2 == 0,
        obeys={"x is not far out": abs(x) < 6},
    )


def without(whole, **changes):
    """The sample with some of its parts replaced."""
    parts = {field.name: getattr(whole, field.name) for field in dataclasses.fields(whole)}
    return Sample(**{**parts, **changes})


def quick(kind, seed=0):
    """The metric with as few splits and resamples as it admits."""
    names = {field.name for field in dataclasses.fields(kind)}
    cheap = {"n_splits": 3, "n_resamples": 10}
    return kind(seed=seed, **{name: value for name, value in cheap.items() if name in names})


@cache
def first(kind):
    """The score of two samples, and NumPy's global state before and after it was computed."""
    np.random.seed(0)  # noqa: NPY002 - the global state is what is watched
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    score = quick(kind, seed=5).compute(sample("a"), sample("b"))
    return score, before, np.random.get_state()[1].copy()  # noqa: NPY002


@pytest.mark.parametrize("kind", METRICS)
class TestMetric:
    """The contract."""

    def test_is_frozen_and_keyword_only(self, kind):
        """Parameters can't change under a run, nor be given by position."""
        assert issubclass(kind, Metric)
        assert kind.__dataclass_params__.frozen
        assert all(field.kw_only for field in dataclasses.fields(kind))

    def test_says_how_to_read_it(self, kind):
        """Title, meaning, range, ideal and lines between good and bad agree with one another."""
        assert kind.title
        assert kind.doc
        assert inspect.getdoc(kind)
        low, high = kind.range
        assert low <= kind.ideal <= high
        assert kind.direction in {"higher", "lower"}
        assert kind.family in FAMILIES
        assert kind.level(kind.ideal) == "close"
        assert kind.level(low if kind.direction == "higher" else high) == "far"
        assert kind.level(None) == "unknown"

    def test_samples_of_one_nature_are_close(self, kind):
        """Two draws of one thing get the best verdict, and the interval holds the value."""
        score = quick(kind).compute(sample("a", 6_000), sample("b", 6_000))
        assert kind.level(score.value) == "close"
        assert score.low <= score.value <= score.high
        assert kind.range[0] <= score.low
        assert score.high <= kind.range[1]

    def test_same_seed_same_score(self, kind):
        """A score is a function of the samples, the parameters and the seed."""
        again = quick(kind, seed=5).compute(sample("a"), sample("b"))
        assert again.plain() == first(kind)[0].plain()

    def test_score_is_plain_json(self, kind):
        """The score can be written, without NaN or infinity."""
        score = first(kind)[0].plain()

        assert json.loads(json.dumps(score, allow_nan=False))

    def test_only_proportions_of_weights_count(self, kind):
        """Weights in thousands say the same as weights in units."""
        real, synthetic = sample("a"), sample("b")
        heavier = without(real, weight=real.weight * 1024.0)
        again = quick(kind, seed=5).compute(heavier, synthetic)
        assert again.value == pytest.approx(first(kind)[0].value)

    def test_few_rows_are_undefined(self, kind):
        """Too few rows give a reason, not a number."""
        score = quick(kind).compute(sample("a"), sample("b", 20))
        assert score.value is None
        assert "20 rows" in score.reason

    def test_weightless_rows_are_undefined(self, kind):
        """Rows that stand for nothing give a reason, not a number."""
        real = sample("a")
        score = quick(kind).compute(real, without(real, weight=np.zeros(real.n_rows)))
        assert score.value is None
        assert "weigh nothing" in score.reason

    @pytest.mark.parametrize("label", ["none", "all"])
    def test_one_class_is_no_crash(self, kind, label):
        """Samples of one class give a score or a reason."""
        real = sample("a")
        one_class = without(real, label=np.full(real.n_rows, label == "all"))
        for pair in ((real, one_class), (one_class, real)):
            score = quick(kind).compute(*pair)
            assert (score.value is None) == bool(score.reason)

    def test_no_columns_of_a_kind_is_no_crash(self, kind):
        """Samples without categories, or with one column, give a score or a reason."""
        bare = Sample(numeric={"x": sample("a").numeric["x"]}, weight=sample("a").weight)
        score = quick(kind).compute(bare, bare)
        assert (score.value is None) == bool(score.reason)

    def test_empty_column_is_no_crash(self, kind):
        """A column without a single value on one side gives a score or a reason."""
        real = sample("a")
        empty = without(real, numeric={**real.numeric, "y": np.full(real.n_rows, np.nan)})
        for pair in ((real, empty), (empty, real)):
            score = quick(kind).compute(*pair)
            assert (score.value is None) == bool(score.reason)

    def test_what_nobody_stated_is_no_crash(self, kind):
        """Samples without label, entity, time, subgroup or split give a score or a reason."""
        sides = [
            Sample(numeric=side.numeric, categorical=side.categorical, weight=side.weight)
            for side in (sample("a"), sample("b"))
        ]
        score = quick(kind).compute(*sides)
        assert (score.value is None) == bool(score.reason)

    def test_an_entity_on_both_sides_of_the_split_is_refused(self, kind):
        """What a generator learned of someone must not be tested on the same person."""
        real = sample("a")
        torn = without(real, fitted=np.arange(real.n_rows) % 2 == 0)
        assert "entities have rows" in quick(kind).compute(torn, sample("b")).reason

    def test_leaves_global_randomness_alone(self, kind):
        """No hidden use of NumPy's global state."""
        _, before, after = first(kind)
        np.testing.assert_array_equal(before, after)
