"""A station: its pumps, tank, crew and store as they are now, and how time passes there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import simpy

from simgen.core import HOUR, MINUTE
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.pumps import (
    WEAR_HEAD,
    cooled,
    operating_head,
    warmed,
)
from simgen.domains.industrial.plant.hydraulics import Duty
from simgen.domains.industrial.plant.orders import SENSOR
from simgen.domains.industrial.plant.parts import BEARING, IMPELLER, SEAL
from simgen.domains.industrial.plant.site import Machine, Site
from simgen.domains.industrial.plant.words import STRAINER

if TYPE_CHECKING:
    from simgen.domains.industrial.pump_station import PumpStation

Floats = npt.NDArray[np.float64]


@dataclass(kw_only=True)
class Pump(Machine):
    """One pump, as it is now; `temperature` is that of its bearing."""

    stretches: list[tuple[Any, ...]] = field(default_factory=list)  # fields of STRETCH
    duty: Duty | None = None  # while it runs
    started_at: float = 0.0  # [s]
    strainer: Event | None = None

    def troubles(self) -> Iterator[tuple[str, Event | None]]:
        """See `Machine.troubles`."""
        yield STRAINER, self.strainer
        yield SENSOR, self.sensor_fault


@dataclass(kw_only=True)
class Station(Site):
    """The block as it is simulated."""

    about: PumpStation
    station_id: int
    demand: Floats  # of each hour [m3/h]
    plants: Any  # of dtype PLANT (1,)
    pumps: list[Pump] = field(default_factory=list)
    supply: list[tuple[float, ...]] = field(default_factory=list)  # rows of that table, by hour
    disturbed: simpy.Event = None  # type: ignore[assignment] # set before anything runs
    volume: float = 0.0  # in the tank [m3]
    surge: float = 1.0  # demand over the usual
    n_wanted: int = 0  # pumps that the level asks for
    known_at: float = 0.0  # when all this was true [s]
    taken: float = 0.0  # by the consumer since the last row of supply [m3]
    asked: float = 0.0  # by the consumer since then [m3]

    @property
    def machines(self) -> list[Pump]:
        """The block's pumps."""
        return self.pumps

    def attend(self, machine: Machine, *, attended: bool) -> None:
        """See `Site.attend`."""
        self.advance()
        machine.attended = attended
        self.disturb()

    def clean(self, machine: Machine) -> None:
        """Clean a pump's strainer."""
        strainer = self.pumps[machine.index].strainer
        if strainer is not None and strainer.active:
            self.end(strainer)

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
        losses = [loss + water.pump_loss for loss in suction_losses]
        level = water.tank_height * self.volume / self.about.demand.tank_volume
        lift, pipe_loss = water.static_head + level, water.loss(water.pipe_loss)
        header = operating_head(np.array(heads), np.array(losses), lift, pipe_loss)
        for pump, head, loss, suction_loss in zip(
            running, heads, losses, suction_losses, strict=True
        ):
            flow = math.sqrt(max(head - header, 0.0) / loss)
            suction = -suction_loss * flow * flow
            pump.duty = Duty(
                flow=flow,
                head=float(header) - suction,
                suction=suction,
                cavitation=water.cavitation(flow, suction),
            )

    def rates(self, pump: Pump) -> list[float]:
        """Equivalent hours that each part ages in an hour of running."""
        how = self.about.components
        rates = [how.ageing] * len(pump.parts)
        if pump.parts[BEARING].severity >= how.cascade_severity:
            rates[SEAL] *= how.cascade_ageing
        if pump.duty is not None:
            rates[IMPELLER] *= 1.0 + (how.cavitation_ageing - 1.0) * pump.duty.cavitation
        return rates

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
        if duty is None:
            time = self.about.hydraulics.warming_time * MINUTE
            pump.temperature = cooled(pump.temperature, self.days, start, now, time)
            return
        first = pump.severities()
        for part, rate in zip(pump.parts, self.rates(pump), strict=True):
            part.use(elapsed, rate)
        last = pump.severities()
        leak = self.about.hydraulics.full_leak
        pump.uses.append(pump.use_time)
        works = (duty.flow, leak, duty.head, duty.suction, duty.cavitation)
        pump.stretches.append((start, now, *works, first, last, 0))
        pump.use_time += elapsed
        pump.temperature = warmed(
            self.plants, pump.temperature, self.days, now, elapsed, duty.flow, last
        )

    def close(self) -> None:
        """The horizon is reached: what still goes on ends here, as far as anybody knows."""
        self.advance()
        self.close_events()
