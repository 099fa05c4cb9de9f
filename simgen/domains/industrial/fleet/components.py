"""Component tables: what a machine is made of, how each part fails, and what that looks like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from simgen.core import asset
from simgen.domains.industrial.site.modes import gamma_course
from simgen.domains.industrial.site.notes import Vocabulary
from simgen.domains.industrial.site.orders import NOTHING, SENSOR
from simgen.kernels.arrays import Floats
from simgen.kernels.degradation import paris_cycles, paris_length

if TYPE_CHECKING:
    from simgen.domains.industrial.events import Event
    from simgen.domains.industrial.site.parts import Part


_SENSOR_WORDS = ("sensor reads nonsense", "loose plug on sensor", "transmitter wrong, changed")
_NOTHING_WORDS = ("nothing found", "all ok", "no fault found, watch it")


@dataclass(frozen=True, kw_only=True)
class Crack:
    """Paris' law between two lengths, of which only the ratio and the exponent matter.

    References:
        Paris, Erdogan (1963), A critical analysis of crack propagation laws. J. Basic Eng. 85.
    """

    ratio: float  # of the last length to the first
    exponent: float  # m of the law

    def severity(self, time: Floats) -> Floats:
        """Growth over that of the whole life, at shares of its time `(n,)`."""
        n_cycles = paris_cycles(1.0, self.ratio, 1.0, self.exponent, 1.0)
        length = [paris_length(1.0, t * n_cycles, 1.0, self.exponent, 1.0) for t in time.tolist()]
        # Rounding may carry the last point through the end.
        return (np.minimum(length, self.ratio) - 1.0) / (self.ratio - 1.0)


@dataclass(frozen=True, kw_only=True)
class FaultMode:
    """A way in which a component fails; see `site.modes.Mode`."""

    defect: str
    shape: float
    scale: float  # [h] at rated load
    mean_growth_time: float  # [h]
    steadiness: float  # shape of the gamma process that is its clock
    crack: Crack | None  # else it grows in proportion to that clock
    looks: tuple[str, ...]  # how technicians put it

    def course(self, rng: np.random.Generator) -> Floats:
        """Severities from defect to failure `(N_POINTS,)`.

        Wear is in proportion to the sliding distance (Archard 1953), which a gamma process
        counts unevenly; a crack follows its own law over that count.
        """
        clock = gamma_course(rng, self.steadiness)
        return clock if self.crack is None else self.crack.severity(clock)


@dataclass(frozen=True, kw_only=True)
class ComponentKind:
    """A component: its fault modes are competing risks; see `site.modes.Kind`."""

    kind: str
    load_exponent: float  # it ages with this power of load over the rated one
    speed_exponent: float  # and with this one of speed; 1 counts turns
    activation_energy: float  # of what heat does to it [eV]; 0: heat does nothing
    modes: tuple[FaultMode, ...]
    called: tuple[str, ...]

    @property
    def wear(self) -> tuple[float, float, float]:
        """The content of a record of dtype WEAR."""
        return self.load_exponent, self.speed_exponent, self.activation_energy


@dataclass(frozen=True, kw_only=True)
class Cascade:
    """A defect that makes another component age faster."""

    cause: str  # a defect
    severity: float  # from which it does
    component: str
    factor: float


@dataclass(frozen=True, kw_only=True)
class ComponentTable:
    """The content of a file in assets/industrial/."""

    machine: str
    components: tuple[ComponentKind, ...]
    cascades: tuple[Cascade, ...]
    troubles: dict[str, tuple[str, ...]]  # findings besides defects, and how they are put

    @property
    def defects(self) -> tuple[str, ...]:
        """Every defect, in the order of the table."""
        return tuple(mode.defect for kind in self.components for mode in kind.modes)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every component, in the order of the table."""
        return tuple(kind.kind for kind in self.components)

    @cached_property
    def named(self) -> dict[str, ComponentKind]:
        """Components by their names."""
        return {kind.kind: kind for kind in self.components}

    @cached_property
    def _causes(self) -> dict[str, list[Cascade]]:
        """What makes a component age faster, by its kind."""
        return {k: [one for one in self.cascades if one.component == k] for k in self.kinds}

    def hastened(self, kind: str, parts: Iterable[Part]) -> list[tuple[Event, float]]:
        """The events of parts that make one of this kind age faster now, and how much faster."""
        return [
            (part.event, cascade.factor)
            for cascade in self._causes[kind]
            for part in parts
            if part.event is not None
            and part.event.kind == cascade.cause
            and part.severity >= cascade.severity
        ]

    def paced(self, factor: float) -> ComponentTable:
        """The same table, but defects grow for so many times as long."""
        components = tuple(
            replace(
                kind,
                modes=tuple(
                    replace(mode, mean_growth_time=factor * mode.mean_growth_time)
                    for mode in kind.modes
                ),
            )
            for kind in self.components
        )
        return replace(self, components=components)

    @property
    def words(self) -> Vocabulary:
        """What technicians write."""
        looks = {mode.defect: mode.looks for kind in self.components for mode in kind.modes}
        every = looks | self.troubles | {SENSOR: _SENSOR_WORDS, NOTHING: _NOTHING_WORDS}
        return Vocabulary(
            machine=self.machine,
            parts={kind.kind: kind.called for kind in self.components},
            findings=every,
        )


@cache
def component_table(name: str) -> ComponentTable:
    """The table in assets/industrial/<name>.yaml."""
    content = asset(f"industrial/{name}")
    return ComponentTable(
        machine=content["machine"],
        components=tuple(_component(*item) for item in content["components"].items()),
        cascades=tuple(Cascade(**about) for about in content["cascades"]),
        troubles={finding: tuple(words) for finding, words in content["troubles"].items()},
    )


def _component(kind: str, about: dict[str, Any]) -> ComponentKind:
    return ComponentKind(
        kind=kind,
        load_exponent=about["load_exponent"],
        speed_exponent=about.get("speed_exponent", 1.0),
        activation_energy=about.get("activation_energy", 0.0),
        modes=tuple(_mode(*item) for item in about["modes"].items()),
        called=tuple(about["called"]),
    )


def _mode(defect: str, about: dict[str, Any]) -> FaultMode:
    crack = about.get("crack")
    return FaultMode(
        defect=defect,
        shape=about["shape"],
        scale=about["scale"],
        mean_growth_time=about["growth_time"],
        steadiness=about["steadiness"],
        crack=Crack(**crack) if crack else None,
        looks=tuple(about["looks"]),
    )
