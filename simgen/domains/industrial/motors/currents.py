"""Stator currents of an induction motor as tones: what each fault adds to them.

Orders are multiples of the mains' frequency f; slip is s, pole pairs p, rotor bars R.

References:
    Thomson, Fenger (2001), Current signature analysis to detect induction motor faults. IEEE
    Industry Applications Magazine 7: (1 +- 2 k s) f for broken bars, and their number from the
    lower sideband, n = 2 R / (10^(N/20) + p) with N its decibels below the mains.
    Nandi, Toliyat, Li (2005), Condition monitoring and fault diagnosis of electrical motors: a
    review. IEEE Transactions on Energy Conversion 20: (1 +- k (1 - s) / p) f for eccentricity,
    and a bearing's frequency on either side of the mains.
"""

from __future__ import annotations

import cmath
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simgen.domains.industrial.bearings import FaultOrders
from simgen.kernels.arrays import Floats

Tone = tuple[float, float, float, float]  # order, share of the current, phase [rad], sequence

LOCKED_ROTOR = 6.0  # locked-rotor current over the rated one; typical of NEMA design B
N_PHASES = 20  # that `tones` takes
_CONTACT = 0.2  # r / 3 over Z2 at severity 1/2; assumption


class Faults(NamedTuple):
    """How bad each is, in the measure of what it does: numbers, or arrays of one shape."""

    n_bars: Any  # broken, in effect: a fraction while one cracks
    eccentricity: Any  # share of the current at each of its lines
    turn_short: Any  # negative sequence that it draws, share of the current
    contact: Any  # severity of a bad contact in one phase: 1 is open
    supply: Any  # negative sequence of the mains' voltage, share, complex
    pulsation: Any  # share of the current at each sideband of a pulsating load
    outer_race: Any  # share of the current at each of its lines
    inner_race: Any  # same


class Motor(NamedTuple):
    """What the orders of tones depend on."""

    n_pole_pairs: int
    n_rotor_bars: int
    bearing: FaultOrders
    pulse_order: float  # of what its load pulsates with, when it does
    third: float  # share of the current in the third harmonic, when sound


def bar_sideband(n_bars: float, motor: Motor) -> float:
    """Lower sideband over the mains for so many broken bars under full load.

    Thomson and Fenger's formula for the number of bars, solved for the sideband.
    """
    return n_bars / (2.0 * motor.n_rotor_bars - n_bars * motor.n_pole_pairs)


def contact_unbalance(severity: Any) -> Any:
    """Negative over positive sequence of the current with a bad contact in one phase.

    A resistance r in one of three wires, the star point free, leaves I2 = -I1 (r/3) / (Z2 + r/3),
    with Z2 the motor's impedance to the negative sequence. The resistance rises without bound
    toward severity 1, where the phase is open; how it rises is an assumption.

    References:
        Anderson (1995), Analysis of Faulted Power Systems, chapter 3: series unbalance.
    """
    return _CONTACT * severity / (1.0 - severity + _CONTACT * severity)


def mains(size: Any) -> Any:
    """Negative sequence of unbalanced mains' voltage, share, complex.

    Args:
        size: of the event: its fraction is the share, its whole part the angle in degrees.
    """
    return size % 1.0 * np.exp(1j * np.deg2rad(np.floor(size)))


def unbalance(faults: Faults, own: complex, short_angle: float, contact_angle: float) -> Any:
    """Negative over positive sequence of the currents, complex.

    Args:
        faults: numbers or arrays that broadcast.
        own: of the sound motor on sound mains.
        short_angle: of what a turn-to-turn short adds. [rad]
        contact_angle: of the phase whose contact is bad. [rad]
    """
    short = faults.turn_short * cmath.rect(1.0, short_angle)
    contact = contact_unbalance(faults.contact) * cmath.rect(1.0, contact_angle)
    # Voltage over the impedance to the negative sequence, about that of the locked rotor.
    return own + short + LOCKED_ROTOR * faults.supply - contact


def phase_currents(ratio: npt.NDArray[np.complex128]) -> Floats:
    """Currents of the three phases over the positive sequence `(3, n)`.

    Args:
        ratio: negative over positive sequence. (n,)
    """
    lag = np.exp(2j * np.pi / 3.0 * np.arange(3))[:, None]
    return np.asarray(np.abs(1.0 / lag + ratio * lag))


def tones(
    motor: Motor,
    faults: Faults,
    *,
    slip: float,
    load_share: float,
    ratio: complex,
    phases: Floats,
) -> Iterator[Tone]:
    """The tones of the currents, over the positive sequence of the mains' frequency.

    Args:
        motor: the machine.
        faults: its faults, and what it is born with.
        slip: of the rotor.
        load_share: part of the current that makes torque.
        ratio: negative over positive sequence.
        phases: of the tones below the first two. (N_PHASES,) [rad]
    """
    angle = iter(phases.tolist())
    yield 1.0, 1.0, 0.0, 1.0
    yield 1.0, abs(ratio), cmath.phase(ratio), -1.0
    yield from _mains_harmonics(angle, motor.third + 0.1 * abs(ratio), faults)
    yield from _bars(motor, faults, slip, load_share, angle)
    for side in (-1.0, 1.0):
        yield 1.0 + side * motor.pulse_order, faults.pulsation, next(angle), 1.0
    turn = (1.0 - slip) / motor.n_pole_pairs
    for k, share in ((1, 1.0), (2, 0.3)):
        for side in (-1.0, 1.0):
            yield 1.0 + side * k * turn, share * faults.eccentricity, next(angle), 1.0
    for side in (-1.0, 1.0):
        # Slots pass the field: the principal slot harmonics; their level is an assumption.
        level = 0.004 + 0.5 * faults.eccentricity
        yield motor.n_rotor_bars * turn + side, level, next(angle), side
    for order, share in (
        (motor.bearing.outer_race, faults.outer_race),
        (motor.bearing.inner_race, faults.inner_race),
    ):
        for side in (-1.0, 1.0):
            yield _folded(1.0 + side * order * turn, share, next(angle))


def _folded(order: float, share: float, phase: float) -> Tone:
    """A tone whose order may be negative: that turns backward."""
    return (order, share, phase, 1.0) if order >= 0.0 else (-order, share, -phase, -1.0)


def _mains_harmonics(angle: Iterator[float], third: float, faults: Faults) -> Iterator[Tone]:
    """The 5th turns backward and the 7th forward; the 3rd comes with any unbalance.

    Levels are assumptions.
    """
    for order, share, sequence in ((5.0, 0.012, -1.0), (7.0, 0.008, 1.0), (11.0, 0.003, -1.0)):
        yield order, share, next(angle), sequence
    yield 3.0, third + 0.08 * faults.turn_short, next(angle), 1.0


def _bars(
    motor: Motor, faults: Faults, slip: float, load_share: float, angle: Iterator[float]
) -> Iterator[Tone]:
    """Sidebands of broken bars."""
    first = bar_sideband(faults.n_bars, motor) * load_share
    # The upper one comes from the ripple of speed, by the load's inertia: an assumption.
    for k, lower in ((1, first), (2, first * first)):
        yield 1.0 - 2.0 * k * slip, lower, next(angle), 1.0
        yield 1.0 + 2.0 * k * slip, 0.6 * lower, next(angle), 1.0
