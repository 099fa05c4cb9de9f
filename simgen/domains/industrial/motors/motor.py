"""A motor: its plate, and one motor as it was built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from simgen.core import Parameters, parameter
from simgen.domains.industrial.bearings import catalogue
from simgen.kernels.arrays import Floats


@dataclass(frozen=True, kw_only=True)
class MotorParameters(Parameters):
    """A motor: defaults are the plate of a usual one of 22 kW; what is not there is assumed."""

    supply_frequency: float = parameter(
        50.0, doc="Of the mains.", unit="Hz", minimum=40.0, maximum=70.0
    )
    n_pole_pairs: int = parameter(2, doc="Pole pairs.", minimum=1, maximum=6)
    n_rotor_bars: int = parameter(28, doc="Bars of the rotor's cage.", minimum=16, maximum=120)
    rated_power: float = parameter(
        22.0, doc="At the shaft.", unit="kW", above=0.1, maximum=10_000.0
    )
    rated_current: float = parameter(
        41.0, doc="Of each phase, root mean square.", unit="A", above=0.1, maximum=10_000.0
    )
    rated_slip: float = parameter(
        0.02, doc="At rated load: 1470 rpm.", unit="1", above=0.001, maximum=0.2
    )
    idle_share: float = parameter(
        0.4, doc="Current without load over the rated one.", unit="1", above=0.05, maximum=0.9
    )
    efficiency: float = parameter(
        0.92, doc="At rated load: IE2.", unit="1", above=0.3, maximum=0.99
    )
    warming: float = parameter(
        75.0, doc="Rise of the winding at rated load.", unit="K", minimum=0.0, maximum=150.0
    )
    bearing: str = parameter("SKF_6205", doc="Of the drive end.", choices=tuple(catalogue()))


class Made(NamedTuple):
    """One motor as it was built."""

    ratio: complex  # negative over positive sequence of its currents on sound mains
    short_angle: float  # of the phase whose turns short [rad]
    contact_angle: float  # of the phase whose contact becomes bad [rad]
    bars: float  # asymmetry of a sound cage, in broken bars
    eccentricity: float  # of a sound gap, as share of the current
    third: float  # harmonic, from the iron's saturation, as share of the current
    path: float  # how well spalls are felt in the current
    pulse_rate: float  # of its load, when that pulsates [Hz]
    shake: float  # of a sound motor [mm/s]
    phases: Floats  # of tones. (N_PHASES,) [rad]
