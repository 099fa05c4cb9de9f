"""Fourier transforms of one window at a time that are as fast as those of many at once.

SciPy works on four rows side by side. So a single window goes as four rows of every fourth sample,
of which kernels make one spectrum: half the time, and the same to rounding. Where a window does not
divide evenly it goes as it is.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import fft

from simgen.domains.industrial.kernels.transforms import (
    add_up,
    join,
    join_real,
    part_real,
    shift,
)

Samples = npt.NDArray[np.floating[Any]]
Spectra = npt.NDArray[np.complexfloating[Any, Any]]

_ROWS = 4  # that one window is taken apart into


def real_spectra(windows: Samples) -> Spectra:
    """First halves of the spectra of real windows `(w, n // 2 + 1)`.

    Args:
        windows: (w, n)
    """
    w, n = windows.shape
    if w >= _ROWS or n % (2 * _ROWS):
        return np.asarray(fft.rfft(windows, axis=1))
    parts = fft.rfft(windows.reshape(w, -1, _ROWS), axis=1)
    out = np.empty((w, n // 2 + 1), parts.dtype)
    join_real(parts, _turns(n, parts.dtype), out)
    return out


def real_samples(spectrum: Spectra, n: int) -> Samples:
    """The real window `(n,)` whose spectrum has this first half.

    Args:
        spectrum: (n // 2 + 1,)
        n: samples of the window.
    """
    if n % (2 * _ROWS):
        return np.asarray(fft.irfft(spectrum, n))
    parts = np.empty((n // (2 * _ROWS) + 1, _ROWS), spectrum.dtype)
    part_real(spectrum, _turns(n, spectrum.dtype), parts)
    rows = fft.irfft(parts, n // _ROWS, axis=0, norm="forward", overwrite_x=True)
    rows *= rows.dtype.type(1.0 / n)
    return np.asarray(rows).reshape(-1)


def complex_spectrum(samples: Spectra) -> Spectra:
    """The spectrum of a complex window `(n,)`.

    Args:
        samples: (n,)
    """
    n = len(samples)
    if n % _ROWS:
        return np.asarray(fft.fft(samples))
    parts = fft.fft(samples.reshape(-1, _ROWS), axis=0)
    out = np.empty(n, parts.dtype)
    join(parts, _turns(n, parts.dtype), out)
    return out


def moduli(lines: Spectra, n: int) -> Samples:
    """Modulus of the sum of some lines at every sample, as rows `(w, rows, n / rows)`.

    Row r holds the samples r, r + rows, r + 2 rows and so on. There are as many rows, up to four,
    as leave room for all lines in each.

    Args:
        lines: those of the frequencies 0, 1, 2, ... turns a window; the others are 0. (w, m)
        n: samples of a window.
    """
    w, m = lines.shape
    rows = next(rows for rows in (_ROWS, 2, 1) if n % rows == 0 and rows * m <= n)
    parts = np.empty((w, rows, n // rows), lines.dtype)
    shift(lines, _shifts(n, rows, m, lines.dtype), parts)
    return np.abs(fft.ifft(parts, axis=2, norm="forward", overwrite_x=True))


def low_lines(samples: Samples) -> Samples:
    """Moduli of the first lines of real windows that are given as `moduli` gives them `(w, m)`.

    Of so many as each row has: up to half the rate over the number of rows.

    Args:
        samples: (w, rows, n / rows)
    """
    w, rows, length = samples.shape
    parts = fft.rfft(samples, axis=2)
    m = length // 2 + 1
    out = np.empty((w, m), samples.dtype)
    add_up(parts, _shifts(rows * length, rows, m, parts.dtype), out)
    return out


@lru_cache(maxsize=8)
def _turns(n: int, kind: np.dtype[Any]) -> Spectra:
    """See `join`: (n / 4, 4)."""
    angles = np.outer(np.arange(n // _ROWS), np.arange(_ROWS)) * (2.0 * np.pi / n)
    return np.asarray(np.exp(-1j * angles), kind)


@lru_cache(maxsize=8)
def _shifts(n: int, rows: int, m: int, kind: np.dtype[Any]) -> Spectra:
    """By how much lines turn from one sample to the next, and so on `(rows, m)`."""
    angles = np.outer(np.arange(rows), np.arange(m)) * (2.0 * np.pi / n)
    return np.asarray(np.exp(1j * angles), kind)
