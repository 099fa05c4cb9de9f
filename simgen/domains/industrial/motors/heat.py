"""How hot a motor's winding becomes, and what load its relay lets it take."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simgen.domains.industrial.fleet.signals import Conditions
from simgen.domains.industrial.motors.motor import MotorParameters

_SHORT_HEAT = 22.0  # of shorted turns at severity 1 [K]; assumption
_IRON, _COPPER = 0.4, 0.6  # their parts of the rated rise; assumption
CLASS_F = 155.0  # that insulation of this class bears, IEC 60085 [degree Celsius]
# Torque over the rated one at which it stalls: NEMA MG 1 asks for so much of design B, 4 poles,
# 7.5 to 150 kW.
BREAKDOWN = 2.0
_LEAST_LOAD = 0.05  # that is left to a motor which is too hot; assumption


def winding_rise(about: MotorParameters, at: Conditions, share: Any, ratio: Any) -> Any:
    """Over the hall, by the iron's losses, which go with frequency, and by the copper's [K].

    What turns its fan is not the shaft: an assumption.

    Args:
        about: its plate.
        at: the conditions.
        share: current over the rated one.
        ratio: negative over positive sequence of the current.
    """
    rise = about.warming * (_IRON * at.speed + _copper(ratio) * share * share)
    return rise + _SHORT_HEAT * at.severity["turn_short"]


def most_load(about: MotorParameters, at: Conditions, ratio: float) -> float:
    """That a relay lets a motor take at one instant, over the rated one.

    It sheds what would heat the winding beyond its class, and what would stall the motor.

    Args:
        about: its plate.
        at: the conditions.
        ratio: negative over positive sequence of the current.
    """
    idle, warming = about.idle_share, about.warming
    left = CLASS_F - at.hall - _SHORT_HEAT * at.severity["turn_short"]
    copper = max(warming * _copper(ratio), 1e-9)
    square = (left - warming * _IRON * at.speed) / copper
    torque = max(square - idle * idle, 0.0) / (1.0 - idle * idle)
    return min(BREAKDOWN, max(_LEAST_LOAD, math.sqrt(torque)))


def _copper(ratio: Any) -> Any:
    """Part of the rated rise at rated current: the unbalance adds to it.

    References:
        NEMA MG 1: the rise goes up by about twice the square of the voltage's unbalance, in per
        cent each.
    """
    voltage = 100.0 * np.minimum(ratio, 0.6) / 6.0
    return _COPPER + 0.02 * voltage * voltage
