"""Telemetry: what slow sensors read while a machine runs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.core import DAY, HOUR
from simgen.domains.industrial.kernels.noise import fill_normals
from simgen.kernels.elementary import exp

PHASE = np.dtype(
    [
        ("start", np.float64),  # [s]
        ("stop", np.float64),  # [s]
        ("speed", np.float64),  # [rpm]
        ("load", np.float64),  # [kN]
        ("first_size", np.float64),  # of the spall when it begins [mm]
        ("last_size", np.float64),  # and when it stops [mm]
        ("failed", np.int64),  # 1: the bearing seized at its end
        ("use_time", np.float64),  # of the bearing when it begins [s]
        ("remaining_time", np.float64),  # in use until it seizes, then; NaN if it did not [s]
    ]
)

# What `read_out` fills in: what is sent, when, and what is true.
CHANNELS = (
    "speed",  # [rpm]
    "load",  # [kN]
    "current",  # of the motor [A]
    "temperature",  # of the outer ring [degree Celsius]
)
COLUMNS = (
    *CHANNELS,
    "at",  # [s]
    "use_time",  # of the bearing [h]
    "remaining_time",  # in use until it seizes; NaN if it does not [h]
)
AT, USE_TIME, REMAINING_TIME = range(len(CHANNELS), len(COLUMNS))
STEPS_PER_UNIT = (10.0, 1e3, 100.0, 10.0)  # of each channel, as it is sent
_AT_ONCE = 1_024  # readings that are worked on together, so that they stay near

HALL_SWING = 3.0  # of the hall's temperature in a day [K]; assumption
_WARMEST_HOUR = 15.0 / 24.0  # of the day
_SPEED_NOISE = 1.5  # [rpm]; as the four below, an assumption
_LOAD_NOISE = 0.02  # relative
_CURRENT_NOISE = 0.04  # [A]
_TEMPERATURE_NOISE = 0.3  # [K]
_SPALL_HEAT = 25.0  # of a seizing bearing over a sound one [K]
_IDLE_CURRENT, _LOAD_CURRENT = 1.6, 2.2  # [A] of a motor of 1.5 kW; assumption


@njit(cache=True, error_model="numpy", forceinline=True)
def hall_temperature(days: Any, at: Any) -> Any:
    """The hall's temperature [degree Celsius] at an instant [s], from its daily means `(m,)`."""
    day = at / DAY
    return _daily_mean(days, day) + HALL_SWING * _course_of_day(day - _WARMEST_HOUR)


@njit(cache=True, error_model="numpy", nogil=True)
def hall_temperatures(days: Any, n: Any, at: Any, out: Any) -> None:
    """Fill in the hall's temperature at the first `n` instants, a part at a time.

    The divisions of the day's course then go on beside one another, and nothing is looked up.

    Args:
        days: daily means. (m,) [degree Celsius]
        n: how many.
        at: (at least n,) [s]
        out: (at least n,) [degree Celsius]
    """
    for i in range(n):
        out[i] = HALL_SWING * _course_of_day(at[i] / DAY - _WARMEST_HOUR)
    for i in range(n):
        out[i] = _daily_mean(days, at[i] / DAY) + out[i]


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
def steady_rise(speed: Any, load: Any, full_rise: Any) -> Any:
    """How far a bearing warms above its hall in the long run [K]; speed and load over rated."""
    return full_rise * speed * (0.5 + 0.5 * load)


@njit(cache=True, error_model="numpy", forceinline=True)
def thickness(temperature: Any) -> Any:
    """How much the grease adds to friction and noise when cold; about 0 when warm. Assumption."""
    return exp((15.0 - temperature) / 10.0)


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


@njit(cache=True, error_model="numpy", nogil=True)
def read_out(
    key: Any,
    machine: Any,
    phases: Any,
    interval: Any,
    days: Any,
    rated: Any,
    heating: Any,
    limit: Any,
    out: Any,
    start: Any,
) -> None:
    """Fill in what a machine sends.

    Args:
        key: a stream's key. (2,)
        machine: identifies the machine.
        phases: of dtype PHASE, in order of time. (p,)
        interval: between two readings. [s]
        days: daily means of the hall's temperature. (m,) [degree Celsius]
        rated: speed [rpm] and load [kN].
        heating: rise at rated speed and load [K], and its time constant [s].
        limit: length of a spall at which the bearing seizes. [mm]
        out: `COLUMNS`, an array each. (n,)
        start: the machine's first place in them; it takes as many as `n_readings` sums up to.
    """
    noise, made = np.empty((len(CHANNELS), _AT_ONCE)), np.empty((2, _AT_ONCE))
    made_before, last, temperature = 0, 0.0, hall_temperature(days, 0.0)
    for phase in phases:
        temperature = _cool(temperature, days, last, phase.start, heating[1])
        last = phase.start
        tick, end = math.ceil(phase.start / interval), math.ceil(phase.stop / interval)
        # One more step than there are readings: to the stop, when one is made after a failure.
        for first in range(tick, end + 1, _AT_ONCE):
            n = min(_AT_ONCE, end + 1 - first)
            for i in range(n):
                made[0, i] = min((first + i) * interval, phase.stop)
            temperature = _warm(phase, days, rated, heating, limit, last, temperature, n, made)
            last = made[0, n - 1]
            if first + n > end and not phase.failed:
                n -= 1
            fill_normals(key, machine, made_before, n, noise)
            _send(phase, rated[1], n, made, noise, out, start + made_before)
            _tell(phase, n, made, out, start + made_before)
            made_before += n


@njit(cache=True, error_model="numpy")
def _warm(
    phase: Any,
    days: Any,
    rated: Any,
    heating: Any,
    limit: Any,
    last: Any,
    temperature: Any,
    n: Any,
    made: Any,
) -> Any:
    """The bearing's temperature at the instants of a phase; returns the last."""
    rise = steady_rise(phase.speed / rated[0], phase.load / rated[1], heating[0])
    slope = (phase.last_size - phase.first_size) / (phase.stop - phase.start)
    hall_temperatures(days, n, made[0], made[1])
    for i in range(n):
        size = (phase.first_size + slope * (made[0, i] - phase.start)) / limit
        made[1, i] = made[1, i] + rise + _SPALL_HEAT * size * size
    return approach(temperature, last, heating[1], n, made[0], made[1])


@njit(cache=True, error_model="numpy")
def approach(temperature: Any, last: Any, time: Any, n: Any, at: Any, goals: Any) -> Any:
    """Turn goals `(n,)` into the temperatures that follow them; returns the last.

    Args:
        temperature: at the instant `last` [s].
        last: [s]
        time: constant of the exponential approach. [s]
        n: how many instants.
        at: ascending. (n,) [s]
        goals: toward each of them. (n,)
    """
    step, share = -1.0, 0.0
    for i in range(n):
        if at[i] - last != step:
            step = at[i] - last
            share = 1.0 - exp(-step / time)
        temperature += (goals[i] - temperature) * share
        goals[i], last = temperature, at[i]
    return temperature


@njit(cache=True, error_model="numpy")
def _cool(temperature: Any, days: Any, start: Any, stop: Any, time: Any) -> Any:
    """The temperature after standing, hour by hour toward the hall's."""
    while start < stop:
        step = min(3_600.0, stop - start)
        start += step
        goal = hall_temperature(days, start)
        temperature += (goal - temperature) * (1.0 - exp(-step / time))
    return temperature


@njit(cache=True, error_model="numpy")
def _send(phase: Any, rated_load: Any, n: Any, made: Any, noise: Any, out: Any, start: Any) -> None:
    """Write what the sensors read, in the steps in which it is sent; a channel at a time.

    In arrays that begin at their first place: that keeps LLVM from asking which index is below 0.
    """
    end = start + n
    speeds, loads, currents = out[0][start:end], out[1][start:end], out[2][start:end]
    for i in range(n):
        speed = phase.speed + _SPEED_NOISE * noise[0, i]
        speeds[i] = stepped(speed, STEPS_PER_UNIT[0])
    for i in range(n):
        load = phase.load * (1.0 + _LOAD_NOISE * noise[1, i])
        loads[i] = stepped(load, STEPS_PER_UNIT[1])
    for i in range(n):
        load = phase.load * (1.0 + _LOAD_NOISE * noise[1, i])
        drag = 1.0 + 0.5 * thickness(made[1, i])
        current = _IDLE_CURRENT * drag + _LOAD_CURRENT * load / rated_load
        currents[i] = stepped(current + _CURRENT_NOISE * noise[2, i], STEPS_PER_UNIT[2])
    temperatures = out[3][start:end]
    for i in range(n):
        temperature = made[1, i] + _TEMPERATURE_NOISE * noise[3, i]
        temperatures[i] = stepped(temperature, STEPS_PER_UNIT[3])


@njit(cache=True, error_model="numpy")
def _tell(phase: Any, n: Any, made: Any, out: Any, start: Any) -> None:
    """Write when that was, and how long the bearing has run and still runs until it seizes."""
    end = start + n
    at, used, left = out[AT][start:end], out[USE_TIME][start:end], out[REMAINING_TIME][start:end]
    for i in range(n):
        at[i] = made[0, i]
    for i in range(n):
        used[i] = (phase.use_time + made[0, i] - phase.start) / HOUR
    for i in range(n):
        left[i] = hours_left(phase.remaining_time, made[0, i] - phase.start)
