"""Posteriors with a closed form, beside those of approximate Bayesian computation."""

import numpy as np
import pytest
from scipy import stats

from simgen.calibration import Prior, fit
from simgen.core import Free, Streams

N = 30  # draws in an observation
LEVELS = np.array([0.025, 0.25, 0.5, 0.75, 0.975])
# What a few hundred simulations may be off by, in posterior standard deviations.
CENTRE, TAIL = 0.5, 0.8


def normal(value, chance):
    return chance.normal(value, 1.0, (N, len(value))).mean(axis=0)


def poisson(value, chance):
    return np.log(chance.poisson(value, (N, len(value))).mean(axis=0) + 0.01)


def exponential(value, chance):
    return np.log(chance.exponential(1.0 / value, (N, len(value))).mean(axis=0))


# With a flat prior on the parameter or on its logarithm: normal, gamma, gamma.
CASES = {
    "normal mean": (normal, "linear", (-2.0, 2.0), 0.4, stats.norm(0.4, N**-0.5)),
    "Poisson rate": (
        poisson,
        "log",
        (0.3, 30.0),
        np.log(3.01),
        stats.gamma(3.0 * N, scale=1.0 / N),
    ),
    "exponential rate": (
        exponential,
        "log",
        (0.1, 10.0),
        np.log(0.5),
        stats.gamma(N, scale=1.0 / (N * 0.5)),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_posterior_is_the_closed_form(case):
    """Quantiles agree, within what a few hundred simulations may be off by."""
    draw, scale, (low, high), observed, law = case
    prior = Prior.of([Free("value", 1.0, low, high, scale, "", "")])

    def simulate(units, first):
        return draw(prior.values(units)[:, 0], Streams(5).generator(f"draw_{first}"))[:, None]

    found = fit(
        simulate,
        np.array([observed]),
        np.array([0.5]),
        n_simulations=400,
        n_checks=10,
        streams=Streams(5),
    )

    quantiles = prior.values(found.posterior.quantiles(LEVELS))[:, 0]
    gaps = np.abs(quantiles - law.ppf(LEVELS)) / law.std()
    assert np.all(gaps[1:4] < CENTRE)
    assert np.all(gaps[[0, 4]] < TAIL)
