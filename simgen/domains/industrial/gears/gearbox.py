"""A gearbox: its plate, and one as it was built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simgen.core import Parameters, asset, parameter
from simgen.domains.industrial.bearings import catalogue
from simgen.domains.industrial.fleet.building import built_around, built_modes
from simgen.domains.industrial.gears.mesh import N_PHASES, Gearbox, tones


def housing() -> Any:
    """What assets/industrial/gearboxes.yaml says of modes, mesh and noise."""
    return asset("industrial/gearboxes")


@dataclass(frozen=True, kw_only=True)
class GearParameters(Parameters):
    """A gearbox of one stage; defaults are assumptions."""

    n_pinion: int = parameter(23, doc="Teeth of the pinion.", minimum=8, maximum=300)
    n_wheel: int = parameter(67, doc="Teeth of the wheel.", minimum=8, maximum=600)
    rated_speed: float = parameter(
        1_470.0, doc="Of the input shaft.", unit="rpm", minimum=300.0, maximum=3_600.0
    )
    rated_power: float = parameter(
        30.0, doc="Through the gearbox.", unit="kW", above=0.1, maximum=10_000.0
    )
    warming: float = parameter(
        38.0, doc="Rise of the oil at rated load and speed.", unit="K", minimum=0.0, maximum=80.0
    )
    bearing: str = parameter("SKF_6205", doc="Of the input shaft.", choices=tuple(catalogue()))


class Made(NamedTuple):
    """One gearbox as it was built."""

    modes: npt.NDArray[np.void]  # of dtype MODE
    gearbox: Gearbox
    rolling: float  # noise at rated speed and load [g]
    loudness: Mapping[str, float]  # of rolling noise and strikes, see `GearSignals.make`
    debris: float  # particles a minute in the oil of a sound one
    tones: npt.NDArray[np.void]  # see `mesh.tones`
    bend_place: float  # where its shaft would be bent, see `bow_levels`


def make(about: GearParameters, rng: np.random.Generator) -> Made:
    """Draw one; spreads are assumptions."""
    around = partial(built_around, rng)
    modes = built_modes(rng, housing()["modes"])
    gearbox = Gearbox(
        n_pinion=about.n_pinion,
        n_wheel=about.n_wheel,
        mesh=tuple(around(value) for value in housing()["mesh"]),
        runout=(float(rng.uniform(0.02, 0.10)), float(rng.uniform(0.02, 0.10))),
        turn=(around(0.014, 0.6), around(0.012, 0.6)),
        neighbour_order=float(rng.choice((-1.0, 1.0)) * rng.uniform(0.004, 0.05) + 1.0),
    )
    return Made(
        modes=modes,
        gearbox=gearbox,
        rolling=around(housing()["rolling"]),
        loudness={},
        debris=around(8.0, 0.5),
        tones=tones(gearbox, rng.uniform(0.0, 2.0 * np.pi, N_PHASES)),
        bend_place=float(rng.uniform()),
    )
