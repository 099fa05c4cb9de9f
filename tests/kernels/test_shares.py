"""Shares of weighted rows, against closed forms."""

import numpy as np
import pytest

from simgen.kernels.shares import shares_by_code

CODES = np.array([0, 1, 1, 0, 2, 1, 0, 0])
N = len(CODES)
EVEN = np.full(N, 1 / N)


def test_rows_that_are_drawn_one_by_one_are_binomial():
    """A share p of n rows has the variance p (1 - p) / n."""
    share, variance = shares_by_code(CODES, 4, EVEN, EVEN, None)
    assert share.tolist() == [4 / 8, 3 / 8, 1 / 8, 0]
    assert variance == pytest.approx(share * (1 - share) / N)


def test_entities_of_one_row_are_rows():
    """Whether nobody has two rows is said or counted."""
    said = shares_by_code(CODES, 4, EVEN, EVEN, None)
    np.testing.assert_array_equal(shares_by_code(CODES, 4, EVEN, EVEN, np.arange(N)), said)


def test_rows_of_one_entity_tell_no_more_than_one():
    """Four rows each of two entities, each all of one code: the variance is that of two rows."""
    codes, entity = np.repeat([0, 1], 4), np.repeat([0, 1], 4)
    _, variance = shares_by_code(codes, 2, EVEN, np.array([0.5, 0.5]), entity)
    assert variance == pytest.approx([1 / 8, 1 / 8])
