"""The fan of a compressor's aftercooler, its belt, and what they cool.

References:
    Goldman (1999), Vibration Spectrum Analysis: a worn belt shows at the rate of its own rounds,
    pi D n / L, and mostly at twice that, as a flaw passes two pulleys.
    Briggs, Young (1963), Convection heat transfer of air flowing over triangular pitch banks of
    finned tubes. Chemical Engineering Progress Symposium Series 59: heat is taken with the power
    0.68 of the air's speed.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import constants

from simgen.kernels.arrays import Floats

# Of the drive; assumptions. Its motor has a speed of its own, whatever the compressor does.
_MOTOR_RATE = 24.5  # [Hz]
_DRIVER, _DRIVEN, _CENTRES = 0.20, 0.16, 0.50  # diameters of pulleys, distance of shafts [m]
# What a defect does at severity 1; all assumptions.
_SLIP, _DIRT = 0.12, 0.15  # of the fan's speed by a worn belt; of the air by dirty blades
_HEAVY = 0.10  # of a dirty fan at rated speed [g]
_FLAW = (0.02, 0.04)  # of a worn belt at its rate and twice that [g]

_COOLING, _BY_AIR = 0.93, 0.68  # effectiveness as new; assumption; Briggs, Young

# Length of an open belt over two pulleys, as makers' catalogues give it [m].
BELT_LENGTH = (
    2.0 * _CENTRES
    + math.pi * (_DRIVER + _DRIVEN) / 2.0
    + (_DRIVER - _DRIVEN) ** 2 / (4.0 * _CENTRES)
)
BELT_RATE = math.pi * _DRIVER * _MOTOR_RATE / BELT_LENGTH  # pi D n / L [Hz]
FAN_RATE = _MOTOR_RATE * _DRIVER / _DRIVEN  # of a belt that does not slip [Hz]
MOST_SLIP = _SLIP


def fan_speed(belt_wear: Any) -> Any:
    """Of the fan, over that without slip."""
    return 1.0 - _SLIP * belt_wear


def fan_lines(
    fan_unbalance: Any, belt_wear: Any, *, fan: float, belt: float
) -> tuple[tuple[Any, Any], ...]:
    """Frequency [Hz] and amplitude [g] of the fan's turn, the belt's round, and twice that.

    A heavy spot's force goes with speed squared.

    Args:
        fan_unbalance: severity.
        belt_wear: severity.
        fan: amplitude at its turn as new. [g]
        belt: at its rate and twice that as new. [g]
    """
    speed = fan_speed(belt_wear)
    flaws = [((k + 1) * BELT_RATE, belt + size * belt_wear) for k, size in enumerate(_FLAW)]
    return ((FAN_RATE * speed, (fan + _HEAVY * fan_unbalance) * speed * speed), *flaws)


def line_velocity(frequency: Any, amplitude: Any) -> Any:
    """Root mean square of velocity of a line of acceleration [mm/s].

    Args:
        frequency: [Hz]
        amplitude: [g]
    """
    return amplitude * constants.g * 1e3 / (2.0 * math.pi * frequency) / math.sqrt(2.0)


def heat_left(fan_unbalance: Any, belt_wear: Any) -> Floats:
    """Share of the air's heat over the hall's that the aftercooler leaves it `(n,)`.

    exp(-NTU), as far more air blows over the tubes than flows in them; NTU goes with a power of
    the air's speed, and that with the fan's.
    """
    air = fan_speed(belt_wear) * (1.0 - _DIRT * np.asarray(fan_unbalance))
    return np.asarray((1.0 - _COOLING) ** (air**_BY_AIR))
