"""Mutual information, correlation, and histories: closed forms and reference implementations."""

import numpy as np
import pytest
from scipy import stats

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.metrics.autocorrelation import SINCE, Autocorrelation
from simgen.metrics.correlation import Correlation, correlation_ratio, cramers_v
from simgen.metrics.event_intervals import EventIntervals
from simgen.metrics.histories import intervals, successions, whole_entities
from simgen.metrics.mutual_information import MutualInformation, information
from simgen.metrics.weighted import pairwise, pearson, spearman


def generator(name="test"):
    return Streams(4).generator(name)


def test_information_of_a_copy_is_its_entropy():
    """Four equally frequent codes tell 2 bits of themselves."""
    codes = np.repeat(np.arange(4), 10_000)
    assert information(codes, codes, np.ones(40_000)) == pytest.approx(np.log(4), abs=1e-3)


def test_information_of_independent_columns_is_corrected_to_nothing():
    """The bias of few rows, here (10 - 1)^2 / 2n = 0.08, is taken off."""
    found = [
        information(
            generator(f"x{i}").integers(0, 10, 500),
            generator(f"y{i}").integers(0, 10, 500),
            np.ones(500),
        )
        for i in range(30)
    ]
    assert np.mean(found) < 0.012


def test_information_counts_weights_as_repetition():
    """Rows of weight 0 are not there."""
    codes = np.array([0, 1, 0, 1] * 50)
    weight = np.tile([1.0, 1.0, 0.0, 0.0], 50)
    kept = weight > 0
    assert information(codes, codes, weight) == pytest.approx(
        information(codes[kept], codes[kept], np.ones(100))
    )
    assert information(codes, codes, np.zeros(200)) is None


def test_a_bend_that_ranks_do_not_see_is_seen():
    """Y = x^2 has no correlation with x, and much information on it."""
    x = generator("bend").normal(size=4_000)
    bent, loose = (
        Sample(numeric={"x": x, "y": y}, weight=np.ones(4_000))
        for y in (x**2, generator("loose").permutation(x**2))
    )
    assert Correlation().compute(bent, loose).value < 0.05
    assert MutualInformation().compute(bent, loose).value > 0.8


def test_coefficients_agree_with_scipy():
    """With equal weights they are the textbook's."""
    chance = generator("coefficients")
    x, y = chance.normal(size=(2, 300))
    codes = chance.integers(0, 3, 300)
    once = np.ones(300)
    assert pearson(x, x + y, once) == pytest.approx(stats.pearsonr(x, x + y).statistic)
    others = (codes + (chance.random(300) < 0.3)) % 3
    table = stats.contingency.crosstab(codes, others).count
    assert cramers_v(codes, others, once) == pytest.approx(stats.contingency.association(table))
    f = stats.f_oneway(*(x[codes == code] + code for code in range(3))).statistic
    assert correlation_ratio(codes, x + codes, once) ** 2 == pytest.approx(f * 2 / (f * 2 + 297))


def test_a_constant_column_has_no_correlation():
    """There is no number then, rather than NaN."""
    x, once = generator("constant").normal(size=60), np.ones(60)
    assert pearson(x, np.full(60, 0.1), once) is None
    assert correlation_ratio(np.arange(60) % 2, np.full(60, 0.1), once) is None
    assert cramers_v(np.zeros(60, int), np.arange(60) % 2, once) is None


@pytest.mark.parametrize(("pair", "rank"), [(spearman, True), (pearson, False)])
def test_many_columns_at_once_are_as_two_by_two(pair, rank):
    """Columns with and without holes, ties and variety give the matrix of all pairs."""
    chance = generator("matrix")
    columns = [
        chance.normal(size=200),
        np.round(chance.normal(size=200)),
        np.where(chance.random(200) < 0.2, np.nan, chance.normal(size=200)),
        np.full(200, 3.0),
    ]
    weight = chance.poisson(1.0, 200).astype(float)
    found = pairwise(columns, pair, rank=rank)(weight)
    for first, row in zip(columns, found, strict=True):
        for second, value in zip(columns, row, strict=True):
            expected = pair(first, second, weight)
            assert value == (expected if expected is None else pytest.approx(expected))
    assert pairwise(columns, pair, rank=rank)(np.zeros(200)) == [[None] * 4] * 4


def histories(name, n_entities=400, memory=0.8, burst=0.0):
    """Entities with 8 rows, a number that remembers, and gaps of mean 1."""
    chance = generator(name)
    x = chance.normal(size=(n_entities, 8))
    for step in range(1, 8):
        x[:, step] = memory * x[:, step - 1] + np.sqrt(1 - memory**2) * x[:, step]
    gaps = chance.exponential(size=(n_entities, 8))
    gaps *= np.where(chance.random((n_entities, 8)) < burst, 0.01, 1.0)
    order = chance.permutation(8 * n_entities)
    return Sample(
        numeric={"x": x.ravel()[order]},
        weight=np.ones(8 * n_entities),
        entity=np.repeat(np.arange(n_entities), 8)[order],
        at=gaps.cumsum(axis=1).ravel()[order],
    )


def test_lost_memory_shows_at_each_step():
    """A memory of 0.8 against none: half the difference is 0.4 after one row, 0.32 after two."""
    parts = Autocorrelation().compute(histories("a"), histories("b", memory=0.0)).details["parts"]
    assert parts["x 1 row on"]["value"] == pytest.approx(0.39, abs=0.04)
    assert parts["x 2 rows on"]["value"] == pytest.approx(0.31, abs=0.04)
    assert parts[f"{SINCE} 1 row on"]["value"] < 0.05


def test_bursts_show_in_the_intervals():
    """Half of the gaps a hundredth as long: their share, and nearly that distance."""
    score = EventIntervals().compute(histories("a"), histories("b", burst=0.5))
    assert score.details["parts"]["bursts"]["value"] == pytest.approx(0.46, abs=0.05)
    assert score.value > 0.4


def test_successions_follow_time_within_an_entity():
    """Rows in any order are put in theirs; nobody's first row follows another's last."""
    sample = Sample(
        numeric={},
        weight=np.ones(5),
        entity=np.array(["b", "a", "b", "a", "b"]),
        at=np.array([3.0, 1.0, 1.0, np.nan, 2.0]),
    )
    earlier, later = successions(sample)
    assert list(zip(earlier, later, strict=True)) == [(2, 4), (4, 0)]
    np.testing.assert_array_equal(intervals(sample), [1, np.nan, np.nan, np.nan, 1])


def test_histories_are_never_cut():
    """Fewer rows are fewer entities, each with all of its rows."""
    part = whole_entities(histories("a"), 1_000, generator())
    assert part.n_rows == 1_000
    assert set(np.unique(part.entity, return_counts=True)[1]) == {8}


@pytest.mark.parametrize(
    ("changes", "reason"), [({"at": None}, "no time"), ({"entity": None}, "no entity")]
)
def test_rows_without_histories_are_undefined(changes, reason):
    """The reason says what is missing."""
    real = histories("a")
    parts = {"entity": real.entity, "at": real.at, **changes}
    bare = Sample(numeric=real.numeric, weight=real.weight, **parts)
    for metric in (Autocorrelation(), EventIntervals()):
        assert reason in metric.compute(bare, real).reason
