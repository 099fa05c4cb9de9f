"""What resembles a bearing defect on a rig: load steps, cold starts, a loose foot, bad sensors."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import simpy

from simgen.core import DAY, Parameters, parameter
from simgen.domains.industrial.lookalikes.base import YEAR, LookAlike, events_per_year
from simgen.domains.industrial.lookalikes.cold_start import ColdStart
from simgen.domains.industrial.lookalikes.load_step import LoadStep
from simgen.domains.industrial.lookalikes.sensor_fault import Sensor, SensorFault

if TYPE_CHECKING:
    from simgen.domains.industrial.rig.hall import Hall, Machine

VIBRATION, TEMPERATURE = "vibration", "temperature"
_RIG: Mapping[str, Sensor] = MappingProxyType(  # sizes are assumptions
    {
        VIBRATION: Sensor("g", (0.4, 0.1, 0.0, 1.0, 0.0, 0.12)),
        TEMPERATURE: Sensor("degree Celsius", (7.0, 3.0, 0.0, 25.0, 0.0, 42.0)),
    }
)


@dataclass(frozen=True, kw_only=True)
class Looseness(LookAlike):
    """A bolt of the foot works loose, until somebody tightens it."""

    kind: ClassVar[str] = "looseness"
    resembles: ClassVar[str] = "inner_race_spall"

    rate: float = events_per_year(2.5)
    mean_time: float = parameter(
        6.0,
        doc="Mean time until the crew tightens it unasked. Assumption.",
        unit="day",
        above=0.0,
        maximum=365.0,
    )
    rattle: float = parameter(
        0.5,
        doc="Strike of a turn of the loose machine. Assumption.",
        unit="g",
        minimum=0.0,
        maximum=100.0,
    )
    swing: float = parameter(
        2.5, doc="Multiples of the turn over the usual. Assumption.", minimum=1.0, maximum=20.0
    )
    ageing: float = parameter(
        1.5, doc="How much faster the bearing ages meanwhile. Assumption.", minimum=1.0, maximum=20
    )

    def come_and_go(self, hall: Hall, machine: Machine) -> Generator[simpy.Event, Any, None]:
        """The SimPy process of one machine's foot."""
        while self.rate > 0.0:
            yield hall.env.timeout(machine.rng.exponential(YEAR / self.rate))
            event = hall.begin(machine, self.kind, lookalike_of=self.resembles)
            machine.loose = event
            yield hall.env.timeout(machine.rng.exponential(self.mean_time * DAY))
            hall.end(event)


@dataclass(frozen=True, kw_only=True)
class RigSensorFault(SensorFault):
    """A sensor reads wrong, or what it read is sent late, with a wrong time, or not at all."""

    resembles: ClassVar[str] = "outer_race_spall"
    rate: float = events_per_year(3.0)

    def sensors(self, site: object) -> Mapping[str, Sensor]:  # noqa: ARG002 - all rigs are alike
        """See `SensorFault.sensors`."""
        return _RIG


KINDS = (LoadStep.kind, ColdStart.kind, Looseness.kind, RigSensorFault.kind)


@dataclass(frozen=True, kw_only=True)
class LookAlikes(Parameters):
    """The look-alikes of a scenario."""

    load_step: LoadStep = parameter(LoadStep)
    cold_start: ColdStart = parameter(ColdStart)
    looseness: Looseness = parameter(Looseness)
    sensor_fault: RigSensorFault = parameter(RigSensorFault)
