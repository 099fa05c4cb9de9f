"""What is measured on windows is what NumPy measures."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.industrial.kernels.windows import (
    central_moments,
    deviation,
    highest_near,
    kurtosis,
    mean_squares,
    stand_out,
    turn_together,
)

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


def test_mean_squares():
    """Of windows as they are, with their means."""
    out = np.empty(3)
    mean_squares(WINDOWS, out)

    np.testing.assert_allclose(out, (WINDOWS.astype(float) ** 2).mean(1), rtol=1e-12)


def test_kurtosis_of_weighted_samples():
    """About zero, whatever the number of samples; of nothing it is nothing."""
    weights = np.linspace(1.0, 2.0, 500, dtype=np.float32)
    square = (WINDOWS[1].astype(float) * weights) ** 2

    expected = (square**2).mean() / square.mean() ** 2
    assert kurtosis(WINDOWS[1], weights) == pytest.approx(expected, rel=1e-5)
    assert kurtosis(np.zeros(500, np.float32), weights) == 0.0


def test_three_balanced_phases_turn_together():
    """Forward as a turning number of 3/2 their height, backward as its conjugate."""
    angle, lag = np.linspace(0.0, 20.0, 500), 2.0 * np.pi / 3.0 * np.arange(3)[:, None]
    taper, out = np.linspace(0.5, 1.0, 500, dtype=np.float32), np.empty(500, np.complex64)
    for side in (1.0, -1.0):
        turn_together(np.cos(angle - side * lag).astype(np.float32), taper, out)
        np.testing.assert_allclose(out, 1.5 * taper * np.exp(1j * side * angle), atol=1e-6)


def test_the_highest_bin_near_a_place():
    """Around the end if the last bin lies before the first; else without the first, a mean."""
    sizes = np.array([9.0, 1.0, 5.0, 2.0, 3.0, 4.0, 7.0, 1.0], np.float32)
    places, out = np.array([2.6, 5.0, -1.0, 30.0]), np.empty(4)
    highest_near(sizes, places, 1, True, out)
    np.testing.assert_array_equal(out, [5.0, 7.0, 9.0, 7.0])
    highest_near(sizes, places, 1, False, out)
    np.testing.assert_array_equal(out, [5.0, 7.0, 0.0, 0.0])
