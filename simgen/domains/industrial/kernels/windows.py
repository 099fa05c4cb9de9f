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
        window, total = windows[k], 0.0
        for i in range(n):
            total += window[i]
        mean = total / n
        square, fourth, peak, steps = 0.0, 0.0, 0.0, 0.0
        for i in range(n):
            value = window[i] - mean
            squared = value * value
            square += squared
            fourth += squared * squared
            peak = max(peak, abs(value))
        for i in range(1, n):
            step = np.float64(window[i]) - window[i - 1]
            steps += step * step
        out[0, k], out[1, k], out[2, k], out[3, k] = square / n, fourth / n, peak, steps / (n - 1)
