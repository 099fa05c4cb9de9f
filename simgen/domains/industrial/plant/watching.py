"""Watching a station: telemetry, and alarms on hourly means that call the crew."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from simgen.core import HOUR, Parameters, parameter
from simgen.domains.industrial.kernels.pumps import BAR, DENSITY, GRAVITY, shaking
from simgen.domains.industrial.kernels.telemetry import hall_temperature
from simgen.domains.industrial.plant.orders import ask_for_inspection
from simgen.domains.industrial.plant.parts import SEAL
from simgen.domains.industrial.plant.site import SiteAlarm
from simgen.domains.industrial.sensing import corrupt_by
from simgen.domains.industrial.telegrams import Telegrams
from simgen.domains.industrial.watch import Watch

if TYPE_CHECKING:
    from simgen.domains.industrial.plant.station import Pump, Station

_NOISE = 0.01  # of an hourly mean, relative; assumption
_PRESSURE = DENSITY * GRAVITY / BAR  # of a metre of water [bar]


@dataclass(frozen=True, kw_only=True)
class AlarmRule(Parameters):
    """When one quantity raises an alarm. Defaults are assumptions."""

    alarm_factor: float = parameter(
        1.8, doc="Alarm at so many times the usual.", above=1.0, maximum=1_000.0
    )
    baseline_windows: int = parameter(
        48, doc="Hours after work on the pump that tell the usual.", minimum=1, maximum=10_000
    )
    persistence: int = parameter(
        3, doc="Hours in a row that make an alarm.", minimum=1, maximum=100
    )


@dataclass(frozen=True, kw_only=True)
class Watching(Parameters):
    """What is measured, and when it alarms. Defaults are assumptions."""

    telemetry_interval: float = parameter(
        600.0, doc="Time between two rows of telemetry.", unit="s", minimum=1.0, maximum=86_400.0
    )
    telegrams: Telegrams = parameter(Telegrams, doc="How telemetry travels.")
    settling_time: float = parameter(
        1.5, doc="Time after a start before a pump is judged.", unit="h", minimum=0.0, maximum=48.0
    )
    horizon: float = parameter(
        14.0 * 24.0,
        doc="Time in use within which a failure counts as near.",
        unit="h",
        above=0.0,
        maximum=1e6,
    )
    vibration: AlarmRule = parameter(AlarmRule(), doc="On the bearing's velocity.")
    warmth: AlarmRule = parameter(
        AlarmRule(alarm_factor=1.45), doc="On the bearing's rise over the hall."
    )
    deficit: AlarmRule = parameter(
        AlarmRule(alarm_factor=1.06), doc="On the new pump's head at this flow over the measured."
    )

    def watches(self) -> dict[str, Watch]:
        """Fresh alarms of one pump."""
        return {name: Watch(policy=getattr(self, name)) for name in QUANTITIES}


QUANTITIES = ("vibration", "warmth", "deficit")


def watch(station: Station, pump: Pump) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of one pump's alarms, looked at every hour."""
    policy = station.about.watching
    # Off the hour, when nothing else happens as a rule.
    yield station.env.timeout(0.5 * HOUR)
    while True:
        settled = station.env.now - pump.started_at >= policy.settling_time * HOUR
        if pump.duty is not None and settled:
            station.advance()
            for quantity, level in _levels(station, pump):
                _judge(station, pump, quantity, level)
        yield station.env.timeout(HOUR)


def _judge(station: Station, pump: Pump, quantity: str, level: float) -> None:
    alarm = pump.watches[quantity]
    threshold, change = alarm.threshold, alarm.judge(level)
    if change is not None:
        station.alarms.append(
            SiteAlarm(station.env.now, pump.index, quantity, level, threshold, change)
        )
    # Asked for again if somebody came for something else meanwhile.
    if alarm.raised and station.about.upkeep.inspections:
        ask_for_inspection(station, pump)


def _levels(station: Station, pump: Pump) -> Iterator[tuple[str, float]]:
    """Each quantity as its sensors give it; left out where one is stuck."""
    duty = pump.duty
    assert duty is not None
    severity = pump.severities()
    leak = station.about.hydraulics.full_leak * pump.parts[SEAL].severity
    shake = shaking(station.plants, duty.flow, duty.cavitation, pump.temperature, severity)
    vibration = _read(station, pump, "vibration", float(shake))
    temperature = _read(station, pump, "temperature", pump.temperature)
    flow = _read(station, pump, "flow", max(duty.flow - leak, 0.0))
    outlet = (duty.head + duty.suction) * _PRESSURE
    pressure = _read(station, pump, "discharge_pressure", outlet)
    if vibration is not None:
        yield "vibration", vibration * (1.0 + _NOISE * float(pump.rng.standard_normal()))
    if temperature is not None:
        yield "warmth", temperature - float(hall_temperature(station.days, station.env.now))
    if flow is not None and pressure is not None:
        head = pressure / _PRESSURE - duty.suction
        water = station.about.hydraulics
        new = water.shutoff_head - water.pump_loss * flow * flow
        noise = 1.0 + _NOISE * float(pump.rng.standard_normal())
        yield "deficit", new / max(head, 1.0) * noise


def _read(station: Station, pump: Pump, sensor: str, value: float) -> float | None:
    """The hourly mean of a sensor; None if it is stuck, so that nothing new is known."""
    event = pump.sensor_fault
    if event is None or not event.active or event.sensor != sensor:
        return value
    if event.fault == "stuck":
        return None
    values = np.array([value])
    age = np.array([station.env.now - event.onset_at])
    # Spikes and dropouts hit single readings, and hardly their mean.
    corrupt_by(event, station.sensor_key, event.event_id, age, values, share=0.0)
    return float(values[0])
