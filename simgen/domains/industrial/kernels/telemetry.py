"""Telemetry: what readings of all machines have in common, and the hall they stand in."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.core import DAY, HOUR
from simgen.domains.industrial.kernels.fused import fused
from simgen.kernels.elementary import exp

_THICKEST = 5.0  # that grease is, see `thickness`; assumption
HALL_SWING = 3.0  # of the hall's temperature in a day [K]; assumption
_WARMEST_HOUR = 15.0 / 24.0  # of the day
# Of the cosine of so many turns from the half one on, in powers of their square.
_COURSE = tuple(-((-1) ** k) * math.tau ** (2 * k) / math.factorial(2 * k) for k in range(8))


@njit(cache=True, error_model="numpy", forceinline=True)
def hall_temperature(days: Any, at: Any) -> Any:
    """The hall's temperature [degree Celsius] at an instant [s], from its daily means `(m,)`."""
    day = at / DAY
    return _daily_mean(days, day) + HALL_SWING * _course_of_day(day - _WARMEST_HOUR)


@njit(cache=True, error_model="numpy", nogil=True)
def hall_temperatures(days: Any, n: Any, at: Any, out: Any) -> None:
    """Fill in the hall's temperature at the first `n` instants, as `hall_temperature` but for bits.

    The most are of one day: what it does not change is looked up once, and nothing is divided.

    Args:
        days: daily means. (m,) [degree Celsius]
        n: how many.
        at: (at least n,) [s]
        out: (at least n,) [degree Celsius]
    """
    i, last = 0, len(days) - 2
    while i < n:
        first = i
        before = min(int(at[i] / DAY), last)
        start, stop = before * DAY, (before + 1) * DAY if before < last else np.inf
        mean, slope = days[before], (days[before + 1] - days[before]) / DAY
        i += 1
        while i < n and start <= at[i] < stop:
            i += 1
        some, found = at[first:i], out[first:i]
        for k in range(len(some)):
            day = some[k] * (1.0 / DAY) - _WARMEST_HOUR
            course = HALL_SWING * _quick_course_of_day(day)
            found[k] = mean + slope * (some[k] - start) + course


@njit(cache=True, error_model="numpy", forceinline=True)
def _daily_mean(days: Any, day: Any) -> Any:
    """Between the means of two days, along a straight line [degree Celsius]."""
    before = min(int(day), len(days) - 2)
    return days[before] + (day - before) * (days[before + 1] - days[before])


@njit(cache=True, error_model="numpy", forceinline=True)
def _course_of_day(day: Any) -> Any:
    """The cosine of so many turns, to 1e-4, by its series about the half turn."""
    half = day - math.floor(day) - 0.5
    y = half * half * math.tau * math.tau
    series = 1.0 - y / 132.0 * (1.0 - y / 182.0)
    for denominator in (90.0, 56.0, 30.0, 12.0, 2.0):
        series = 1.0 - y / denominator * series
    return -series


@njit(cache=True, error_model="numpy", forceinline=True)
def _quick_course_of_day(day: Any) -> Any:
    """The same series, multiplied out."""
    half = day - math.floor(day) - 0.5
    y = half * half
    series = _COURSE[7]
    for k in range(7):
        series = fused(y, series, _COURSE[6 - k])
    return series


@njit(cache=True, error_model="numpy", forceinline=True)
def steady_rise(speed: Any, load: Any, full_rise: Any) -> Any:
    """How far a bearing warms above its hall in the long run [K]; speed and load over rated."""
    return full_rise * speed * (0.5 + 0.5 * load)


@njit(cache=True, error_model="numpy", forceinline=True)
def thickness(temperature: Any) -> Any:
    """How much the grease adds to friction and noise when cold; about 0 when warm. Assumption.

    Not below -1 degree Celsius: what stands colder is warmed before it starts.
    """
    return min(exp((15.0 - temperature) / 10.0), _THICKEST)


@njit(cache=True, error_model="numpy", nogil=True)
def n_readings(runs: Any, interval: Any, out: Any) -> None:
    """How many readings each run gives `(p,)`: at multiples of `interval` [s], and at its failure.

    Args:
        runs: stretches of running, with the fields `start`, `stop` and `failed`. (p,)
        interval: [s]
        out: (p,) int64
    """
    for p in range(len(runs)):
        one = runs[p]
        out[p] = math.ceil(one.stop / interval) - math.ceil(one.start / interval) + one.failed


@njit(cache=True, error_model="numpy", forceinline=True)
def stepped(value: Any, steps_per_unit: Any) -> Any:
    """The value to the nearest step."""
    return np.rint(value * steps_per_unit) / steps_per_unit


@njit(cache=True, error_model="numpy", forceinline=True)
def hours_left(time: Any, passed: Any) -> Any:
    """What is left of a time after some of it has passed, both [s], but never less than 0 [h]."""
    # To 4 ms: what rounding of sums leaves is nothing.
    left = np.rint((time - passed) / HOUR * 1e6) / 1e6
    return 0.0 if left <= 0.0 else left  # noqa: FURB136 - NaN must stay
