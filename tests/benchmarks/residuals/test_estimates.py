"""Intervals over seeds and over resamples of the final test."""

import numpy as np
import pytest

from benchmarks.residuals.estimates import mean, mean_score, ratio


@pytest.fixture
def generator():
    return np.random.default_rng(5)


def test_what_a_resample_does_to_both_falls_out(generator):
    """The ratio of two runs that move together on every resample is certain."""
    others = generator.uniform(0.2, 0.4, (1, 61))

    found = ratio(1.1 * others, others)

    assert found.value == pytest.approx(1.1)
    assert found.error == pytest.approx(0, abs=1e-9)


def test_what_a_seed_does_to_both_falls_out_of_pairs_only(generator):
    """Runs on the same few real rows are compared with each other, not with those of others."""
    others = 0.3 * np.exp(generator.normal(0, 0.3, (5, 1))) * np.ones((5, 61))

    paired, unpaired = (ratio(0.9 * others, others, paired=pair) for pair in (True, False))

    assert paired.value == pytest.approx(unpaired.value) == pytest.approx(0.9)
    assert paired.error == pytest.approx(0, abs=1e-9)
    assert unpaired.error > 0.2


def test_one_seed_says_nothing_of_seeds():
    """The interval of one run is that of the final test alone."""
    resampled = 0.3 + 0.01 * np.array([0, -1, 1] * 20 + [0])

    found = mean([resampled])

    assert found.value == pytest.approx(0.3)
    assert found.error == pytest.approx(1.96 * 0.01 * np.sqrt(40 / 59), rel=1e-6)


def test_a_resample_without_a_rare_row_is_left_out(generator):
    """It has no measure: the interval is that of the others."""
    run = generator.uniform(0.2, 0.4, (2, 61))
    broken = np.insert(run, 30, np.nan, axis=1)

    assert mean(broken) == mean(run)
    assert ratio(broken, 1.1 * broken) == ratio(run, 1.1 * run)


def test_intervals_of_scores_on_one_test_do_not_shrink_by_averaging():
    """Three seeds judged on the same rows share those rows' noise."""
    found = mean_score([0.55, 0.55, 0.55], [0.02, 0.02, 0.02])

    assert found.value == pytest.approx(0.55)
    assert found.error == pytest.approx(0.02)


def test_the_interval_covers_the_truth_as_often_as_it_says(generator):
    """Noise of seeds and noise of the test that all seeds share: 95 %, or somewhat more."""
    covered = 0
    for _ in range(2_000):
        shared = 0.02 * generator.normal(size=61)
        # Resamples scatter around what was seen as that does around the truth.
        test = np.concatenate([shared[:1], shared[0] + shared[1:]])
        runs = 0.3 + 0.03 * generator.normal(size=(3, 1)) + test
        found = mean(runs)
        covered += abs(found.value - 0.3) < found.error

    assert 0.94 < covered / 2_000 < 0.995
