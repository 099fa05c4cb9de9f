import numpy as np
import pytest
from hypothesis import given, strategies as st

from simgen.calibration import Prior
from simgen.calibration.prior import spread_evenly
from simgen.core import Free, Streams

PRIOR = Prior.of(
    [
        Free("share", 0.5, 0.1, 0.9, "linear", "", ""),
        Free("rate", 1.0, 0.01, 100.0, "log", "1/day", ""),
    ]
)


@given(units=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=5))
def test_places_and_values_are_each_others_inverse(units):
    """A value in the plausible range has one place in the unit cube."""
    places = np.array(units)

    np.testing.assert_allclose(PRIOR.units(PRIOR.values(places)), places, atol=1e-12)


def test_the_middle_is_the_middle_of_each_scale():
    """The geometric one on a logarithmic scale; the ends are exact."""
    values = PRIOR.values(np.array([[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]]))

    np.testing.assert_allclose(values, [[0.1, 0.01], [0.5, 1.0], [0.9, 100.0]])
    assert values[2, 1] <= 100.0


def test_values_that_are_not_plausible_lie_outside():
    """Below 0 and above 1."""
    places = PRIOR.units(np.array([[0.0, 1_000.0]]))[0]

    assert places[0] < 0.0
    assert places[1] > 1.0


@pytest.mark.parametrize("n", [1, 10, 97])
def test_places_are_spread_over_every_side(n):
    """One in each nth part of each side of the box."""
    low, high = np.array([0.0, 0.2]), np.array([1.0, 0.4])
    places = spread_evenly(n, low, high, Streams(1).generator("places"))

    parts = np.floor((places - low) / (high - low) * n).astype(int)
    np.testing.assert_array_equal(np.sort(parts, axis=0), np.column_stack([np.arange(n)] * 2))
