"""Valves of a compressor: one that shuts late as its spring tires, and one that sticks.

References:
    Costagliola (1950), The theory of spring-loaded valves for reciprocating compressors. J. Applied
    Mechanics 17: a valve's plate is a mass on a spring, and needs its own time to shut.
    Choudhury, Thornhill, Shah (2005), Modelling valve stiction. Control Engineering Practice 13: a
    valve that is held by friction stays until what is asked of it has changed by its deadband and
    stickband S, and then jumps by J.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simgen.domains.industrial.kernels.compressors import LATE_ANGLE
from simgen.kernels.arrays import Floats

# What a defect does at severity 1; all assumptions.
_DEADBAND, _SLIP_JUMP = 0.30, 0.12  # S and J, of the valve's travel

# Of a screw's intake valve, which trims the flow between two commands of the station's control.
GAIN = 1.4  # travel for each bar off: a band of 0.7 bar; assumption
# Between a machine and its check valve [m3], and that machine's rated flow [m3/min]; assumption.
_VOLUME, _RATED_FLOW = 2.0, 20.0
_POWER_BY_FLOW = 0.3  # share of power; a throttled screw draws the rest without flow; assumption
# Of the stages' work at n = 1.5 and the rated ratio: r^(1/6) / (6 (r^(1/6) - 1)), with r = 7.9.
_POWER_BY_PRESSURE = 0.57


def slam(severity: float, speed: float) -> float:
    """Speed of the piston when a tired valve shuts, which throws its plate, over the worst one."""
    late = math.radians(LATE_ANGLE)
    return speed * math.sin(late * severity * speed) / math.sin(late)


def pressure_swing(severity: Any) -> Any:
    """Highest less lowest pressure while a sticking valve makes it hunt: S / gain [bar].

    The controller asks for travel in proportion to the pressure, and the vessel integrates what
    flows too much or too little. What is asked has to change by S before the valve moves. Integral
    action keeps this going and changes neither swing nor period, as long as its time is above a
    quarter of the period: it adds nothing over a straight slope through the mean.
    """
    return _DEADBAND * severity / GAIN


def hunting_period(rated_flow: float, ambient: float, *, speed: float, lean: float) -> float:
    """Time of one cycle of that [s].

    The valve jumps by J from one side of where it should be to the other, so the pressure rises
    with one slope and falls with another: S C / (K J) (1 / b + 1 / (1 - b)), with C the time in
    which full flow fills the vessel, as large as the machine, by one bar. S and J grow together and
    leave it as it is.

    Args:
        rated_flow: at full speed and open valve. [m3/min]
        ambient: pressure. [bar]
        speed: over the rated one.
        lean: b, how far the valve is too little open in the lower place, over J.
    """
    volume = _VOLUME * (rated_flow / _RATED_FLOW)
    filling = volume / (ambient * rated_flow / 60.0 * speed)
    return _DEADBAND * filling / (GAIN * _SLIP_JUMP) * (1.0 / lean + 1.0 / (1.0 - lean))


def sawtooth(turn: Floats, lean: float) -> Floats:
    """Deviation from the mean over the swing, 0.5 to -0.5 and back `(n,)`.

    Args:
        turn: time over the period. (n,)
        lean: see `hunting_period`; the pressure falls for the rest of the time.
    """
    share, falling = turn - np.floor(turn), 1.0 - lean
    return np.where(share < falling, 0.5 - share / falling, (share - falling) / lean - 0.5)


def power_swing(severity: Any, consumer: Any, pressure: Any) -> Any:
    """Highest less lowest power over its mean: by the pressure, and by the flow that is let in.

    Args:
        severity: of the intake valve's stiction.
        consumer: swing of the pressure by one who takes air in gulps, which valves follow. [bar]
        pressure: of the header, absolute. [bar]
    """
    by_pressure = _POWER_BY_PRESSURE * (pressure_swing(severity) + consumer) / pressure
    return by_pressure + _POWER_BY_FLOW * (_SLIP_JUMP * severity + GAIN * consumer)
