"""A line: its stations, buffers, crews and store as they are now, and how time passes there."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import simpy

from simgen.core import HOUR, MINUTE
from simgen.des import MonitoredResource
from simgen.domains.industrial.fleet.components import ComponentTable
from simgen.domains.industrial.kernels.lines import (
    CHANGE,
    CHANGEOVER,
    COUNTERS,
    FAILED,
    OFF_SHIFT,
    STATION,
    WORK,
    read_station,
    run_line,
)
from simgen.domains.industrial.packaging.machine import Station, Stretch
from simgen.domains.industrial.packaging.stations import CHECKWEIGHER, trade
from simgen.domains.industrial.site.orders import ask_for_service
from simgen.domains.industrial.site.site import Machine, Site
from simgen.kernels.ageing import power_law_acceleration
from simgen.kernels.arrays import Floats

if TYPE_CHECKING:
    from simgen.domains.industrial.packaging_line import PackagingLine
    from simgen.domains.industrial.site.parts import Part
    from simgen.domains.industrial.site.upkeep import Upkeep


_TOLD = ("able", "speed", "jam_share", "clearing_time", "reject_share")  # fields of STATION
_AT_ONCE = 4_096  # changes for which there is room at first


@dataclass(kw_only=True)
class Line(Site):
    """The block as it is simulated."""

    about: PackagingLine
    line_id: int
    table: ComponentTable
    electricians: MonitoredResource
    line_key: npt.NDArray[np.uint32]
    rejects_rng: np.random.Generator
    stations: list[Station] = field(default_factory=list)
    records: Any = None  # of dtype STATION. (k,)
    capacity: Floats  # of the buffers. (k - 1,)
    level: Floats  # products in them. (k - 1,)
    rows: Floats  # as `run_line` fills them
    clock: Floats  # same
    n_counted: int = 0  # of `rows`
    changes: npt.NDArray[Any] = field(default_factory=lambda: np.zeros(_AT_ONCE, CHANGE))
    n_changes: int = 0  # of `changes` that have been written; behind them is room
    disturbed: simpy.Event = None  # type: ignore[assignment] # set before anything runs
    in_shift: bool = False
    shift_begins: simpy.Event = None  # type: ignore[assignment] # same
    changing: bool = False  # to another format
    running_in: tuple[float, float] = (0.0, 1.0)  # since when [s], and its jams at first
    settings: list[tuple[float, float]] = field(default_factory=list)  # from when on which format

    @property
    def machines(self) -> list[Station]:
        """The block's machines."""
        return self.stations

    @cached_property
    def day_shift(self) -> Upkeep:
        """The policy as electricians keep it."""
        policy = self.about.upkeep
        start, stop = policy.electricians_start, policy.electricians_stop
        return replace(policy, shift_start=start, shift_stop=stop)

    def crew_for(self, part: Part | None) -> MonitoredResource:
        """See `Site.crew_for`: mechanics inspect and serve."""
        electric = part is not None and trade(part.about.kind) == "electrician"
        return self.electricians if electric else self.crew

    def closed_time(self, part: Part | None, *, urgent: bool) -> float:
        """See `Site.closed_time`."""
        electric = self.crew_for(part) is self.electricians
        policy = self.day_shift if electric else self.about.upkeep
        return policy.closed_time(self.env.now, self.first_weekday, urgent=urgent)

    def attend(self, machine: Machine, *, attended: bool) -> None:
        """See `Site.attend`; while one is open, services that are nearly due are asked for."""
        self.advance()
        station, policy = self.stations[machine.index], self.about.upkeep
        station.attended, station.changes_at = attended, 0.0
        if attended:
            self.read(station)
        for other in self.stations if attended and policy.opportunities else ():
            due = policy.due_share * policy.service_interval * HOUR
            if policy.services and other.use_time - other.serviced_use > due:
                ask_for_service(self, other)
        self.disturb()

    def set_format(self, speed: float) -> None:
        """From now on a format is made, at a speed over the rated one."""
        self.settings.append((self.env.now, speed))
        for station in self.stations:
            station.speed, station.changes_at = speed * station.about.speed, 0.0
            station.paces = [
                self.about.ageing
                * power_law_acceleration(station.speed, 1.0, self._exponents[part.about.kind])
                for part in station.parts
            ]

    @property
    def format_speed(self) -> float:
        """Of the format that is made, over the rated one."""
        return self.settings[-1][1]

    @cached_property
    def _exponents(self) -> dict[str, float]:
        """With which power of speed components age, by kind."""
        return {one.kind: one.speed_exponent for one in self.table.components}

    def disturb(self) -> None:
        """Something changed that the control has to look at."""
        if not self.disturbed.triggered:
            self.disturbed.succeed()

    def usual_pace(self, part: Part) -> float:
        """See `Site.usual_pace`: formats are made equally often, and as long."""
        exponent, own = self._exponents[part.about.kind], self.stations[part.machine].about.speed
        speeds = [speed * own for speed in self.about.line.formats]
        paces = [power_law_acceleration(speed, 1.0, exponent) for speed in speeds]
        return self.about.ageing * sum(paces) / len(paces)

    def rates(self, station: Station) -> Iterable[float]:
        """Equivalent hours that each part ages in an hour of running, by what is so when asked."""
        if not station.begun():
            return station.paces
        found = (self.table.hastened(part.about.kind, station.parts) for part in station.parts)
        faster = (math.prod([factor for _, factor in events]) for events in found)
        return map(operator.mul, station.paces, faster)

    def cause(self, part: Part) -> int:
        """The event that made a part age faster when its defect began; 0 if none did."""
        found = self.table.hastened(part.about.kind, self.stations[part.machine].parts)
        return found[0][0].event_id if found and not part.is_defect_older else 0

    def set_up(self) -> None:
        """What the stations are told, and how they are, from now on."""
        worn, about = [station.looks() for station in self.stations], self.about.line
        sent_on = sum(one.checkweigher_rejects for one in worn)
        extra_jams, rows = self.extra_jams(), []
        for station, looks in zip(self.stations, worn, strict=True):
            kind, bad = station.about, station.badness()
            speed = station.speed * (1.0 - looks.slower)
            jams = about.jamming * station.made[2] * (bad * extra_jams) * (1.0 + looks.jams)
            rejects = kind.reject_share * bad + looks.rejects
            rows.append(
                (
                    self._standing(station),
                    speed * about.rated_speed / MINUTE,
                    jams / kind.products_per_jam,
                    about.clearing * kind.clearing_time * (1.0 + looks.clearing),
                    rejects + (sent_on if kind.kind == CHECKWEIGHER else 0.0),
                )
            )
        for told, values in zip(self._told, zip(*rows, strict=True), strict=True):
            told[:] = values

    @cached_property
    def _told(self) -> list[npt.NDArray[Any]]:
        return [self.records[name] for name in _TOLD]

    def _standing(self, station: Station) -> int:
        if station.attended:
            return WORK
        if station.failed:
            return FAILED
        if self.changing:
            return CHANGEOVER
        return 1 if self.in_shift else OFF_SHIFT

    def extra_jams(self) -> float:
        """Jams over the usual while a new format is not yet set right."""
        since, first = self.running_in
        time = self.about.lookalikes.new_format.running_in_time * HOUR
        return 1.0 + (first - 1.0) * math.exp((since - self.env.now) / time)

    def advance(self) -> None:
        """Let time pass up to now: nothing that the stations are told has changed meanwhile."""
        start, now = float(self.clock[0]), self.env.now
        if now <= start:
            return
        self._run(now)
        for station, use_time in zip(self.stations, self._uses.tolist(), strict=True):
            used = use_time - station.use_time
            if used > 0.0:
                before = station.severities()
                for part, rate in zip(station.parts, self.rates(station), strict=True):
                    part.use(used, rate)
                station.use_time = use_time
                after = station.severities()
                station.stretches.append(Stretch(start, now, before, after))

    def _run(self, until: float) -> None:
        """Let the kernel have its way until an instant [s]."""
        interval, n_operators = self.about.watching.telemetry_interval, self.about.line.n_operators
        while self.clock[0] < until:
            self.n_changes += run_line(
                self.line_key,
                self.line_id,
                self.clock,
                until,
                interval,
                n_operators,
                self.records,
                self.capacity,
                self.level,
                self.rows,
                self.changes[self.n_changes :],
            )
            if self.clock[0] < until:
                self.changes = np.concatenate([self.changes, np.zeros_like(self.changes)])

    @cached_property
    def _uses(self) -> Floats:
        return np.asarray(self.records["use_time"])

    def read(self, station: Station) -> None:
        """A row of telemetry out of turn, before a station stands."""
        out = np.zeros(len(COUNTERS))
        read_station(self.records[station.index], out)
        station.reads.append((self.env.now, out))

    def count(self) -> Floats:
        """Let all stations send what they counted since they did last; its sums `(k, counted)`."""
        interval = self.about.watching.telemetry_interval
        first, self.n_counted = self.n_counted, int(self.clock[0] / interval + 1e-6) + 1
        at = np.arange(first, self.n_counted, dtype=np.float64) * interval
        rows, rng = self.rows[first : self.n_counted], self.rejects_rng
        sent = [station.count(at, rows[:, station.index], rng) for station in self.stations]
        return np.array([counted.sum(0) for _, counted in sent])

    def close(self) -> None:
        """The horizon is reached."""
        self.advance()
        self.count()
        self.close_events()


def new_records(n: int) -> npt.NDArray[Any]:
    """Stations that have done nothing yet, of dtype STATION."""
    records = np.zeros(n, STATION)
    records["state"] = -1
    return records
