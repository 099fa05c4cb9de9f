"""Two stages of compression with a cooler between them.

References:
    Bloch, Hoefner (1996), Reciprocating Compressors: Operation and Maintenance: polytropic
    compression, clearance, and what leaking valves do to temperatures and to the pressure between
    stages. Here what leaks back mixes with what comes in, and nothing else is heated by it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.elementary import exp, log

STAGES = np.dtype(
    [
        ("suction", np.float64),  # absolute pressure [bar]
        ("discharge", np.float64),  # same
        ("inlet", np.float64),  # temperature [K]
        ("coolant", np.float64),  # same
        ("exponent", np.float64),  # of both stages
        ("clearance", np.float64),  # which is left when a piston has turned; 0 for screws
        ("first_leak", np.float64),  # share of what a stage compresses that leaks back
        ("second_leak", np.float64),
        ("second_late", np.float64),  # share of its stroke in which gas flows back, see below
        ("cooling", np.float64),  # effectiveness of the intercooler
        ("swept", np.float64),  # by the first stage [m3/min]
        ("sweep_ratio", np.float64),  # of the first stage over the second
    ]
)
GAS = np.dtype(
    [
        ("suction", np.float64),  # absolute pressure, as given [bar]
        ("between", np.float64),  # absolute pressure between the stages [bar]
        ("first_outlet", np.float64),  # temperature behind the first stage [K]
        ("second_inlet", np.float64),  # behind the cooler [K]
        ("second_outlet", np.float64),  # behind the second stage [K]
        ("flow", np.float64),  # at ambient pressure and the inlet's temperature [m3/min]
        ("work", np.float64),  # of both stages [W]
    ]
)
GAS_CONSTANT = 287.05  # of dry air [J/(kg K)]
AMBIENT = 1.01325  # [bar]
_BESIDE = 16  # machines that are worked on beside one another, at most
_AT_ONCE = 4  # of which LLVM takes so many at once: lots are filled up to that with the last one
# Rows of a table with a column for each of those: fields of STAGES.
_SUCTION, _DISCHARGE, _INLET, _COOLANT, _EXPONENT, _CLEARANCE = range(6)
_FIRST_LEAK, _SECOND_LEAK, _LATE, _COOLING, _SWEEP_RATIO, _N_ROWS = range(6, 12)
_ROUNDS = 12  # of the fixed point; each takes the error to a fifth, or to a half at the worst


@njit(cache=True, error_model="numpy")
def polytropic_temperature(inlet: Any, ratio: Any, exponent: Any) -> Any:
    """Behind a stage: T2 = T1 r^((n - 1) / n) [K].

    Args:
        inlet: T1. [K]
        ratio: r of absolute pressures.
        exponent: n; 1 is isothermal, 1.4 without loss and cooling.
    """
    return inlet * exp((exponent - 1.0) / exponent * log(ratio))


@njit(cache=True, error_model="numpy")
def leaking_temperature(inlet: Any, ratio: Any, exponent: Any, leak: Any) -> Any:
    """The same where a share of what was compressed leaks back and mixes with what comes in [K].

    With q = r^((n - 1) / n): T2 = q ((1 - l) T1 + l T2), so T2 = T1 (1 - l) q / (1 - l q).

    Args:
        inlet: T1. [K]
        ratio: r.
        exponent: n.
        leak: l, below 1 / q.
    """
    rise = polytropic_temperature(1.0, ratio, exponent)
    return inlet * (1.0 - leak) * rise / (1.0 - leak * rise)


@njit(cache=True, error_model="numpy")
def stage_work(inlet: Any, ratio: Any, exponent: Any, leak: Any) -> Any:
    """Polytropic work on what a stage delivers, which is done on what leaks, too [J/kg]."""
    rise = polytropic_temperature(1.0, ratio, exponent)
    mixed = leaking_temperature(inlet, ratio, exponent, leak) / rise
    power = exponent / (exponent - 1.0)
    return power * GAS_CONSTANT * mixed * (rise - 1.0) / (1.0 - leak)


@njit(cache=True, error_model="numpy")
def volumetric_efficiency(ratio: Any, exponent: Any, clearance: Any, leak: Any) -> Any:
    """What a stage takes in over what it sweeps: 1 - c (r^(1/n) - 1) - l.

    Args:
        ratio: r.
        exponent: n.
        clearance: c.
        leak: l.
    """
    return 1.0 - clearance * (exp(log(ratio) / exponent) - 1.0) - leak


@njit(cache=True, error_model="numpy")
def late_leak(ratio: Any, exponent: Any, late: Any) -> Any:
    """What flows back through a discharge valve that shuts late, over what is swept: x r^(1/n).

    While the piston comes back by x of its stroke, gas from behind the stage follows it. At the
    inlet's pressure that takes r^(1/n) times the room, as what is left in the clearance does. The
    gap throttles it, so it mixes with what comes in as what leaks does: an assumption.

    Args:
        ratio: r.
        exponent: n.
        late: x.
    """
    return late * exp(log(ratio) / exponent)


@njit(cache=True, error_model="numpy")
def cooled_temperature(outlet: Any, coolant: Any, effectiveness: Any) -> Any:
    """Behind a cooler [K]."""
    return outlet - effectiveness * (outlet - coolant)


@njit(cache=True, error_model="numpy", nogil=True)
def work_out(stages: Any, out: Any) -> None:
    """Find the pressure between the stages, at which the second takes what the first gives.

    The mass is the same: p_i = p_1 (V_1 e_1 / (V_2 e_2)) T_i / T_1. The volumetric efficiencies e
    and T_i depend on p_i, so this is a fixed point; it contracts as clearances are small and
    coolers good.

    Args:
        stages: of dtype STAGES. (n,)
        out: of dtype GAS. (n,)
    """
    n = len(stages)
    rows, between = np.empty((_N_ROWS, _BESIDE)), np.empty(_BESIDE)
    for first in range(0, n, _BESIDE):
        m = min(math.ceil((n - first) / _AT_ONCE) * _AT_ONCE, _BESIDE)
        for k in range(m):
            _lay_out(stages[min(first + k, n - 1)], rows[:, k])
        _settle(rows, between[:m])
        for i in range(first, min(first + m, n)):
            _fill(stages[i], between[i - first], out[i])


@njit(cache=True, error_model="numpy")
def _lay_out(stages: Any, column: Any) -> None:
    """Fill in what `_settle` needs of a record of dtype STAGES."""
    column[_SUCTION], column[_DISCHARGE] = stages.suction, stages.discharge
    column[_INLET], column[_COOLANT] = stages.inlet, stages.coolant
    column[_EXPONENT], column[_CLEARANCE] = stages.exponent, stages.clearance
    column[_FIRST_LEAK], column[_SECOND_LEAK] = stages.first_leak, stages.second_leak
    column[_LATE], column[_COOLING] = stages.second_late, stages.cooling
    column[_SWEEP_RATIO] = stages.sweep_ratio


@njit(cache=True, error_model="numpy")
def _settle(rows: Any, between: Any) -> None:
    """Fill in the pressures between the stages of some machines `(m,)`; nothing branches."""
    for k in range(len(between)):
        between[k] = math.sqrt(rows[_SUCTION, k] * rows[_DISCHARGE, k])
    for _ in range(_ROUNDS):
        for k in range(len(between)):
            inlet, n, c = rows[_INLET, k], rows[_EXPONENT, k], rows[_CLEARANCE, k]
            low, high = between[k] / rows[_SUCTION, k], rows[_DISCHARGE, k] / between[k]
            outlet = leaking_temperature(inlet, low, n, rows[_FIRST_LEAK, k])
            cooled = cooled_temperature(outlet, rows[_COOLANT, k], rows[_COOLING, k])
            takes = volumetric_efficiency(low, n, c, rows[_FIRST_LEAK, k])
            lost = rows[_SECOND_LEAK, k] + late_leak(high, n, rows[_LATE, k])
            gives = volumetric_efficiency(high, n, c, lost)
            ratio = rows[_SUCTION, k] * rows[_SWEEP_RATIO, k]
            between[k] = ratio * takes / gives * cooled / inlet


@njit(cache=True, error_model="numpy")
def _fill(s: Any, between: Any, out: Any) -> None:
    """Fill in a record of dtype GAS from one of dtype STAGES and the pressure in between [bar]."""
    n, low, high = s.exponent, between / s.suction, s.discharge / between
    lost = s.second_leak + late_leak(high, n, s.second_late)
    outlet = leaking_temperature(s.inlet, low, n, s.first_leak)
    cooled = cooled_temperature(outlet, s.coolant, s.cooling)
    taken = s.swept * volumetric_efficiency(low, n, s.clearance, s.first_leak)
    flow = taken * s.suction / AMBIENT
    mass = flow / 60.0 * AMBIENT * 1e5 / (GAS_CONSTANT * s.inlet)  # [kg/s]
    work = stage_work(s.inlet, low, n, s.first_leak)
    work += stage_work(cooled, high, n, lost)
    out.suction = s.suction
    out.between, out.first_outlet, out.second_inlet = between, outlet, cooled
    out.second_outlet = leaking_temperature(cooled, high, n, lost)
    out.flow, out.work = flow, mass * work
