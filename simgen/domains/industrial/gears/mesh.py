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
from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simgen.domains.industrial.gears.features import velocities
from simgen.domains.industrial.kernels.gears import answer
from simgen.domains.industrial.kernels.tones import TONE
from simgen.kernels.arrays import Floats

Place = tuple[float, float]  # order and phase [rad] of a tone

N_PHASES = 160  # that `tones` takes at most
_HALVES = tuple(0.5 * number for number in range(1, 13))  # orders at which a loose foot shows
_UNMODULATED = (0.0, 0.0)  # sidebands

# What a defect does at severity 1; all assumptions.
_WEAR = (0.8, 2.0, 2.5, 3.0)  # rise of each multiple of the mesh, relative
_WEAR_DEPTH = 0.20  # depth of modulation that worn gears add at their own turn
# Of modulation by a cracked tooth, at each multiple of the turn: 1 / e of it after five.
_CRACK_DEPTHS = tuple(0.30 * math.exp(-q / 5.0) for q in range(1, 9))
_OFFSET = 0.14  # of a misaligned coupling at twice the turn [g]
_HEAVY = 0.16  # of an unbalanced shaft at its turn [g]
_BOW = 0.09  # of a bent shaft at its turn, if the bend is in its middle [g]
_BOW_DOUBLE = (0.3, 2.0)  # at twice the turn, over that: bent in the middle, beside the coupling
_LOOSE = 0.07  # of a loose foot, less the higher the order [g]
_LOOSE_FALL = tuple(1.0 + 0.3 * order for order in _HALVES)  # how much less


class Faults(NamedTuple):
    """Severities, each from 0 to 1, and what the neighbourhood adds: numbers or arrays `(n,)`."""

    tooth_wear: Any
    tooth_crack: Any
    misalignment: Any
    unbalance: Any
    looseness: Any
    neighbour: Any  # of a machine beside it, at its own turn [g]
    bow: tuple[Any, Any]  # of a bent shaft, at one and at two turns [g]


class Gearbox(NamedTuple):
    """What tones depend on besides faults."""

    n_pinion: int  # teeth
    n_wheel: int  # teeth
    mesh: tuple[float, ...]  # amplitudes of the mesh's multiples at rated speed and load [g]
    runout: tuple[float, float]  # depth of modulation by pinion and wheel, as new
    turn: tuple[float, float]  # amplitude of the shaft's turn and its double, as new [g]
    neighbour_order: float  # of the machine beside it


def mesh_levels(gearbox: Gearbox, faults: Faults, speed: Any, load: Any) -> list[Any]:
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


def sidebands(depth: Any, twist: Any) -> tuple[Any, Any]:
    """Lower and upper sideband over the carrier, of little modulation in amplitude and phase.

    With (1 + depth cos q) cos(o + twist sin q), to first order (depth -+ twist) / 2.
    """
    return 0.5 * (depth - twist), 0.5 * (depth + twist)


def tones(gearbox: Gearbox, phases: Floats) -> npt.NDArray[np.void]:
    """All tones that a gearbox may have, of dtype TONE, without amplitudes `(t,)`.

    Args:
        gearbox: the machine.
        phases: of tones, in order. (N_PHASES,) [rad]
    """
    angle, wheel = iter(phases.tolist()), gearbox.n_pinion / gearbox.n_wheel
    places: list[Place] = []
    for k in range(1, len(gearbox.mesh) + 1):
        about = (float(k * gearbox.n_pinion), next(angle))
        places += [about, *_beside(about, 1.0, next(angle)), *_beside(about, wheel, next(angle))]
        start = next(angle)
        # A burst once a turn: all its multiples are in step where the tooth meshes.
        for q in range(1, len(_CRACK_DEPTHS) + 1):
            places += _beside(about, float(q), q * start)
    turns = (1.0, 1.0, 1.0, 2.0, 2.0, *_HALVES, gearbox.neighbour_order, 1.0, 2.0)
    places += [(order, next(angle)) for order in turns]
    out = np.zeros(len(places), TONE)
    out["order"], out["phase"] = np.array(places).T
    return out


def _beside(about: Place, order: float, start: float) -> tuple[Place, Place]:
    """The places of the two sidebands of a tone."""
    carrier, phase = about
    return (carrier - order, phase - start), (carrier + order, phase + start)


def amplitudes(gearbox: Gearbox, faults: Faults, *, speed: Any, load: Any) -> list[Any]:
    """Of each of the `tones` [g]: numbers or arrays `(n,)`; of faults that are not there, 0.

    Args:
        gearbox: the machine.
        faults: its faults.
        speed: over the rated one.
        load: over the rated one.
    """
    wear, crack = _WEAR_DEPTH * faults.tooth_wear, faults.tooth_crack
    cracked = np.any(crack)
    shares = [1.0, *_modulated(gearbox.runout[0] + wear)]
    shares += _modulated(gearbox.runout[1] + 0.5 * wear)
    for depth in _CRACK_DEPTHS:
        shares += _modulated(depth * crack) if cracked else _UNMODULATED
    levels = mesh_levels(gearbox, faults, speed, load)
    mesh = [level * share for level in levels for share in shares]
    return mesh + _turns(gearbox, faults, speed)


def _modulated(depth: Any) -> tuple[Any, Any]:
    """See `sidebands`; phase is modulated half as deep as amplitude: an assumption."""
    return sidebands(depth, 0.5 * depth)


def _turns(gearbox: Gearbox, faults: Faults, speed: Any) -> list[Any]:
    """Multiples and halves of the input shaft's turn; forces of mass go with speed squared [g]."""
    square = speed * speed
    first, second = gearbox.turn
    loose, offset = _LOOSE * faults.looseness * square, _OFFSET * faults.misalignment * speed
    return [
        first * square,
        _HEAVY * faults.unbalance * square,
        0.3 * _OFFSET * faults.misalignment * speed,
        second * square,
        offset,
        *[loose / fall for fall in _LOOSE_FALL],
        faults.neighbour,
        *faults.bow,
    ]


def amplification(modes: Any, frequency: Floats) -> Floats:
    """How much more the housing moves at a frequency than if it were rigid `(n,)`.

    What is far below all modes is not amplified.

    Args:
        modes: of dtype MODE. (m,)
        frequency: (n,) [Hz]
    """
    parts = np.empty((len(frequency), len(modes)), np.complex128)
    answer(modes, frequency, parts)
    return np.asarray(np.abs(parts.sum(1)))


def mean_square_velocity(
    modes: Any, tones: npt.NDArray[np.void], levels: list[Any], rates: Floats
) -> Floats:
    """Mean square of the velocity by which tones shake the housing `(n,)` [mm2/s2].

    Those of one order add up with their phases, as in a window, and orders as powers.

    Args:
        modes: of dtype MODE. (m,)
        tones: of dtype TONE, without amplitudes. (t,)
        levels: of each tone, see `amplitudes`. [g]
        rates: turns per second. (n,) [Hz]
    """
    some, of = np.unique(rates, return_inverse=True)
    alike = defaultdict(list)
    for place, order in enumerate(tones["order"].tolist()):
        if np.any(levels[place]):
            alike[order].append(place)
    total = np.zeros(len(rates))
    for order, places in alike.items():
        gains = amplification(modes, order * some) * velocities(order * some)
        if gains.any():
            phases = tones["phase"][places].tolist()
            pairs = [(levels[k], phase) for k, phase in zip(places, phases, strict=True)]
            across = sum(level * math.sin(phase) for level, phase in pairs)
            along = sum(level * math.cos(phase) for level, phase in pairs)
            total += np.square(gains)[of] * (along * along + across * across)
    return total
