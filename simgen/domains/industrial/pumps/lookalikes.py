"""What resembles a pump's defect: a surge, a cold start, a clogged strainer, a faulty sensor."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import simpy

from simgen.core import DAY, HOUR, Parameters, parameter
from simgen.domains.industrial.lookalikes.base import YEAR, LookAlike, events_per_year
from simgen.domains.industrial.lookalikes.cold_start import ColdStart
from simgen.domains.industrial.lookalikes.sensor_fault import (
    TRANSMITTER,
    Sensor,
    SensorFault,
    enlarged,
)
from simgen.domains.industrial.pumps.hydraulics import Hydraulics
from simgen.domains.industrial.pumps.words import STRAINER

if TYPE_CHECKING:
    from simgen.domains.industrial.pumps.station import Pump, Station

_SENSORS: Mapping[str, Sensor] = MappingProxyType(  # sizes for the default pump; assumptions
    {
        "flow": Sensor("m3/h", (20.0, 4.0, 0.0, 60.0, 0.0, 150.0)),
        "discharge_pressure": Sensor("bar", (0.3, 0.06, 0.0, 1.0, 0.0, 3.8)),
        "temperature": Sensor("degree Celsius", (8.0, 2.0, 0.0, 25.0, 0.0, 42.0)),
        "vibration": Sensor("mm/s", (1.5, 0.4, 0.0, 4.0, 0.0, 1.6)),
    }
)
SENSORS = (*_SENSORS, TRANSMITTER)  # that may be at fault


@dataclass(frozen=True, kw_only=True)
class DemandSurge(LookAlike):
    """The consumer takes far more for some hours: pumps share the pipe, and each gives less."""

    kind: ClassVar[str] = "demand_surge"
    resembles: ClassVar[str] = "impeller_wear"
    rate: float = events_per_year(12.0)
    factors: tuple[float, float] = parameter(
        (1.5, 2.2),
        doc="Lowest and highest demand over the usual.",
        minimum=1.0,
        maximum=10.0,
        is_range=True,
    )
    mean_time: float = parameter(
        8.0, doc="Mean length. Assumption.", unit="h", above=0.0, maximum=1_000.0
    )

    def come_and_go(self, station: Station) -> Generator[simpy.Event, Any, None]:
        """The SimPy process of the station's consumer."""
        rng, env = station.rng, station.env
        while self.rate > 0.0:
            yield env.timeout(rng.exponential(YEAR / self.rate))
            station.advance()
            station.surge = rng.uniform(*self.factors)
            station.disturb()
            events = [
                station.begin(pump, self.kind, lookalike_of=self.resembles)
                for pump in station.pumps
            ]
            yield env.timeout(rng.exponential(self.mean_time * HOUR))
            station.advance()
            station.surge = 1.0
            station.disturb()
            for event in events:
                station.end(event)


@dataclass(frozen=True, kw_only=True)
class ColdPump(ColdStart):
    """The first hours of a pump that stood in the cold: stiff grease shakes and drags."""

    resembles: ClassVar[str] = "bearing_wear"
    below: float = parameter(
        8.0,
        doc="Temperature of the bearing at the start below which it counts. Assumption.",
        unit="degree Celsius",
        minimum=-60.0,
        maximum=60.0,
    )


@dataclass(frozen=True, kw_only=True)
class CloggedStrainer(LookAlike):
    """The strainer before a pump fills up: less flow, low suction pressure, cavitation."""

    kind: ClassVar[str] = STRAINER
    resembles: ClassVar[str] = "impeller_wear"
    rate: float = events_per_year(3.0)
    clogging_time: float = parameter(
        120.0,
        doc="Until it is as clogged as it gets. Assumption.",
        unit="h",
        above=0.0,
        maximum=1e5,
    )
    mean_time: float = parameter(
        6.0,
        doc="Mean time until it is cleaned unasked. Assumption.",
        unit="day",
        above=0.0,
        maximum=365.0,
    )

    def come_and_go(self, station: Station, pump: Pump) -> Generator[simpy.Event, Any, None]:
        """The SimPy process of one pump's strainer."""
        while self.rate > 0.0:
            yield station.env.timeout(pump.rng.exponential(YEAR / self.rate))
            pump.strainer = station.begin(pump, self.kind, lookalike_of=self.resembles)
            yield station.env.timeout(pump.rng.exponential(self.mean_time * DAY))
            station.end(pump.strainer)


@dataclass(frozen=True, kw_only=True)
class PumpSensorFault(SensorFault):
    """A sensor reads wrong, or what it read is sent late, with a wrong time, or not at all."""

    resembles: ClassVar[str] = "seal_leak"

    def sensors(self, site: Station) -> Mapping[str, Sensor]:
        """See `SensorFault.sensors`."""
        water, usual = site.about.hydraulics, Hydraulics()
        factors = {
            "flow": water.best_flow / usual.best_flow,
            "discharge_pressure": water.best_head / usual.best_head,
        }
        return {
            name: Sensor(unit, enlarged(sizes, factors.get(name, 1.0)))
            for name, (unit, sizes) in _SENSORS.items()
        }


@dataclass(frozen=True, kw_only=True)
class PumpLookAlikes(Parameters):
    """The look-alikes of a station."""

    demand_surge: DemandSurge = parameter(DemandSurge)
    cold_start: ColdPump = parameter(ColdPump)
    clogged_strainer: CloggedStrainer = parameter(CloggedStrainer)
    sensor_fault: PumpSensorFault = parameter(PumpSensorFault)


# A record that belongs to several is counted to the last of them.
KINDS = (DemandSurge.kind, ColdPump.kind, CloggedStrainer.kind, PumpSensorFault.kind)
