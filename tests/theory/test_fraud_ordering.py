"""The order of instants, against NumPy's stable sort."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as arrays

from simgen.kernels.ordering import time_order

instants = st.floats(-1e9, 1e9) | st.sampled_from([0.0, 1.0, 1.0 + 2**-52, -1.0])


@given(arrays.arrays(np.float64, st.integers(0, 200), elements=instants))
def test_time_order_is_the_stable_order(at):
    """Equal instants stay as they were, whatever else is there."""
    np.testing.assert_array_equal(time_order(at), np.argsort(at, kind="stable"))


@pytest.mark.parametrize("distinct", [1, 7, 10_000])
def test_time_order_of_many(distinct):
    """Also with many rows, spread out or piled up."""
    rng = np.random.Generator(np.random.PCG64DXSM(6))
    at = rng.uniform(0.0, 1.6e7, distinct)[rng.integers(0, distinct, 20_000)]

    np.testing.assert_array_equal(time_order(at), np.argsort(at, kind="stable"))
