"""Telemetry of a rig: what slow sensors read while its machines run."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.core import HOUR
from simgen.domains.industrial.kernels.fused import fused
from simgen.domains.industrial.kernels.noise import fill_normals
from simgen.domains.industrial.kernels.telemetry import (
    hall_temperature,
    hall_temperatures,
    hours_left,
    steady_rise,
    stepped,
    thickness,
)
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
_AT_ONCE = 512  # readings that are worked on together, so that they stay near

_SPEED_NOISE = 1.5  # [rpm]; as the four below, an assumption
_LOAD_NOISE = 0.02  # relative
_CURRENT_NOISE = 0.04  # [A]
_TEMPERATURE_NOISE = 0.3  # [K]
_SPALL_HEAT = 25.0  # of a seizing bearing over a sound one [K]
_IDLE_CURRENT, _LOAD_CURRENT = 1.6, 2.2  # [A] of a motor of 1.5 kW; assumption


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
            _tell(phase, n, made, out, start + made_before)
            sent = 0
            while sent < n:
                # A spell has few readings: noise is drawn ahead for those of many.
                place = made_before % _AT_ONCE
                if place == 0:
                    fill_normals(key, machine, made_before, _AT_ONCE, noise)
                m = min(n - sent, _AT_ONCE - place)
                warm, own = made[1, sent : sent + m], noise[:, place : place + m]
                _send(phase, rated[1], warm, own, out, start + made_before)
                sent, made_before = sent + m, made_before + m


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
    step, kept = -1.0, 0.0
    for i in range(n):
        if at[i] - last != step:
            step = at[i] - last
            kept = exp(-step / time)
        # One step after the temperature before is known, which is what this waits for.
        temperature = fused(temperature, kept, goals[i] * (1.0 - kept))
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
def _send(phase: Any, rated_load: Any, warm: Any, noise: Any, out: Any, start: Any) -> None:
    """Write what the sensors read, in the steps in which it is sent; a channel at a time.

    In arrays that begin at their first place: that keeps LLVM from asking which index is below 0.

    Args:
        phase: of dtype PHASE.
        rated_load: [kN]
        warm: the bearing's temperatures. (n,) [degree Celsius]
        noise: (channels, n)
        out: `COLUMNS`, an array each.
        start: of the first of these in them.
    """
    n, end = len(warm), start + len(warm)
    speeds, loads, currents = out[0][start:end], out[1][start:end], out[2][start:end]
    for i in range(n):
        speed = phase.speed + _SPEED_NOISE * noise[0, i]
        speeds[i] = stepped(speed, STEPS_PER_UNIT[0])
    for i in range(n):
        load = phase.load * (1.0 + _LOAD_NOISE * noise[1, i])
        loads[i] = stepped(load, STEPS_PER_UNIT[1])
    for i in range(n):
        load = phase.load * (1.0 + _LOAD_NOISE * noise[1, i])
        drag = 1.0 + 0.5 * thickness(warm[i])
        current = _IDLE_CURRENT * drag + _LOAD_CURRENT * load / rated_load
        currents[i] = stepped(current + _CURRENT_NOISE * noise[2, i], STEPS_PER_UNIT[2])
    temperatures = out[3][start:end]
    for i in range(n):
        temperature = warm[i] + _TEMPERATURE_NOISE * noise[3, i]
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
    if math.isnan(phase.remaining_time):
        left[:] = np.nan
        return
    for i in range(n):
        left[i] = hours_left(phase.remaining_time, made[0, i] - phase.start)
