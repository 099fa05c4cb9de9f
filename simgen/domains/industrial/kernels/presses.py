"""One work cycle of a hydraulic circuit: pump, accumulator, relief valve, and a load valve."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.elementary import exp, log

CIRCUIT = np.dtype(
    [
        ("pump_flow", np.float64),  # without leakage [l/min]
        ("leakage", np.float64),  # of the pump [l/min/bar]
        ("relief", np.float64),  # pressure at which the relief valve opens [bar]
        ("relief_slope", np.float64),  # of its flow above that [l/min/bar]
        ("gas_volume", np.float64),  # of the accumulator without oil [l]
        ("precharge", np.float64),  # of its gas, absolute [bar]
        ("exponent", np.float64),  # of the gas: 1 slow, 1.4 sudden
        ("stiffness", np.float64),  # of oil and hoses below the precharge [bar/l]
        ("valve_flow", np.float64),  # of the open load valve at 100 bar [l/min]
        ("valve_time", np.float64),  # with which it follows its command [s]
        ("dead_time", np.float64),  # before it does [s]
    ]
)

_MINUTE = 60.0
# What a step of integration may err by, and how near to its balance pressure counts as there [bar];
# a whole cycle errs by up to a hundred times as much, far less than its sensor's noise.
_TOLERANCE = 2e-4
_SLOWEST, _FASTEST = 0.2, 2.0  # a step over the one before
_ROUNDING = 1e-6  # of a sample


@njit(cache=True, error_model="numpy", forceinline=True)
def rise_per_oil(circuit: Any, pressure: Any) -> Any:
    """How much pressure rises with the oil in the accumulator [bar/l]: p V^n is constant.

    Below the precharge the bladder lies on its seat, and what is left is stiff.

    References:
        Findeisen, Helduser (2015), Oelhydraulik, 6th edition, chapter on accumulators.
    """
    if pressure <= circuit.precharge:
        return circuit.stiffness
    shrunk = exp(log(pressure / circuit.precharge) / circuit.exponent)
    return circuit.exponent * pressure * shrunk / circuit.gas_volume


@njit(cache=True, error_model="numpy", nogil=True)
def press_cycle(circuit: Any, command: Any, rate: Any, pressure: Any, flow: Any) -> None:
    """Fill in pressure and flow of a cycle that begins in balance.

    Continuity of the oil between pump, accumulator, relief valve and load valve, with the flow of
    the load valve by the orifice's law.

    Args:
        circuit: a record of dtype CIRCUIT.
        command: opening of the load valve that is asked for, 0 to 1. (n,)
        rate: samples per second. [Hz]
        pressure: of the system. (n,) [bar]
        flow: of the pump, less what it leaks. (n,) [l/min]
    """
    late, n = int(circuit.dead_time * rate), len(command)
    goal, lag, now, start = command[0], 0.0, balance(circuit, command[0]), 0
    while start < n:
        before, goal = goal, command[max(start - late, 0)]
        stop = start + 1
        while stop < n and command[max(stop - late, 0)] == goal:
            stop += 1
        lag, now = _answer(circuit, goal, lag + before - goal, now, rate, pressure[start:stop])
        start = stop
    for i in range(n):
        flow[i] = circuit.pump_flow - circuit.leakage * pressure[i]


@njit(cache=True, error_model="numpy", nogil=True)
def read_cycle(
    pressure: Any, flow: Any, power_per_pressure: Any, deviations: Any, noise: Any, out: Any
) -> None:
    """Fill in what sensors read of a cycle.

    Args:
        pressure: of the system. (n,) [bar]
        flow: of the pump. (n,) [l/min]
        power_per_pressure: of the motor. [kW/bar]
        deviations: of the noise of pressure [bar], flow [l/min] and power [kW].
        noise: standard normal numbers. (3, n)
        out: pressure [bar], flow [l/min] and power [kW]. (3, n)
    """
    for i in range(len(pressure)):
        out[0, i] = pressure[i] + deviations[0] * noise[0, i]
    for i in range(len(pressure)):
        out[1, i] = flow[i] + deviations[1] * noise[1, i]
    for i in range(len(pressure)):
        out[2, i] = pressure[i] * power_per_pressure + deviations[2] * noise[2, i]


@njit(cache=True, error_model="numpy")
def _answer(circuit: Any, goal: Any, lag: Any, now: Any, rate: Any, out: Any) -> Any:
    """Fill in the pressure that follows a switch; returns the last `lag` and pressure.

    In steps as long as their error allows; within one, along the cubic that its ends fix.

    Args:
        circuit: a record of dtype CIRCUIT.
        goal: opening of the load valve that is asked for.
        lag: its opening at first, less `goal`.
        now: pressure at first. [bar]
        rate: samples per second. [Hz]
        out: the samples after that instant. (n,) [bar]
    """
    n, made, time, step = len(out), 0, 0.0, 1.0 / rate
    rest, slope = balance(circuit, goal), _slope(circuit, goal + lag, now)
    while made < n:
        step = min(step, n / rate - time)
        later_lag, later, last, error = _step(circuit, goal, lag, now, slope, step)
        if error <= _TOLERANCE:
            stop = min(int((time + step) * rate + _ROUNDING), n)
            _draw(now, later, slope, last, time, step, rate, made, out[made:stop])
            time, made, lag, now, slope = time + step, stop, later_lag, later, last
            # The valve is there as well, as far as pressure tells.
            if max(abs(now - rest), abs(balance(circuit, goal + lag) - rest)) < _TOLERANCE:
                out[made:] = rest
                return lag, rest
        # With a fourth root, which is two square roots, in place of the third.
        factor = 0.9 * math.sqrt(math.sqrt(_TOLERANCE / max(error, 1e-9)))
        step *= min(max(factor, _SLOWEST), _FASTEST)
    return lag, now


@njit(cache=True, error_model="numpy", forceinline=True)
def _step(circuit: Any, goal: Any, lag: Any, now: Any, slope: Any, step: Any) -> Any:
    """A step [s]: opening less `goal`, pressure [bar] and its slope [bar/s] then, and its error.

    The valve follows its command along an exponential, pressure by a Runge-Kutta method of third
    order, whose distance from one of second order is the error [bar].

    References:
        Bogacki, Shampine (1989), A 3(2) pair of Runge-Kutta formulas. Applied Mathematics
        Letters 2.
    """
    quarter = exp(-0.25 * step / circuit.valve_time)
    half, later_lag = quarter * quarter, lag * quarter * quarter * quarter * quarter
    second = _slope(circuit, goal + lag * half, now + 0.5 * step * slope)
    third = _slope(circuit, goal + lag * half * quarter, now + 0.75 * step * second)
    later = now + step * (2.0 * slope + 3.0 * second + 4.0 * third) / 9.0
    last = _slope(circuit, goal + later_lag, later)
    error = step * abs(5.0 * slope - 6.0 * second - 8.0 * third + 9.0 * last) / 72.0
    # The circuit follows another law on either side of these: a step ends there.
    error = max(error, _beyond(circuit.precharge, now, later))
    error = max(error, _beyond(circuit.relief, now, later))
    return later_lag, later, last, error


@njit(cache=True, error_model="numpy", forceinline=True)
def _beyond(edge: Any, now: Any, later: Any) -> Any:
    """How far an edge is from the nearer of two pressures on either side of it, else 0 [bar]."""
    before, after = now - edge, later - edge
    return min(abs(before), abs(after)) if before * after < 0.0 else 0.0


@njit(cache=True, error_model="numpy", forceinline=True)
def _draw(
    now: Any,
    later: Any,
    slope: Any,
    last: Any,
    time: Any,
    step: Any,
    rate: Any,
    made: Any,
    out: Any,
) -> None:
    """Fill in the samples of a step: the cubic through two pressures with two slopes.

    Args:
        now: pressure when the step begins. [bar]
        later: pressure when it ends. [bar]
        slope: of pressure when it begins. [bar/s]
        last: of pressure when it ends. [bar/s]
        time: when it begins, after the switch. [s]
        step: how long it is. [s]
        rate: samples per second. [Hz]
        made: samples since the switch so far.
        out: the next ones. (n,) [bar]
    """
    linear, whole = step * slope, later - now
    square = 3.0 * whole - 2.0 * linear - step * last
    cube = linear + step * last - 2.0 * whole
    share = 1.0 / (rate * step)
    first = (made + 1) * share - time / step
    for i in range(len(out)):
        x = first + i * share
        out[i] = now + x * (linear + x * (square + x * cube))


@njit(cache=True, error_model="numpy", forceinline=True)
def _slope(circuit: Any, opening: Any, pressure: Any) -> Any:
    """How fast pressure rises with what the accumulator gains [bar/s]."""
    gain = circuit.pump_flow - circuit.leakage * pressure
    gain -= circuit.relief_slope * max(pressure - circuit.relief, 0.0)
    # An orifice's flow at 100 bar is known.
    gain -= 0.1 * circuit.valve_flow * opening * math.sqrt(max(pressure, 0.0))
    return gain / _MINUTE * rise_per_oil(circuit, pressure)


@njit(cache=True, error_model="numpy")
def balance(circuit: Any, opening: Any) -> Any:
    """The pressure in the long run under an opening of the load valve [bar].

    Nothing is gained there: a quadratic equation in the root of pressure, with or without the
    relief valve's flow.
    """
    slope, supply = circuit.leakage, circuit.pump_flow
    root = _root(slope, 0.1 * circuit.valve_flow * opening, supply)
    if root * root > circuit.relief:
        slope += circuit.relief_slope
        supply += circuit.relief_slope * circuit.relief
        root = _root(slope, 0.1 * circuit.valve_flow * opening, supply)
    return root * root


@njit(cache=True, error_model="numpy", forceinline=True)
def _root(square: Any, linear: Any, constant: Any) -> Any:
    """The positive x with square x^2 + linear x = constant; `square` or `linear` is above 0."""
    return 2.0 * constant / (linear + math.sqrt(linear * linear + 4.0 * square * constant))


@njit(cache=True, error_model="numpy", nogil=True)
def balances(circuits: Any, openings: Any) -> Any:
    """The same for each of some circuits `(n,)` and openings `(m,)`: (n, m) [bar]."""
    out = np.empty((len(circuits), len(openings)))
    for row in range(len(circuits)):
        for place in range(len(openings)):
            out[row, place] = balance(circuits[row], openings[place])
    return out
