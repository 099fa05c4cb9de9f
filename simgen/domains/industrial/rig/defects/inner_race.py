"""A spall on the inner race: it turns with the shaft, into the load zone and out of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from simgen.domains.industrial.bearings import FaultOrders
from simgen.domains.industrial.rig.defects.base import Defect, Kinematics


@dataclass(frozen=True, kw_only=True)
class InnerRace(Defect):
    """Struck at BPFI, the harder the nearer to the load's direction: once a turn."""

    kind: ClassVar[str] = "inner_race_spall"

    def kinematics(self, orders: FaultOrders) -> Kinematics:
        """See `Defect.kinematics`."""
        return Kinematics(
            order=orders.inner_race,
            zone_order=1.0,
            every_second=1.0,
            phase=(0.0, math.tau),
            slip=0.008,
            spread=0.15,
            wander=0.0,
        )
