"""A station: its pumps, tank, crew and store as they are now, and how time passes there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
import simpy

from simgen.core import HOUR
from simgen.des import MonitoredResource
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.pumps import (
    WEAR_HEAD,
    bearing_rise,
    cooled,
    electric_power,
    operating_head,
)
from simgen.domains.industrial.kernels.telemetry import hall_temperature
from simgen.domains.industrial.plant.hydraulics import Duty
from simgen.domains.industrial.plant.parts import BEARING, IMPELLER, SEAL, WINDING, Part
from simgen.domains.industrial.watch import Watch

if TYPE_CHECKING:
    from simgen.domains.industrial.plant.orders import WorkOrder
    from simgen.domains.industrial.plant.store import Store
    from simgen.domains.industrial.plant.watching import PlantAlarm
    from simgen.domains.industrial.pump_station import PumpStation

Floats = npt.NDArray[np.float64]


@dataclass(kw_only=True)
class Pump:
    """One pump, as it is now."""

    index: int  # within the block
    machine_id: int
    rng: np.random.Generator
    watches: dict[str, Watch]
    hands: simpy.Resource  # one job at a time
    parts: list[Part] = field(default_factory=list)  # in the order of `KINDS`
    stretches: list[tuple[Any, ...]] = field(default_factory=list)  # fields of STRETCH
    uses: list[float] = field(default_factory=list)  # when each of them began [s]
    stops: list[float] = field(default_factory=list)  # use at failures [s]
    use_time: float = 0.0  # [s]
    serviced_use: float = 0.0  # at the last service [s]
    temperature: float = 0.0  # of the bearing [degree Celsius]
    duty: Duty | None = None  # while it runs
    started_at: float = 0.0  # [s]
    failed: bool = False
    attended: bool = False  # somebody works on it
    strainer: Event | None = None
    sensor_fault: Event | None = None
    inspection: WorkOrder | None = None  # asked for and not done
    service: WorkOrder | None = None  # same
    n_numbers: int = 0

    @property
    def available(self) -> bool:
        """Whether it may be started."""
        return not self.failed and not self.attended

    def severities(self) -> tuple[float, ...]:
        """Of its parts."""
        return tuple(part.severity for part in self.parts)


@dataclass(kw_only=True)
class Station:
    """The block as it is simulated."""

    NUMBERS: ClassVar[int] = 1_000_000  # free for a pump's parts, events and orders

    about: PumpStation
    env: simpy.Environment
    station_id: int
    crew: MonitoredResource
    store: Store
    days: Floats  # daily means of the hall's temperature [degree Celsius]
    demand: Floats  # of each hour [m3/h]
    sensor_key: npt.NDArray[np.uint32]
    telemetry_key: npt.NDArray[np.uint32]
    first_weekday: int  # Monday is 0
    plant: Any  # of dtype PLANT
    rng: np.random.Generator  # for what befalls the whole station
    pumps: list[Pump] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    orders: list[WorkOrder] = field(default_factory=list)
    alarms: list[PlantAlarm] = field(default_factory=list)
    supply: list[tuple[float, ...]] = field(default_factory=list)  # rows of that table, by hour
    disturbed: simpy.Event = None  # type: ignore[assignment] # set before anything runs
    volume: float = 0.0  # in the tank [m3]
    surge: float = 1.0  # demand over the usual
    n_wanted: int = 0  # pumps that the level asks for
    known_at: float = 0.0  # when all this was true [s]
    taken: float = 0.0  # by the consumer since the last row of supply [m3]
    asked: float = 0.0  # by the consumer since then [m3]

    @property
    def running(self) -> list[Pump]:
        """The pumps that run."""
        return [pump for pump in self.pumps if pump.duty is not None]

    def demand_at(self, at: float) -> float:
        """What the consumer asks for at an instant since which no surge began or ended [m3/h]."""
        return float(self.demand[int((at + 1e-3) / HOUR)]) * self.surge

    @property
    def inflow(self) -> float:
        """What the pumps deliver [m3/h]."""
        leak = self.about.hydraulics.full_leak
        return sum(
            max(0.0, pump.duty.flow - leak * pump.parts[SEAL].severity)
            for pump in self.pumps
            if pump.duty is not None
        )

    def number(self, pump: Pump) -> int:
        """The next id of anything that belongs to a pump."""
        pump.n_numbers += 1
        return pump.machine_id * self.NUMBERS + pump.n_numbers

    def begin(self, pump: Pump, kind: str, *, lookalike_of: str = "", caused_by: int = 0) -> Event:
        """Write down an event that begins now."""
        event = Event(
            event_id=self.number(pump),
            machine=pump.index,
            kind=kind,
            lookalike_of=lookalike_of,
            onset_at=self.env.now,
            caused_by=caused_by,
        )
        self.events.append(event)
        return event

    def end(self, event: Event, *, severity: float = 0.0) -> None:
        """An event is over now, unless it was already."""
        if event.active:
            event.ended_at, event.severity = self.env.now, severity

    def disturb(self) -> None:
        """Something changed that the control has to look at."""
        if not self.disturbed.triggered:
            self.disturbed.succeed()

    def clogging(self, pump: Pump) -> float:
        """How far the strainer is clogged: 0 clean, 1 as far as it goes."""
        event = pump.strainer
        if event is None or not event.active:
            return 0.0
        time = self.about.lookalikes.clogged_strainer.clogging_time * HOUR
        return min(1.0, (self.env.now - event.onset_at) / time)

    def balance(self) -> None:
        """Find out how the running pumps share the flow."""
        running, water = self.running, self.about.hydraulics
        if not running:
            return
        suction_losses = [
            water.loss(water.suction_loss + water.clogged_loss * self.clogging(pump))
            for pump in running
        ]
        heads = [
            water.shutoff_head * (1.0 - WEAR_HEAD * pump.parts[IMPELLER].severity)
            for pump in running
        ]
        losses = np.array(suction_losses) + self.plant["pump_loss"]
        level = water.tank_height * self.volume / self.about.demand.tank_volume
        header = operating_head(
            np.array(heads), losses, water.static_head + level, water.loss(water.pipe_loss)
        )
        for pump, head, loss, suction_loss in zip(
            running, heads, losses, suction_losses, strict=True
        ):
            flow = float(np.sqrt(max(head - header, 0.0) / loss))
            suction = -suction_loss * flow * flow
            pump.duty = Duty(
                flow=flow,
                head=float(header) - suction,
                suction=suction,
                cavitation=water.cavitation(flow, suction),
            )

    def rate(self, pump: Pump, index: int) -> float:
        """Equivalent hours that a part ages in an hour of running."""
        how = self.about.components
        rate = how.ageing
        if index == SEAL and pump.parts[BEARING].severity >= how.cascade_severity:
            rate *= how.cascade_ageing
        if index == IMPELLER and pump.duty is not None:
            rate *= 1.0 + (how.cavitation_ageing - 1.0) * pump.duty.cavitation
        return rate

    def advance(self) -> None:
        """Let time pass up to now, for the tank and for every pump."""
        now = self.env.now
        elapsed = now - self.known_at
        if elapsed <= 0.0:
            return
        demand = self.demand_at(self.known_at)
        asked, inflow = demand * elapsed / HOUR, self.inflow * elapsed / HOUR
        # The control wakes when the tank runs empty, so it does not within a stretch of time.
        taken = min(asked, self.volume + inflow)
        self.volume = min(self.volume + inflow - taken, self.about.demand.tank_volume)
        self.asked, self.taken = self.asked + asked, self.taken + taken
        for pump in self.pumps:
            self._pass(pump, elapsed)
        self.known_at = now

    def _pass(self, pump: Pump, elapsed: float) -> None:
        duty, start, now = pump.duty, self.known_at, self.env.now
        time = self.plant["warming_time"]
        if duty is None:
            pump.temperature = cooled(pump.temperature, self.days, start, now, time)
            return
        first = pump.severities()
        rates = [self.rate(pump, index) for index in range(len(pump.parts))]
        for part, rate in zip(pump.parts, rates, strict=True):
            part.use(elapsed, rate)
        leak = self.about.hydraulics.full_leak
        pump.uses.append(pump.use_time)
        works = (duty.flow, leak, duty.head, duty.suction, duty.cavitation)
        pump.stretches.append((start, now, *works, first, pump.severities(), 0))
        pump.use_time += elapsed
        last = pump.severities()
        power = electric_power(self.plant, duty.flow, last[IMPELLER], last[WINDING])
        goal = hall_temperature(self.days, now)
        goal += bearing_rise(self.plant, power, last[BEARING], last[WINDING])
        pump.temperature += (goal - pump.temperature) * (1.0 - np.exp(-elapsed / time))

    def close(self) -> None:
        """The horizon is reached: what still goes on ends here, as far as anybody knows."""
        self.advance()
        severity = {id(part.event): part.severity for part in self.parts if part.event}
        for event in self.events:
            self.end(event, severity=severity.get(id(event), 0.0))
            event.ended_at = min(event.ended_at, self.env.now)
