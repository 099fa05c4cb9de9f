"""What is measured on windows of samples in one pass over each."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, error_model="numpy", nogil=True)
def deviation(samples: Any) -> Any:
    """The standard deviation of one window `(n,)`."""
    total, square = 0.0, 0.0
    first = np.float64(samples[0])  # near the mean, so that squares don't swallow the difference
    for i in range(len(samples)):
        value = samples[i] - first
        total += value
        square += value * value
    mean = total / len(samples)
    return math.sqrt(max(square / len(samples) - mean * mean, 0.0))


@njit(cache=True, error_model="numpy", nogil=True)
def central_moments(windows: Any, out: Any) -> None:
    """Fill in mean square, mean fourth power, largest deviation and mean squared step of windows.

    All but the step are about the window's mean.

    Args:
        windows: (n, samples)
        out: (4, n)
    """
    n = windows.shape[1]
    for k in range(len(windows)):
        # Sums wait for themselves: two beside one another take as long as one.
        window, steps = windows[k], 0.0
        total = np.float64(window[0])
        for i in range(1, n):
            total += window[i]
            step = np.float64(window[i]) - window[i - 1]
            steps += step * step
        mean = total / n
        square, fourth, peak = 0.0, 0.0, 0.0
        for i in range(n):
            value = window[i] - mean
            squared = value * value
            square += squared
            fourth += squared * squared
            peak = max(peak, abs(value))
        out[0, k], out[1, k], out[2, k], out[3, k] = square / n, fourth / n, peak, steps / (n - 1)


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
