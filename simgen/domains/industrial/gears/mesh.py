"""Vibration of a gear pair as tones: the mesh, its sidebands, and multiples of the shafts' turns.

Orders are multiples of the input shaft's turn; the wheel turns n_pinion / n_wheel as often.

References:
    McFadden (1986), Detecting fatigue cracks in gears by amplitude and phase demodulation of the
    meshing vibration. J. Vibration, Acoustics, Stress 108: the mesh's harmonics, modulated by the
    turn of either gear in amplitude and phase.
    Randall (2011), Vibration-based Condition Monitoring, chapters 2 and 7: wear raises higher
    harmonics of the mesh, a local fault makes many low sidebands, misalignment shows at twice the
    turn, looseness in many multiples and in halves; a bend shows at the turn if it is in the
    shaft's middle, and at twice the turn if it is beside the coupling.
    Nicholas, Gunter, Allaire (1976), Effect of residual shaft bow on unbalance response and
    balancing of a single mass flexible rotor. J. Eng. Power 98: what a bow does stays at low
    speeds, what unbalance does goes with their square.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Tone = tuple[float, float, float]  # order, amplitude [g], phase [rad]

N_PHASES = 160  # that `tones` takes at most

# What a defect does at severity 1; all assumptions.
_WEAR = (0.8, 2.0, 2.5, 3.0)  # rise of each multiple of the mesh, relative
_WEAR_DEPTH = 0.20  # depth of modulation that worn gears add at their own turn
# Of modulation by a cracked tooth, at each multiple of the turn: 1 / e of it after five.
_CRACK_DEPTHS = tuple(0.30 * math.exp(-q / 5.0) for q in range(1, 9))
_OFFSET = 0.14  # of a misaligned coupling at twice the turn [g]
_HEAVY = 0.16  # of an unbalanced shaft at its turn [g]
_BOW = 0.09  # of a bent shaft at its turn, if the bend is in its middle [g]
_BOW_DOUBLE = (0.3, 2.0)  # at twice the turn, over that: bent in the middle, beside the coupling
_LOOSE = 0.07  # of a loose foot at the turn; less at multiples and halves [g]


class Faults(NamedTuple):
    """Severities, each from 0 to 1, and what the neighbourhood adds."""

    tooth_wear: float
    tooth_crack: float
    misalignment: float
    unbalance: float
    looseness: float
    neighbour: float  # of a machine beside it, at its own turn [g]
    bow: tuple[float, float]  # of a bent shaft, at one and at two turns [g]


class Gearbox(NamedTuple):
    """What tones depend on besides faults."""

    n_pinion: int  # teeth
    n_wheel: int  # teeth
    mesh: tuple[float, ...]  # amplitudes of the mesh's multiples at rated speed and load [g]
    runout: tuple[float, float]  # depth of modulation by pinion and wheel, as new
    turn: tuple[float, float]  # amplitude of the shaft's turn and its double, as new [g]
    neighbour_order: float  # of the machine beside it


def mesh_levels(gearbox: Gearbox, faults: Faults, speed: float, load: float) -> list[float]:
    """Amplitudes of the mesh's multiples [g]; speed and load over rated.

    Transmission error rises with load and is lowest, not zero, without; acceleration goes with
    speed squared at a given error. Assumption: the share of 0.35 that is left without load.
    """
    by_load = (0.35 + 0.65 * load) * speed * speed
    levels = [
        size * by_load * (1.0 + rise * faults.tooth_wear)
        for size, rise in zip(gearbox.mesh, _WEAR, strict=True)
    ]
    # Misaligned teeth meet unevenly along their width: the second multiple.
    levels[1] *= 1.0 + faults.misalignment
    return levels


def bow_levels(place: float) -> tuple[float, float]:
    """Amplitudes of a badly bent shaft at one and at two turns, whatever its speed [g].

    Bearings and coupling hold the shaft straight with a force of stiffness times run-out. That
    of the bow's own mass, which goes with speed squared, is small far below the critical speed.

    Args:
        place: where it is bent: from its middle, 0, to the coupling, 1.
    """
    first, (middle, end) = _BOW * (1.0 - 0.5 * place), _BOW_DOUBLE
    return first, first * (middle + (end - middle) * place)


def sidebands(depth: float, twist: float) -> tuple[float, float]:
    """Lower and upper sideband over the carrier, of little modulation in amplitude and phase.

    With (1 + depth cos q) cos(o + twist sin q), to first order (depth -+ twist) / 2.
    """
    return 0.5 * (depth - twist), 0.5 * (depth + twist)


def tones(
    gearbox: Gearbox, faults: Faults, *, speed: float, load: float, phases: Floats
) -> Iterator[Tone]:
    """All tones of a window; of faults that are not there, some are left out.

    Args:
        gearbox: the machine.
        faults: its faults.
        speed: over the rated one.
        load: over the rated one.
        phases: of tones, in order. (N_PHASES,) [rad]
    """
    angle = iter(phases.tolist())
    wheel = gearbox.n_pinion / gearbox.n_wheel
    pinion_depth = gearbox.runout[0] + _WEAR_DEPTH * faults.tooth_wear
    wheel_depth = gearbox.runout[1] + 0.5 * _WEAR_DEPTH * faults.tooth_wear
    for k, level in enumerate(mesh_levels(gearbox, faults, speed, load), 1):
        about = (float(k * gearbox.n_pinion), level, next(angle))
        yield about
        yield from _modulated(about, 1.0, pinion_depth, next(angle))
        yield from _modulated(about, wheel, wheel_depth, next(angle))
        start = next(angle)
        # A burst once a turn: all its multiples are in step where the tooth meshes.
        for q, depth in enumerate(_CRACK_DEPTHS if faults.tooth_crack else (), 1):
            yield from _modulated(about, float(q), depth * faults.tooth_crack, q * start)
    yield from _turns(gearbox, faults, speed, angle)


def _modulated(about: Tone, order: float, depth: float, start: float) -> tuple[Tone, Tone]:
    """The two sidebands of a tone; phase is modulated half as deep as amplitude: an assumption."""
    carrier, level, phase = about
    lower, upper = sidebands(depth, 0.5 * depth)
    below = carrier - order, level * lower, phase - start
    return below, (carrier + order, level * upper, phase + start)


def _turns(
    gearbox: Gearbox, faults: Faults, speed: float, angle: Iterator[float]
) -> Iterator[Tone]:
    """Multiples and halves of the input shaft's turn; forces of mass go with speed squared."""
    square = speed * speed
    first, second = gearbox.turn
    yield 1.0, first * square, next(angle)
    yield 1.0, _HEAVY * faults.unbalance * square, next(angle)
    yield 1.0, 0.3 * _OFFSET * faults.misalignment * speed, next(angle)
    yield 2.0, second * square, next(angle)
    yield 2.0, _OFFSET * faults.misalignment * speed, next(angle)
    for number in range(1, 13):
        order = 0.5 * number
        yield order, _LOOSE * faults.looseness * square / (1.0 + 0.3 * order), next(angle)
    yield gearbox.neighbour_order, faults.neighbour, next(angle)
    for order, level in enumerate(faults.bow, 1):
        yield float(order), level, next(angle)


def amplification(modes: Any, frequency: Floats) -> Floats:
    """How much more the housing moves at a frequency than if it were rigid `(n,)`.

    Each mode is an oscillator of one degree of freedom, weighed by its answer to a strike; the
    weights' sum is 1, so that what is far below all modes is not amplified.

    Args:
        modes: of dtype MODE. (m,)
        frequency: (n,) [Hz]
    """
    ratio = frequency[:, None] / modes["frequency"]
    weight = modes["strike"] / modes["strike"].sum()
    answer = weight / (1.0 - ratio * ratio + 2j * modes["damping"] * ratio)
    return np.asarray(np.abs(answer.sum(1)))
