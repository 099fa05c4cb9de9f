"""What goes on by itself at a station, between events that concern people: kernels on arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from simgen.core import DAY, HOUR
from simgen.domains.industrial.kernels.alarms import ALARM, FAULT, QUANTITIES
from simgen.domains.industrial.kernels.level_control import (
    FULL,
    control,
    find_due,
    run_on,
    write_hour,
)
from simgen.domains.industrial.kernels.pumps import CHANNELS, STRETCH
from simgen.domains.industrial.kernels.sensors import FAULTS
from simgen.domains.industrial.kernels.stations import (
    COLD_START,
    N_SUPPLY,
    PART,
    PUMP,
    SETTING,
    STATION,
    pass_time,
)
from simgen.domains.industrial.lookalikes.sensor_fault import TRANSMITTER
from simgen.domains.industrial.plant.modes import N_POINTS

if TYPE_CHECKING:
    from simgen.domains.industrial.plant.station import Pump, Station
    from simgen.domains.industrial.pump_station import PumpStation

Floats = npt.NDArray[np.float64]
Records = npt.NDArray[Any]

_N_STRETCHES, _N_COLD_STARTS = 1_024, 256  # that fit in before there must be more room
_AT_ONCE = 30.0 * DAY  # for which noise is drawn in advance [s]
_FIRST_LOOK = 0.5 * HOUR  # of the alarms: off the hour, when nothing else happens as a rule [s]
_SUCTION_EXPONENT = 2.0  # of flow, with which NPSH3 goes


@dataclass(kw_only=True)
class Automation:
    """Tank, flows, ageing, control and alarms as arrays: see `kernels.stations`, `kernels.alarms`.

    What people see and change is kept in objects, whose state is taken over before each kernel;
    ages and times in use are handed back after it.
    """

    plants: Records
    settings: Records
    now: Records  # of dtype STATION
    pumps: Records
    parts: Records
    courses: Floats
    demand: Floats
    days: Floats
    stretches: Records
    supply: Floats
    cold_starts: Records
    rules: Records
    alarms: Records
    usual: Floats
    faults: Records

    def advance(self, station: Station) -> None:
        """Let time pass up to now, before which nothing was planned, and mark the parts due now."""
        self._take_over(station)
        pass_time(self._state, float(station.env.now))
        find_due(self._state)
        self._hand_back(station)

    def control(self, station: Station) -> None:
        """Start and stop pumps as the level asks for."""
        self._take_over(station)
        control(self._state)
        self._hand_back(station)

    def write_hour(self) -> None:
        """A row of supply for the hour that is over, unless it was written."""
        write_hour(self.now[0], self.pumps, self.supply)

    def run_on(self, station: Station, until: float) -> tuple[int, float]:
        """Do what control and alarms do by themselves before an instant [s]; why that ended, when.

        See `level_control.run_on`.
        """
        known_at = float(self.now[0]["known_at"])
        until = min(float(until), known_at + _AT_ONCE)
        n_hours = int((until - known_at) / HOUR) + 2
        rngs = [pump.rng for pump in station.pumps]
        # The generators then go on behind what was taken, as if that had been drawn one by one.
        states = [rng.bit_generator.state for rng in rngs]
        noise = np.array([rng.standard_normal(2 * n_hours) for rng in rngs])
        watching = self.rules, self.alarms, self.usual, self.faults, station.sensor_key, noise
        self.pumps["n_drawn"] = 0
        found = FULL
        while found == FULL:
            self._take_over(station)
            found, at = run_on(self._state, watching, until)
            self._hand_back(station)
        for rng, state, n in zip(rngs, states, self.pumps["n_drawn"].tolist(), strict=True):
            rng.bit_generator.state = state
            rng.standard_normal(n)
        return found, at

    @property
    def _state(self) -> tuple[Any, ...]:
        return (
            self.plants,
            self.settings,
            self.now,
            self.pumps,
            self.parts,
            self.courses,
            self.demand,
            self.days,
            self.stretches,
            self.supply,
            self.cold_starts,
        )

    def _take_over(self, station: Station) -> None:
        self.now["surge"] = station.surge
        for pump in station.pumps:
            self._take_pump(station, pump)
            for place, part in enumerate(pump.parts):
                begun = part.event is not None
                row = (part.age, part.use_time, part.life, part.growth_time, begun, False)
                self.parts[pump.index, place] = row
                self.courses[pump.index, place] = part.course
        if self.pumps["n_stretches"].max() == self.stretches.shape[1]:
            self.stretches = np.concatenate([self.stretches, np.zeros_like(self.stretches)], axis=1)

    def _take_pump(self, station: Station, pump: Pump) -> None:
        row, fault, upkeep = self.pumps[pump.index], pump.sensor_fault, station.about.upkeep
        clogged = pump.strainer is not None and pump.strainer.active
        row["available"] = pump.available
        row["clogged_at"] = pump.strainer.onset_at if pump.strainer and clogged else np.nan
        row["serviced_use"] = pump.serviced_use
        row["may_serve"] = upkeep.services and pump.service is None
        row["may_inspect"] = upkeep.inspections and pump.may_be_inspected
        self.faults[pump.index]["channel"] = -1
        if fault is not None and fault.active and fault.sensor != TRANSMITTER:
            self.faults[pump.index] = (
                CHANNELS.index(fault.sensor),
                FAULTS.index(fault.fault),
                fault.size,
                fault.offset,
                fault.onset_at,
                fault.event_id,
            )

    def _hand_back(self, station: Station) -> None:
        for pump, use_time in zip(station.pumps, self.pumps["use_time"].tolist(), strict=True):
            pump.use_time = use_time
            for part, row in zip(pump.parts, self.parts[pump.index].tolist(), strict=True):
                part.age, part.use_time = row[:2]
        n_cold_starts = int(self.now[0]["n_cold_starts"])
        for index, at in self.cold_starts[:n_cold_starts].tolist():
            station.note_cold_start(station.pumps[index], at)
        self.now["n_cold_starts"] = 0


def automate(about: PumpStation, demand: Floats, days: Floats) -> Automation:
    """Everything stands, the tank is half full, and the bearings are as cold as the hall.

    Args:
        about: the scenario.
        demand: of each hour. [m3/h]
        days: daily means of the hall's temperature. [degree Celsius]
    """
    n_pumps, n_parts = about.hydraulics.n_pumps, len(about.components.all())
    now, pumps = np.zeros(1, STATION), np.zeros(n_pumps, PUMP)
    now["volume"], now["watch_at"] = 0.5 * about.demand.tank_volume, _FIRST_LOOK
    pumps["temperature"] = days[0]
    alarms, rules = np.zeros((n_pumps, len(QUANTITIES)), ALARM), about.watching.rules()
    alarms["threshold"] = np.inf
    return Automation(
        plants=about.hydraulics.plants(),
        settings=_settings(about),
        now=now,
        pumps=pumps,
        parts=np.zeros((n_pumps, n_parts), PART),
        courses=np.zeros((n_pumps, n_parts, N_POINTS)),
        demand=demand,
        days=days,
        stretches=np.zeros((n_pumps, _N_STRETCHES), STRETCH),
        supply=np.zeros((len(demand), N_SUPPLY)),
        cold_starts=np.zeros(_N_COLD_STARTS + n_pumps, COLD_START),
        rules=rules,
        alarms=alarms,
        usual=np.zeros((*alarms.shape, rules["baseline_windows"].max())),
        faults=np.zeros(n_pumps, FAULT),
    )


def _settings(about: PumpStation) -> Records:
    """The one record of dtype SETTING `(1,)`."""
    water, parts, row = about.hydraulics, about.components, np.zeros(1, SETTING)
    row["tank_volume"], row["tank_height"] = about.demand.tank_volume, water.tank_height
    row["static_head"], row["pipe_loss"] = water.static_head, water.loss(water.pipe_loss)
    row["best_flow_square"], row["suction_loss"] = water.best_flow**2, water.suction_loss
    row["clogged_loss"] = water.clogged_loss
    row["clogging_time"] = about.lookalikes.clogged_strainer.clogging_time * HOUR
    row["required_suction_head"] = water.required_suction_head
    row["suction_exponent"], row["full_leak"] = _SUCTION_EXPONENT, water.full_leak
    for name in ("ageing", "cascade_severity", "cascade_ageing", "cavitation_ageing"):
        row[name] = getattr(parts, name)
    row["service_time"] = about.upkeep.service_interval * HOUR
    row["cold"] = about.lookalikes.cold_start.below
    row["settling_time"] = about.watching.settling_time * HOUR
    return row
