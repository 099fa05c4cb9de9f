"""What goes on by itself at a station, between events that concern people: kernels on arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from simgen.core import HOUR, Key
from simgen.domains.industrial.kernels.alarms import ALARM, FAULT, N_NOISES, QUANTITIES
from simgen.domains.industrial.kernels.level_control import (
    FULL,
    PAUSED,
    advance,
    run_on,
    write_hour,
)
from simgen.domains.industrial.kernels.noise import fill_normals
from simgen.domains.industrial.kernels.pumps import CHANNELS, STRETCH
from simgen.domains.industrial.kernels.sensors import FAULTS
from simgen.domains.industrial.kernels.stations import (
    COLD_START,
    N_SUPPLY,
    PART,
    PUMP,
    SETTING,
    STATION,
)
from simgen.domains.industrial.lookalikes.sensor_fault import TRANSMITTER
from simgen.kernels.arrays import Floats

if TYPE_CHECKING:
    from simgen.domains.industrial.pump_station import PumpStation
    from simgen.domains.industrial.pumps.station import Pump, Station
    from simgen.domains.industrial.site.parts import Part

Records = npt.NDArray[Any]

_N_STRETCHES, _N_COLD_STARTS = 1_024, 256  # that fit in before there must be more room
_FIRST_LOOK = 0.5 * HOUR  # of the alarms: off the hour, when nothing else happens as a rule [s]


@dataclass(kw_only=True)
class Automation:
    """Tank, flows, ageing, control and alarms as arrays: see `kernels.stations`, `kernels.alarms`.

    What people see and change is kept in objects. What they changed is taken over before each
    kernel; ages and times in use are told them by `advance`.
    """

    plants: Records
    settings: Records
    now: Records  # of dtype STATION
    pumps: Records
    parts: Records
    demand: Floats
    days: Floats
    stretches: Records
    supply: Floats
    cold_starts: Records
    rules: Records
    alarms: Records
    usual: Floats
    faults: Records
    noise: Floats  # of what alarms judge
    taken: list[_Taken]

    def advance(self, station: Station) -> None:
        """Let time pass up to now, before which nothing was planned, and mark the parts due now.

        It alone tells people ages and times in use: who wants to know them advances first.
        """
        self._make_room()
        advance(self._state, float(station.env.now))
        self._hand_back(station)

    def write_hour(self) -> None:
        """A row of supply for the hour that is over, unless it was written."""
        write_hour(self.now[0], self.pumps, self.supply)

    def run_on(self, station: Station, until: float, *, acts: bool) -> tuple[int, float]:
        """Do what control and alarms do by themselves before an instant [s]; why that ended, when.

        See `level_control.run_on`.
        """
        if until <= station.env.now and not acts:
            return PAUSED, until
        watching = self.rules, self.alarms, self.usual, self.faults, station.sensor_key, self.noise
        self._take_over(station)
        while True:
            found, at = run_on(self._state, watching, float(until), acts)
            self._note_cold_starts(station)
            if found != FULL:
                return found, at
            self._make_room()
            acts = False

    @property
    def _state(self) -> tuple[Any, ...]:
        return (
            self.plants,
            self.settings,
            self.now,
            self.pumps,
            self.parts,
            self.demand,
            self.days,
            self.stretches,
            self.supply,
            self.cold_starts,
        )

    @cached_property
    def _peoples(self) -> Records:
        """What people change of the pumps, in the same memory."""
        return self.pumps[_PEOPLES]

    def _make_room(self) -> None:
        """For one more stretch of each pump at least."""
        if max(self.pumps["n_stretches"].tolist()) == self.stretches.shape[1]:
            n_pumps, n = self.stretches.shape
            # Memory that nobody writes to costs nothing.
            more = np.empty((n_pumps, 8 * n), STRETCH)
            more[:, :n] = self.stretches
            self.stretches = more

    def _take_over(self, station: Station) -> None:
        """Write down what people changed since it was done last."""
        self.now["surge"] = station.surge
        for pump, taken in zip(station.pumps, self.taken, strict=True):
            if taken.seen != (seen := _seen(pump)):
                taken.seen = seen
                self._write_down(station, pump, taken)

    def _write_down(self, station: Station, pump: Pump, taken: _Taken) -> None:
        """The pump's state, its fault, and those of its parts that are others now."""
        self._peoples[pump.index] = _state_of_pump(station, pump)
        self.faults[pump.index] = _fault_of(pump)
        for place, part in enumerate(pump.parts):
            # Every part and every repair draws a life, which so tells them apart.
            state = part.life, part.event is not None, part.failed
            if taken.parts[place] != state:
                taken.parts[place] = state
                self.parts[pump.index, place] = _row_of(part)

    def _hand_back(self, station: Station) -> None:
        """Tell people ages and times in use."""
        ages, use_times = self.parts["age"].tolist(), self.parts["use_time"].tolist()
        for pump, use_time in zip(station.pumps, self.pumps["use_time"].tolist(), strict=True):
            if pump.use_time != use_time:
                pump.use_time = use_time
                for place, part in enumerate(pump.parts):
                    part.age, part.use_time = ages[pump.index][place], use_times[pump.index][place]

    def _note_cold_starts(self, station: Station) -> None:
        if n_cold_starts := self.now["n_cold_starts"].item():
            for index, at in self.cold_starts[:n_cold_starts].tolist():
                station.note_cold_start(station.pumps[index], at)
            self.now["n_cold_starts"] = 0


@dataclass(kw_only=True)
class _Taken:
    """What was taken over last of a pump and its parts, so that it is seen what has changed."""

    seen: list[Any]
    parts: list[tuple[Any, ...]]


# Fields of a PUMP; a list, for which NumPy shows all of them at once.
_PEOPLES = ["available", "clogged_at", "serviced_use", "may_serve", "may_inspect"]
_SOUND = (-1, 0, 0.0, 0.0, 0.0, 0, 0.0, 0.0)  # as a row of dtype FAULT


def _seen(pump: Pump) -> list[Any]:
    """Whatever people change of a pump that a kernel may have to know."""
    strainer, fault = pump.strainer, pump.sensor_fault
    seen = [
        *(pump.failed, pump.attended, pump.serviced_use, pump.service, pump.inspection),
        *(strainer, None if strainer is None else strainer.ended_at),
        *(fault, None if fault is None else fault.ended_at),
    ]
    for part in pump.parts:
        seen += (part.life, part.event, part.failed, part.order)
    return seen


def _state_of_pump(station: Station, pump: Pump) -> tuple[Any, ...]:
    """The fields of a PUMP that are `_PEOPLES`."""
    upkeep, strainer = station.about.upkeep, pump.strainer
    return (
        pump.available,
        strainer.onset_at if strainer is not None and strainer.active else np.inf,
        pump.serviced_use,
        upkeep.services and pump.service is None,
        upkeep.inspections and pump.may_be_inspected,
    )


def _fault_of(pump: Pump) -> tuple[Any, ...]:
    """A row of dtype FAULT."""
    fault = pump.sensor_fault
    if fault is None or not fault.active or fault.sensor == TRANSMITTER:
        return _SOUND
    return (
        CHANNELS.index(fault.sensor),
        FAULTS.index(fault.fault),
        fault.size,
        fault.offset,
        fault.onset_at,
        fault.event_id,
        0.0,
        0.0,
    )


def _row_of(part: Part) -> tuple[Any, ...]:
    """Of dtype PART."""
    return (
        part.age,
        part.use_time,
        part.life,
        part.growth_time,
        part.course,
        part.event is not None,
        part.severity,
        False,
    )


def automate(
    about: PumpStation, demand: Floats, days: Floats, key: Key, machine_ids: Sequence[int]
) -> Automation:
    """Everything stands, the tank is half full, and the bearings are as cold as the hall.

    Args:
        about: the scenario.
        demand: of each hour. [m3/h]
        days: daily means of the hall's temperature. [degree Celsius]
        key: of the stream from which the noise of the alarms comes. (2,)
        machine_ids: of the pumps.
    """
    n_pumps, n_parts = about.hydraulics.n_pumps, len(about.components.all())
    now, pumps = np.zeros(1, STATION), np.zeros(n_pumps, PUMP)
    now["volume"], now["watch_at"] = 0.5 * about.demand.tank_volume, _FIRST_LOOK
    pumps["temperature"] = days[0]
    alarms, rules = np.zeros((n_pumps, len(QUANTITIES)), ALARM), about.watching.rules()
    alarms["threshold"] = np.inf
    noise = np.empty((n_pumps, N_NOISES, len(demand)))
    for machine_id, own in zip(machine_ids, noise, strict=True):
        fill_normals(key, machine_id, 0, len(demand), own)
    return Automation(
        plants=about.hydraulics.plants(),
        settings=_settings(about),
        now=now,
        pumps=pumps,
        parts=np.zeros((n_pumps, n_parts), PART),
        demand=demand,
        days=days,
        stretches=np.empty((n_pumps, _N_STRETCHES), STRETCH),
        supply=np.zeros((len(demand), N_SUPPLY)),
        cold_starts=np.zeros(_N_COLD_STARTS + n_pumps, COLD_START),
        rules=rules,
        alarms=alarms,
        usual=np.zeros((*alarms.shape, rules["baseline_windows"].max())),
        faults=np.zeros(n_pumps, FAULT),
        noise=noise,
        taken=[_Taken(seen=[], parts=[()] * n_parts) for _ in range(n_pumps)],
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
    row["full_leak"] = water.full_leak
    for name in ("ageing", "cascade_severity", "cascade_ageing", "cavitation_ageing"):
        row[name] = getattr(parts, name)
    row["service_time"] = about.upkeep.service_interval * HOUR
    row["cold"] = about.lookalikes.cold_start.below
    row["settling_time"] = about.watching.settling_time * HOUR
    return row
