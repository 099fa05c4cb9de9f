"""A line: its stations, buffers, crews and store as they are now, and how time passes there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import simpy

from simgen.core import HOUR, MINUTE
from simgen.des import MonitoredResource
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.fleet.components import Cascade, ComponentTable
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
from simgen.domains.industrial.packaging.lookalikes import BadMaterial
from simgen.domains.industrial.packaging.stations import (
    CHECKWEIGHER,
    Shows,
    StationKind,
    together,
    trade,
)
from simgen.domains.industrial.plant.orders import SENSOR, ask_for_service
from simgen.domains.industrial.plant.site import Machine, Site
from simgen.kernels.ageing import power_law_acceleration

if TYPE_CHECKING:
    from simgen.domains.industrial.packaging_line import PackagingLine
    from simgen.domains.industrial.plant.parts import Part
    from simgen.domains.industrial.plant.upkeep import Upkeep

Floats = npt.NDArray[np.float64]

_TOLD = ("able", "speed", "jam_share", "clearing_time", "reject_share")  # fields of STATION
_AT_ONCE = 4_096  # changes that the kernel may write before it is called again


class Stretch(NamedTuple):
    """A stretch of time in which a station ran now and then."""

    start: float  # [s]
    stop: float  # [s]
    speed: float  # that it was set to, over the line's rated one
    first: tuple[float, ...]  # severities of the table's defects when it begins
    last: tuple[float, ...]  # and when it ends


@dataclass(kw_only=True)
class Station(Machine):
    """One machine of the line, as it is now."""

    about: StationKind
    made: Floats  # current, vibration and jams over those of its kind. (3,)
    defects: tuple[str, ...]  # of the component table
    stretches: list[Stretch] = field(default_factory=list)
    reads: list[tuple[float, Floats]] = field(default_factory=list)  # at failures and work
    material: Event | None = None

    def severities(self) -> tuple[float, ...]:
        """Of the table's defects, in its order."""
        found = {part.mode.defect: part.severity for part in self.parts if part.event}
        return tuple([found.get(defect, 0.0) for defect in self.defects]) if found else self._sound

    @cached_property
    def _sound(self) -> tuple[float, ...]:
        return (0.0,) * len(self.defects)

    def looks(self) -> Shows:
        """What all its defects do together."""
        return together([(p.mode.defect, p.severity) for p in self.parts if p.event])

    def badness(self) -> float:
        """Jams and rejects of its material over the usual."""
        material = self.material
        return material.size if material is not None and material.active else 1.0

    def troubles(self) -> Iterator[tuple[str, Event | None]]:
        """See `Machine.troubles`."""
        yield BadMaterial.kind, self.material
        yield SENSOR, self.sensor_fault


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
    changes: list[npt.NDArray[Any]] = field(default_factory=list)  # of dtype CHANGE
    disturbed: simpy.Event = None  # type: ignore[assignment] # set before anything runs
    in_shift: bool = False
    shift_begins: simpy.Event = None  # type: ignore[assignment] # same
    changing: bool = False  # to another format
    format_speed: float = 1.0  # over the rated one
    running_in: tuple[float, float] = (0.0, 1.0)  # since when [s], and its jams at first
    settings: list[tuple[float, float]] = field(default_factory=list)  # from when on which format
    _paces: dict[float, dict[str, float]] = field(default_factory=dict)  # see `_paces_at`, by speed

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
        station.attended = attended
        if attended:
            self.read(station)
        for other in self.stations if attended and policy.opportunities else ():
            due = policy.due_share * policy.service_interval * HOUR
            if policy.services and other.use_time - other.serviced_use > due:
                ask_for_service(self, other)
        self.disturb()

    def clean(self, machine: Machine) -> None:
        """Nothing here is put right by every service, besides what has aged."""

    def disturb(self) -> None:
        """Something changed that the control has to look at."""
        if not self.disturbed.triggered:
            self.disturbed.succeed()

    def rates(self, station: Station) -> Iterator[float]:
        """Equivalent hours that each part ages in an hour of running, by what is so when asked."""
        speed, causes = self.format_speed * station.about.speed, self._causes
        paces = self._paces.get(speed) or self._paces.setdefault(speed, self._paces_at(speed))
        for part in station.parts:
            pace, faster = paces[part.about.kind], part.about.kind in causes
            yield pace * math.prod([one for _, one in self._cascades(part)]) if faster else pace

    def _paces_at(self, speed: float) -> dict[str, float]:
        """The same by kind of component at a speed over the rated one, while nothing else wears."""
        exponents = {one.kind: one.speed_exponent for one in self.table.components}
        pace = self.about.ageing
        return {k: pace * power_law_acceleration(speed, 1.0, n) for k, n in exponents.items()}

    @cached_property
    def _causes(self) -> dict[str, list[Cascade]]:
        """What makes a component age faster, by its kind."""
        kinds = {one.component for one in self.table.cascades}
        return {k: [one for one in self.table.cascades if one.component == k] for k in kinds}

    def _cascades(self, part: Part) -> list[tuple[Event, float]]:
        """The events of defects that make a part age faster now, and how much faster."""
        return [
            (other.event, cascade.factor)
            for cascade in self._causes.get(part.about.kind, ())
            for other in self.stations[part.machine].parts
            if other.event is not None
            and other.event.kind == cascade.cause
            and other.severity >= cascade.severity
        ]

    def cause(self, part: Part) -> int:
        """The event that made a part age faster when its defect began; 0 if none did."""
        found = self._cascades(part)
        return found[0][0].event_id if found else 0

    def set_up(self) -> None:
        """What the stations are told, and how they are, from now on."""
        worn, about = [station.looks() for station in self.stations], self.about.line
        sent_on = sum(one.checkweigher_rejects for one in worn)
        extra_jams, rows = self.extra_jams(), []
        for station, looks in zip(self.stations, worn, strict=True):
            kind, bad = station.about, station.badness()
            speed = kind.speed * self.format_speed * (1.0 - looks.slower)
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
        for name, values in zip(_TOLD, zip(*rows, strict=True), strict=True):
            self.records[name] = values

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

    @cached_property
    def _room(self) -> npt.NDArray[Any]:
        """For the changes of one call of the kernel."""
        return np.zeros(_AT_ONCE, CHANGE)

    def advance(self) -> None:
        """Let time pass up to now: nothing that the stations are told has changed meanwhile."""
        start, now = float(self.clock[0]), self.env.now
        if now <= start:
            return
        first = [station.severities() for station in self.stations]
        watching, about = self.about.watching, self.about.line
        while self.clock[0] < now:
            n = run_line(
                self.line_key,
                self.line_id,
                self.clock,
                now,
                watching.telemetry_interval,
                about.n_operators,
                self.records,
                self.capacity,
                self.level,
                self.rows,
                self._room,
            )
            self.changes.append(self._room[:n].copy())
        uses = self.records["use_time"].tolist()
        for station, use_time, before in zip(self.stations, uses, first, strict=True):
            used = use_time - station.use_time
            if used > 0.0:
                for part, rate in zip(station.parts, self.rates(station), strict=True):
                    part.use(used, rate)
                station.use_time = use_time
                speed = self.format_speed * station.about.speed
                after = station.severities()
                station.stretches.append(Stretch(start, now, speed, before, after))

    def read(self, station: Station) -> None:
        """A row of telemetry out of turn, before a station stands."""
        out = np.zeros(len(COUNTERS))
        read_station(self.records[station.index], out)
        station.reads.append((self.env.now, out))

    def close(self) -> None:
        """The horizon is reached."""
        self.advance()
        self.close_events()


def new_records(n: int) -> npt.NDArray[Any]:
    """Stations that have done nothing yet, of dtype STATION."""
    records = np.zeros(n, STATION)
    records["state"] = -1
    return records
