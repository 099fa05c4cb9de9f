"""Two stages of compression with a cooler between them.

References:
    Bloch, Hoefner (1996), Reciprocating Compressors: Operation and Maintenance: polytropic
    compression, clearance, and what leaking valves do to temperatures and to the pressure between
    stages. Here what leaks back mixes with what comes in, and nothing else is heated by it.
"""

from __future__ import annotations

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
    # Few valves are late, and powers take time.
    return late * exp(log(ratio) / exponent) if late > 0.0 else 0.0


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
    for i in range(len(stages)):
        s, n, c = stages[i], stages[i].exponent, stages[i].clearance
        between = np.sqrt(s.suction * s.discharge)
        for _ in range(_ROUNDS):
            low, high = between / s.suction, s.discharge / between
            cooled = _cooled(s, leaking_temperature(s.inlet, low, n, s.first_leak))
            takes = volumetric_efficiency(low, n, c, s.first_leak)
            lost = s.second_leak + late_leak(high, n, s.second_late)
            gives = volumetric_efficiency(high, n, c, lost)
            between = s.suction * s.sweep_ratio * takes / gives * cooled / s.inlet
        low, high = between / s.suction, s.discharge / between
        lost = s.second_leak + late_leak(high, n, s.second_late)
        outlet = leaking_temperature(s.inlet, low, n, s.first_leak)
        cooled = _cooled(s, outlet)
        taken = s.swept * volumetric_efficiency(low, n, c, s.first_leak)
        flow = taken * s.suction / AMBIENT
        mass = flow / 60.0 * AMBIENT * 1e5 / (GAS_CONSTANT * s.inlet)  # [kg/s]
        work = stage_work(s.inlet, low, n, s.first_leak)
        work += stage_work(cooled, high, n, lost)
        out[i].suction = s.suction
        out[i].between, out[i].first_outlet, out[i].second_inlet = between, outlet, cooled
        out[i].second_outlet = leaking_temperature(cooled, high, n, lost)
        out[i].flow, out[i].work = flow, mass * work


@njit(cache=True, error_model="numpy")
def _cooled(stages: Any, outlet: Any) -> Any:
    """Behind the intercooler [K]."""
    return outlet - stages.cooling * (outlet - stages.coolant)
