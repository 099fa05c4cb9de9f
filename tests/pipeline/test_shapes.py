"""Columns as residuals move them."""

import numpy as np
import pytest

from simgen.pipeline.shapes import Forward, Inverse


@pytest.mark.parametrize("log", [True, False])
def test_a_free_number_leads_back_to_any_number(log):
    """Also to one below -1, which a sensor at fault may read."""
    values = np.array([-250.0, -1.0, -0.5, 0.0, 0.5, 1e6])
    free = Forward("level", log)({"level": values})

    assert np.all(np.diff(free) > 0.0)
    assert Inverse(log, None)(free, {}) == pytest.approx(values, rel=1e-12)


def test_a_number_is_rounded_as_its_column_is():
    """To so many decimals."""
    assert Inverse(True, 1)(np.log1p([2.34]), {}).tolist() == [2.3]
