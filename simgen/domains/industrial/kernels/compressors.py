"""Compressors at work: what wear does to their stages; see `kernels.gas` for the gas itself."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.gas import AMBIENT, GAS, STAGES, work_out

BUILT = np.dtype(
    [
        ("leak", np.float64),  # share of what each new stage compresses, at full speed
        ("filter_loss", np.float64),  # of a clean filter at full flow [bar]
        ("exponent", np.float64),  # as in STAGES, and so the rest
        ("clearance", np.float64),
        ("swept", np.float64),
        ("sweep_ratio", np.float64),
        ("cooling", np.float64),
    ]
)
# Rows of an array that says what machines do and suffer.
STRAINS = (
    "speed",  # over the rated one
    "load",  # absolute pressure of the header, over the rated one
    "hall",  # temperature [degree Celsius]
    "hot_coolant",  # rise of the coolant over the usual [K]
    # Severities.
    "filter_clogging",
    "rotor_wear",
    "ring_wear",
    "first_valve_leakage",
    "second_valve_leakage",
    "valve_spring_fatigue",
    "intercooler_fouling",
    "outer_race_spall",
)
_SPEED, _LOAD, _HALL, _HOT_COOLANT, _FILTER, _ROTOR, _RINGS = range(7)
_FIRST_VALVES, _SECOND_VALVES, _SPRINGS, _COOLER, _SPALL = range(7, len(STRAINS))

# What machines do then.
WORKING = np.dtype(
    [
        # First: a record that began as GAS does would be one to Numba, which warns of that.
        ("power", np.float64),  # of the motor [kW]
        ("oil", np.float64),  # temperature that its oil has in the long run [degree Celsius]
        *GAS.descr,
    ]
)

# What a defect does at severity 1; all assumptions.
_CLOGGED, _FOULED = 12.0, 0.45  # times 1 + this of a filter's loss; share of a cooler that is lost
_VALVE_LEAK, _RING_LEAK, _ROTOR_LEAK = 0.22, 0.10, 0.14
_RUBBED = 10.0  # rise of the oil by a spall [K]
LATE_ANGLE = 40.0  # of the crank past its dead centre, at full speed [degree]
_MOST_LEAK = 0.4  # share that gaps leak, at which what leaks back still cools; assumption
MECHANICAL = 0.93  # efficiency of motor and gears; assumption
ZERO = 273.15  # degree Celsius [K]


@njit(cache=True, error_model="numpy")
def suction_pressure(filter_loss: Any, clogging: Any, speed: Any) -> Any:
    """Behind the filter, which loses with the square of the flow, absolute [bar].

    Args:
        filter_loss: of a clean one at full flow. [bar]
        clogging: severity.
        speed: over the rated one.
    """
    return AMBIENT - filter_loss * (1.0 + _CLOGGED * clogging) * speed * speed


@njit(cache=True, error_model="numpy")
def late_share(severity: Any, speed: Any) -> Any:
    """How far the piston has come back, over its stroke, when a tired valve shuts.

    A plate needs the same time to shut at any speed, so its angle goes with speed: the crank's
    (1 - cos a) / 2. A leak does not fade so at low speed.

    Args:
        severity: of the spring's fatigue.
        speed: over the rated one.

    References:
        Costagliola (1950), The theory of spring-loaded valves for reciprocating compressors.
        J. Applied Mechanics 17.
    """
    return 0.5 * (1.0 - math.cos(math.radians(LATE_ANGLE) * severity * speed))


@njit(cache=True, error_model="numpy", nogil=True)
def work_worn(
    built: Any, strains: Any, header: Any, coolant_rise: Any, rated: Any, out: Any
) -> None:
    """Find what machines do, as worn as they are.

    Args:
        built: of dtype BUILT; one of them stands for all. (n,) or (1,)
        strains: rows as in STRAINS. (len(STRAINS), n)
        header: its rated pressure, absolute. [bar]
        coolant_rise: of the usual coolant over the hall. [K]
        rated: rise of the oil [K] at a power [kW].
        out: of dtype WORKING. (n,)
    """
    stages, (warming, rated_power) = np.empty(len(out), STAGES), rated
    for i in range(len(out)):
        one, strain = stages[i], strains[:, i]
        one.discharge, one.inlet = header * strain[_LOAD], strain[_HALL] + ZERO
        one.coolant = one.inlet + coolant_rise + strain[_HOT_COOLANT]
        _wear(built[min(i, len(built) - 1)], strain, one)
    work_out(stages, out)
    for i in range(len(out)):
        one = out[i]
        one.power = one.work / 1e3 / MECHANICAL
        rise = warming * (0.4 + 0.6 * one.power / rated_power) + _RUBBED * strains[_SPALL, i]
        one.oil = strains[_HALL, i] + rise


@njit(cache=True, error_model="numpy")
def _wear(built: Any, strain: Any, stages: Any) -> None:
    """Fill in what a record of dtype STAGES has of the machine."""
    speed = strain[_SPEED]
    leak = built.leak + _ROTOR_LEAK * strain[_ROTOR] + _RING_LEAK * strain[_RINGS]
    stages.suction = suction_pressure(built.filter_loss, strain[_FILTER], speed)
    stages.exponent, stages.clearance = built.exponent, built.clearance
    # Gaps leak as much a second in a turn that takes longer.
    first, second = _VALVE_LEAK * strain[_FIRST_VALVES], _VALVE_LEAK * strain[_SECOND_VALVES]
    stages.first_leak = min((leak + first) / speed, _MOST_LEAK)
    stages.second_leak = min((leak + second) / speed, _MOST_LEAK)
    # Screws have no such valve, and so no such defect.
    stages.second_late = late_share(strain[_SPRINGS], speed)
    stages.cooling = built.cooling * (1.0 - _FOULED * strain[_COOLER])
    stages.swept, stages.sweep_ratio = built.swept * speed, built.sweep_ratio
