"""Noise is normal, independent, and a function of its address."""

import numpy as np
import pytest
from scipy import special, stats

from simgen.core import Streams
from simgen.domains.industrial.kernels.noise import fill_normals, middle_from, tail_from
from simgen.kernels.philox import unit, words

KEY = Streams(5).key("noise")


def normals(n, first=0, rows=8):
    """Rows of noise of one entity from a column on `(rows, n)`."""
    out = np.empty((rows, n))
    fill_normals(KEY, 3, first, n, out)
    return out


def quick_normal_from(u):
    """As `fill_normals` takes it from one of the two."""
    return middle_from(u) if abs(u - 0.5) <= 0.425 else tail_from(u)


@pytest.mark.parametrize("u", [1e-10, 1e-4, 0.0749, 0.0751, 0.3, 0.5, 0.925, 0.9999, 1 - 1e-10])
def test_it_is_the_inverse_of_the_distribution(u):
    """In the middle and in both tails, as SciPy has it."""
    assert quick_normal_from(u) == pytest.approx(special.ndtri(u), abs=2e-6)


def test_each_number_is_made_of_its_own_word():
    """In the middle and in the tails."""
    found = normals(3_000, first=5, rows=6)
    for row, column in np.ndindex(found.shape):
        word = words(KEY, 3, ((row // 4) << 60) + 5 + column)[row % 4]
        assert found[row, column] == quick_normal_from(unit(word))


def test_each_row_is_normal_and_independent_of_the_others():
    """Kolmogorov and Smirnov find no difference, and no two rows are correlated."""
    found = normals(50_000)

    assert min(stats.kstest(row, "norm").pvalue for row in found) > 1e-3
    correlation = np.corrcoef(found) - np.eye(len(found))
    assert np.abs(correlation).max() < 5.0 / np.sqrt(50_000)


def test_a_number_depends_on_its_column_alone():
    """Made in two parts, the noise is the same."""
    whole = normals(100)

    np.testing.assert_array_equal(whole[:, 60:], normals(40, first=60))
    np.testing.assert_array_equal(whole[:4], normals(100, rows=4))


def test_rows_may_be_left_out_of_a_block():
    """The other rows are the same, also beyond the columns that are worked on at once."""
    np.testing.assert_array_equal(normals(1_300)[:7], normals(1_300, rows=7))
