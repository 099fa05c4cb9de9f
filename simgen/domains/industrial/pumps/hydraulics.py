"""Pumps, pipes and tank of a station, and what its consumer asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.core import MINUTE, Parameters, parameter
from simgen.domains.industrial.kernels.pumps import DENSITY, GRAVITY, PLANT
from simgen.kernels.arrays import Floats

# Demand by hour of the day over its mean: two peaks, as of a town. Assumption.
_DAY = np.array(
    (0.45, 0.4, 0.4, 0.4, 0.5, 0.8, 1.3, 1.6, 1.5, 1.3, 1.15, 1.1,
     1.15, 1.1, 1.0, 0.95, 1.0, 1.15, 1.4, 1.45, 1.3, 1.05, 0.85, 0.6)
)  # fmt: skip
_WEEKEND = 0.85  # demand on Saturday and Sunday over that of other days; assumption
_DAY_SPREAD, _HOUR_SPREAD = 0.08, 0.05  # deviations of logarithms; assumptions


@dataclass(frozen=True, kw_only=True)
class Demand(Parameters):
    """What the consumer takes. Defaults are assumptions."""

    mean_demand: float = parameter(
        180.0,
        doc="Mean of a working day.",
        unit="m3/h",
        minimum=0.0,
        maximum=1e6,
        plausible=(60.0, 400.0),
        scale="log",
    )
    tank_volume: float = parameter(
        600.0,
        doc="Volume of the tank between pumps and consumer.",
        unit="m3",
        above=1.0,
        maximum=1e7,
    )

    def hours(self, n_hours: int, first_weekday: int, rng: np.random.Generator) -> Floats:
        """Demand of each hour `(n_hours,)` [m3/h]; weekdays count from Monday, 0."""
        n_days = -(-n_hours // 24)
        weekend = (np.arange(n_days) + first_weekday) % 7 >= 5
        usual = np.outer(np.where(weekend, _WEEKEND, 1.0), self.mean_demand * (_DAY / _DAY.mean()))
        usual *= rng.lognormal(0.0, _DAY_SPREAD, n_days)[:, np.newaxis]
        return usual.ravel()[:n_hours] * rng.lognormal(0.0, _HOUR_SPREAD, n_hours)


@dataclass(frozen=True, kw_only=True)
class Hydraulics(Parameters):
    """Curves of pumps and pipe. Defaults are assumptions: a water pump of 30 kW."""

    n_pumps: int = parameter(3, doc="Pumps of a station.", minimum=1, maximum=20)
    best_flow: float = parameter(
        200.0, doc="Flow of best efficiency.", unit="m3/h", above=1.0, maximum=1e5
    )
    shutoff_head: float = parameter(
        50.0, doc="Head of a new pump without flow.", unit="m", above=1.0, maximum=1e4
    )
    best_head: float = parameter(
        40.0, doc="Head of a new pump at its best flow.", unit="m", above=1.0, maximum=1e4
    )
    best_efficiency: float = parameter(
        0.72, doc="Of pump and motor at the best flow.", unit="1", above=0.1, maximum=0.95
    )
    static_head: float = parameter(
        34.5, doc="From the well's level to the tank's bottom.", unit="m", minimum=0.0, maximum=1e4
    )
    tank_height: float = parameter(5.0, doc="Of the tank.", unit="m", minimum=0.0, maximum=100.0)
    pipe_loss: float = parameter(
        3.0, doc="Head lost in the pipe at one best flow.", unit="m", above=0.0, maximum=1e4
    )
    suction_loss: float = parameter(
        1.0, doc="Head lost before a pump at its best flow.", unit="m", minimum=0.0, maximum=9.0
    )
    clogged_loss: float = parameter(
        12.0, doc="Head a clogged strainer adds to that.", unit="m", minimum=0.0, maximum=100.0
    )
    required_suction_head: float = parameter(
        4.8,
        doc="NPSH3 at the best flow: absolute suction head at which 3 % of the head is lost "
        "(Hydraulic Institute 9.6.1); it goes with the square of flow.",
        unit="m",
        above=0.0,
        maximum=100.0,
    )
    full_leak: float = parameter(
        12.0, doc="Leak of a seal that has failed.", unit="m3/h", minimum=0.0, maximum=1e5
    )
    synchronous_speed: float = parameter(
        1_500.0, doc="Of the motor: 4 poles at 50 Hz.", unit="rpm", above=1.0, maximum=1e5
    )
    warming: float = parameter(
        28.0,
        doc="Rise of a bearing at rated power.",
        unit="K",
        minimum=0.0,
        maximum=100.0,
        plausible=(5.0, 60.0),
    )
    warming_time: float = parameter(
        45.0, doc="Time constant of that rise.", unit="min", above=0.0, maximum=1e4
    )

    def loss(self, head: float) -> float:
        """The coefficient of squared flow that loses a head [m] at the best flow [m/(m3/h)^2]."""
        return head / self.best_flow**2

    @property
    def pump_loss(self) -> float:
        """The coefficient of squared flow that a pump loses [m/(m3/h)^2]."""
        return self.loss(self.shutoff_head - self.best_head)

    def plants(self) -> Any:
        """The one record of dtype PLANT that kernels take (1,)."""
        row = np.zeros(1, PLANT)
        row["shutoff_head"], row["best_flow"] = self.shutoff_head, self.best_flow
        row["pump_loss"] = self.pump_loss
        row["synchronous_speed"] = self.synchronous_speed
        water = DENSITY * GRAVITY * self.best_flow / 3_600.0 * self.best_head / 1_000.0
        row["rated_power"] = water / self.best_efficiency
        row["warming"], row["warming_time"] = self.warming, self.warming_time * MINUTE
        return row
