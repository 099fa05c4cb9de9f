"""The hydraulic press: coolers foul, valves lag, pumps leak and accumulators empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from simgen.core import CausalOrder, Invariant, RequestError, Table, parameter
from simgen.domains.industrial.fleet.rules import RULES
from simgen.domains.industrial.fleet.scenario import Fleet
from simgen.domains.industrial.fleet.schema import fleet_tables
from simgen.domains.industrial.fleet.watching import FleetWatching
from simgen.domains.industrial.presses.lookalikes import PressLookAlikes
from simgen.domains.industrial.presses.press import PressParameters
from simgen.domains.industrial.presses.signals import PressSignals
from simgen.domains.industrial.site.watching import AlarmRule


@dataclass(frozen=True, kw_only=True)
class PressWatching(FleetWatching):
    """What is measured on presses, and when it alarms. Defaults are assumptions."""

    sample_rate: float = parameter(
        100.0,
        doc="Samples per second, as of pressure on the rig of Helwig et al.",
        unit="Hz",
        minimum=20.0,
        maximum=10_000.0,
    )
    n_samples: int = parameter(
        6_000, doc="Samples of a window: a cycle.", minimum=1_000, maximum=1_048_576
    )
    answer_time: AlarmRule = parameter(
        AlarmRule(alarm_factor=1.8, baseline_windows=12, persistence=3),
        doc="On how late pressure answers the valve.",
    )
    flow_slope: AlarmRule = parameter(
        AlarmRule(alarm_factor=4.0, baseline_windows=12, persistence=3),
        doc="On the flow that is lost with pressure.",
    )
    ripple: AlarmRule = parameter(
        AlarmRule(alarm_factor=1.12, baseline_windows=12, persistence=4),
        doc="On how little the accumulator damps the pump.",
    )


@dataclass(frozen=True, kw_only=True)
class HydraulicPress(Fleet):
    """Presses that work in cycles while their circuits wear."""

    version: ClassVar[int] = 10
    small: ClassVar[Mapping[str, Any]] = {
        "n_machines": 6,
        "machines_per_hall": 3,
        "n_days": 30,
        "ageing": 150.0,
        "growing": 10.0,
        "watching": {"telemetry_interval": 1_800.0, "window_interval": 12.0, "horizon": 72.0},
        "upkeep": {"mean_lead_time": 2.0},
        "lookalikes": {
            "warm_water": {"rate": 20.0},
            "air_in_oil": {"rate": 20.0},
            "sensor_fault": {"rate": 20.0},
        },
    }
    tables: ClassVar[tuple[Table, ...]] = fleet_tables(PressSignals, PressLookAlikes)
    invariants: ClassVar[tuple[Invariant, ...]] = RULES
    causal_order: ClassVar[CausalOrder] = CausalOrder(
        view="outlook",
        table="telemetry",
        columns=("pressure", "flow", "power", "oil_temperature", "return_temperature", "vibration"),
        logarithmic=("vibration",),
    )

    press: PressParameters = parameter(PressParameters, doc="The presses.")
    watching: PressWatching = parameter(PressWatching, doc="What is measured.")
    lookalikes: PressLookAlikes = parameter(PressLookAlikes, doc="What resembles defects.")

    def check(self) -> None:
        """Refuse windows that do not hold a cycle, and a gas that oil can't compress."""
        super().check()
        watching, cycle = self.watching, self.press.cycle_time
        if watching.n_samples < cycle * watching.sample_rate:
            raise RequestError(
                f"watching.n_samples = {watching.n_samples} is less than a cycle of {cycle:g} s: "
                f"raise it to {cycle * watching.sample_rate:.0f}"
            )
        gas, relief = self.press.precharge, self.press.relief_pressure
        if gas >= relief:
            raise RequestError(
                f"press.precharge = {gas:g} bar is not below press.relief_pressure = {relief:g} "
                "bar, at which oil is let off: lower it"
            )

    def signals(self) -> PressSignals:
        """See `Fleet.signals`."""
        return PressSignals(about=self.press)
