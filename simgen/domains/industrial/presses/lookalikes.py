"""What resembles a press' defect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from simgen.core import parameter
from simgen.domains.industrial.fleet.lookalikes import (
    Disturbance,
    FleetLookAlikes,
    FleetSensorFault,
)
from simgen.domains.industrial.lookalikes.base import events_per_year
from simgen.domains.industrial.lookalikes.cold_start import ColdStart
from simgen.domains.industrial.lookalikes.load_step import LoadStep

if TYPE_CHECKING:
    from simgen.domains.industrial.fleet.hall import FleetMachine


@dataclass(frozen=True, kw_only=True)
class PressLoadStep(LoadStep):
    """A spell of heavy pieces: pressure, power and heat rise."""

    resembles: ClassVar[str] = "cooler_fouling"
    factors: tuple[float, float] = parameter(
        (1.25, 1.7),
        doc="Lowest and highest load over the usual.",
        minimum=1.0,
        maximum=5.0,
        is_range=True,
    )


@dataclass(frozen=True, kw_only=True)
class PressColdStart(ColdStart):
    """The first hours of a press that stood in the cold: thick oil, slow valves."""

    resembles: ClassVar[str] = "valve_lag"


@dataclass(frozen=True, kw_only=True)
class WarmWater(Disturbance):
    """The cooling water of a hall is too warm for some time."""

    kind: ClassVar[str] = "warm_water"
    resembles: ClassVar[str] = "cooler_fouling"
    common: ClassVar[bool] = True
    rate: float = events_per_year(6.0)
    rises: tuple[float, float] = parameter(
        (5.0, 15.0),
        doc="Least and largest rise of the water. Assumption.",
        unit="K",
        minimum=0.0,
        maximum=50.0,
        is_range=True,
    )

    def size(self, machine: FleetMachine) -> float:
        """See `Disturbance.size`."""
        return float(machine.rng.uniform(*self.rises))


@dataclass(frozen=True, kw_only=True)
class AirInOil(Disturbance):
    """Air is drawn in and makes the oil soft and the pump loud."""

    kind: ClassVar[str] = "air_in_oil"
    resembles: ClassVar[str] = "gas_loss"
    rate: float = events_per_year(4.0)
    shares: tuple[float, float] = parameter(
        (0.2, 1.0),
        doc="Least and largest effect, over that of oil full of air. Assumption.",
        unit="1",
        minimum=0.0,
        maximum=1.0,
        is_range=True,
    )

    def size(self, machine: FleetMachine) -> float:
        """See `Disturbance.size`."""
        return float(machine.rng.uniform(*self.shares))


@dataclass(frozen=True, kw_only=True)
class PressSensorFault(FleetSensorFault):
    """A sensor reads wrong, or what it read is sent late, with a wrong time, or not at all."""

    resembles: ClassVar[str] = "pump_leakage"


@dataclass(frozen=True, kw_only=True)
class PressLookAlikes(FleetLookAlikes):
    """The look-alikes of a shop of presses."""

    load_step: PressLoadStep = parameter(PressLoadStep)
    cold_start: PressColdStart = parameter(PressColdStart)
    sensor_fault: PressSensorFault = parameter(PressSensorFault)
    warm_water: WarmWater = parameter(WarmWater)
    air_in_oil: AirInOil = parameter(AirInOil)
