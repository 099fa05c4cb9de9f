"""What resembles a defect of a machine in a fleet."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar

import simpy

from simgen.core import DAY, Parameters, parameter
from simgen.domains.industrial.lookalikes.base import YEAR, LookAlike, events_per_year
from simgen.domains.industrial.lookalikes.cold_start import ColdStart
from simgen.domains.industrial.lookalikes.load_step import LoadStep
from simgen.domains.industrial.lookalikes.sensor_fault import Sensor, SensorFault

if TYPE_CHECKING:
    from simgen.domains.industrial.fleet.hall import FleetMachine, Hall


@dataclass(frozen=True, kw_only=True)
class Disturbance(LookAlike, ABC):
    """Something outside of a machine that its sensors see as well, for some time."""

    common: ClassVar[bool] = False  # whether it hits all machines of a hall alike

    rate: float = events_per_year(3.0)
    mean_time: float = parameter(
        4.0, doc="Mean length. Assumption.", unit="day", above=0.0, maximum=365.0
    )

    @abstractmethod
    def size(self, machine: FleetMachine) -> float:
        """How strong it is this time, as the signals take it."""

    def come_and_go(
        self, hall: Hall, machines: list[FleetMachine]
    ) -> Generator[simpy.Event, Any, None]:
        """The SimPy process of one machine's surroundings, or of all that share theirs."""
        rng = machines[0].rng
        while self.rate > 0.0:
            yield hall.env.timeout(rng.exponential(YEAR / self.rate))
            size, events = self.size(machines[0]), []
            for machine in machines:
                event = hall.begin(machine, self.kind, lookalike_of=self.resembles)
                event.size = size
                machine.disturbances[self.kind] = event
                events.append(event)
                hall.unsettle(machine)
            yield hall.env.timeout(rng.exponential(self.mean_time * DAY))
            for machine, event in zip(machines, events, strict=True):
                hall.end(event)
                hall.unsettle(machine)


@dataclass(frozen=True, kw_only=True)
class FleetSensorFault(SensorFault):
    """A sensor reads wrong, or what it read is sent late, with a wrong time, or not at all."""

    def sensors(self, site: Hall) -> Mapping[str, Sensor]:
        """See `SensorFault.sensors`."""
        return site.sensors


@dataclass(frozen=True, kw_only=True)
class FleetLookAlikes(Parameters):
    """The look-alikes of a fleet: these three, and the disturbances that a subclass adds."""

    load_step: LoadStep = parameter(LoadStep)
    cold_start: ColdStart = parameter(ColdStart)
    sensor_fault: FleetSensorFault = parameter(FleetSensorFault)

    @property
    def disturbances(self) -> tuple[Disturbance, ...]:
        """Those that come from outside."""
        every = (getattr(self, field.name) for field in fields(self))
        return tuple(one for one in every if isinstance(one, Disturbance))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind; a record that belongs to several is counted to the last of them."""
        others = tuple(one.kind for one in self.disturbances)
        return (self.load_step.kind, self.cold_start.kind, *others, self.sensor_fault.kind)
