"""Telemetry: what slow sensors read while a machine runs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.core import DAY
from simgen.kernels.distributions import normal_from
from simgen.kernels.elementary import exp
from simgen.kernels.philox import uniform_pair

PHASE = np.dtype(
    [
        ("start", np.float64),  # [s]
        ("stop", np.float64),  # [s]
        ("speed", np.float64),  # [rpm]
        ("load", np.float64),  # [kN]
        ("first_size", np.float64),  # of the spall when it begins [mm]
        ("last_size", np.float64),  # and when it stops [mm]
        ("seized", np.int64),  # 1: the bearing seized at its end
    ]
)

ROW = np.dtype(
    [
        ("at", np.float64),  # [s]
        ("speed", np.float64),  # [rpm]
        ("load", np.float64),  # [kN]
        ("current", np.float64),  # of the motor [A]
        ("temperature", np.float64),  # of the outer ring [degree Celsius]
        ("phase", np.int64),  # index of the phase
    ]
)

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
    before = min(int(day), len(days) - 2)
    mean = days[before] + (day - before) * (days[before + 1] - days[before])
    return mean + HALL_SWING * math.cos(math.tau * (day - _WARMEST_HOUR))


@njit(cache=True, error_model="numpy", forceinline=True)
def steady_rise(speed: Any, load: Any, full_rise: Any) -> Any:
    """How far a bearing warms above its hall in the long run [K]; speed and load over rated."""
    return full_rise * speed * (0.5 + 0.5 * load)


@njit(cache=True, error_model="numpy", forceinline=True)
def thickness(temperature: Any) -> Any:
    """How much the grease adds to friction and noise when cold; about 0 when warm. Assumption."""
    return exp((15.0 - temperature) / 10.0)


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
) -> Any:
    """Fill the rows of one machine; returns how many there are.

    Rows come at multiples of `interval` while it runs, and one more when a bearing seizes.

    Args:
        key: a stream's key. (2,)
        machine: identifies the machine.
        phases: of dtype PHASE, in order of time. (p,)
        interval: between two rows. [s]
        days: daily means of the hall's temperature. (m,) [degree Celsius]
        rated: speed [rpm] and load [kN].
        heating: rise at rated speed and load [K], and its time constant [s].
        limit: length of a spall at which the bearing seizes. [mm]
        out: of dtype ROW, large enough. (capacity,)
    """
    n, last = 0, 0.0
    temperature = hall_temperature(days, 0.0)
    for p in range(len(phases)):
        phase = phases[p]
        temperature = _cool(temperature, days, last, phase.start, heating[1])
        last, tick = phase.start, math.ceil(phase.start / interval)
        while last < phase.stop:
            at = min(tick * interval, phase.stop)
            share = (at - phase.start) / (phase.stop - phase.start)
            size = phase.first_size + share * (phase.last_size - phase.first_size)
            goal = hall_temperature(days, at) + _SPALL_HEAT * (size / limit) ** 2
            goal += steady_rise(phase.speed / rated[0], phase.load / rated[1], heating[0])
            temperature += (goal - temperature) * (1.0 - exp((last - at) / heating[1]))
            if at < phase.stop or phase.seized:
                _read(key, machine, n, phase, p, at, temperature, rated[1], out)
                n += 1
            last, tick = at, tick + 1
    return n


@njit(cache=True, error_model="numpy")
def _cool(temperature: Any, days: Any, start: Any, stop: Any, time: Any) -> Any:
    """The temperature after standing, hour by hour toward the hall's."""
    while start < stop:
        step = min(3_600.0, stop - start)
        start += step
        goal = hall_temperature(days, start)
        temperature += (goal - temperature) * (1.0 - exp(-step / time))
    return temperature


@njit(cache=True, error_model="numpy", forceinline=True)
def _read(
    key: Any,
    machine: Any,
    n: Any,
    phase: Any,
    p: Any,
    at: Any,
    temperature: Any,
    rated_load: Any,
    out: Any,
) -> None:
    u, v = uniform_pair(key, machine, 2 * n)
    x, y = uniform_pair(key, machine, 2 * n + 1)
    load = phase.load * (1.0 + _LOAD_NOISE * normal_from(v))
    drag = 1.0 + 0.5 * thickness(temperature)
    current = _IDLE_CURRENT * drag + _LOAD_CURRENT * load / rated_load
    out[n].at, out[n].phase = at, p
    out[n].speed = phase.speed + _SPEED_NOISE * normal_from(u)
    out[n].load = load
    out[n].current = current + _CURRENT_NOISE * normal_from(x)
    out[n].temperature = temperature + _TEMPERATURE_NOISE * normal_from(y)
