"""The intervals behind the drawings of rows that have a time."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.pipeline.evaluation.histories import _resampled


@pytest.mark.parametrize("rows_each", [1, 4])
def test_intervals_are_as_wide_as_chance_among_entities(rows_each):
    """Ten equal shares: 1.96 binomial errors either way, of as many as there are entities."""
    n = 2_000
    share = np.arange(n) // rows_each % 10
    sample = Sample(numeric={}, weight=np.ones(n), entity=np.arange(n) // rows_each)

    line = _resampled(
        sample,
        lambda weight: np.bincount(share, weight) / weight.sum(),
        np.arange(10.0),
        Streams(1).generator("resamples"),
    )

    error = 1.96 * np.sqrt(0.1 * 0.9 / (n / rows_each))
    np.testing.assert_allclose(line.y, 0.1)
    np.testing.assert_allclose(line.high - line.y, line.y - line.low)
    assert (line.high - line.y).mean() == pytest.approx(error, rel=0.3)
