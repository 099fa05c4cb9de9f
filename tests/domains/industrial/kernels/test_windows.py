"""What is measured on windows is what NumPy measures."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.industrial.kernels.windows import central_moments, deviation, stand_out

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


@pytest.mark.parametrize("place", [3.4, 61.0, 198.7])
def test_a_line_stands_out_of_the_bins_around(place):
    """By the highest bin near its place over the median of six bins on either side of those."""
    spectra = Streams(7).generator("spectra").uniform(1.0, 2.0, (2, 200)).astype(np.float32)
    out = np.empty(2, np.float32)
    stand_out(spectra, np.full(2, place), 0.05, 6, out)

    reach, middle = max(1, round(0.05 * place)), round(place)
    offsets = np.arange(-reach - 6, reach + 7)
    # The mean's bin is none, and beyond the last there is nothing.
    around = spectra[:, np.clip(middle + offsets, 1, 199)]
    near = np.abs(offsets) <= reach
    expected = around[:, near].max(1) / np.median(around[:, ~near], axis=1)
    np.testing.assert_allclose(out, expected, rtol=1e-6)
