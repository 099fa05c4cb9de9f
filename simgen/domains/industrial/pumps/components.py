"""What a pump is made of: how long each part lasts, and what wears it faster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simgen.core import Parameters, parameter
from simgen.domains.industrial.site.modes import Mode, gamma_course
from simgen.kernels.arrays import Floats

_COURSE_SHAPE = 24.0  # of the gamma process of growth, over its whole course; assumption


def _shape(default: float, doc: str) -> Any:
    return parameter(default, doc=doc, above=0.1, maximum=10.0)


def _scale(default: float, doc: str) -> Any:
    return parameter(default, doc=doc, unit="h", above=1.0, maximum=1e9)


def _growth(default: float) -> Any:
    return parameter(
        default,
        doc="Mean time in use from defect to failure. Assumption.",
        unit="h",
        above=0.1,
        maximum=1e6,
    )


@dataclass(frozen=True, kw_only=True)
class Component(Parameters):
    """A part of a pump that fails in one way, to which the life given here leads."""

    kind: ClassVar[str]
    defect: ClassVar[str]
    shape: float
    scale: float
    mean_growth_time: float

    @property
    def modes(self) -> tuple[Mode, ...]:
        """See `Kind.modes`."""
        return (self,)

    def course(self, rng: np.random.Generator) -> Floats:
        """See `Mode.course`."""
        return gamma_course(rng, _COURSE_SHAPE)


@dataclass(frozen=True, kw_only=True)
class BearingPart(Component):
    """The pump's bearings."""

    kind: ClassVar[str] = "bearing"
    defect: ClassVar[str] = "bearing_wear"
    shape: float = _shape(1.4, "Weibull shape of ball bearings (Barringer 2001).")
    scale: float = _scale(
        125_000.0, "5 times L10 (Barringer 2001), L10 = 25,000 h as pumps to API 610 must reach."
    )
    mean_growth_time: float = _growth(1_500.0)


@dataclass(frozen=True, kw_only=True)
class SealPart(Component):
    """The mechanical seal of the shaft."""

    kind: ClassVar[str] = "seal"
    defect: ClassVar[str] = "seal_leak"
    shape: float = _shape(
        4.43, "Weibull shape: fit to the running pump of Barringer, Pump seal life."
    )
    scale: float = _scale(28_860.0, "Weibull scale: the same ten lives.")
    mean_growth_time: float = _growth(400.0)


@dataclass(frozen=True, kw_only=True)
class ImpellerPart(Component):
    """The impeller and its wear rings."""

    kind: ClassVar[str] = "impeller"
    defect: ClassVar[str] = "impeller_wear"
    shape: float = _shape(2.5, "Weibull shape of wear. Assumption.")
    scale: float = _scale(60_000.0, "Weibull scale. Assumption.")
    mean_growth_time: float = _growth(3_000.0)


@dataclass(frozen=True, kw_only=True)
class WindingPart(Component):
    """The windings of the motor."""

    kind: ClassVar[str] = "winding"
    defect: ClassVar[str] = "winding_fault"
    shape: float = _shape(1.0, "Weibull shape: failures at random. Assumption.")
    scale: float = _scale(150_000.0, "Weibull scale. Assumption.")
    mean_growth_time: float = _growth(120.0)


@dataclass(frozen=True, kw_only=True)
class Components(Parameters):
    """What a pump is made of, as competing risks."""

    bearing: BearingPart = parameter(BearingPart, doc="The bearings.")
    seal: SealPart = parameter(SealPart, doc="The mechanical seal.")
    impeller: ImpellerPart = parameter(ImpellerPart, doc="The impeller.")
    winding: WindingPart = parameter(WindingPart, doc="The motor's windings.")
    ageing: float = parameter(
        1.0,
        doc="How much faster all age than in the sources: harsh service. 1 is theirs.",
        above=0.0,
        maximum=1_000.0,
        plausible=(0.2, 50.0),
        scale="log",
    )
    first_age: float = parameter(
        25_000.0,
        doc="Highest age of a component at the start, in hours of its table; ages are uniform. "
        "Assumption.",
        unit="h",
        minimum=0.0,
        maximum=1e6,
    )
    cascade_severity: float = parameter(
        0.2,
        doc="Severity of a bearing's wear from which its shaft's play wears the seal. Assumption.",
        minimum=0.0,
        maximum=1.0,
    )
    cascade_ageing: float = parameter(
        30.0,
        doc="How much faster the seal ages then. Assumption; Bloch finds 13 % of 11,000 seal "
        "failures caused by bearings.",
        minimum=1.0,
        maximum=1_000.0,
    )
    cavitation_ageing: float = parameter(
        4.0,
        doc="How much faster the impeller ages in full cavitation. Assumption.",
        minimum=1.0,
        maximum=1_000.0,
    )

    def all(self) -> tuple[Component, ...]:
        """The components, in the order that `kernels.stations` names."""
        return (self.bearing, self.seal, self.impeller, self.winding)


KINDS = tuple(component.kind for component in Components().all())
DEFECTS = tuple(component.defect for component in Components().all())
