"""What resembles a gearbox's defect."""

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
class GearLoadStep(LoadStep):
    """A spell of work under a load well above the usual: the mesh and the oil's heat rise."""

    resembles: ClassVar[str] = "tooth_wear"
    factors: tuple[float, float] = parameter(
        (1.25, 1.7),
        doc="Lowest and highest load over the usual.",
        minimum=1.0,
        maximum=5.0,
        is_range=True,
    )


@dataclass(frozen=True, kw_only=True)
class GearColdStart(ColdStart):
    """The first hours of a gearbox that stood in the cold: thick oil churns."""

    resembles: ClassVar[str] = "outer_race_spall"


@dataclass(frozen=True, kw_only=True)
class Neighbour(Disturbance):
    """A machine beside it is out of balance and shakes the floor, almost at the same speed."""

    kind: ClassVar[str] = "neighbour"
    resembles: ClassVar[str] = "unbalance"
    rate: float = events_per_year(4.0)
    levels: tuple[float, float] = parameter(
        (0.02, 0.12),
        doc="Least and largest amplitude that arrives. Assumption.",
        unit="g",
        minimum=0.0,
        maximum=10.0,
        is_range=True,
    )

    def size(self, machine: FleetMachine) -> float:
        """See `Disturbance.size`."""
        return float(machine.rng.uniform(*self.levels))


@dataclass(frozen=True, kw_only=True)
class GearSensorFault(FleetSensorFault):
    """A sensor reads wrong, or what it read is sent late, with a wrong time, or not at all."""

    resembles: ClassVar[str] = "tooth_crack"


@dataclass(frozen=True, kw_only=True)
class GearLookAlikes(FleetLookAlikes):
    """The look-alikes of a line of gearboxes."""

    load_step: GearLoadStep = parameter(GearLoadStep)
    cold_start: GearColdStart = parameter(GearColdStart)
    sensor_fault: GearSensorFault = parameter(GearSensorFault)
    neighbour: Neighbour = parameter(Neighbour)
