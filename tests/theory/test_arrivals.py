"""Arrival processes against their closed forms."""

import math

import numpy as np
import pytest
from scipy import stats

from simgen.kernels import arrivals as a

KEY = np.array([8, 9], np.uint32)
HOUR = 3_600.0  # [s]
WEEK = 168 * HOUR

PROFILE = 1.0 + 0.8 * np.sin(np.arange(168) * math.tau / 24) + 0.1 * np.cos(np.arange(168) / 7)
PROFILE /= PROFILE.mean()


@pytest.fixture(scope="module")
def weekly():
    """The arrivals of 3,000 entities over a week, 40 each on average."""
    n = 3_000
    return a.poisson_arrivals_of(KEY, np.arange(n), np.full(n, 40.0 / WEEK), PROFILE, horizon=WEEK)


def test_poisson_counts_are_poisson(weekly):
    """Arrivals per entity have the Poisson law with the integral of the rate as its mean."""
    _, bounds = weekly
    counts = np.bincount(np.diff(bounds), minlength=100)[:100]
    expected = len(bounds[:-1]) * stats.poisson(40.0).pmf(np.arange(100))
    rare = expected < 5.0

    observed = np.append(counts[~rare], counts[rare].sum())
    pooled = np.append(expected[~rare], counts.sum() - expected[~rare].sum())
    assert stats.chisquare(observed, pooled).pvalue > 1e-3


def test_poisson_rate_follows_the_profile(weekly):
    """Arrivals per hour of the week are in proportion to the profile."""
    times, _ = weekly
    observed = np.bincount((times / HOUR).astype(int), minlength=168)

    assert stats.chisquare(observed, len(times) * PROFILE / 168).pvalue > 1e-3


def test_poisson_gaps_are_exponential_after_rescaling():
    """In the time that its own mean count measures, the process has gaps of law exp(1)."""
    out = np.empty(60_000)
    n = a.poisson_arrivals(KEY, 1, 1e-2, PROFILE, 13.25, 8 * WEEK, out)
    hours = np.arange(169 * 9)
    cumulative = np.concatenate([[0.0], np.cumsum(np.tile(PROFILE, 10)[: len(hours) - 1])])
    clock = 1e-2 * HOUR * np.interp(out[:n] / HOUR + 13.25, hours, cumulative)

    assert stats.kstest(np.diff(clock), stats.expon.cdf).pvalue > 1e-3


@pytest.mark.parametrize(
    ("process", "parameters", "law"),
    [
        (a.gamma_renewals, (0.5, 20.0), stats.gamma(0.5, scale=20.0)),
        (a.weibull_renewals, (1.7, 10.0), stats.weibull_min(1.7, scale=10.0)),
        (a.lognormal_renewals, (2.0, 0.8), stats.lognorm(0.8, scale=math.exp(2.0))),
    ],
)
def test_renewal_gaps_follow_their_law(process, parameters, law):
    """All gaps, the first from 0 included, are independent draws of the law given."""
    out = np.empty(60_000)
    n = process(KEY, 2, *parameters, 4e5, out)
    gaps = np.diff(out[:n], prepend=0.0)

    assert stats.kstest(gaps, law.cdf).pvalue > 1e-3
    assert abs(stats.spearmanr(gaps[:-1], gaps[1:]).statistic) < 4.0 / math.sqrt(n)


def test_hawkes_mean_count():
    """From an empty past, E[N(T)] = m T - m n (1 - exp(-(1 - n) d T)) / ((1 - n) d).

    With baseline b, branching ratio n and decay d, the long-run rate is m = b / (1 - n).
    """
    b, n, d, horizon = 0.2, 0.6, 0.5, 40.0
    empty = np.empty(0)
    counts = [a.hawkes_arrivals(KEY, entity, b, n, d, horizon, empty) for entity in range(20_000)]

    rate = b / (1.0 - n)
    settling = (1.0 - math.exp(-(1.0 - n) * d * horizon)) / ((1.0 - n) * d)
    error = np.std(counts) / math.sqrt(len(counts))
    assert abs(np.mean(counts) - (rate * horizon - rate * n * settling)) < 4.0 * error


def test_hawkes_gaps_are_exponential_after_rescaling():
    """In the time that its own intensity measures, the process has gaps of law exp(1)."""
    b, n, d = 0.5, 0.7, 2.0
    out = np.empty(60_000)
    times = out[: a.hawkes_arrivals(KEY, 3, b, n, d, 2e4, out)]
    excitation, clock = 0.0, []
    for gap in np.diff(times, prepend=0.0):
        fading = math.exp(-d * gap)
        clock.append(b * gap + excitation / d * (1.0 - fading))
        excitation = excitation * fading + n * d

    assert stats.kstest(clock, stats.expon.cdf).pvalue > 1e-3


def test_hawkes_without_offspring_is_poisson():
    """At branching ratio 0 the counts have the Poisson law's mean and variance."""
    empty = np.empty(0)
    counts = [a.hawkes_arrivals(KEY, i, 2.0, 0.0, 1.0, 10.0, empty) for i in range(20_000)]

    assert np.mean(counts) == pytest.approx(20.0, abs=4 * math.sqrt(20.0 / len(counts)))
    assert np.var(counts) == pytest.approx(20.0, rel=0.05)
