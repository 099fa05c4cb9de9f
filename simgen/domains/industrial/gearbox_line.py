"""The gearbox line: gearboxes at changing speed and load, watched by vibration and oil."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from simgen.core import CausalOrder, Invariant, RequestError, Table, parameter
from simgen.domains.industrial.fleet.operation import FleetOperation
from simgen.domains.industrial.fleet.rules import RULES
from simgen.domains.industrial.fleet.scenario import Fleet
from simgen.domains.industrial.fleet.schema import fleet_tables
from simgen.domains.industrial.fleet.watching import FleetWatching
from simgen.domains.industrial.gears.features import least_rate
from simgen.domains.industrial.gears.gearbox import GearParameters
from simgen.domains.industrial.gears.lookalikes import GearLookAlikes
from simgen.domains.industrial.gears.signals import GearSignals
from simgen.domains.industrial.site.watching import AlarmRule


@dataclass(frozen=True, kw_only=True)
class GearWatching(FleetWatching):
    """What is measured on gearboxes, and when it alarms. Defaults are assumptions."""

    sample_rate: float = parameter(
        12_800.0, doc="Samples per second.", unit="Hz", minimum=10_000.0, maximum=200_000.0
    )
    n_samples: int = parameter(
        16_384, doc="Samples of a window: 1.3 s.", minimum=8_192, maximum=1_048_576
    )
    velocity: AlarmRule = parameter(
        AlarmRule(alarm_factor=2.2, baseline_windows=12, persistence=3),
        doc="On the velocity of the housing.",
    )
    rms: AlarmRule = parameter(
        AlarmRule(alarm_factor=2.5, baseline_windows=12, persistence=3),
        doc="On the acceleration of the housing.",
    )
    residual_kurtosis: AlarmRule = parameter(
        AlarmRule(alarm_factor=1.8, baseline_windows=12, persistence=3),
        doc="On how sharp the vibration is without its regular lines.",
    )
    pinion_sidebands: AlarmRule = parameter(
        AlarmRule(alarm_factor=2.5, baseline_windows=12, persistence=3),
        doc="On the sidebands of the mesh.",
    )


@dataclass(frozen=True, kw_only=True)
class GearOperation(FleetOperation):
    """When and how gearboxes run. Defaults are assumptions."""

    speeds: tuple[float, float] = parameter(
        (0.75, 1.0),
        doc="Lowest and highest speed over the rated one: an inverter feeds the motor.",
        above=0.1,
        maximum=1.5,
        is_range=True,
    )


@dataclass(frozen=True, kw_only=True)
class GearboxLine(Fleet):
    """Gearboxes whose teeth wear and crack, watched by vibration and oil."""

    version: ClassVar[int] = 13
    small: ClassVar[Mapping[str, Any]] = {
        "n_machines": 6,
        "machines_per_hall": 3,
        "n_days": 30,
        "ageing": 150.0,
        "growing": 10.0,
        "watching": {
            "telemetry_interval": 1_800.0,
            "window_interval": 12.0,
            "n_samples": 8_192,
            "horizon": 72.0,
        },
        "upkeep": {"mean_lead_time": 2.0},
        "lookalikes": {"neighbour": {"rate": 20.0}, "sensor_fault": {"rate": 20.0}},
    }
    tables: ClassVar[tuple[Table, ...]] = fleet_tables(GearSignals, GearLookAlikes)
    invariants: ClassVar[tuple[Invariant, ...]] = RULES
    causal_order: ClassVar[CausalOrder] = CausalOrder(
        view="outlook",
        table="telemetry",
        columns=("speed", "power", "oil_temperature", "bearing_temperature", "vibration", "debris"),
        logarithmic=("vibration", "debris"),
    )

    gearbox: GearParameters = parameter(GearParameters, doc="The gearboxes.")
    operation: GearOperation = parameter(GearOperation, doc="When and how machines run.")
    watching: GearWatching = parameter(GearWatching, doc="What is measured.")
    lookalikes: GearLookAlikes = parameter(GearLookAlikes, doc="What resembles defects.")

    def check(self) -> None:
        """Refuse windows that cannot tell of the mesh and its sidebands at the highest speed."""
        super().check()
        gearbox, rate = self.gearbox, self.watching.sample_rate
        speed = self.operation.speeds[1] * gearbox.rated_speed
        least = math.ceil(least_rate((gearbox.n_pinion, gearbox.n_wheel), speed))
        if rate <= least:
            raise RequestError(
                f"watching.sample_rate = {rate:g} Hz is too low for the mesh of "
                f"{gearbox.n_pinion} teeth at {speed:g} rpm: raise it above {least:g} Hz"
            )

    def signals(self) -> GearSignals:
        """See `Fleet.signals`."""
        return GearSignals(about=self.gearbox)
