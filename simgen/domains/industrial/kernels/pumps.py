"""Centrifugal pumps: what they take, how they warm and shake, and what their sensors read."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.core import HOUR
from simgen.domains.industrial.kernels.noise import fill_normals
from simgen.domains.industrial.kernels.telemetry import (
    approach,
    hall_temperature,
    hall_temperatures,
    hours_left,
    stepped,
    thickness,
)
from simgen.kernels.elementary import exp

GRAVITY = 9.81  # [m/s2]
DENSITY = 998.0  # of water at 20 degree Celsius [kg/m3]
BAR = 1e5  # [Pa]
METRE = DENSITY * GRAVITY / BAR  # of water [bar]

# Python hands an array of one to a kernel in a tenth of the time that a record takes.
PLANT = np.dtype(
    [
        ("shutoff_head", np.float64),  # of a new pump without flow [m]
        ("pump_loss", np.float64),  # head lost per squared flow [m/(m3/h)^2]
        ("best_flow", np.float64),  # of best efficiency [m3/h]
        ("synchronous_speed", np.float64),  # [rpm]
        ("rated_power", np.float64),  # at the best flow [kW]
        ("warming", np.float64),  # of a bearing at rated power [K]
        ("warming_time", np.float64),  # its time constant [s]
    ]
)

STRETCH = np.dtype(
    [
        ("start", np.float64),  # [s]
        ("stop", np.float64),  # [s]
        ("flow", np.float64),  # through the impeller [m3/h]
        ("leak", np.float64),  # of that, lost at the seal when it has failed [m3/h]
        ("head", np.float64),  # from flange to flange [m]
        ("suction", np.float64),  # head at the suction flange [m]
        ("cavitation", np.float64),  # 0 none, 1 full
        ("first", np.float64, (4,)),  # severities when it begins
        ("last", np.float64, (4,)),  # and when it ends
        ("failed", np.int64),  # 1: the pump failed at its end
        ("use_time", np.float64),  # of the pump when it begins [s]
        ("remaining_time", np.float64),  # in use until the pump fails, then; NaN if never [s]
    ]
)

# What `read_pump` fills in: what is sent, when, and what is true.
CHANNELS = (
    "flow",  # [m3/h]
    "suction_pressure",  # gauge [bar]
    "discharge_pressure",  # gauge [bar]
    "power",  # [kW]
    "temperature",  # of the bearing [degree Celsius]
    "vibration",  # [mm/s]
    "speed",  # [rpm]
)
COLUMNS = (
    *CHANNELS,
    "at",  # [s]
    "use_time",  # of the pump [h]
    "severity",  # of its worst defect
    "remaining_time",  # in use until it fails; NaN if it does not [h]
    "trace",  # largest effect of its defects, in deviations of noise
)
AT, USE_TIME, SEVERITY, REMAINING_TIME, TRACE = range(len(CHANNELS), len(COLUMNS))
_AT_ONCE = 1_024  # readings that are worked on together, so that they stay near
# What is worked on: the severities first, in the order of the parts.
_MADE = ("bearing", "seal", "impeller", "winding", "at", "power", "temperature")
_AT, _POWER, _TEMPERATURE = 4, 5, 6
STEPS_PER_UNIT = (10.0, 1e3, 1e3, 100.0, 10.0, 100.0, 10.0)  # of each channel, as it is sent

# What a defect does when its severity is 1; all assumptions.
WEAR_HEAD = 0.25  # share of the shut-off head that a worn impeller lacks
_WEAR_POWER = 0.06  # share of power that it costs
_WINDING_POWER = 0.10  # share of power that a failing winding costs
_BEARING_HEAT, _WINDING_HEAT = 35.0, 12.0  # of the bearing [K]
_BEARING_SHAKE, _WEAR_SHAKE, _WINDING_SHAKE = 8.0, 2.5, 1.5  # [mm/s]
_CAVITATION_SHAKE = 4.0  # [mm/s]
_BASE_SHAKE = 1.6  # of a good pump at its best flow [mm/s]
_RATED_SLIP = 0.013  # of the motor
_SHUTOFF_POWER = 0.45  # of the rated power, without flow
_WARM = 40.0  # [degree Celsius]
# Noise of the sensors; assumptions.
_FLOW_NOISE, _POWER_NOISE, _SHAKE_NOISE = 0.01, 0.01, 0.05  # relative
_PRESSURE_NOISE, _TEMPERATURE_NOISE, _SPEED_NOISE = 0.01, 0.4, 0.8  # [bar], [K], [rpm]


@njit(cache=True, error_model="numpy")
def electric_power(plant: Any, flow: Any, wear: Any, winding: Any) -> Any:
    """Power that the motor takes [kW]: of a radial pump, it rises about straight with flow."""
    share = _SHUTOFF_POWER + (1.0 - _SHUTOFF_POWER) * flow / plant.best_flow
    return plant.rated_power * share * (1.0 + _WEAR_POWER * wear + _WINDING_POWER * winding)


@njit(cache=True, error_model="numpy")
def bearing_rise(plant: Any, power: Any, bearing: Any, winding: Any) -> Any:
    """How far the bearing warms above the hall in the long run [K]."""
    rise = plant.warming * (0.5 + 0.5 * power / plant.rated_power)
    return rise + _BEARING_HEAT * bearing * bearing + _WINDING_HEAT * winding


@njit(cache=True, error_model="numpy")
def running_rise(plant: Any, flow: Any, severity: Any) -> Any:
    """How far a running pump's bearing warms above the hall in the long run [K]."""
    power = electric_power(plant, flow, severity[2], severity[3])
    return bearing_rise(plant, power, severity[0], severity[3])


@njit(cache=True, error_model="numpy")
def shaking(plant: Any, flow: Any, cavitation: Any, temperature: Any, severity: Any) -> Any:
    """Root mean square of the bearing's velocity [mm/s]; causes add up as powers."""
    off = flow / plant.best_flow - 1.0
    base = _BASE_SHAKE * (1.0 + 1.5 * off * off) * (1.0 + 0.5 * thickness(temperature))
    square = base * base + (_CAVITATION_SHAKE * cavitation) ** 2
    square += (_BEARING_SHAKE * severity[0]) ** 2 + (_WEAR_SHAKE * severity[2]) ** 2
    return math.sqrt(square + (_WINDING_SHAKE * severity[3]) ** 2)


@njit(cache=True, error_model="numpy", nogil=True)
def read_pump(
    key: Any, pump: Any, plants: Any, stretches: Any, interval: Any, days: Any, out: Any, start: Any
) -> None:
    """Fill in what a pump sends.

    Args:
        key: a stream's key. (2,)
        pump: identifies the pump.
        plants: of dtype PLANT. (1,)
        stretches: of dtype STRETCH, in order of time. (p,)
        interval: between two readings. [s]
        days: daily means of the hall's temperature. (m,) [degree Celsius]
        out: `COLUMNS`, an array each; 0 where a defect's severity and trace go. (n,)
        start: the pump's first place in them; it takes as many as `n_readings` sums up to.
    """
    plant = plants[0]
    noise, made = np.empty((len(CHANNELS), _AT_ONCE)), np.empty((len(_MADE), _AT_ONCE))
    made_before, n_used, last, temperature = 0, _AT_ONCE, 0.0, hall_temperature(days, 0.0)
    for one in stretches:
        temperature = cooled(temperature, days, last, one.start, plant.warming_time)
        last = one.start
        tick, end = math.ceil(one.start / interval), math.ceil(one.stop / interval)
        # One more step than there are readings: to the end, when one is made if the pump fails.
        while tick <= end:
            if n_used == _AT_ONCE:
                fill_normals(key, pump, made_before, _AT_ONCE, noise)
                n_used = 0
            n = min(_AT_ONCE - n_used, end + 1 - tick)
            for i in range(n):
                made[_AT, i] = min((tick + i) * interval, one.stop)
            _wear(one, n, made)
            temperature = _warm(plant, one, days, last, temperature, n, made)
            tick, last = tick + n, made[_AT, n - 1]
            if tick > end and not one.failed:
                n -= 1
            # Unsigned: no place may be one that is counted from the end.
            m, used, place = np.uint64(n), np.uint64(n_used), np.uint64(start + made_before)
            _send(plant, one, m, made, noise, used, out, place)
            _tell(plant, one, m, made, out, place)
            made_before, n_used = made_before + n, n_used + n


@njit(cache=True, error_model="numpy", forceinline=True)
def _wear(one: Any, n: Any, made: Any) -> None:
    """The severities of a stretch at its instants, along straight lines."""
    per_time = 1.0 / (one.stop - one.start)
    for part in range(4):
        first, slope = one.first[part], (one.last[part] - one.first[part]) * per_time
        for i in range(n):
            made[part, i] = first + slope * (made[_AT, i] - one.start)


@njit(cache=True, error_model="numpy", forceinline=True)
def _warm(plant: Any, one: Any, days: Any, last: Any, temperature: Any, n: Any, made: Any) -> Any:
    """Power and the bearing's temperature at the instants of a stretch; the last temperature."""
    hall_temperatures(days, n, made[_AT], made[_TEMPERATURE])
    for i in range(n):
        power = electric_power(plant, one.flow, made[2, i], made[3, i])
        made[_POWER, i] = power
        made[_TEMPERATURE, i] += bearing_rise(plant, power, made[0, i], made[3, i])
    return approach(temperature, last, plant.warming_time, n, made[_AT], made[_TEMPERATURE])


@njit(cache=True, error_model="numpy")
def cooled(temperature: Any, days: Any, start: Any, stop: Any, time: Any) -> Any:
    """The temperature after standing, hour by hour toward the hall's [degree Celsius]."""
    while start < stop:
        step = min(3_600.0, stop - start)
        goal = hall_temperature(days, start + step)
        temperature = goal + (temperature - goal) * exp(-step / time)
        start += step
    return temperature


@njit(cache=True, error_model="numpy", forceinline=True)
def _send(
    plant: Any, one: Any, n: Any, made: Any, noise: Any, used: Any, out: Any, start: Any
) -> None:
    """Write what the sensors read, in the steps in which it is sent; a channel at a time."""
    suction, outlet = one.suction * METRE, (one.suction + one.head) * METRE
    for i in range(n):
        flow = max(one.flow - one.leak * made[1, i], 0.0)
        out[0][start + i] = stepped(
            flow * (1.0 + _FLOW_NOISE * noise[0, used + i]), STEPS_PER_UNIT[0]
        )
    for i in range(n):
        out[1][start + i] = stepped(
            suction + _PRESSURE_NOISE * noise[1, used + i], STEPS_PER_UNIT[1]
        )
    for i in range(n):
        out[2][start + i] = stepped(
            outlet + _PRESSURE_NOISE * noise[2, used + i], STEPS_PER_UNIT[2]
        )
    for i in range(n):
        power = made[_POWER, i] * (1.0 + _POWER_NOISE * noise[3, used + i])
        out[3][start + i] = stepped(power, STEPS_PER_UNIT[3])
    for i in range(n):
        temperature = made[_TEMPERATURE, i] + _TEMPERATURE_NOISE * noise[4, used + i]
        out[4][start + i] = stepped(temperature, STEPS_PER_UNIT[4])
    for i in range(n):
        severity = (made[0, i], made[1, i], made[2, i], made[3, i])
        shake = shaking(plant, one.flow, one.cavitation, made[_TEMPERATURE, i], severity)
        out[5][start + i] = stepped(
            shake * (1.0 + _SHAKE_NOISE * noise[5, used + i]), STEPS_PER_UNIT[5]
        )
    for i in range(n):
        slip = _RATED_SLIP * made[_POWER, i] / plant.rated_power
        speed = plant.synchronous_speed * (1.0 - slip) + _SPEED_NOISE * noise[6, used + i]
        out[6][start + i] = stepped(speed, STEPS_PER_UNIT[6])


@njit(cache=True, error_model="numpy", forceinline=True)
def _tell(plant: Any, one: Any, n: Any, made: Any, out: Any, start: Any) -> None:
    """Write what is true, and how long the pump has run and still runs until it fails."""
    for i in range(n):
        out[AT][start + i] = made[_AT, i]
    for i in range(n):
        out[USE_TIME][start + i] = (one.use_time + made[_AT, i] - one.start) / HOUR
    for i in range(n):
        left = hours_left(one.remaining_time, made[_AT, i] - one.start)
        out[REMAINING_TIME][start + i] = left
    if max(one.last[0], one.last[1], one.last[2], one.last[3]) == 0.0:
        return
    for i in range(n):
        severity = (made[0, i], made[1, i], made[2, i], made[3, i])
        out[SEVERITY][start + i] = max(severity[0], severity[1], severity[2], severity[3])
        out[TRACE][start + i] = _trace(plant, one, severity)


@njit(cache=True, error_model="numpy")
def _trace(plant: Any, one: Any, severity: Any) -> Any:
    """How far the worst defect moves what is sent, in deviations of its noise."""
    bearing, seal, wear, winding = severity
    # Grease as when it is warm: whoever judges a defect waits for that.
    shake = shaking(plant, one.flow, one.cavitation, _WARM, (bearing, seal, wear, winding))
    sound = shaking(plant, one.flow, one.cavitation, _WARM, (0.0, 0.0, 0.0, 0.0))
    trace = (shake / sound - 1.0) / _SHAKE_NOISE
    trace = max(trace, one.leak * seal / max(one.flow, 1.0) / _FLOW_NOISE)
    trace = max(trace, WEAR_HEAD * wear * plant.shutoff_head * METRE / _PRESSURE_NOISE)
    trace = max(trace, _WINDING_POWER * winding / _POWER_NOISE)
    return max(trace, _BEARING_HEAT * bearing * bearing / _TEMPERATURE_NOISE)
