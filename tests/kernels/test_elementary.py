import numpy as np
import pytest
from hypothesis import given, strategies as st

from simgen.kernels.elementary import exp, log


@given(x=st.floats(2.3e-308, 1e308))
def test_log_is_right_to_the_last_place(x):
    """It differs from the logarithm by less than one unit in the last place."""
    exact = np.log(np.longdouble(x))
    assert abs(log(x) - exact) <= np.spacing(abs(float(exact)))


@given(x=st.floats(-708.0, 709.0))
def test_exp_is_right_to_the_last_place(x):
    """It differs from the exponential by less than one unit in the last place."""
    exact = np.exp(np.longdouble(x))
    assert abs(exp(x) - exact) <= np.spacing(float(exact))


def test_exact_values():
    """The values that doubles can hold come out exactly."""
    assert log(1.0) == 0.0
    assert exp(0.0) == 1.0
    assert log(2.0) == np.log(2.0)


@pytest.mark.parametrize(("x", "held"), [(-1e4, -708.0), (1e4, 709.0), (np.inf, 709.0)])
def test_exp_saturates(x, held):
    """Beyond its range it gives the value at the range's end."""
    assert exp(x) == exp(held)
