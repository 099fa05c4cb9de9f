"""A site: machines of components, the crew and the store they share, and what happened there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import simpy

from simgen.des import MonitoredResource
from simgen.domains.industrial.events import Chronicle, Event
from simgen.domains.industrial.site.orders import SENSOR
from simgen.domains.industrial.site.parts import Part
from simgen.domains.industrial.site.upkeep import Upkeep
from simgen.domains.industrial.watch import Watch
from simgen.kernels.arrays import Floats

if TYPE_CHECKING:
    from simgen.domains.industrial.site.orders import WorkOrder
    from simgen.domains.industrial.site.store import Store


class Kept(Protocol):
    """What a scenario says of its sites' upkeep."""

    @property
    def upkeep(self) -> Upkeep:
        """What the crew does."""

    @property
    def start_date(self) -> str:
        """First day, as YYYY-MM-DD."""

    @property
    def ageing(self) -> float:
        """How much faster all components age than in their table."""

    @property
    def typing_error_share(self) -> float:
        """Share of a note's letters that are mistyped."""


class SiteAlarm(NamedTuple):
    """An alarm that came or went."""

    at: float  # [s]
    machine: int  # within the block
    quantity: str
    level: float | None  # None if work on the machine ended it
    threshold: float
    raised: bool


@dataclass(kw_only=True)
class Machine(ABC):
    """One machine, as it is now."""

    mended: ClassVar[tuple[str, ...]] = (SENSOR,)  # troubles that who looks ends on the spot

    index: int  # within the block
    machine_id: int
    rng: np.random.Generator
    defects: tuple[str, ...]  # that its kind may have
    watches: dict[str, Watch] = field(default_factory=dict)
    hands: simpy.Resource  # one job at a time
    parts: list[Part] = field(default_factory=list)  # in the order of the component table
    uses: list[float] = field(default_factory=list)  # at the start of each stretch of running [s]
    stops: list[float] = field(default_factory=list)  # use at failures [s]
    use_time: float = 0.0  # [s]
    serviced_use: float = 0.0  # at the last service [s]
    temperature: float = 0.0  # of what warms [degree Celsius]
    failed: bool = False
    attended: bool = False  # somebody works on it
    sensor_fault: Event | None = None
    inspection: WorkOrder | None = None  # asked for and not done
    service: WorkOrder | None = None  # same
    n_numbers: int = 0
    n_events: int = 0
    n_orders: int = 0

    @property
    def available(self) -> bool:
        """Whether it may be started."""
        return not self.failed and not self.attended

    @property
    def may_be_inspected(self) -> bool:
        """Whether no inspection is on its way, and it is not to be opened anyway."""
        return self.inspection is None and all(part.order is None for part in self.parts)

    def forget_usual(self) -> dict[str, float]:
        """Let alarms learn the usual levels anew; thresholds of those that this ends, by name."""
        stood = {quantity: watch.forget() for quantity, watch in self.watches.items()}
        return {quantity: level for quantity, level in stood.items() if level is not None}

    def begun(self) -> dict[str, float]:
        """Severities of the defects that have begun."""
        return {part.mode.defect: part.severity for part in self.parts if part.event}

    def severities(self) -> tuple[float, ...]:
        """Of `defects`."""
        found = self.begun()
        return tuple([found.get(defect, 0.0) for defect in self.defects]) if found else self._sound

    @cached_property
    def _sound(self) -> tuple[float, ...]:
        return (0.0,) * len(self.defects)

    @abstractmethod
    def troubles(self) -> Iterator[tuple[str, Event | None]]:
        """What an inspection looks for besides defects, in order: the finding and its event."""


@dataclass(kw_only=True)
class Site(Chronicle, ABC):
    """The block as it is simulated."""

    NUMBERS: ClassVar[int] = 1_000_000  # free for a machine's parts, events and orders

    about: Kept
    crew: MonitoredResource
    store: Store
    days: Floats  # daily means of the hall's temperature [degree Celsius]
    sensor_key: npt.NDArray[np.uint32]
    telemetry_key: npt.NDArray[np.uint32]
    first_weekday: int  # Monday is 0
    rng: np.random.Generator  # for what befalls the whole site
    parts: list[Part] = field(default_factory=list)
    orders: list[WorkOrder] = field(default_factory=list)
    alarms: list[SiteAlarm] = field(default_factory=list)

    @property
    @abstractmethod
    def machines(self) -> Sequence[Machine]:
        """The block's machines."""

    @abstractmethod
    def attend(self, machine: Machine, *, attended: bool) -> None:
        """Somebody begins to work on a machine now, which therefore stands, or gives it back."""

    def clean(self, machine: Machine) -> None:
        """Put right what every service puts right, besides what has aged: nothing, usually."""

    def forget_usual(self, machine: Machine) -> None:
        """Somebody has worked on a machine: its alarms go, and learn the usual levels anew."""
        for quantity, threshold in machine.forget_usual().items():
            gone = SiteAlarm(self.env.now, machine.index, quantity, None, threshold, False)
            self.alarms.append(gone)

    def crew_for(self, part: Part | None) -> MonitoredResource:  # noqa: ARG002 - for trades
        """Whose work a part is, or with None that of inspections and services."""
        return self.crew

    def closed_time(self, part: Part | None, *, urgent: bool) -> float:  # noqa: ARG002 - same
        """How long from now on they do not begin work, which is urgent if a machine failed [s]."""
        return self.about.upkeep.closed_time(self.env.now, self.first_weekday, urgent=urgent)

    def usual_pace(self, part: Part) -> float:  # noqa: ARG002 - for those that loads age
        """Equivalent hours that a component of a sound machine ages in an hour of use.

        What is known of it before it comes under observation: its age over this is time in use.
        """
        return self.about.ageing

    def number(self, machine: Machine) -> int:
        """The id of a machine's next part."""
        machine.n_numbers += 1
        return machine.machine_id * self.NUMBERS + machine.n_numbers

    def close_events(self) -> None:
        """The horizon is reached: what still goes on ends here, as far as anybody knows."""
        severity = {id(part.event): part.severity for part in self.parts if part.event}
        for event in self.events:
            self.end(event, severity=severity.get(id(event), 0.0))
            event.ended_at = min(event.ended_at, self.env.now)
