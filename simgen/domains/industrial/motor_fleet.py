"""The motor fleet: induction motors, watched by their currents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from simgen.core import CausalOrder, Invariant, RequestError, Table, parameter
from simgen.domains.industrial.fleet.hall import Hall
from simgen.domains.industrial.fleet.operation import (
    FleetOperation,
    parameter_of_load,
    range_of_speeds,
    spread_of_load,
)
from simgen.domains.industrial.fleet.rules import RULES
from simgen.domains.industrial.fleet.scenario import Fleet
from simgen.domains.industrial.fleet.schema import fleet_tables
from simgen.domains.industrial.fleet.watching import FleetWatching
from simgen.domains.industrial.motors.hall import MotorHall
from simgen.domains.industrial.motors.lookalikes import MotorLookAlikes
from simgen.domains.industrial.motors.motor import MotorParameters
from simgen.domains.industrial.motors.signals import MotorSignals
from simgen.domains.industrial.site.watching import AlarmRule


@dataclass(frozen=True, kw_only=True)
class MotorWatching(FleetWatching):
    """What is measured on motors, and when it alarms. Defaults are assumptions."""

    sample_rate: float = parameter(
        2_000.0, doc="Samples per second.", unit="Hz", minimum=1_500.0, maximum=200_000.0
    )
    n_samples: int = parameter(
        16_384,
        doc="Samples of a window: 8 s, to tell slip from the mains.",
        minimum=16_384,
        maximum=1_048_576,
    )
    waveform_share: float = parameter(
        0.03, doc="Share of the windows whose samples are kept.", minimum=0.0, maximum=1.0
    )
    unbalance: AlarmRule = parameter(
        AlarmRule(alarm_factor=3.0, baseline_windows=12, persistence=2),
        doc="On the negative sequence of the currents.",
    )
    line_lower_sideband: AlarmRule = parameter(
        AlarmRule(alarm_factor=4.0, baseline_windows=12, persistence=3),
        doc="On the line of broken bars.",
    )
    line_eccentricity: AlarmRule = parameter(
        AlarmRule(alarm_factor=3.0, baseline_windows=12, persistence=3),
        doc="On the line of an eccentric gap.",
    )
    line_races: AlarmRule = parameter(
        AlarmRule(alarm_factor=4.0, baseline_windows=12, persistence=3),
        doc="On the lines of the bearing's races.",
    )


@dataclass(frozen=True, kw_only=True)
class MotorOperation(FleetOperation):
    """When and how motors run. Defaults are assumptions."""

    median_load: float = parameter_of_load(
        "Median load over the rated one; a relay sheds what heats beyond class F.",
        plausible=(0.3, 1.0),
    )
    load_spread: float = spread_of_load(plausible=(0.02, 0.3))
    speeds: tuple[float, float] = range_of_speeds("below it with an inverter", maximum=1.0)


@dataclass(frozen=True, kw_only=True)
class MotorFleet(Fleet):
    """Induction motors that wear, fail and are repaired, watched by their currents."""

    version: ClassVar[int] = 11
    small: ClassVar[Mapping[str, Any]] = {
        "n_machines": 6,
        "machines_per_hall": 3,
        "n_days": 30,
        "ageing": 300.0,
        "growing": 30.0,
        "watching": {
            "telemetry_interval": 1_800.0,
            "window_interval": 12.0,
            "horizon": 72.0,
        },
        "upkeep": {"mean_lead_time": 2.0},
        "lookalikes": {
            "supply_unbalance": {"rate": 20.0},
            "load_pulsation": {"rate": 20.0},
            "sensor_fault": {"rate": 20.0},
        },
    }
    tables: ClassVar[tuple[Table, ...]] = fleet_tables(MotorSignals, MotorLookAlikes)
    invariants: ClassVar[tuple[Invariant, ...]] = RULES
    causal_order: ClassVar[CausalOrder] = CausalOrder(
        view="outlook",
        table="telemetry",
        columns=(
            "speed",
            "power",
            "current_a",
            "current_b",
            "current_c",
            "winding_temperature",
            "bearing_temperature",
            "vibration",
        ),
        logarithmic=("vibration",),
    )

    hall_class: ClassVar[type[Hall]] = MotorHall

    motor: MotorParameters = parameter(MotorParameters, doc="The motors.")
    operation: MotorOperation = parameter(MotorOperation, doc="When and how machines run.")
    watching: MotorWatching = parameter(MotorWatching, doc="What is measured.")
    lookalikes: MotorLookAlikes = parameter(MotorLookAlikes, doc="What resembles defects.")

    def check(self) -> None:
        """Refuse speeds so low that a motor would stand under the load that its relay allows."""
        super().check()
        lowest, least = self.operation.speeds[0], self.signals().least_speed()
        if lowest <= least:
            raise RequestError(
                f"operation.speeds starts at {lowest:g}, where a motor of rated_slip "
                f"{self.motor.rated_slip:g} may stand still: raise it above {least:.3g}"
            )

    def signals(self) -> MotorSignals:
        """See `Fleet.signals`."""
        return MotorSignals(about=self.motor)
