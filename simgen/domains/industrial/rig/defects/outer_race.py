"""A spall on the outer race: it stands still, mostly where the load is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.core import parameter
from simgen.domains.industrial.bearings import FaultOrders
from simgen.domains.industrial.rig.defects.base import Defect, Kinematics


@dataclass(frozen=True, kw_only=True)
class OuterRace(Defect):
    """Struck at BPFO, every time alike."""

    kind: ClassVar[str] = "outer_race_spall"

    scale: float = parameter(
        1_200.0,
        doc="Weibull scale of the life before: the loaded part of the race never rests. "
        "Assumption.",
        unit="h",
        above=1.0,
        maximum=1e7,
    )

    def kinematics(self, orders: FaultOrders) -> Kinematics:
        """See `Defect.kinematics`."""
        return Kinematics(
            order=orders.outer_race,
            zone_order=0.0,
            every_second=1.0,
            phase=(-0.7, 0.7),
            slip=0.008,
            spread=0.15,
            wander=0.0,
        )
