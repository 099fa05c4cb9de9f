"""What the sensors of a centrifugal pump read, and what is true then."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.core import HOUR
from simgen.domains.industrial.kernels.noise import fill_normals
from simgen.domains.industrial.kernels.pump_traces import (
    FLOW_NOISE,
    POWER_NOISE,
    PRESSURE_NOISE,
    SHAKE_NOISE,
    SPEED_NOISE,
    TEMPERATURE_NOISE,
    foremost,
    own_traces,
)
from simgen.domains.industrial.kernels.pumps import (
    CHANNELS,
    METRE,
    bearing_rise,
    cooled,
    electric_power,
    shaking,
)
from simgen.domains.industrial.kernels.telemetry import (
    hall_temperature,
    hall_temperatures,
    hours_left,
    stepped,
)
from simgen.kernels.elementary import exp

# What `read_pump` fills in: what is sent, when, and what is true.
COLUMNS = (
    *CHANNELS,
    "at",  # [s]
    "use_time",  # of the pump [h]
    "severity",  # of the defect that shows most
    "remaining_time",  # in use until it fails; NaN if it does not [h]
    "trace",  # largest effect of that defect, in deviations of noise
    # Where a pump may have several defects at once, else 0: which of them that is, in the order of
    # the parts, from 1, and the effect of each.
    *("defect", "bearing_trace", "seal_trace", "impeller_trace", "winding_trace"),
)
AT, USE_TIME, SEVERITY, REMAINING_TIME, TRACE, DEFECT = range(len(CHANNELS), len(COLUMNS) - 4)
OWN_TRACES = slice(len(COLUMNS) - 4, len(COLUMNS))
OF_DEFECTS = (SEVERITY, *range(TRACE, len(COLUMNS)))  # written only where there is one
_AT_ONCE = 512  # readings that are worked on together, so that they stay near
# Of them and of the ends of their stretches. A cache line more than a power of two: what stands at
# one place of several rows would else displace one another from the cache.
_ROW = 2 * _AT_ONCE + 8
# What is worked on: severities in the order of the parts, what follows from them, and, of each
# stretch, what stays as it is.
_MADE = (
    *("bearing", "seal", "impeller", "winding", "at", "step", "power", "temperature"),
    *("flow", "leak", "suction", "outlet", "cavitation", "start", "used_before", "remaining_time"),
)
_AT, _STEP, _POWER, _TEMPERATURE = range(4, 8)
_FLOW, _LEAK, _SUCTION, _OUTLET, _CAVITATION, _START, _USED_BEFORE, _REMAINING = range(8, 16)
STEPS_PER_UNIT = (10.0, 1e3, 1e3, 100.0, 10.0, 100.0, 10.0)  # of each channel, as it is sent

_RATED_SLIP = 0.013  # of the motor; assumption


@njit(cache=True, error_model="numpy", nogil=True)
def read_pump(
    key: Any, pump: Any, plants: Any, stretches: Any, interval: Any, days: Any, out: Any, start: Any
) -> None:
    """Fill in what a pump sends.

    Stretches hold few readings each: those of many are laid out one after the other, and worked
    on as one.

    Args:
        key: a stream's key. (2,)
        pump: identifies the pump.
        plants: of dtype PLANT. (1,)
        stretches: of dtype STRETCH, in order of time. (p,)
        interval: between two readings. [s]
        days: daily means of the hall's temperature. (m,) [degree Celsius]
        out: `COLUMNS`, an array each; 0 in those that are `OF_DEFECTS`. (n,)
        start: the pump's first place in them; it takes as many as `n_readings` sums up to.
    """
    plant, stops = plants[0], np.empty(_AT_ONCE, np.int64)
    noise, made = np.empty((len(CHANNELS), _AT_ONCE)), np.zeros((len(_MADE), _ROW))
    made_before, done, last, temperature = 0, 0, 0.0, hall_temperature(days, 0.0)
    while len(stretches):
        n, n_pieces, left_over = _lay_out(stretches, done, interval, made, stops)
        pieces = stretches[:n_pieces]
        is_worn = _wear(pieces, stops, made)
        _warm(plant, days, 0, n, made)
        _warm(plant, days, _AT_ONCE, n_pieces, made)
        last, temperature = _follow(plant, pieces, days, last, temperature, made, stops)
        fill_normals(key, pump, made_before, n, noise)
        # Unsigned: no place may be one that is counted from the end.
        m, place = np.uint64(n), np.uint64(start + made_before)
        _send(plant, m, made, noise, out, place)
        _tell(m, made, out, place)
        if is_worn:
            _tell_defects(plant, pieces, stops, made, out, start + made_before)
            made[:_AT] = 0.0  # as they stay where nothing is worn
        made_before, done = made_before + n, left_over
        stretches = stretches[n_pieces - (left_over > 0) :]


@njit(cache=True, error_model="numpy", forceinline=True)
def _lay_out(stretches: Any, done: Any, interval: Any, made: Any, stops: Any) -> Any:
    """Lay out the readings of as many stretches as there is room for, the last maybe in part.

    Behind the room for readings comes the end of each stretch, whether or not it is read then;
    where its readings go on, the instant of the last one in this lot.

    Args:
        stretches: from the first that is not laid out. (p,)
        done: how many readings of that one are.
        interval: [s]
        made: filled in, from the instants on.
        stops: filled in: how many readings there are up to the end of each stretch.

    Returns:
        How many readings and stretches these are, and how many readings of the last were laid
        out if there are more of it; 0 if there are none.
    """
    n = k = 0
    while k < len(stretches) and k < _AT_ONCE and n < _AT_ONCE:
        one = stretches[k]
        first = math.ceil(one.start / interval)
        n_mine = math.ceil(one.stop / interval) - first + one.failed
        last = (first + done - 1) * interval if done else one.start
        stop = min(n + n_mine - done, _AT_ONCE)
        first += done - n
        for i in range(n, stop):
            at = min((first + i) * interval, one.stop)
            made[_AT, i], made[_STEP, i], last = at, at - last, at
            _note(one, made, i)
        done += stop - n
        n, end = stop, _AT_ONCE + k
        made[_AT, end] = one.stop if done == n_mine else last
        made[_STEP, end] = made[_AT, end] - last
        made[_FLOW, end] = one.flow
        stops[k], k = n, k + 1
        if done < n_mine:
            return n, k, done
        done = 0
    return n, k, 0


@njit(cache=True, error_model="numpy", forceinline=True)
def _note(one: Any, made: Any, i: Any) -> None:
    """Write down for a reading what is true of its whole stretch."""
    made[_FLOW, i], made[_LEAK, i], made[_CAVITATION, i] = one.flow, one.leak, one.cavitation
    made[_SUCTION, i], made[_OUTLET, i] = one.suction, one.suction + one.head
    made[_USED_BEFORE, i], made[_REMAINING, i] = one.use_time, one.remaining_time
    made[_START, i] = one.start


@njit(cache=True, error_model="numpy", forceinline=True)
def _wear(pieces: Any, stops: Any, made: Any) -> Any:
    """Fill in severities, along straight lines, where they are not 0; whether they are anywhere."""
    found, start = False, 0
    for k in range(len(pieces)):
        one = pieces[k]
        if _is_worn(one):
            found, per_time = True, 1.0 / (one.stop - one.start)
            for part in range(4):
                first, slope = one.first[part], (one.last[part] - one.first[part]) * per_time
                for i in range(start, stops[k]):
                    made[part, i] = first + slope * (made[_AT, i] - one.start)
                end = _AT_ONCE + k
                made[part, end] = first + slope * (made[_AT, end] - one.start)
        start = stops[k]
    return found


@njit(cache=True, error_model="numpy", forceinline=True)
def _is_worn(one: Any) -> Any:
    # Severities rise within a stretch.
    return max(one.last[0], one.last[1], one.last[2], one.last[3]) > 0.0


@njit(cache=True, error_model="numpy", forceinline=True)
def _warm(plant: Any, days: Any, first: Any, n: Any, made: Any) -> None:
    """Power, and the temperatures toward which the bearing goes; turn steps into shares of that."""
    end = first + n
    hall_temperatures(days, n, made[_AT, first:end], made[_TEMPERATURE, first:end])
    for i in range(np.uint64(first), np.uint64(end)):
        power = electric_power(plant, made[_FLOW, i], made[2, i], made[3, i])
        made[_POWER, i] = power
        made[_TEMPERATURE, i] += bearing_rise(plant, power, made[0, i], made[3, i])
    for i in range(np.uint64(first), np.uint64(end)):
        made[_STEP, i] = 1.0 - exp(-made[_STEP, i] / plant.warming_time)


@njit(cache=True, error_model="numpy", forceinline=True)
def _follow(
    plant: Any, pieces: Any, days: Any, last: Any, temperature: Any, made: Any, stops: Any
) -> Any:
    """Turn goals into the temperatures that follow them; returns the last instant and the last."""
    i = 0
    for k in range(len(pieces)):
        end = _AT_ONCE + k
        temperature = cooled(temperature, days, last, pieces[k].start, plant.warming_time)
        while i < stops[k]:
            temperature += (made[_TEMPERATURE, i] - temperature) * made[_STEP, i]
            made[_TEMPERATURE, i] = temperature
            i += 1
        temperature += (made[_TEMPERATURE, end] - temperature) * made[_STEP, end]
        last = made[_AT, end]
    return last, temperature


@njit(cache=True, error_model="numpy", forceinline=True)
def _send(plant: Any, n: Any, made: Any, noise: Any, out: Any, start: Any) -> None:
    """Write what the sensors read, in the steps in which it is sent; a channel at a time."""
    for i in range(n):
        flow = max(made[_FLOW, i] - made[_LEAK, i] * made[1, i], 0.0)
        out[0][start + i] = stepped(flow * (1.0 + FLOW_NOISE * noise[0, i]), STEPS_PER_UNIT[0])
    for i in range(n):
        suction = made[_SUCTION, i] * METRE + PRESSURE_NOISE * noise[1, i]
        out[1][start + i] = stepped(suction, STEPS_PER_UNIT[1])
    for i in range(n):
        outlet = made[_OUTLET, i] * METRE + PRESSURE_NOISE * noise[2, i]
        out[2][start + i] = stepped(outlet, STEPS_PER_UNIT[2])
    for i in range(n):
        power = made[_POWER, i] * (1.0 + POWER_NOISE * noise[3, i])
        out[3][start + i] = stepped(power, STEPS_PER_UNIT[3])
    for i in range(n):
        temperature = made[_TEMPERATURE, i] + TEMPERATURE_NOISE * noise[4, i]
        out[4][start + i] = stepped(temperature, STEPS_PER_UNIT[4])
    for i in range(n):
        severity = (made[0, i], made[1, i], made[2, i], made[3, i])
        flow, cavitation, temperature = made[_FLOW, i], made[_CAVITATION, i], made[_TEMPERATURE, i]
        shake = shaking(plant, flow, cavitation, temperature, severity)
        out[5][start + i] = stepped(shake * (1.0 + SHAKE_NOISE * noise[5, i]), STEPS_PER_UNIT[5])
    for i in range(n):
        slip = _RATED_SLIP * made[_POWER, i] / plant.rated_power
        speed = plant.synchronous_speed * (1.0 - slip) + SPEED_NOISE * noise[6, i]
        out[6][start + i] = stepped(speed, STEPS_PER_UNIT[6])


@njit(cache=True, error_model="numpy", forceinline=True)
def _tell(n: Any, made: Any, out: Any, start: Any) -> None:
    """Write when that was, and how long the pump has run and still runs until it fails."""
    for i in range(n):
        out[AT][start + i] = made[_AT, i]
    for i in range(n):
        used = made[_USED_BEFORE, i] + made[_AT, i] - made[_START, i]
        out[USE_TIME][start + i] = used / HOUR
    for i in range(n):
        left = hours_left(made[_REMAINING, i], made[_AT, i] - made[_START, i])
        out[REMAINING_TIME][start + i] = left


@njit(cache=True, error_model="numpy", forceinline=True)
def _tell_defects(plant: Any, pieces: Any, stops: Any, made: Any, out: Any, start: Any) -> None:
    """Write which defect shows most, how bad it is, and how far each shows, where there is one."""
    bearing, seal, impeller, winding = out[-4:]
    i = 0
    for k in range(len(pieces)):
        one = pieces[k]
        while i < stops[k]:
            if _is_worn(one):
                severity = (made[0, i], made[1, i], made[2, i], made[3, i])
                own = own_traces(plant, one, severity)
                defect, worst, trace = foremost(own, severity)
                if worst > 0.0:
                    out[SEVERITY][start + i], out[TRACE][start + i] = worst, trace
                if _has_several(one):
                    out[DEFECT][start + i] = defect
                    bearing[start + i], seal[start + i] = own[0], own[1]
                    impeller[start + i], winding[start + i] = own[2], own[3]
            i += 1


@njit(cache=True, error_model="numpy", forceinline=True)
def _has_several(one: Any) -> Any:
    last = one.last
    return (last[0] > 0.0) + (last[1] > 0.0) + (last[2] > 0.0) + (last[3] > 0.0) > 1
