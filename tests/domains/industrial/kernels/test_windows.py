"""What is measured on windows is what NumPy measures."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.industrial.kernels.windows import central_moments, deviation

WINDOWS = Streams(6).generator("windows").normal(0.7, 0.2, (3, 500)).astype(np.float32)


def test_deviation():
    """Also of a window whose mean is far larger."""
    for offset in (0.0, 1_000.0):
        window = WINDOWS[0] + np.float32(offset)
        assert deviation(window) == pytest.approx(np.std(window, dtype=np.float64), rel=1e-6)


def test_central_moments():
    """Mean square, fourth power and peak about the mean; the step between samples."""
    out = np.empty((4, 3))
    central_moments(WINDOWS, out)

    wide = WINDOWS.astype(float)
    centred = wide - wide.mean(1, keepdims=True)
    expected = [
        (centred**2).mean(1),
        (centred**4).mean(1),
        np.abs(centred).max(1),
        (np.diff(wide) ** 2).mean(1),
    ]
    np.testing.assert_allclose(out, expected, rtol=1e-9)
