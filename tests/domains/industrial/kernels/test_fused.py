import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.fused import fused, plus_times, times


def test_a_fused_product_is_rounded_once():
    """(1 + e)(1 - e) is 1 - e^2, which is 1 if the product is rounded by itself."""

    @njit
    def apart(kind):
        e = kind(np.finfo(kind).eps)
        return fused(kind(1) + e, kind(1) - e, kind(-1)), -(e * e)

    for kind in (np.float32, np.float64):
        found, expected = apart(kind)
        assert found == expected


def test_products_of_complex_numbers_are_those_of_numpy():
    """`times` and `plus_times` agree with NumPy to rounding."""
    rng = np.random.default_rng(1)
    a, b, c = rng.standard_normal((3, 100)) + 1j * rng.standard_normal((3, 100))

    @njit
    def fill(a, b, c, products, sums):
        for i in range(len(a)):
            products[i], sums[i] = times(a[i], b[i]), plus_times(c[i], a[i], b[i])

    products, sums = np.empty_like(a), np.empty_like(a)
    fill(a, b, c, products, sums)

    np.testing.assert_allclose(products, a * b, rtol=1e-14)
    np.testing.assert_allclose(sums, c + a * b, rtol=1e-13)
