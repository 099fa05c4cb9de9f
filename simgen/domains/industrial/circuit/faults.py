"""What is done to a pump rig: faults, and disturbances that resemble them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.core import Parameters, RequestError, parameter

SUCTION_VALVE, DISCHARGE_VALVE = "suction_valve_closing", "discharge_valve_closing"
LEAK, IMBALANCE, OVERFILL = "leak", "rotor_imbalance", "overfill"
CAVITATION, TWO_PHASE, HOT_WATER = "cavitation", "two_phase_flow", "hot_water"
FAULTS = (
    SUCTION_VALVE,
    DISCHARGE_VALVE,
    LEAK,
    IMBALANCE,
    OVERFILL,
    CAVITATION,
    TWO_PHASE,
    HOT_WATER,
)
SPEED_STEP, SHAKING = "speed_step", "shaking_floor"
LIKENESS = {SPEED_STEP: DISCHARGE_VALVE, SHAKING: IMBALANCE}
KINDS = (*FAULTS, *LIKENESS)


@dataclass(frozen=True, kw_only=True)
class Kind(Parameters):
    """How often something is done to a run, and how far it goes."""

    share: float = parameter(
        0.0, doc="How often, relative to the other kinds.", unit="1", minimum=0.0, maximum=1e3
    )
    least: float = parameter(
        0.1, doc="Least severity, 1 being as far as it goes.", minimum=0.0, maximum=1.0
    )


_DOC = "Its share of runs, and how slight it may be."


@dataclass(frozen=True, kw_only=True)
class Faults(Parameters):
    """What may be done to a run.

    The kinds are those of the Skoltech bench. Shares are roughly those of its 34 experiments: 16
    with the valve before the pump, 4 with that behind it, 14 others.
    """

    normal_share: float = parameter(
        0.15,
        doc="Share of runs to which nothing is done. Assumption.",
        minimum=0.0,
        maximum=0.99,
        plausible=(0.02, 0.6),
    )
    suction_valve_closing: Kind = parameter(Kind(share=14.0, least=0.1), doc=_DOC)
    discharge_valve_closing: Kind = parameter(Kind(share=5.0, least=0.1), doc=_DOC)
    leak: Kind = parameter(Kind(share=4.0, least=0.3), doc=_DOC)
    rotor_imbalance: Kind = parameter(Kind(share=5.0, least=0.3), doc=_DOC)
    overfill: Kind = parameter(Kind(share=2.0, least=0.3), doc=_DOC)
    cavitation: Kind = parameter(Kind(share=1.0, least=0.3), doc=_DOC)
    two_phase_flow: Kind = parameter(Kind(share=1.0, least=0.3), doc=_DOC)
    hot_water: Kind = parameter(Kind(share=1.0, least=0.3), doc=_DOC)
    speed_step: Kind = parameter(Kind(share=3.0, least=0.1), doc=_DOC)
    shaking_floor: Kind = parameter(Kind(share=3.0, least=0.1), doc=_DOC)
    mean_time: float = parameter(
        390.0,
        doc="Mean time that it lasts, as on the Skoltech bench.",
        unit="s",
        above=10.0,
        maximum=1e5,
        plausible=(100.0, 1_000.0),
        scale="log",
    )

    def check(self) -> None:
        """Refuse shares that leave nothing to choose from."""
        if sum(self.kind(name).share for name in KINDS) <= 0.0:
            raise RequestError("no kind of fault has a share: give one a share above 0")

    def kind(self, name: str) -> Kind:
        """The kind called `name`."""
        kind: Kind = getattr(self, name)
        return kind

    def draw(self, rng: np.random.Generator) -> tuple[str, float] | None:
        """What is done to a run, and how far it goes; None for nothing."""
        if rng.random() < self.normal_share:
            return None
        shares = np.array([self.kind(name).share for name in KINDS])
        name = KINDS[int(rng.choice(len(KINDS), p=shares / shares.sum()))]
        least = self.kind(name).least
        return name, float(rng.uniform(least, 1.0))
