"""A compressor: its plate, one as it was built, and its stages at work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simgen.core import Parameters, asset, parameter
from simgen.domains.industrial.fleet.building import built_around, built_modes
from simgen.domains.industrial.fleet.signals import Conditions
from simgen.domains.industrial.kernels.compressors import (
    BUILT,
    MECHANICAL,
    STRAINS,
    WORKING,
    ZERO,
    work_worn,
)
from simgen.domains.industrial.kernels.gas import AMBIENT, GAS, STAGES, work_out
from simgen.kernels.arrays import Floats

TABLE = "compressors"
SCREW, RECIPROCATING = 0, 1

# Of screws and of reciprocating machines; assumptions in the range that makers give: losses in the
# gaps of screws raise their exponent above that of air, water jackets lower that of cylinders.
_EXPONENT = (1.50, 1.34)
_CLEARANCE = (0.0, 0.06)
_LEAK = (0.06, 0.02)  # of each new stage at full speed
RATED_SPEED = (3_600.0, 740.0)  # [rpm]
_FILTER_LOSS = 0.008  # of a clean filter at full flow [bar]; assumption
_MARGIN = 1.08  # of the motor's power over what a new screw needs; assumption
_COOLING = 0.88  # effectiveness of a clean cooler; assumption


def _content() -> Any:
    return asset(f"industrial/{TABLE}")


@cache
def machines_with(component: str) -> tuple[int, ...]:
    """The kinds of machines that have such a component."""
    names = _content()["components"][component].get("machines", ("screw", "reciprocating"))
    return tuple(("screw", "reciprocating").index(name) for name in names)


@dataclass(frozen=True, kw_only=True)
class CompressorParameters(Parameters):
    """Compressors and their header; defaults are assumptions."""

    header_pressure: float = parameter(
        7.0, doc="That the control holds, gauge.", unit="bar", minimum=2.0, maximum=15.0
    )
    rated_flow: float = parameter(
        20.0, doc="Of a new machine at full speed.", unit="m3/min", above=0.1, maximum=1_000.0
    )
    reciprocating_share: float = parameter(
        0.4, doc="Share of the machines; the others are screws.", minimum=0.0, maximum=1.0
    )
    coolant_rise: float = parameter(
        6.0,
        doc="Of the cooling water over the hall.",
        unit="K",
        minimum=0.0,
        maximum=40.0,
        plausible=(2.0, 15.0),
    )
    cooling: float = parameter(
        _COOLING,
        doc="Effectiveness of a clean intercooler.",
        unit="1",
        above=0.1,
        below=1.0,
        plausible=(0.75, 0.95),
    )
    warming: float = parameter(
        32.0,
        doc="Rise of the oil at rated power.",
        unit="K",
        minimum=1.0,
        maximum=80.0,
        plausible=(20.0, 45.0),
    )


class Made(NamedTuple):
    """One compressor as it was built."""

    kind: int  # SCREW or RECIPROCATING
    swept: float  # over the usual
    sweep_ratio: float  # same
    leak: float  # same
    filter: float  # same
    shake: float  # of a sound one [mm/s]
    dew_point: float  # of a new dryer [degree Celsius]
    pulse: float  # of the pressure between the stages, over the usual
    phases: Floats  # of multiples of the turn. (N_HARMONICS,) [rad]
    modes: npt.NDArray[np.void]  # of dtype MODE
    unrest: float  # of a sound control, over the usual
    lean: float  # of a sticking intake valve, see `hunting_period`
    fan: float  # line of a new fan [g]
    belt: float  # lines of a new belt [g]


N_HARMONICS = 8


def make(about: CompressorParameters, rng: np.random.Generator) -> Made:
    """Draw one; spreads are assumptions."""
    around = partial(built_around, rng)
    modes = built_modes(rng, _content()["modes"])
    return Made(
        kind=RECIPROCATING if rng.random() < about.reciprocating_share else SCREW,
        swept=around(1.0, 0.02),
        sweep_ratio=around(1.0, 0.035),
        leak=around(1.0, 0.25),
        filter=around(1.0, 0.5),
        shake=around(2.0, 0.3),
        dew_point=float(rng.normal(-40.0, 5.0)),
        pulse=around(1.0),
        phases=rng.uniform(0.0, 2.0 * np.pi, N_HARMONICS),
        modes=modes,
        unrest=around(1.0, 0.12),
        lean=float(rng.uniform(0.3, 0.7)),
        fan=around(0.02, 0.4),
        belt=around(0.006, 0.3),
    )


@cache
def rated_swept(about: CompressorParameters) -> tuple[tuple[float, float, float], ...]:
    """Swept volume [m3/min], its ratio over the second stage's, and power [kW] of both kinds.

    Such that a new machine gives its rated flow, and that both stages have the same ratio of
    pressures, in a hall of 20 degree Celsius.
    """
    end, inlet = AMBIENT + about.header_pressure, 20.0 + ZERO
    stages, gas = np.zeros(2, STAGES), np.zeros(2, GAS)
    stages["suction"], stages["discharge"] = AMBIENT - _FILTER_LOSS, end
    stages["inlet"], stages["coolant"] = inlet, inlet + about.coolant_rise
    stages["exponent"], stages["clearance"] = _EXPONENT, _CLEARANCE
    stages["first_leak"] = stages["second_leak"] = _LEAK
    stages["cooling"], stages["swept"] = about.cooling, 1.0
    goal = np.sqrt(end * stages["suction"])
    # With the ratio of sweeps, the pressure between rises about in proportion.
    stages["sweep_ratio"] = np.sqrt(end / AMBIENT)
    for _ in range(30):
        work_out(stages, gas)
        stages["sweep_ratio"] *= goal / gas["between"]
    swept = about.rated_flow / gas["flow"]
    power = gas["work"] * swept / 1e3 / MECHANICAL
    columns = swept.tolist(), stages["sweep_ratio"].tolist(), power.tolist()
    return tuple(zip(*columns, strict=True))


def rated_power(about: CompressorParameters) -> float:
    """Of the motor that drives either kind [kW]."""
    return _MARGIN * rated_swept(about)[SCREW][2]


def built(about: CompressorParameters, *made: Made) -> npt.NDArray[np.void]:
    """What the gas laws need to know of some machines, of dtype BUILT `(n,)`."""
    rated, out = rated_swept(about), np.empty(len(made), BUILT)
    for place, one in enumerate(made):
        kind = one.kind
        out[place] = (
            _LEAK[kind] * one.leak,
            _FILTER_LOSS * one.filter,
            _EXPONENT[kind],
            _CLEARANCE[kind],
            rated[kind][0] * one.swept,
            rated[kind][1] * one.sweep_ratio,
            about.cooling,
        )
    return out


def working(
    about: CompressorParameters, machines: npt.NDArray[np.void], at: Conditions
) -> npt.NDArray[np.void]:
    """What machines do under conditions, of dtype WORKING `(n,)`; n is 1 at one instant.

    `at.load` is the header's pressure over its rated one, both absolute.

    Args:
        about: all machines.
        machines: of dtype BUILT. (n,) or (1,)
        at: the conditions.
    """
    values = {
        "speed": at.speed,
        "load": at.load,
        "hall": at.hall,
        **at.disturbance,
        **at.severity,
    }
    strains = np.array([values[name] for name in STRAINS])
    return strained(about, machines, strains.reshape(len(STRAINS), -1))


def strained(
    about: CompressorParameters, machines: npt.NDArray[np.void], strains: Floats
) -> npt.NDArray[np.void]:
    """The same with rows as in STRAINS `(len(STRAINS), n)`."""
    out = np.empty(strains.shape[1], WORKING)
    header = AMBIENT + about.header_pressure
    oil = about.warming, rated_power(about)
    work_worn(machines, strains, header, about.coolant_rise, oil, out)
    return out
