import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from simgen.metrics.weighted import (
    kolmogorov_smirnov,
    quantiles,
    ranks,
    shared_codes,
    spearman,
    total_variation,
)

# Few distinct values, so that ties are the rule.
values = st.lists(st.integers(0, 6).map(float), min_size=2, max_size=30).map(np.array)


def repeated(array, weight):
    """Each value as often as its whole weight says."""
    return np.repeat(array, weight.astype(int))


@given(real=values, synthetic=values)
def test_distance_of_equal_weights_is_that_of_scipy(real, synthetic):
    """Kolmogorov-Smirnov's distance agrees with the reference implementation, ties included."""
    distance = kolmogorov_smirnov(real, synthetic)(np.ones(len(real)), np.ones(len(synthetic)))
    assert distance == pytest.approx(stats.ks_2samp(real, synthetic, method="asymp").statistic)


@given(real=values, synthetic=values, seed=st.integers(0, 1000))
def test_a_weight_counts_as_repetition(real, synthetic, seed):
    """A row of weight 3 does to the distance what three rows do."""
    weight = np.random.Generator(np.random.PCG64(seed)).integers(1, 4, len(real)).astype(float)
    once = np.ones(len(synthetic))
    weighted = kolmogorov_smirnov(real, synthetic)(weight, once)
    written_out = repeated(real, weight)
    plain = kolmogorov_smirnov(written_out, synthetic)(np.ones(len(written_out)), once)
    assert weighted == pytest.approx(plain)


def test_absent_values_take_no_part():
    """NaN is left out, and a side with nothing else has no distance."""
    full, holes = np.array([1.0, 2.0, 3.0]), np.array([1.0, np.nan, 2.0, 3.0])
    assert kolmogorov_smirnov(full, holes)(np.ones(3), np.ones(4)) == pytest.approx(0)
    assert kolmogorov_smirnov(full, np.full(2, np.nan))(np.ones(3), np.ones(2)) is None


def test_total_variation_by_hand():
    """Shares of 1/2, 1/2, 0 against 1/4, 1/4, 1/2 differ by one half."""
    real, synthetic, vocabulary = shared_codes(np.array(["a", "b"]), np.array(["a", "b", "c", "c"]))
    assert vocabulary == ["a", "b", "c"]
    assert total_variation(real, synthetic)(np.ones(2), np.ones(4)) == pytest.approx(0.5)
    assert total_variation(real, synthetic)(np.ones(2), np.array([1, 1, 0, 0])) == pytest.approx(0)


@given(first=values, seed=st.integers(0, 1000))
def test_rank_correlation_of_equal_weights_is_that_of_scipy(first, seed):
    """Spearman's rho agrees with the reference implementation, ties included."""
    second = np.random.Generator(np.random.PCG64(seed)).integers(0, 5, len(first)).astype(float)
    rho = spearman(first, second, np.ones(len(first)))
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        assert rho is None
    else:
        assert rho == pytest.approx(stats.spearmanr(first, second).statistic)


def test_ranks_lie_in_the_middle_of_their_weight():
    """The middle value of a heavy tie stands where half of the tie's weight is below it."""
    found = ranks(np.array([5.0, 1.0, 5.0, np.nan]), np.array([1.0, 2.0, 1.0, 9.0]))
    np.testing.assert_allclose(found, [0.75, 0.25, 0.75, np.nan])


def test_quantiles_follow_the_weight():
    """Nine tenths of the weight on the larger value make it the median."""
    assert quantiles(
        np.array([1.0, 9.0, np.nan]), np.array([1.0, 9.0, 50.0]), [0.05, 0.5]
    ).tolist() == [1, 9]
