import math

import numpy as np
import pytest
from scipy import stats

from simgen.kernels import distributions as d
from simgen.kernels.philox import fill_uniforms

KEY = np.array([11, 22], np.uint32)
N = 100_000

QUANTILES = {
    "exponential": (d.exponential_from, (0.25,), stats.expon(scale=4.0)),
    "normal": (d.normal_from, (), stats.norm()),
    "lognormal": (d.lognormal_from, (1.0, 0.5), stats.lognorm(0.5, scale=math.e)),
    "pareto": (d.pareto_from, (1.5, 2.0), stats.pareto(1.5, scale=2.0)),
    "weibull": (d.weibull_from, (0.7, 3.0), stats.weibull_min(0.7, scale=3.0)),
    "triangular": (d.triangular_from, (1.0, 2.0, 5.0), stats.triang(0.25, 1.0, 4.0)),
}
DRAWS = {
    "gamma_below_1": (d.gamma_draw, (0.3, 2.0), stats.gamma(0.3, scale=2.0)),
    "gamma_1": (d.gamma_draw, (1.0, 2.0), stats.gamma(1.0, scale=2.0)),
    "gamma_above_1": (d.gamma_draw, (7.5, 0.5), stats.gamma(7.5, scale=0.5)),
    "von_mises_flat": (d.von_mises_draw, (0.0, 0.0), stats.uniform(-math.pi, math.tau)),
    "von_mises_wide": (d.von_mises_draw, (0.0, 0.5), stats.vonmises(0.5)),
    "von_mises_narrow": (d.von_mises_draw, (0.0, 80.0), stats.vonmises(80.0)),
}


def uniforms(entity):
    out = np.empty(N)
    fill_uniforms(KEY, entity, out)
    return out


def chi_square(counts, expected):
    """The p-value of counts, cells expected below 5 pooled into one."""
    rare = expected < 5.0
    observed = np.append(counts[~rare], counts[rare].sum())
    pooled = np.append(expected[~rare], counts.sum() - expected[~rare].sum())
    return stats.chisquare(observed, pooled).pvalue


@pytest.mark.parametrize("name", QUANTILES)
def test_quantile_function(name):
    """The value at u is the distribution's quantile at u, far into both tails."""
    function, parameters, law = QUANTILES[name]
    tail = np.logspace(-15, -1, 200)
    u = np.concatenate([tail, np.linspace(0.1, 0.9, 201), 1.0 - tail])
    u = np.round(u * 2.0**53) / 2.0**53  # the grid of the uniforms that kernels draw

    values = [function(x, *parameters) for x in u]
    np.testing.assert_allclose(values, law.ppf(u), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", QUANTILES)
def test_values_follow_their_law(name):
    """Kolmogorov and Smirnov find no difference in a hundred thousand values."""
    function, parameters, law = QUANTILES[name]
    values = [function(u, *parameters) for u in uniforms(1)]

    assert stats.kstest(values, law.cdf).pvalue > 1e-3


@pytest.mark.parametrize("name", DRAWS)
def test_draws_follow_their_law(name):
    """Kolmogorov and Smirnov find no difference in a hundred thousand draws."""
    function, parameters, law = DRAWS[name]
    values = [function(KEY, 2, counter, *parameters) for counter in range(N)]

    assert stats.kstest(values, law.cdf).pvalue > 1e-3


@pytest.mark.parametrize("mean", [0.1, 3.0, 9.9, 10.0, 47.0, 2_000.0])
def test_poisson_counts_follow_their_law(mean):
    """Chi-square finds no difference, on either side of the change of method."""
    counts = np.bincount([d.poisson_draw(KEY, 3, counter, mean) for counter in range(N)])
    expected = N * stats.poisson(mean).pmf(np.arange(len(counts)))

    assert chi_square(counts, expected) > 1e-3


@pytest.mark.parametrize("mean", [2.5, 300.0])
def test_poisson_quantile(mean):
    """The value at u is the smallest count whose cumulative probability reaches u."""
    u = np.linspace(0.0005, 0.9995, 1_000)
    assert [d.poisson_from(x, mean) for x in u] == stats.poisson(mean).ppf(u).tolist()


def test_no_events_at_mean_zero():
    """A mean of 0 gives a count of 0."""
    assert d.poisson_draw(KEY, 1, 1, 0.0) == 0


def test_mixture_follows_its_law():
    """The first uniform chooses among the components by weight, the second their value."""
    weights, log_means, log_stds = np.array([0.6, 0.3, 0.1]), np.array([0.0, 2, 4]), np.full(3, 0.4)
    laws = [stats.lognorm(s, scale=math.exp(m)) for m, s in zip(log_means, log_stds, strict=True)]
    values = [
        d.lognormal_mixture_from(a, b, np.cumsum(weights), log_means, log_stds)
        for a, b in zip(uniforms(4), uniforms(5), strict=True)
    ]

    def cumulative(x):
        return sum(w * law.cdf(x) for w, law in zip(weights, laws, strict=True))

    assert stats.kstest(values, cumulative).pvalue > 1e-3


def test_von_mises_wraps_around_its_mean():
    """Angles stay in [-pi, pi) and centre on the mean, also next to the seam."""
    angles = np.array([d.von_mises_draw(KEY, 6, i, 3.0, 4.0) for i in range(20_000)])

    assert angles.min() >= -math.pi
    assert angles.max() < math.pi
    assert stats.circmean(angles, math.pi, -math.pi) == pytest.approx(3.0, abs=0.02)


@pytest.mark.parametrize(
    ("draw", "parameters"), [(d.gamma_draw, (0.3, 1.0)), (d.von_mises_draw, (0.0, 2.0))]
)
def test_rejected_attempts_meet_no_other_draw(draw, parameters):
    """Draws at neighbouring counters are independent, however many attempts they took."""
    values = [draw(KEY, 7, counter, *parameters) for counter in range(N)]
    correlation = stats.spearmanr(values[:-1], values[1:]).statistic

    assert abs(correlation) < 4.0 / math.sqrt(N)


def test_zipf_weights():
    """Weights fall as a power of rank plus shift, and add up to 1."""
    weights = d.zipf_weights(1_000, 1.1, shift=2.7)

    assert weights.sum() == pytest.approx(1.0)
    assert weights[0] / weights[9] == pytest.approx((12.7 / 3.7) ** 1.1)
