"""Rolling bearings: from geometry to the orders at which their faults strike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from simgen.core import asset


@dataclass(frozen=True, kw_only=True)
class FaultOrders:
    """How often a fault of each part strikes per turn of the shaft."""

    outer_race: float  # BPFO
    inner_race: float  # BPFI
    ball: float  # BSF: one race is struck so often, both twice as often
    cage: float  # FTF


@dataclass(frozen=True, kw_only=True)
class Bearing:
    """A rolling bearing whose inner ring turns with the shaft.

    Diameters share one unit.
    """

    n_elements: int
    ball_diameter: float
    pitch_diameter: float
    contact_angle: float  # [rad]

    @property
    def orders(self) -> FaultOrders:
        """The kinematic fault orders, rolling without slip.

        With k = ball / pitch * cos(angle): FTF = (1 - k) / 2, BPFO = n (1 - k) / 2,
        BPFI = n (1 + k) / 2, BSF = pitch / (2 ball) * (1 - k^2).

        References:
            Harris, Kotzalas (2006), Rolling Bearing Analysis, 5th edition, chapter 10.
        """
        k = self.ball_diameter / self.pitch_diameter * math.cos(self.contact_angle)
        cage = 0.5 * (1.0 - k)
        return FaultOrders(
            outer_race=self.n_elements * cage,
            inner_race=self.n_elements * 0.5 * (1.0 + k),
            ball=self.pitch_diameter / (2.0 * self.ball_diameter) * (1.0 - k * k),
            cage=cage,
        )


@cache
def catalogue() -> dict[str, Bearing]:
    """The bearings of assets/industrial/bearings.yaml by designation."""
    return {
        name: Bearing(
            n_elements=about["n_elements"],
            ball_diameter=about["ball"],
            pitch_diameter=about["pitch"],
            contact_angle=math.radians(about["angle"]),
        )
        for name, about in asset("industrial/bearings")["bearings"].items()
    }
