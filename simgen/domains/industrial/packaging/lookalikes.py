"""What resembles a defect of a line's machine."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import simpy

from simgen.core import HOUR, Parameters, parameter
from simgen.domains.industrial.kernels.telemetry import hall_temperature
from simgen.domains.industrial.lookalikes.base import YEAR, LookAlike, events_per_year
from simgen.domains.industrial.lookalikes.sensor_fault import Sensor, SensorFault

if TYPE_CHECKING:
    from simgen.domains.industrial.packaging.line import Line

# Median sizes of sensors' faults, see `Sensor`; assumptions.
SENSORS: Mapping[str, Sensor] = MappingProxyType(
    {
        "current": Sensor("A", (1.5, 0.4, 0.0, 6.0, 0.0, 9.0)),
        "vibration": Sensor("mm/s", (0.8, 0.2, 0.0, 3.0, 0.0, 0.9)),
    }
)


@dataclass(frozen=True, kw_only=True)
class BadMaterial(LookAlike):
    """A bad lot of caps, labels, bottles or cartons: one machine jams and rejects far more."""

    kind: ClassVar[str] = "bad_material"
    resembles: ClassVar[str] = "clutch_wear"
    rate: float = parameter(
        24.0, doc="Lots of a line. Assumption.", unit="1/year", minimum=0.0, maximum=1_000.0
    )
    factors: tuple[float, float] = parameter(
        (2.0, 7.0),
        doc="Least and most jams and rejects over the usual. Assumption.",
        minimum=1.0,
        maximum=100.0,
        is_range=True,
    )
    mean_time: float = parameter(
        14.0, doc="Mean time until it is used up. Assumption.", unit="h", above=0.0, maximum=1e4
    )

    def come_and_go(self, line: Line) -> Generator[simpy.Event, Any, None]:
        """The SimPy process of the line's suppliers."""
        rng, env = line.rng, line.env
        while self.rate > 0.0:
            yield env.timeout(rng.exponential(YEAR / self.rate))
            station = line.stations[int(rng.integers(len(line.stations)))]
            line.advance()
            event = line.begin(station, self.kind, lookalike_of=self.resembles)
            event.size = rng.uniform(*self.factors)
            station.material = event
            line.disturb()
            yield env.timeout(rng.exponential(self.mean_time * HOUR))
            line.advance()
            line.end(event)
            line.disturb()


@dataclass(frozen=True, kw_only=True)
class NewFormat(LookAlike):
    """The first hours after a changeover: guides and grippers are not yet set right."""

    kind: ClassVar[str] = "new_format"
    resembles: ClassVar[str] = "cup_wear"
    factors: tuple[float, float] = parameter(
        (1.0, 5.0),
        doc="Least and most jams over the usual, at first. Assumption.",
        minimum=1.0,
        maximum=100.0,
        is_range=True,
    )
    running_in_time: float = parameter(
        1.2,
        doc="With which that dies out; it counts for three times as long. Assumption.",
        unit="h",
        above=0.0,
        maximum=100.0,
        plausible=(0.3, 5.0),
        scale="log",
    )

    def begin(self, line: Line) -> None:
        """A changeover is done."""
        now, factor = line.env.now, line.rng.uniform(*self.factors)
        line.running_in = (now, factor)
        for station in line.stations:
            event = line.begin(station, self.kind, lookalike_of=self.resembles)
            event.size = factor
            event.ended_at = now + 3.0 * self.running_in_time * HOUR


@dataclass(frozen=True, kw_only=True)
class ColdLine(LookAlike):
    """The first hours of a shift in a cold hall: grease is stiff and currents are high."""

    kind: ClassVar[str] = "cold_start"
    resembles: ClassVar[str] = "bearing_wear"
    below: float = parameter(
        14.0,
        doc="Temperature of the hall at the start below which it counts. Assumption.",
        unit="degree Celsius",
        minimum=-60.0,
        maximum=60.0,
    )
    stiffening: float = parameter(
        0.03,
        doc="Current on top for each kelvin below, at first. Assumption.",
        unit="1/K",
        minimum=0.0,
        maximum=1.0,
    )
    warming_time: float = parameter(
        1.0,
        doc="With which that dies out; it counts for three times as long. Assumption.",
        unit="h",
        above=0.0,
        maximum=48.0,
    )

    def warn(self, line: Line) -> None:
        """A shift begins."""
        now = line.env.now
        colder = self.below - float(hall_temperature(line.days, now))
        for station in line.stations if colder > 0.0 else ():
            event = line.begin(station, self.kind, lookalike_of=self.resembles)
            event.size = self.stiffening * colder
            event.ended_at = now + 3.0 * self.warming_time * HOUR


@dataclass(frozen=True, kw_only=True)
class LineSensorFault(SensorFault):
    """A sensor reads wrong, or what it read is sent late, with a wrong time, or not at all."""

    resembles: ClassVar[str] = "belt_wear"
    rate: float = events_per_year(3.0)

    def sensors(self, site: object) -> Mapping[str, Sensor]:  # noqa: ARG002 - all lines are alike
        """See `SensorFault.sensors`."""
        return SENSORS


@dataclass(frozen=True, kw_only=True)
class LineLookAlikes(Parameters):
    """The look-alikes of a line."""

    new_format: NewFormat = parameter(NewFormat)
    cold_start: ColdLine = parameter(ColdLine)
    bad_material: BadMaterial = parameter(BadMaterial)
    sensor_fault: LineSensorFault = parameter(LineSensorFault)


# A record that belongs to several is counted to the last of them.
KINDS = (NewFormat.kind, ColdLine.kind, BadMaterial.kind, LineSensorFault.kind)
