"""A hall is as warm as its days and the time of day have it."""

import numpy as np
import pytest

from simgen.core import DAY, HOUR
from simgen.domains.industrial.kernels.telemetry import (
    HALL_SWING,
    hall_temperature,
    hall_temperatures,
)


def test_the_hall_is_as_warm_at_many_instants_as_at_one():
    """To a few of the last bits, from before the first hour until after the last day."""
    days, at = np.array([4.0, 9.0, -2.0, 1.5]), np.linspace(0.0, 3.5 * DAY, 777)
    found = np.empty(len(at))
    hall_temperatures(days, len(at), at, found)

    expected = [hall_temperature(days, one) for one in at]
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-13)
    backwards = np.empty(len(at))
    hall_temperatures(days, len(at), at[::-1].copy(), backwards)
    np.testing.assert_array_equal(backwards[::-1], found)


def test_the_hall_is_warmest_in_the_afternoon():
    """A daily swing about the day's mean."""
    at = np.arange(24) * HOUR
    values = [hall_temperature(np.full(3, 20.0), t) for t in at]

    assert np.argmax(values) == 15
    assert np.ptp(values) == pytest.approx(2.0 * HALL_SWING, rel=0.01)
