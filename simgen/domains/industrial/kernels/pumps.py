"""Centrifugal pumps: what they take, and how they warm and shake."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.telemetry import hall_temperature, thickness
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
        # In use until the pump fails, then; NaN if never, 0 until it is known [s].
        ("remaining_time", np.float64),
    ]
)

# What is sent.
CHANNELS = (
    "flow",  # [m3/h]
    "suction_pressure",  # gauge [bar]
    "discharge_pressure",  # gauge [bar]
    "power",  # [kW]
    "temperature",  # of the bearing [degree Celsius]
    "vibration",  # [mm/s]
    "speed",  # [rpm]
)

# What a defect does when its severity is 1; all assumptions.
WEAR_HEAD = 0.25  # share of the shut-off head that a worn impeller lacks
_WEAR_POWER = 0.06  # share of power that it costs
WINDING_POWER = 0.10  # share of power that a failing winding costs
BEARING_HEAT, _WINDING_HEAT = 35.0, 12.0  # of the bearing [K]
_BEARING_SHAKE, _WEAR_SHAKE, _WINDING_SHAKE = 8.0, 2.5, 1.5  # [mm/s]
_CAVITATION_SHAKE = 4.0  # [mm/s]
_BASE_SHAKE = 1.6  # of a good pump at its best flow [mm/s]
_SHUTOFF_POWER = 0.45  # of the rated power, without flow

_ROUNDED = 2e-3  # by so much sums of use may be off [s]


@njit(cache=True, error_model="numpy")
def electric_power(plant: Any, flow: Any, wear: Any, winding: Any) -> Any:
    """Power that the motor takes [kW]: of a radial pump, it rises about straight with flow."""
    share = _SHUTOFF_POWER + (1.0 - _SHUTOFF_POWER) * flow / plant.best_flow
    return plant.rated_power * share * (1.0 + _WEAR_POWER * wear + WINDING_POWER * winding)


@njit(cache=True, error_model="numpy")
def bearing_rise(plant: Any, power: Any, bearing: Any, winding: Any) -> Any:
    """How far the bearing warms above the hall in the long run [K]."""
    rise = plant.warming * (0.5 + 0.5 * power / plant.rated_power)
    return rise + BEARING_HEAT * bearing * bearing + _WINDING_HEAT * winding


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


@njit(cache=True, error_model="numpy")
def cooled(temperature: Any, days: Any, start: Any, stop: Any, time: Any) -> Any:
    """The temperature after standing, hour by hour toward the hall's [degree Celsius]."""
    while start < stop:
        step = min(3_600.0, stop - start)
        goal = hall_temperature(days, start + step)
        temperature = goal + (temperature - goal) * exp(-step / time)
        start += step
    return temperature


@njit(cache=True, error_model="numpy", nogil=True)
def note_remaining(stretches: Any, stops: Any, use_time: Any) -> None:
    """Fill in how long a pump still runs, from the start of each stretch, until it fails.

    Args:
        stretches: of dtype STRETCH, in order of time. (n,)
        stops: its use at its failures, ascending. (m,) [s]
        use_time: its use at the end of the last stretch. [s]
    """
    k = 0
    for i in range(len(stretches)):
        end = stretches[i + 1].use_time if i + 1 < len(stretches) else use_time
        # A stretch that ends with a failure ends at a stop, but for the rounding of sums.
        while k < len(stops) and stops[k] + _ROUNDED < end:
            k += 1
        stop = stops[k] if k < len(stops) else np.nan
        stretches[i].remaining_time = stop - stretches[i].use_time
