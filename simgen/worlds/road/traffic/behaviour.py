"""How people drive: distributions from which each driver is drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.core import Parameters, parameter
from simgen.worlds.road.catalogue import Kind

# Speed limiters of heavy vehicles: Directive 92/6/EEC as amended by 2002/85/EC. Bicycles: assumed.
TOP_SPEEDS = {"truck": 90.0 / 3.6, "bus": 100.0 / 3.6, "bicycle": 6.0}  # [m/s]
BRISKNESS = {"truck": 0.5, "bus": 0.6, "van": 0.8, "bicycle": 0.6}  # against cars; assumption


@dataclass(frozen=True, kw_only=True)
class Drivers(Parameters):
    """A population of drivers.

    Jam distance, acceleration and deceleration: Treiber, Kesting (2013), Traffic Flow Dynamics,
    table 11.2. The headway lies between 1.0 s there and 1.6 s of Treiber, Hennecke, Helbing (2000).
    Politeness is within the range of Kesting, Treiber, Helbing (2007). All else is assumed.
    """

    mean_desired: float = parameter(
        1.0, doc="Mean desired speed over the limit.", above=0.0, maximum=3.0, plausible=(0.8, 1.3)
    )
    desired_spread: float = parameter(
        0.08, doc="Standard deviation of that, over its mean.", minimum=0.0, maximum=0.3
    )
    median_headway: float = parameter(
        1.2, doc="Median time headway: the gap ahead beyond the jam distance, over speed.",
        unit="s", above=0.0, maximum=5.0, plausible=(0.6, 2.5),
    )  # fmt: skip
    headway_spread: float = parameter(
        0.25, doc="Standard deviation of the headway's logarithm.", minimum=0.0, maximum=1.0
    )
    min_gap: float = parameter(
        2.0, doc="Jam distance: the gap kept when standing.", unit="m", minimum=0.5, maximum=10.0
    )
    max_acceleration: float = parameter(
        1.0,
        doc="Acceleration from standing.",
        unit="m/s2",
        above=0.1,
        maximum=5.0,
        plausible=(0.5, 2.5),
    )
    comfortable_brake: float = parameter(
        1.5,
        doc="Deceleration that drivers like.",
        unit="m/s2",
        above=0.1,
        maximum=5.0,
        plausible=(0.8, 3.0),
    )
    max_brake: float = parameter(
        8.0, doc="Greatest deceleration, on dry asphalt.", unit="m/s2", above=1.0, maximum=12.0
    )
    politeness: float = parameter(
        0.3, doc="What others' losses count when changing lanes.", minimum=0.0, maximum=1.0
    )
    aggressive_share: float = parameter(
        0.05,
        doc="Share of drivers who want more, follow closer and mind nobody.",
        minimum=0.0,
        maximum=1.0,
    )
    aggressive_desired: float = parameter(
        1.15,
        doc="Desired speed of aggressive drivers over that of others.",
        minimum=1.0,
        maximum=2.0,
    )
    aggressive_headway: float = parameter(
        0.6, doc="Headway of aggressive drivers over that of others.", minimum=0.1, maximum=1.0
    )
    distracted_share: float = parameter(
        0.0,
        doc="Share of drivers who decide anew only after their reaction time.",
        minimum=0.0,
        maximum=1.0,
    )
    # An update time acts like half a reaction time: Kesting, Treiber (2008), How reaction time,
    # update time, and adaptation time influence the stability of traffic flow, CACAIE 23, 125.
    reaction_time: float = parameter(
        2.0, doc="Between decisions of a distracted driver.", unit="s", minimum=0.0, maximum=10.0
    )

    def draw(self, kind: str, rng: np.random.Generator) -> dict[str, Any]:
        """One driver's fields of `cars.CAR`; always the same number of draws."""
        desired, headway = rng.normal(size=2)
        aggressive, distracted = rng.random(2) < (self.aggressive_share, self.distracted_share)
        brisk = BRISKNESS.get(kind, 1.0)
        factor = self.mean_desired * (1.0 + self.desired_spread * desired)
        time = self.median_headway * math.exp(self.headway_spread * headway)
        return {
            "desired": max(factor, 0.5) * (self.aggressive_desired if aggressive else 1.0),
            "top_speed": TOP_SPEEDS.get(kind, math.inf),
            "headway": max(time, 0.3) * (self.aggressive_headway if aggressive else 1.0),
            "min_gap": self.min_gap,
            "max_acceleration": self.max_acceleration * brisk * (1.5 if aggressive else 1.0),
            "comfortable_brake": self.comfortable_brake,
            "max_brake": self.max_brake,
            "politeness": 0.0 if aggressive else self.politeness,
            "reaction_time": self.reaction_time if distracted else 0.0,
        }


@dataclass(frozen=True, kw_only=True)
class People(Parameters):
    """A population of walkers. Their mean speeds are those of the catalogue's kinds."""

    # Knoblauch, Pietrucha, Nitzburg (1996), TRR 1538: the young walk at 1.25, those over 65 at
    # 0.97 m/s (15th percentiles); this spread is an assumption.
    speed_spread: float = parameter(
        0.12, doc="Standard deviation of walking speed over its mean.", minimum=0.0, maximum=0.3
    )
    crossing_share: float = parameter(
        0.3,
        doc="Share of those who come past a crosswalk that cross. Assumption.",
        minimum=0.0,
        maximum=1.0,
    )

    def draw(self, kind: Kind, rng: np.random.Generator) -> dict[str, Any]:
        """One walker's fields of `walkers.WALKER`; always the same number of draws."""
        factor, aside = rng.normal(), rng.uniform(-0.8, 0.8)
        return {
            "desired": kind.walk_speed * max(1.0 + self.speed_spread * factor, 0.3),
            "crosses": self.crossing_share,
            "aside": aside,
            "ahead": 1.0 if rng.random() < 0.5 else -1.0,
        }


def shape(kind: Kind) -> dict[str, float]:
    """A kind's fields of `cars.CAR`."""
    length, width, height = kind.size
    return {"half_length": 0.5 * length, "half_width": 0.5 * width, "height": height}
