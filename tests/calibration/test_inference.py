"""The steps of approximate Bayesian computation."""

import numpy as np
import pytest

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
