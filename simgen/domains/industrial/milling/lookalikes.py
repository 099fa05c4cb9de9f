"""What resembles a worn tool, a weak clamp or a worn spindle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from simgen.core import Parameters, parameter
from simgen.domains.industrial.lookalikes.base import LookAlike, events_per_year
from simgen.domains.industrial.lookalikes.cold_start import ColdStart
from simgen.domains.industrial.lookalikes.sensor_fault import Sensor, SensorFault

# Median sizes of sensors' faults, see `Sensor`; assumptions.
SENSORS: Mapping[str, Sensor] = MappingProxyType(
    {
        "power": Sensor("kW", (0.6, 0.2, 0.0, 2.0, 0.0, 2.0)),
        "force_y": Sensor("N", (120.0, 40.0, 0.0, 500.0, 0.0, 700.0)),
        "vibration": Sensor("mm/s", (0.8, 0.2, 0.0, 3.0, 0.0, 1.0)),
    }
)


def _share(default: float) -> float:
    value: float = parameter(
        default, doc="Share of the batches. Assumption.", minimum=0.0, maximum=1.0
    )
    return value


@dataclass(frozen=True, kw_only=True)
class HardBatch(LookAlike):
    """A batch that is harder than usual: forces and heat are those of a worn tool."""

    kind: ClassVar[str] = "hard_batch"
    resembles: ClassVar[str] = "worn_tool"
    share: float = _share(0.08)
    factors: tuple[float, float] = parameter(
        (1.06, 1.25),
        doc="Least and largest hardness over the usual. Assumption.",
        minimum=1.0,
        maximum=3.0,
        is_range=True,
    )


@dataclass(frozen=True, kw_only=True)
class ThinWall(LookAlike):
    """A batch of pieces that give way: cuts chatter on a sound machine."""

    kind: ClassVar[str] = "thin_wall"
    resembles: ClassVar[str] = "weak_clamping"
    share: float = _share(0.06)
    factors: tuple[float, float] = parameter(
        (0.35, 0.7),
        doc="Least and largest stiffness over that of a thick piece. Assumption.",
        above=0.0,
        maximum=1.0,
        is_range=True,
    )


@dataclass(frozen=True, kw_only=True)
class ColdSpindle(ColdStart):
    """The first hours of a spindle that stood in the cold: grease is stiff."""

    resembles: ClassVar[str] = "spindle_bearing_wear"
    below: float = parameter(
        16.0,
        doc="Temperature of the spindle at the start below which it counts. Assumption.",
        unit="degree Celsius",
        minimum=-60.0,
        maximum=60.0,
    )


@dataclass(frozen=True, kw_only=True)
class MillSensorFault(SensorFault):
    """A sensor reads wrong, or what it read is sent late, with a wrong time, or not at all."""

    resembles: ClassVar[str] = "broken_tool"
    rate: float = events_per_year(4.0)
    mean_time: float = parameter(
        2.0,
        doc="Mean time until the sensor is exchanged unasked. Assumption.",
        unit="day",
        above=0.0,
        maximum=365.0,
    )

    def sensors(self, site: object) -> Mapping[str, Sensor]:  # noqa: ARG002 - all mills are alike
        """See `SensorFault.sensors`."""
        return SENSORS


@dataclass(frozen=True, kw_only=True)
class MillLookAlikes(Parameters):
    """The look-alikes of a milling cell."""

    hard_batch: HardBatch = parameter(HardBatch)
    thin_wall: ThinWall = parameter(ThinWall)
    cold_start: ColdSpindle = parameter(ColdSpindle)
    sensor_fault: MillSensorFault = parameter(MillSensorFault)


# A record that belongs to several is counted to the last of them.
KINDS = (HardBatch.kind, ThinWall.kind, ColdSpindle.kind, MillSensorFault.kind)
