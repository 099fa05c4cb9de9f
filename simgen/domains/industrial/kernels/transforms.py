"""The last step of a Fourier transform that is made of several short ones, and its inverse.

With w = e^(-2 pi i / n), X[k + q n/4] is the sum over r of (-i)^(q r) w^(k r) P_r[k], where P_r is
the spectrum of every fourth sample from r on.

References:
    Cooley, Tukey (1965), An algorithm for the machine calculation of complex Fourier series.
    Mathematics of Computation 19.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.fused import fused, plus_times, times


@njit(cache=True, error_model="numpy", nogil=True)
def join(parts: Any, turns: Any, out: Any) -> None:
    """Fill in the spectrum of complex samples.

    Args:
        parts: spectra of every fourth sample. (n / 4, 4)
        turns: w^(k r). (n / 4, 4)
        out: (n,)
    """
    m = len(parts)
    for k in range(m):
        x0, x1, x2, x3 = _butterfly(
            parts[k, 0],
            times(parts[k, 1], turns[k, 1]),
            times(parts[k, 2], turns[k, 2]),
            times(parts[k, 3], turns[k, 3]),
        )
        out[k], out[k + m], out[k + 2 * m], out[k + 3 * m] = x0, x1, x2, x3


@njit(cache=True, error_model="numpy", nogil=True)
def join_real(parts: Any, turns: Any, out: Any) -> None:
    """Fill in the first half of spectra of real samples; the other half mirrors it.

    Args:
        parts: first halves of spectra of every fourth sample. (windows, n / 8 + 1, 4)
        turns: w^(k r). (at least n / 8 + 1, 4)
        out: (windows, n / 2 + 1)
    """
    half = out.shape[1] - 1
    m = half // 2
    for window in range(len(parts)):
        some, spectrum = parts[window], out[window]
        for k in range(len(some)):
            x0, x1, x2, x3 = _butterfly(
                some[k, 0],
                times(some[k, 1], turns[k, 1]),
                times(some[k, 2], turns[k, 2]),
                times(some[k, 3], turns[k, 3]),
            )
            # The mirrored ones first: at both ends they are those that follow.
            spectrum[half - k], spectrum[m - k] = x2.conjugate(), x3.conjugate()
            spectrum[k], spectrum[k + m] = x0, x1


@njit(cache=True, error_model="numpy", nogil=True)
def part_real(spectrum: Any, turns: Any, out: Any) -> None:
    """Fill in first halves of spectra of which `join_real` makes four times this spectrum.

    Args:
        spectrum: first half of that of real samples. (n / 2 + 1,)
        turns: w^(k r). (at least n / 8 + 1, 4)
        out: (n / 8 + 1, 4)
    """
    half = len(spectrum) - 1
    m = half // 2
    for k in range(len(out)):
        # The same sums with the other sign of i, which puts the second in the fourth's place.
        x0, x3, x2, x1 = _butterfly(
            spectrum[k],
            spectrum[k + m],
            spectrum[half - k].conjugate(),
            spectrum[m - k].conjugate(),
        )
        out[k, 0], out[k, 1] = x0, times(x1, turns[k, 1].conjugate())
        out[k, 2] = times(x2, turns[k, 2].conjugate())
        out[k, 3] = times(x3, turns[k, 3].conjugate())


@njit(cache=True, error_model="numpy", nogil=True)
def shift(lines: Any, turns: Any, out: Any) -> None:
    """Fill in the first lines of spectra, each of which makes some of the samples; then nothing.

    Args:
        lines: first lines of spectra that have no others. (windows, m)
        turns: the conjugate of w^(k r). (rows, m)
        out: (windows, rows, m or more)
    """
    m = lines.shape[1]
    for window in range(len(lines)):
        some = lines[window]
        for r in range(len(turns)):
            turn, spectrum = turns[r], out[window, r]
            for k in range(m):
                spectrum[k] = times(some[k], turn[k])
            spectrum[m:] = 0.0


@njit(cache=True, error_model="numpy", nogil=True)
def add_up(parts: Any, turns: Any, out: Any) -> None:
    """Fill in the moduli of the first lines of spectra of real samples.

    Args:
        parts: first halves of spectra of samples r, r + rows and so on. (windows, rows, m)
        turns: the conjugate of w^(k r). (rows, m)
        out: (windows, m)
    """
    for window in range(len(parts)):
        some, sizes = parts[window], out[window]
        for k in range(len(sizes)):
            line = some[0, k]
            for r in range(1, len(turns)):
                line = plus_times(line, some[r, k], turns[r, k].conjugate())
            sizes[k] = np.sqrt(fused(line.real, line.real, line.imag * line.imag))


@njit(cache=True, error_model="numpy", nogil=True)
def fade(spectrum: Any, is_even: Any, out: Any) -> None:
    """Fill in the spectrum of a real window less its mean, tapered by 1 - cos, from the window's.

    Args:
        spectrum: first half. (m,)
        is_even: whether the window's number of samples is.
        out: (m,)
    """
    m, half = len(spectrum), spectrum.real.dtype.type(0.5)
    for k in range(2, m - 1):
        out[k] = _less(spectrum[k], half, spectrum[k - 1] + spectrum[k + 1])
    # The mean is the line at 0; what lies beyond either end mirrors the half.
    beyond = spectrum[m - 2 if is_even else m - 1].conjugate()
    out[0] = -half * (spectrum[1] + spectrum[1].conjugate())
    out[1] = _less(spectrum[1], half, spectrum[2])
    out[m - 1] = _less(spectrum[m - 1], half, spectrum[m - 2] + beyond)


@njit(cache=True, error_model="numpy", forceinline=True)
def _less(line: Any, share: Any, others: Any) -> Any:
    """A line less a share of others."""
    return complex(fused(-share, others.real, line.real), fused(-share, others.imag, line.imag))


@njit(cache=True, error_model="numpy", forceinline=True)
def _butterfly(x0: Any, x1: Any, x2: Any, x3: Any) -> Any:
    """The spectrum of four numbers."""
    even, odd, across = x0 + x2, x1 + x3, x1 - x3
    crossed, apart = complex(across.imag, -across.real), x0 - x2  # -i times the difference
    return even + odd, apart + crossed, even - odd, apart - crossed
