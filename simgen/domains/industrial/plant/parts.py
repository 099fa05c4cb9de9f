"""Components: how long each lasts, and how a defect grows until it fails; those of a pump."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from simgen.core import HOUR, Parameters, parameter
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.stations import N_POINTS
from simgen.domains.industrial.plant.modes import Kind, Mode, gamma_course
from simgen.kernels.ageing import first_of_weibulls, kijima_one, kijima_two

if TYPE_CHECKING:
    from simgen.domains.industrial.plant.orders import WorkOrder

Floats = npt.NDArray[np.float64]

_GROWTH_SHAPE = 4.0  # of the gamma law of the time from defect to failure; assumption
_N_TRIES = 100  # of a life that a sound part may have; numerical
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
_SHARES = np.linspace(0.0, 1.0, N_POINTS)  # of the growth time, at the points of a course


@dataclass(kw_only=True)
class Part:
    """A component that is or was in a machine."""

    part_id: int
    machine: int  # within the block
    about: Kind
    fitted_at: float  # [s]
    entry_age: float  # when it came under observation: equivalent hours [h]
    age: float  # equivalent hours in use [h]
    virtual_age: float  # that counted for the risk at the last repair [h]
    repaired_age: float  # `age` at that repair [h]
    use_time: float = 0.0  # under observation [s]
    mode: Mode  # how it will fail
    life: float = 0.0  # age at failure [h]
    growth_time: float = 1.0  # from defect to failure [h]
    course: Floats  # severities over that time, rising from 0 to 1. (N_POINTS,)
    event: Event | None = None  # of its defect, once begun
    order: WorkOrder | None = None  # for its replacement
    removed_at: float | None = None  # [s]
    removal: str = ""
    failed: bool = False

    def severity_at(self, age: float) -> float:
        """Severity of the defect at an age [h]: 0 sound, 1 failed."""
        share = (age - self.life) / self.growth_time + 1.0
        return float(np.interp(share, _SHARES, self.course))

    @property
    def severity(self) -> float:
        """At present."""
        return self.severity_at(self.age) if self.event is not None else 0.0

    @property
    def is_defect_older(self) -> bool:
        """Whether its defect began before it came under observation."""
        return self.next_age < self.entry_age

    @property
    def next_age(self) -> float:
        """Age at which the defect begins or, if it has, the part fails [h]."""
        return self.life if self.event is not None else self.life - self.growth_time

    def time_to_change(self, rate: float) -> float:
        """Time in use until the defect begins or, if it has, the part fails [s]."""
        return max(0.0, self.next_age - self.age) / rate * HOUR

    def use(self, time: float, rate: float) -> None:
        """Age by a time in use [s] at `rate` equivalent hours an hour."""
        self.use_time += time
        self.age += time / HOUR * rate

    def draw_life(self, rng: np.random.Generator) -> None:
        """Draw when it fails, given what it has been through, and how that announces itself.

        A defect may have begun before now, though not before the part was new: it is then seen
        as grown as it is, from when the part is in use next.
        """
        every = self.about.modes
        laws = np.array([(mode.shape, mode.scale, self.virtual_age) for mode in every])
        first, left = first_of_weibulls(rng.random(len(every)), *laws.T.copy())
        self.mode = every[first]
        mean = self.mode.mean_growth_time
        growth = rng.gamma(_GROWTH_SHAPE, mean / _GROWTH_SHAPE)
        self.life = self.age + left
        self.growth_time = max(min(growth, self.life), 1e-6)
        self.course = self.mode.course(rng)

    def restore(self, rng: np.random.Generator, share: float) -> None:
        """Undo a share of the ageing since the last repair (Kijima I), unless a defect began.

        What is left is drawn given that the part is sound now: with a share of 0 its law is that
        of parts which nobody touched.
        """
        if self.event is not None or self.next_age <= self.age:
            return
        used = self.age - self.repaired_age
        self.virtual_age = kijima_one(self.virtual_age, used, share)
        self.repaired_age = self.age
        for _ in range(_N_TRIES):
            self.draw_life(rng)
            if self.next_age > self.age:
                return
        self.hold_back()

    def hold_back(self) -> None:
        """No defect begins before now: one that had grows within what is left."""
        self.growth_time = max(min(self.growth_time, self.life - self.age), 1e-6)


def first_part(
    about: Kind, part_id: int, machine: int, age: float, rng: np.random.Generator
) -> Part:
    """A component that has reached an age [h] when observation begins: its life is truncated."""
    part = Part(
        part_id=part_id,
        machine=machine,
        about=about,
        mode=about.modes[0],
        fitted_at=0.0,
        entry_age=age,
        age=age,
        virtual_age=age,
        repaired_age=age,
        course=_SHARES,
    )
    part.draw_life(rng)
    return part


def successor(
    old: Part, part_id: int, now: float, restoration: float, rng: np.random.Generator
) -> Part:
    """What is in the machine after a repair of `old`: Kijima II, new if `restoration` is 1."""
    used = old.age - old.repaired_age
    part = first_part(
        old.about, part_id, old.machine, kijima_two(old.virtual_age, used, restoration), rng
    )
    part.hold_back()
    part.fitted_at = now
    return part
