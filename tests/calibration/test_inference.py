"""The steps of approximate Bayesian computation."""

import numpy as np
import pytest

from simgen.calibration import Posterior, infer
from simgen.calibration.inference import _moved


@pytest.mark.parametrize("n", [3, 5, 50])
def test_kept_simulations_spread_as_widely_as_theirs_do(n):
    """Their squares count as over the points less the line's two numbers, as an unbiased variance.

    Residuals of one size leave nothing for the line of spreads.
    """
    gaps = np.repeat([-1.0, 1.0], 2 * n)[:, None]
    logits = np.tile([1.0, -1.0], 2 * n)[:, None] + 3.0 + 2.0 * gaps

    moved = _moved(logits, gaps, np.full(4 * n, 1.0 / (4 * n)))

    assert moved.mean() == pytest.approx(3.0)
    assert ((moved - 3.0) ** 2).sum() / (4 * n) == pytest.approx(4 * n / (4 * n - 2))


def test_beyond_all_simulations_counts_as_the_farthest():
    """No line goes on to where no simulation has been."""
    chance = np.random.default_rng(2)
    units = chance.random((200, 1))
    summaries = units + 0.05 * chance.standard_normal((200, 1))

    found = [
        infer(units, summaries, observed, np.random.default_rng(3))
        for observed in (summaries.max(axis=0), np.array([1.8]))
    ]

    np.testing.assert_array_equal(found[0].units, found[1].units)


def test_quantiles_lie_as_far_from_either_end():
    """The middle of three draws that weigh the same is their median; weight moves it."""
    units = np.array([[0.5], [0.2], [0.1]])
    even = Posterior(units=units, weight=np.full(3, 1 / 3))
    uneven = Posterior(units=units, weight=np.array([0.8, 0.1, 0.1]))

    assert even.quantiles(np.array([1 / 6, 0.5, 5 / 6])).ravel() == pytest.approx([0.1, 0.2, 0.5])
    assert uneven.quantiles(np.array([0.6]))[0, 0] == pytest.approx(0.5)
