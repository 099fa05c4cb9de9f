"""Defects of bearings, one kind per file."""

from __future__ import annotations

from dataclasses import dataclass, fields

from simgen.core import Parameters, parameter
from simgen.domains.industrial.rig.defects.ball import Ball
from simgen.domains.industrial.rig.defects.base import Defect as Defect
from simgen.domains.industrial.rig.defects.inner_race import InnerRace
from simgen.domains.industrial.rig.defects.outer_race import OuterRace


@dataclass(frozen=True, kw_only=True)
class Defects(Parameters):
    """The competing defects, and how a spall grows once it is there.

    The logarithm of its length is a gamma process in equivalent hours: spalls grow by chips, in
    proportion to their length, and never heal.
    """

    inner_race: InnerRace = parameter(InnerRace)
    outer_race: OuterRace = parameter(OuterRace)
    ball: Ball = parameter(Ball)
    initial_size: float = parameter(
        0.02, doc="Length of a new spall. Assumption.", unit="mm", above=0.0, maximum=1.0
    )
    failure_size: float = parameter(
        3.0, doc="Length at which the bearing seizes. Assumption.", unit="mm", above=0.0, maximum=50
    )
    mean_growth_time: float = parameter(
        150.0,
        doc="Equivalent hours from a new spall to seizure, about. Assumption.",
        unit="h",
        above=0.0,
        maximum=1e6,
        plausible=(20.0, 1_500.0),
        scale="log",
    )
    growth_jump: float = parameter(
        0.15,
        doc="Scale of the gamma process: larger jumps, less even growth. Assumption.",
        above=0.0,
        maximum=5.0,
    )

    def all(self) -> tuple[Defect, ...]:
        """Every defect, in order."""
        every = (getattr(self, field.name) for field in fields(self))
        return tuple(value for value in every if isinstance(value, Defect))
