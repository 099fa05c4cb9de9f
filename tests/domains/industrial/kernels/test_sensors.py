"""Each sensor fault does to a known signal what its name says."""

import numpy as np
import pytest

from simgen.core import DAY, Streams
from simgen.domains.industrial.kernels.sensors import FAULTS, corrupt

TRUE = np.sin(np.linspace(0.0, 60.0, 4_000))
AGE = np.linspace(0.0, 2.0 * DAY, 4_000)  # [s]


def spoiled(fault, size=0.5, offset=0.0, share=0.05, missing=np.nan):
    values = TRUE.copy()
    key = Streams(1).key("sensors")
    corrupt(key, 3, FAULTS.index(fault), size, offset, AGE, share, missing, values)
    return values


def test_bias():
    """The same error in every reading."""
    np.testing.assert_allclose(spoiled("bias") - TRUE, 0.5)


def test_drift():
    """The error grows by its size each day."""
    error = spoiled("drift") - TRUE

    assert error[0] == 0.0
    assert error[-1] == pytest.approx(1.0)


def test_stuck():
    """The reading stays what it was at first."""
    assert np.ptp(spoiled("stuck")) == 0.0


def test_clipping():
    """Nothing beyond the bound on either side, and nothing else is changed."""
    values = spoiled("clipping")

    assert (values.min(), values.max()) == (-0.5, 0.5)
    inside = np.abs(TRUE) < 0.5
    np.testing.assert_array_equal(values[inside], TRUE[inside])


def test_spikes():
    """A share of the readings, up and down by the size."""
    error = spoiled("spikes") - TRUE
    hit = error != 0.0

    assert hit.mean() == pytest.approx(0.05, abs=0.015)
    np.testing.assert_allclose(np.abs(error[hit]), 0.5)
    assert 0.3 < np.mean(error[hit] > 0.0) < 0.7


def test_dropout():
    """A share of the readings is missing."""
    assert np.isnan(spoiled("dropout", share=0.3)).mean() == pytest.approx(0.3, abs=0.03)
    assert np.count_nonzero(spoiled("dropout", missing=0.0) == 0.0) > 100


def test_wrong_unit():
    """A line through the right reading, such as degrees Fahrenheit for Celsius."""
    np.testing.assert_allclose(spoiled("wrong_unit", 1.8, 32.0), 1.8 * TRUE + 32.0)
