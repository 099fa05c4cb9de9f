"""What resembles a compressor's defect."""

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
class CompressorLoadStep(LoadStep):
    """Some hours in which the works take far more: all run at full speed and the header sags."""

    resembles: ClassVar[str] = "second_valve_leakage"
    share: float = parameter(
        0.03, doc="Share of the control's steps. Assumption.", minimum=0.0, maximum=1.0
    )
    factors: tuple[float, float] = parameter(
        (1.3, 1.8),
        doc="Lowest and highest demand over the usual.",
        minimum=1.0,
        maximum=5.0,
        is_range=True,
    )


@dataclass(frozen=True, kw_only=True)
class CompressorColdStart(ColdStart):
    """The first hours of a compressor that stood in the cold: thick oil shakes and drags."""

    resembles: ClassVar[str] = "outer_race_spall"


@dataclass(frozen=True, kw_only=True)
class HotCoolant(Disturbance):
    """The cooling water of a station is too warm for some time: all intercoolers cool less."""

    kind: ClassVar[str] = "hot_coolant"
    resembles: ClassVar[str] = "intercooler_fouling"
    common: ClassVar[bool] = True
    rate: float = events_per_year(6.0)
    rises: tuple[float, float] = parameter(
        (5.0, 18.0),
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
class HumidAir(Disturbance):
    """Wet air or a blocked drain: the dryer is flooded, and the dew point rises for some time."""

    kind: ClassVar[str] = "humid_air"
    resembles: ClassVar[str] = "desiccant_ageing"
    common: ClassVar[bool] = True
    rate: float = events_per_year(8.0)
    mean_time: float = parameter(
        1.5, doc="Mean length. Assumption.", unit="day", above=0.0, maximum=365.0
    )
    rises: tuple[float, float] = parameter(
        (6.0, 28.0),
        doc="Least and largest rise of the dew point. Assumption.",
        unit="K",
        minimum=0.0,
        maximum=60.0,
        is_range=True,
    )

    def size(self, machine: FleetMachine) -> float:
        """See `Disturbance.size`."""
        return float(machine.rng.uniform(*self.rises))


@dataclass(frozen=True, kw_only=True)
class PulsingConsumer(Disturbance):
    """A consumer takes air in gulps: the header's pressure swings, and so do all machines."""

    kind: ClassVar[str] = "pulsing_consumer"
    resembles: ClassVar[str] = "intake_valve_stiction"
    common: ClassVar[bool] = True
    rate: float = events_per_year(6.0)
    mean_time: float = parameter(
        2.0, doc="Mean length. Assumption.", unit="day", above=0.0, maximum=365.0
    )
    swings: tuple[float, float] = parameter(
        (0.03, 0.25),
        doc="Least and largest rise of the pressure's swing. Assumption.",
        unit="bar",
        minimum=0.0,
        maximum=3.0,
        is_range=True,
    )

    def size(self, machine: FleetMachine) -> float:
        """See `Disturbance.size`."""
        return float(machine.rng.uniform(*self.swings))


@dataclass(frozen=True, kw_only=True)
class CompressorSensorFault(FleetSensorFault):
    """A sensor reads wrong, or what it read is sent late, with a wrong time, or not at all."""

    resembles: ClassVar[str] = "first_valve_leakage"


@dataclass(frozen=True, kw_only=True)
class CompressorLookAlikes(FleetLookAlikes):
    """The look-alikes of a station of compressors."""

    load_step: CompressorLoadStep = parameter(CompressorLoadStep)
    cold_start: CompressorColdStart = parameter(CompressorColdStart)
    sensor_fault: CompressorSensorFault = parameter(CompressorSensorFault)
    hot_coolant: HotCoolant = parameter(HotCoolant)
    humid_air: HumidAir = parameter(HumidAir)
    pulsing_consumer: PulsingConsumer = parameter(PulsingConsumer)
