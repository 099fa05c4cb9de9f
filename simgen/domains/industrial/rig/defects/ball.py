"""A spall on a ball: it meets both races in turn, and the ball's axis wanders."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from simgen.core import parameter
from simgen.domains.industrial.bearings import FaultOrders
from simgen.domains.industrial.rig.defects.base import Defect, Kinematics


@dataclass(frozen=True, kw_only=True)
class Ball(Defect):
    """Struck at 2 BSF, unevenly, and carried through the load zone at the cage's rate."""

    kind: ClassVar[str] = "ball_spall"

    scale: float = parameter(
        2_200.0,
        doc="Weibull scale of the life before. Assumption.",
        unit="h",
        above=1.0,
        maximum=1e7,
    )
    mean_sharpness: float = parameter(
        0.35,
        doc="Share of the damage that strikes; the rest is rough and hisses. Assumption: the "
        "kurtosis of ball faults on the Case Western rig is near 3.",
        above=0.0,
        below=1.0,
    )

    def kinematics(self, orders: FaultOrders) -> Kinematics:
        """See `Defect.kinematics`."""
        return Kinematics(
            order=2.0 * orders.ball,
            zone_order=orders.cage,
            every_second=0.6,
            phase=(0.0, math.tau),
            slip=0.012,
            spread=0.6,
            wander=0.5,
        )
