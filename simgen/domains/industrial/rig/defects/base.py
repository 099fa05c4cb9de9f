"""What a defect of a bearing is: when it begins, how it grows, how it strikes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from simgen.core import Parameters, parameter
from simgen.domains.industrial.bearings import FaultOrders


@dataclass(frozen=True, kw_only=True)
class Kinematics:
    """Where and how often a defect is struck; see `DEFECT` for the terms."""

    order: float
    zone_order: float
    every_second: float
    phase: tuple[float, float]  # lowest and highest [rad]
    slip: float
    spread: float
    wander: float


@dataclass(frozen=True, kw_only=True)
class Defect(Parameters, ABC):
    """A spall on one part of a bearing; the others are not at risk any more once one has begun.

    Life before the spall is Weibull in equivalent hours: hours at the rated speed and load. The
    shape is that of ball bearings (Barringer 2001: characteristic life about 5 times L10, which
    is a shape of 1.4). Scales are assumptions: a rig that is loaded so that bearings fail within
    weeks.
    """

    kind: ClassVar[str]

    shape: float = parameter(1.4, doc="Weibull shape of the life before.", above=0.1, maximum=10.0)
    scale: float = parameter(
        1_500.0,
        doc="Weibull scale of the life before. Assumption.",
        unit="h",
        above=1.0,
        maximum=1e7,
    )
    strength: float = parameter(
        4.0,
        doc="Strike of a spall 1 mm long at rated speed and load, about. Assumption, after the "
        "levels of the Case Western rig.",
        unit="g/mm",
        minimum=0.0,
        maximum=1_000.0,
    )
    mean_sharpness: float = parameter(
        0.7,
        doc="Share of the damage that strikes; the rest is rough and hisses. Assumption.",
        above=0.0,
        below=1.0,
    )

    @abstractmethod
    def kinematics(self, orders: FaultOrders) -> Kinematics:
        """How a bearing of these orders is struck."""
