"""What is measured on windows of samples in one pass over each."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

_AT_ONCE = 32  # sums that go on beside one another: one would wait for itself


@njit(cache=True, error_model="numpy", nogil=True)
def deviation(samples: Any) -> Any:
    """The standard deviation of one window `(n,)`."""
    sums = np.zeros((2, _AT_ONCE))
    first = np.float64(samples[0])  # near the mean, so that squares don't swallow the difference
    for start in range(0, len(samples), _AT_ONCE):
        some = samples[start : start + _AT_ONCE]
        for i in range(len(some)):
            value = some[i] - first
            sums[0, i] += value
            sums[1, i] += value * value
    mean = sums[0].sum() / len(samples)
    return math.sqrt(max(sums[1].sum() / len(samples) - mean * mean, 0.0))


@njit(cache=True, error_model="numpy", nogil=True)
def central_moments(windows: Any, out: Any) -> None:
    """Fill in mean square, mean fourth power, largest deviation and mean squared step of windows.

    All but the step are about the window's mean.

    Args:
        windows: (n, samples)
        out: (4, n)
    """
    n = windows.shape[1]
    sums, others, largest = np.empty(_AT_ONCE), np.empty(_AT_ONCE), np.empty(_AT_ONCE)
    for k in range(len(windows)):
        window = windows[k]
        sums[:], others[:], largest[:] = 0.0, 0.0, 0.0
        sums[0] = window[0]
        for start in range(1, n, _AT_ONCE):
            some = window[start : start + _AT_ONCE]
            before = window[start - 1 : start - 1 + len(some)]
            for i in range(len(some)):
                step = np.float64(some[i]) - before[i]
                sums[i] += some[i]
                others[i] += step * step
        mean, out[3, k] = sums.sum() / n, others.sum() / (n - 1)
        sums[:], others[:] = 0.0, 0.0
        for start in range(0, n, _AT_ONCE):
            some = window[start : start + _AT_ONCE]
            for i in range(len(some)):
                square = (some[i] - mean) * (some[i] - mean)
                sums[i] += square
                others[i] += square * square
                largest[i] = max(largest[i], square)
        out[0, k], out[1, k] = sums.sum() / n, others.sum() / n
        out[2, k] = math.sqrt(largest.max())


@njit(cache=True, error_model="numpy", nogil=True)
def stand_out(amplitudes: Any, places: Any, searched: Any, beside: Any, out: Any) -> None:
    """Fill in how far a line stands out of its surroundings in each spectrum.

    Args:
        amplitudes: (n, m)
        places: where the line should be, in bins. (n,)
        searched: how far from there it may be, over the place; at least one bin.
        beside: bins on either side of those whose median is the surroundings.
        out: (n,) as `amplitudes`
    """
    around = np.empty(2 * beside, amplitudes.dtype)
    last = amplitudes.shape[1] - 1
    for k in range(len(amplitudes)):
        reach, middle = max(1, int(np.rint(searched * places[k]))), int(np.rint(places[k]))
        line = amplitudes[k, min(max(middle, 1), last)]
        for offset in range(-reach, reach + 1):
            line = max(line, amplitudes[k, min(max(middle + offset, 1), last)])
        for i in range(beside):
            low, high = middle - reach - 1 - i, middle + reach + 1 + i
            around[i] = amplitudes[k, min(max(low, 1), last)]
            around[beside + i] = amplitudes[k, min(max(high, 1), last)]
        around.sort()
        usual = (around[beside - 1] + around[beside]) / amplitudes.dtype.type(2)
        out[k] = line / max(usual, amplitudes.dtype.type(1e-12))


@njit(cache=True, error_model="numpy", nogil=True)
def kurtosis(samples: Any, weights: Any) -> Any:
    """Mean fourth power over the squared mean square of weighted samples.

    Args:
        samples: (n,)
        weights: by which they are multiplied. (n,)
    """
    sums, others = np.zeros(_AT_ONCE), np.zeros(_AT_ONCE)
    for start in range(0, len(samples), _AT_ONCE):
        some, weight = samples[start : start + _AT_ONCE], weights[start : start + _AT_ONCE]
        for i in range(len(some)):
            value = np.float64(some[i] * weight[i])
            sums[i] += value * value
            others[i] += value * value * value * value
    square, n = max(sums.sum(), 1e-20 * len(samples)), len(samples)
    return others.sum() * n / (square * square)


@njit(cache=True, error_model="numpy", nogil=True)
def mean_squares(windows: Any, out: Any) -> None:
    """Fill in the mean square of windows.

    Args:
        windows: (n, samples)
        out: (n,)
    """
    sums = np.empty(_AT_ONCE)
    for k in range(len(windows)):
        sums[:] = 0.0
        for start in range(0, windows.shape[1], _AT_ONCE):
            some = windows[k, start : start + _AT_ONCE]
            for i in range(len(some)):
                value = np.float64(some[i])
                sums[i] += value * value
        out[k] = sums.sum() / windows.shape[1]


@njit(cache=True, error_model="numpy", nogil=True)
def turn_together(phases: Any, taper: Any, out: Any) -> None:
    """Fill in (a + b e^(2 pi i / 3) + c e^(-2 pi i / 3)) of three phases, tapered.

    Args:
        phases: (3, n)
        taper: (n,)
        out: (n,) complex
    """
    half, side = phases.dtype.type(0.5), phases.dtype.type(math.sqrt(0.75))
    a, b, c = phases[0], phases[1], phases[2]
    for i in range(len(out)):
        along, across = a[i] - half * (b[i] + c[i]), side * (b[i] - c[i])
        out[i] = complex(taper[i] * along, taper[i] * across)


@njit(cache=True, error_model="numpy", nogil=True)
def highest_near(sizes: Any, places: Any, reach: Any, cyclic: Any, out: Any) -> None:
    """Fill in the highest size near each place.

    Args:
        sizes: (m,)
        places: in bins. (n,)
        reach: how many bins on either side of a place are near.
        cyclic: whether the last bin lies before the first; else the first, a mean, counts for
            nothing, as does what lies beyond either end.
        out: (n,)
    """
    m = len(sizes)
    for k in range(len(places)):
        middle = int(np.rint(places[k]))
        out[k] = 0.0
        for place in range(middle - reach, middle + reach + 1):
            if cyclic or 0 < place < m:
                out[k] = max(out[k], sizes[place % m])
