"""Transforms of single windows are those of NumPy."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.industrial.transforms import (
    complex_spectrum,
    low_lines,
    moduli,
    real_samples,
    real_spectra,
)

SIZES = (4_096, 4_100, 4_098, 4_095)  # that divide by 8, by 4, by 2 and by neither
KINDS = ((np.float32, 1e-5), (np.float64, 1e-12))


def windows(n, w=1, kind=np.float64):
    """Some noise with a mean and a line."""
    noise = Streams(5).generator("windows").normal(0.3, 1.0, (w, n))
    return (noise + np.cos(0.3 * np.arange(n))).astype(kind)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize(("kind", "error"), KINDS)
def test_spectra_of_real_windows_and_back(n, kind, error):
    """One window, three and six; in single precision they stay single."""
    for w in (1, 3, 6):
        some = windows(n, w, kind)
        found, expected = real_spectra(some), np.fft.rfft(some.astype(np.float64))

        assert found.real.dtype == kind
        assert np.abs(found - expected).max() < error * np.abs(expected).max()
    back = real_samples(found[0], n)
    assert back.dtype == kind
    np.testing.assert_allclose(back, some[0], atol=10.0 * error)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize(("kind", "error"), KINDS)
def test_the_spectrum_of_a_complex_window(n, kind, error):
    """Of both signs of frequency."""
    real, imaginary = windows(n, 2, kind)
    samples = real + kind(0.5) * 1j * imaginary
    found, expected = complex_spectrum(samples), np.fft.fft(samples.astype(np.complex128))

    assert found.real.dtype == kind
    assert np.abs(found - expected).max() < error * np.abs(expected).max()


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("share", [0.2, 0.45, 0.8])
def test_moduli_and_their_low_lines(n, share):
    """Of the sum of some lines at every sample; rows as many as leave room for the lines."""
    lines = np.fft.fft(windows(n, 2))[:, : int(share * n)]
    found = moduli(lines, n)
    w, rows, length = found.shape
    expected = np.abs(np.fft.ifft(lines, n, norm="forward"))

    assert (w, rows * length) == (2, n)
    assert rows == {0.2: (4, 4, 2, 1), 0.45: (2, 2, 2, 1), 0.8: (1,) * 4}[share][SIZES.index(n)]
    # Row r holds the samples r, r + rows and so on.
    np.testing.assert_allclose(found.transpose(0, 2, 1).reshape(2, n), expected, rtol=1e-9)
    spectra = np.abs(np.fft.rfft(expected))[:, : length // 2 + 1]
    np.testing.assert_allclose(low_lines(found), spectra, atol=1e-9 * spectra.max())
