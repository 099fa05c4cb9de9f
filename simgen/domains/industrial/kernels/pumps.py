"""Centrifugal pumps in parallel: where they work, and what their sensors read."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.telemetry import hall_temperature, thickness
from simgen.kernels.distributions import normal_from
from simgen.kernels.elementary import exp
from simgen.kernels.philox import uniform_pair

GRAVITY = 9.81  # [m/s2]
DENSITY = 998.0  # of water at 20 degree Celsius [kg/m3]
BAR = 1e5  # [Pa]

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
    ]
)

ROW = np.dtype(
    [
        ("at", np.float64),  # [s]
        ("flow", np.float64),  # [m3/h]
        ("suction_pressure", np.float64),  # gauge [bar]
        ("discharge_pressure", np.float64),  # gauge [bar]
        ("power", np.float64),  # [kW]
        ("temperature", np.float64),  # of the bearing [degree Celsius]
        ("vibration", np.float64),  # [mm/s]
        ("speed", np.float64),  # [rpm]
        ("severity", np.float64),  # of the worst defect
        ("trace", np.float64),  # largest effect of the defects, in deviations of noise
        ("stretch", np.int64),
    ]
)

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
# Noise of the sensors; assumptions.
_FLOW_NOISE, _POWER_NOISE, _SHAKE_NOISE = 0.01, 0.01, 0.05  # relative
_PRESSURE_NOISE, _TEMPERATURE_NOISE, _SPEED_NOISE = 0.01, 0.4, 0.8  # [bar], [K], [rpm]


@njit(cache=True, error_model="numpy", nogil=True)
def operating_head(shutoff_heads: Any, losses: Any, static_head: Any, system_loss: Any) -> Any:
    """The head in the common header of pumps in parallel [m].

    Pump i gives H = shutoff_heads[i] - losses[i] Q^2, the pipe takes static_head + system_loss
    (sum of Q)^2. A pump that cannot reach the header's head is kept shut by its valve.

    Args:
        shutoff_heads: of the running pumps. (n,) [m]
        losses: of each pump and its suction. (n,) [m/(m3/h)^2]
        static_head: [m]
        system_loss: above 0. [m/(m3/h)^2]

    References:
        Guelich (2020), Centrifugal Pumps, 4th edition, chapter 11: pumps in parallel.
    """
    low, high = static_head, max(static_head, np.max(shutoff_heads))
    # 60 halvings of 100 m leave less than what doubles tell apart.
    for _ in range(60):
        head, flow = 0.5 * (low + high), 0.0
        for i in range(len(losses)):
            flow += math.sqrt(max(shutoff_heads[i] - head, 0.0) / losses[i])
        if flow * flow * system_loss > head - static_head:
            low = head
        else:
            high = head
    return 0.5 * (low + high)


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
def shaking(plant: Any, flow: Any, cavitation: Any, temperature: Any, severity: Any) -> Any:
    """Root mean square of the bearing's velocity [mm/s]; causes add up as powers."""
    off = flow / plant.best_flow - 1.0
    base = _BASE_SHAKE * (1.0 + 1.5 * off * off) * (1.0 + 0.5 * thickness(temperature))
    square = base * base + (_CAVITATION_SHAKE * cavitation) ** 2
    square += (_BEARING_SHAKE * severity[0]) ** 2 + (_WEAR_SHAKE * severity[2]) ** 2
    return math.sqrt(square + (_WINDING_SHAKE * severity[3]) ** 2)


@njit(cache=True, error_model="numpy", nogil=True)
def read_pump(
    key: Any, pump: Any, plant: Any, stretches: Any, interval: Any, days: Any, out: Any
) -> Any:
    """Fill the rows of one pump; returns how many there are.

    Rows come at multiples of `interval` while it runs, and one more when it fails.

    Args:
        key: a stream's key. (2,)
        pump: identifies the pump.
        plant: of dtype PLANT.
        stretches: of dtype STRETCH, in order of time. (p,)
        interval: between two rows. [s]
        days: daily means of the hall's temperature. (m,) [degree Celsius]
        out: of dtype ROW, large enough. (capacity,)
    """
    n, last, severity = 0, 0.0, np.zeros(4)
    temperature = hall_temperature(days, 0.0)
    for p in range(len(stretches)):
        one = stretches[p]
        temperature = cooled(temperature, days, last, one.start, plant.warming_time)
        last, tick = one.start, math.ceil(one.start / interval)
        while last < one.stop:
            at = min(tick * interval, one.stop)
            share = (at - one.start) / (one.stop - one.start)
            for c in range(4):
                severity[c] = one.first[c] + share * (one.last[c] - one.first[c])
            power = electric_power(plant, one.flow, severity[2], severity[3])
            goal = hall_temperature(days, at) + bearing_rise(plant, power, severity[0], severity[3])
            temperature += (goal - temperature) * (1.0 - exp((last - at) / plant.warming_time))
            if at < one.stop or one.failed:
                _read(key, pump, n, plant, one, p, at, power, temperature, severity, out)
                n += 1
            last, tick = at, tick + 1
    return n


@njit(cache=True, error_model="numpy")
def cooled(temperature: Any, days: Any, start: Any, stop: Any, time: Any) -> Any:
    """The temperature after standing, hour by hour toward the hall's [degree Celsius]."""
    while start < stop:
        step = min(3_600.0, stop - start)
        goal = hall_temperature(days, start + step)
        temperature = goal + (temperature - goal) * exp(-step / time)
        start += step
    return temperature


@njit(cache=True, error_model="numpy")
def _read(
    key: Any,
    pump: Any,
    n: Any,
    plant: Any,
    one: Any,
    p: Any,
    at: Any,
    power: Any,
    temperature: Any,
    severity: Any,
    out: Any,
) -> None:
    """Write one row: the truth, then noise."""
    a, b = uniform_pair(key, pump, 4 * n)
    c, d = uniform_pair(key, pump, 4 * n + 1)
    e, f = uniform_pair(key, pump, 4 * n + 2)
    g, _ = uniform_pair(key, pump, 4 * n + 3)
    delivered = max(one.flow - one.leak * severity[1], 0.0)
    shake = shaking(plant, one.flow, one.cavitation, temperature, severity)
    sound = shaking(plant, one.flow, one.cavitation, temperature, np.zeros(4))
    slip = _RATED_SLIP * power / plant.rated_power
    metre = DENSITY * GRAVITY / BAR
    row = out[n]
    row.at, row.stretch, row.severity = at, p, np.max(severity)
    row.flow = delivered * (1.0 + _FLOW_NOISE * normal_from(a))
    row.suction_pressure = one.suction * metre + _PRESSURE_NOISE * normal_from(b)
    row.discharge_pressure = (one.suction + one.head) * metre + _PRESSURE_NOISE * normal_from(c)
    row.power = power * (1.0 + _POWER_NOISE * normal_from(d))
    row.temperature = temperature + _TEMPERATURE_NOISE * normal_from(e)
    row.vibration = shake * (1.0 + _SHAKE_NOISE * normal_from(f))
    row.speed = plant.synchronous_speed * (1.0 - slip) + _SPEED_NOISE * normal_from(g)
    trace = (shake / sound - 1.0) / _SHAKE_NOISE
    trace = max(trace, one.leak * severity[1] / max(one.flow, 1.0) / _FLOW_NOISE)
    trace = max(trace, WEAR_HEAD * severity[2] * plant.shutoff_head * metre / _PRESSURE_NOISE)
    trace = max(trace, _WINDING_POWER * severity[3] / _POWER_NOISE)
    row.trace = max(trace, _BEARING_HEAT * severity[0] * severity[0] / _TEMPERATURE_NOISE)
