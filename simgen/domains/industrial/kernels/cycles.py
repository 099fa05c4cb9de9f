"""What is measured on the samples of a press' work cycle."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

_AT_ONCE = 32  # sums that go on beside one another: one would wait for itself
SMOOTH = 10  # samples of a running mean, so that noise does not decide


@njit(cache=True, error_model="numpy", nogil=True)
def cycle_moments(pressure: Any, flow: Any, power: Any) -> Any:
    """Means of pressure, flow, power and their product; how pressure spreads, and flow with it.

    Args:
        pressure: (n,) [bar]
        flow: (n,) [l/min]
        power: (n,) [kW]

    Returns:
        The means of pressure, flow, power, and pressure times flow; the variance of pressure; the
        covariance of pressure and flow.
    """
    n = len(pressure)
    sums = np.zeros((5, _AT_ONCE))
    # Near the means, so that squares don't swallow the difference.
    bar, litre = np.float64(pressure[0]), np.float64(flow[0])
    for start in range(0, n, _AT_ONCE):
        some, others = pressure[start : start + _AT_ONCE], flow[start : start + _AT_ONCE]
        more = power[start : start + _AT_ONCE]
        for i in range(len(some)):
            above, beside = some[i] - bar, others[i] - litre
            sums[0, i] += above
            sums[1, i] += beside
            sums[2, i] += more[i]
            sums[3, i] += above * above
            sums[4, i] += above * beside
    above, beside = sums[0].sum() / n, sums[1].sum() / n
    mean, mean_flow = bar + above, litre + beside
    covariance = sums[4].sum() / n - above * beside
    variance = max(sums[3].sum() / n - above * above, 0.0)
    return mean, mean_flow, sums[2].sum() / n, covariance + mean * mean_flow, variance, covariance


@njit(cache=True, error_model="numpy", nogil=True)
def roughness(samples: Any) -> Any:
    """The standard deviation of samples `(n,)` from the mean of their two neighbours."""
    n = len(samples) - 2
    sums = np.zeros((2, _AT_ONCE))
    for start in range(0, n, _AT_ONCE):
        middle = samples[start + 1 : min(start + 1 + _AT_ONCE, n + 1)]
        before, after = samples[start : start + len(middle)], samples[start + 2 :]
        for i in range(len(middle)):
            rest = middle[i] - 0.5 * (np.float64(before[i]) + after[i])
            sums[0, i] += rest
            sums[1, i] += rest * rest
    mean = sums[0].sum() / n
    return math.sqrt(max(sums[1].sum() / n - mean * mean, 0.0))


@njit(cache=True, error_model="numpy", nogil=True)
def fall(pressure: Any, start: Any, stop: Any) -> Any:
    """When a tenth and nine tenths of a fall of pressure are done [samples after its start].

    Of running means; both are 0 where it does not fall by 1 bar.

    Args:
        pressure: (n,) [bar]
        start: the first sample after the switch that lets it fall.
        stop: the first that no longer belongs to it.
    """
    before, first = 0.0, max(start - SMOOTH, 0)
    for i in range(first, start):
        before += pressure[i] / (start - first)
    n = stop - start - SMOOTH + 1
    smooth = np.empty(n)
    mean = 0.0
    for i in range(SMOOTH):
        mean += pressure[start + i] / SMOOTH
    smooth[0] = mean
    for i in range(1, n):
        mean += (np.float64(pressure[start + i + SMOOTH - 1]) - pressure[start + i - 1]) / SMOOTH
        smooth[i] = mean
    depth = before - smooth[-SMOOTH:].mean()
    if depth <= 1.0:
        return 0, 0
    return _first_below(smooth, before - 0.1 * depth), _first_below(smooth, before - 0.9 * depth)


@njit(cache=True, error_model="numpy", forceinline=True)
def _first_below(values: Any, level: Any) -> Any:
    """The place of the first of some values that is not above a level; 0 if none is."""
    for i in range(len(values)):
        if values[i] <= level:
            return i
    return 0
