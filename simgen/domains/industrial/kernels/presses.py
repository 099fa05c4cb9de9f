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

_STEPS = 4  # of integration between two samples
_MINUTE = 60.0
_CALM = 1e-9  # of what oil [l] or opening change in a step; far less than any sensor tells


@njit(cache=True, error_model="numpy")
def gas_pressure(circuit: Any, oil: Any) -> Any:
    """Pressure over so much oil in the accumulator [l]: p V^n is constant [bar].

    Below the precharge the bladder lies on its seat; what is left is stiff, and `oil` is negative.

    References:
        Findeisen, Helduser (2015), Oelhydraulik, 6th edition, chapter on accumulators.
    """
    if oil <= 0.0:
        return max(circuit.precharge + circuit.stiffness * oil, 0.0)
    gas = circuit.gas_volume - oil
    return circuit.precharge * exp(circuit.exponent * log(circuit.gas_volume / gas))


@njit(cache=True, error_model="numpy")
def oil_under(circuit: Any, pressure: Any) -> Any:
    """How much oil the accumulator holds at a pressure [l]: the inverse of `gas_pressure`."""
    if pressure <= circuit.precharge:
        return (pressure - circuit.precharge) / circuit.stiffness
    ratio = exp(log(circuit.precharge / pressure) / circuit.exponent)
    return circuit.gas_volume * (1.0 - ratio)


@njit(cache=True, error_model="numpy", nogil=True)
def press_cycle(circuit: Any, command: Any, rate: Any, pressure: Any, flow: Any) -> None:
    """Fill in pressure and flow of a cycle that begins in balance.

    Continuity of the oil between pump, accumulator, relief valve and load valve, with the flow of
    the load valve by the orifice's law, in Euler's steps of a quarter of a sample.

    Args:
        circuit: a record of dtype CIRCUIT.
        command: opening of the load valve that is asked for, 0 to 1. (n,)
        rate: samples per second. [Hz]
        pressure: of the system. (n,) [bar]
        flow: of the pump, less what it leaks. (n,) [l/min]
    """
    step, opening = 1.0 / (rate * _STEPS), command[0]
    oil = oil_under(circuit, balance(circuit, opening))
    now, goal, is_calm = gas_pressure(circuit, oil), command[0], False
    late = int(circuit.dead_time * rate)
    for i in range(len(command)):
        before = goal
        goal = command[max(i - late, 0)]
        is_calm = is_calm and goal == before
        if not is_calm:
            gain = 0.0
            for _ in range(_STEPS):
                opening += (goal - opening) * step / circuit.valve_time
                gain = _net_flow(circuit, opening, now) * step / _MINUTE
                oil += gain
                now = gas_pressure(circuit, oil)
            # Nothing happens any more until the command changes.
            is_calm = abs(gain) < _CALM and abs(goal - opening) < _CALM
        pressure[i] = now
        flow[i] = circuit.pump_flow - circuit.leakage * now


@njit(cache=True, error_model="numpy")
def _net_flow(circuit: Any, opening: Any, pressure: Any) -> Any:
    """What the accumulator gains [l/min]."""
    gain = circuit.pump_flow - circuit.leakage * pressure
    gain -= circuit.relief_slope * max(pressure - circuit.relief, 0.0)
    return gain - circuit.valve_flow * opening * math.sqrt(max(pressure, 0.0) / 100.0)


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
