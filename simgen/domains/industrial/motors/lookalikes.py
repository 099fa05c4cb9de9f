"""What resembles a motor's defect."""

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
class MotorLoadStep(LoadStep):
    """A spell of work under a load well above the usual: slip, currents and heat rise."""

    resembles: ClassVar[str] = "broken_bar"
    factors: tuple[float, float] = parameter(
        (1.25, 1.6),
        doc="Lowest and highest load over the usual.",
        minimum=1.0,
        maximum=5.0,
        is_range=True,
    )


@dataclass(frozen=True, kw_only=True)
class MotorColdStart(ColdStart):
    """The first hours of a motor that stood in the cold."""

    resembles: ClassVar[str] = "outer_race_spall"


@dataclass(frozen=True, kw_only=True)
class SupplyUnbalance(Disturbance):
    """The mains' voltages differ for some time, for every motor of a hall: currents do far more."""

    kind: ClassVar[str] = "supply_unbalance"
    resembles: ClassVar[str] = "turn_short"
    common: ClassVar[bool] = True
    rate: float = events_per_year(6.0)
    unbalances: tuple[float, float] = parameter(
        (0.005, 0.025),
        doc="Least and largest negative sequence of the voltage, share. EN 50160 allows 0.02.",
        minimum=0.0,
        maximum=0.1,
        is_range=True,
    )

    def size(self, machine: FleetMachine) -> float:
        """See `Disturbance.size`: which way and how far, as `currents.mains` reads it."""
        rng = machine.rng
        return float(rng.integers(360) + rng.uniform(*self.unbalances))


@dataclass(frozen=True, kw_only=True)
class LoadPulsation(Disturbance):
    """What the motor drives pulsates slowly: sidebands where those of broken bars may be."""

    kind: ClassVar[str] = "load_pulsation"
    resembles: ClassVar[str] = "broken_bar"
    rate: float = events_per_year(3.0)
    pulsations: tuple[float, float] = parameter(
        (0.004, 0.03),
        doc="Least and largest sideband over the mains' line. Assumption.",
        minimum=0.0,
        maximum=0.5,
        is_range=True,
    )

    def size(self, machine: FleetMachine) -> float:
        """See `Disturbance.size`."""
        return float(machine.rng.uniform(*self.pulsations))


@dataclass(frozen=True, kw_only=True)
class MotorSensorFault(FleetSensorFault):
    """A sensor reads wrong, or what it read is sent late, with a wrong time, or not at all."""

    resembles: ClassVar[str] = "phase_loss"


@dataclass(frozen=True, kw_only=True)
class MotorLookAlikes(FleetLookAlikes):
    """The look-alikes of a fleet of motors."""

    load_step: MotorLoadStep = parameter(MotorLoadStep)
    cold_start: MotorColdStart = parameter(MotorColdStart)
    sensor_fault: MotorSensorFault = parameter(MotorSensorFault)
    supply_unbalance: SupplyUnbalance = parameter(SupplyUnbalance)
    load_pulsation: LoadPulsation = parameter(LoadPulsation)
