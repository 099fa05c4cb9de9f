"""A hydraulic press: its plate, one press as it was built, and its circuit at work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simgen.core import Parameters, parameter
from simgen.domains.industrial.fleet.signals import Conditions
from simgen.domains.industrial.kernels.presses import CIRCUIT
from simgen.kernels.arrays import Floats

# What a defect does at severity 1. Of the rig of Helwig et al. (2015): the cooler falls from 100 %
# to 3 % of its efficiency, the accumulator from 130 to 90 bar. The other two are assumptions.
_COOLER_LOST, _GAS_LOST = 0.97, 40.0  # share, [bar]
_LAG, _DEAD = 6.0, 0.25  # of the valve: its time constant times 1 + this; dead time [s]
_LEAKAGE = 0.04  # of the default pump [l/min/bar], with oil at 45 degree Celsius
_SOUND_LEAKAGE = 0.004  # same, of a new pump; assumption
_THINNING = 0.025  # of the oil's viscosity [1/K]; assumption, about that of ISO VG 46
_WARM_OIL = 45.0  # [degree Celsius]
_HOTTEST = 100.0  # [degree Celsius]; assumption
_RELIEF_RISE = 11.0  # over its set pressure, where the relief valve takes all [bar]; assumption
_AIR_EXPONENT = 0.35  # taken off the gas' exponent by air in the oil; assumption
# Of that rig's oil: its temperatures in balance with 100, 20 and 3 % of the cooler's power. The oil
# loses as much on its way through the cooler whatever the cooler does, as all heat leaves there.
_STILL_SHARE = 0.126  # of heat that a cooler gives off without power, over what it does with power
_DROP_SHARE = 0.57  # of the tank's rise: how much cooler the oil comes back, with a sound cooler

# Openings of the load valve through a cycle, and their share of the time: a press closes, presses,
# holds, dwells and returns. Assumption.
OPENINGS = np.array([0.80, 1.00, 0.84, 0.92, 0.76])
SHARES = np.array([0.20, 0.15, 0.25, 0.15, 0.25])


@dataclass(frozen=True, kw_only=True)
class PressParameters(Parameters):
    """A press; defaults are assumptions in the range of the rig's published pressures."""

    cycle_time: float = parameter(
        60.0,
        doc="Of a work cycle, as on the rig of Helwig et al.",
        unit="s",
        minimum=10.0,
        maximum=600.0,
    )
    pump_flow: float = parameter(
        22.0, doc="Of a new pump.", unit="l/min", above=0.5, maximum=1_000.0
    )
    relief_pressure: float = parameter(
        190.0, doc="At which the relief valve opens.", unit="bar", minimum=50.0, maximum=400.0
    )
    precharge: float = parameter(
        130.0, doc="Of the accumulator's gas, absolute.", unit="bar", minimum=95.0, maximum=300.0
    )
    gas_volume: float = parameter(
        0.75, doc="Of the accumulator.", unit="l", above=0.01, maximum=100.0
    )
    valve_flow: float = parameter(
        18.5, doc="Of the open load valve at 100 bar.", unit="l/min", above=0.1, maximum=1_000.0
    )
    efficiency: float = parameter(0.85, doc="Of motor and pump.", unit="1", above=0.3, maximum=0.99)
    warming: float = parameter(
        24.0,
        doc="Rise of the tank's oil at rated load; about 8 on that rig, which is cooled well.",
        unit="K",
        minimum=1.0,
        maximum=80.0,
        plausible=(4.0, 40.0),
        scale="log",
    )

    @cached_property
    def enlargement(self) -> float:
        """Of its pump, over the default one."""
        return self.pump_flow / type(self)().pump_flow

    def command(self, rate: float, n_samples: int) -> Command:
        """What is asked of the load valve, cycle after cycle, for so many samples."""
        return _command(self.cycle_time, rate, n_samples)


class Command(NamedTuple):
    """What is asked of the load valve through a window."""

    opening: Floats  # (n,)
    opens: tuple[int, int]  # sample of the largest opening, and of the next switch


@cache
def _command(cycle_time: float, rate: float, n_samples: int) -> Command:
    """See `PressParameters.command`; the same for every window, and not to be written to."""
    ends = np.cumsum(SHARES) * cycle_time
    time = (np.arange(n_samples) / rate) % cycle_time
    # Rounding may put an instant past the last end.
    opening = OPENINGS[np.minimum(np.searchsorted(ends, time, "right"), len(SHARES) - 1)]
    opening.flags.writeable = False
    change = np.diff(opening)
    largest = int(np.argmax(change))
    later = np.flatnonzero(change[largest + 1 :])
    end = largest + 1 + int(later[0]) if len(later) else len(change)
    return Command(opening, (largest + 1, end + 1))


class Made(NamedTuple):
    """One press as it was built."""

    flow: float  # of its pump, over the usual
    valve_time: float  # with which its valve follows its command [s]
    precharge: float  # over the usual
    leakage: float  # of its new pump, over the usual
    ripple: float  # of its pump's strokes, over the usual
    shake: float  # of a sound one [mm/s]


def make(rng: np.random.Generator) -> Made:
    """Draw one; spreads are assumptions."""
    return Made(
        flow=float(rng.lognormal(0.0, 0.02)),
        valve_time=float(0.08 * rng.lognormal(0.0, 0.25)),
        precharge=float(rng.lognormal(0.0, 0.01)),
        leakage=float(rng.lognormal(0.0, 0.4)),
        ripple=float(rng.lognormal(0.0, 0.15)),
        shake=float(1.1 * rng.lognormal(0.0, 0.15)),
    )


class OilRise(NamedTuple):
    """How far oil warms above the hall in the long run [K]: numbers, or arrays `(n,)`."""

    back: Any  # behind the cooler
    tank: Any


def oil_rise(about: PressParameters, at: Conditions) -> OilRise:
    """How far the oil of a press warms.

    What is lost has to leave through the cooler, blown through or still: the oil behind it stands
    above what cools it by heat / (power + still share). On its way it loses heat / (flow x heat
    capacity), whatever the cooler does. Heat goes with load. The cooling water stands at the hall's
    temperature, or above it.
    """
    power = 1.0 - _COOLER_LOST * at.severity["cooler_fouling"]
    heat = (0.4 + 0.6 * at.load) * (1.0 + 0.3 * at.severity["pump_leakage"])
    water = at.disturbance["warm_water"] * power / (power + _STILL_SHARE)
    sound = about.warming * (1.0 - _DROP_SHARE) * (1.0 + _STILL_SHARE)
    drop = about.warming * _DROP_SHARE * heat
    back = sound * heat / (power + _STILL_SHARE) + water
    # Oil that is too hot trips the press; it is not hotter than that for long.
    tank = np.minimum(back + drop, _HOTTEST - at.hall)
    return OilRise(np.maximum(tank - drop, 0.0), tank)


def circuits(about: PressParameters, made: Made, at: Conditions) -> npt.NDArray[Any]:
    """Records of dtype CIRCUIT `(n,)`; more load opens the load valve less, so pressure is higher.

    Leakage goes with pressure over viscosity, and oil thins as it warms.
    """
    severity = at.severity
    row = np.zeros(np.size(at.load), CIRCUIT)
    leakage = _SOUND_LEAKAGE * made.leakage + _LEAKAGE * severity["pump_leakage"]
    row["pump_flow"] = about.pump_flow * made.flow * at.speed
    thin = np.exp(_THINNING * (at.warmth - _WARM_OIL))
    row["leakage"] = about.enlargement * leakage * thin
    row["relief"] = about.relief_pressure
    row["relief_slope"] = about.pump_flow / _RELIEF_RISE
    row["gas_volume"], row["stiffness"] = about.gas_volume, 4_000.0
    row["precharge"] = about.precharge * made.precharge - _GAS_LOST * severity["gas_loss"]
    row["exponent"] = 1.3 - _AIR_EXPONENT * at.disturbance["air_in_oil"]
    row["valve_flow"] = about.valve_flow / np.power(at.load, 0.25)
    thick = np.exp(-_THINNING * (at.warmth - _WARM_OIL))
    row["valve_time"] = made.valve_time * (1.0 + _LAG * severity["valve_lag"]) * thick
    row["dead_time"] = 0.02 + _DEAD * severity["valve_lag"]
    return row
