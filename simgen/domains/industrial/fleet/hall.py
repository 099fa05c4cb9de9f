"""A hall: the machines of one block as they are now, and how time passes for them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import simpy

from simgen.domains.industrial.events import Event
from simgen.domains.industrial.fleet.components import ComponentTable
from simgen.domains.industrial.fleet.signals import Conditions, Signals
from simgen.domains.industrial.kernels.pumps import cooled
from simgen.domains.industrial.kernels.telemetry import hall_temperature
from simgen.domains.industrial.lookalikes.sensor_fault import Sensor
from simgen.domains.industrial.plant.orders import SENSOR
from simgen.domains.industrial.plant.site import Machine, Site
from simgen.kernels.ageing import arrhenius_acceleration, power_law_acceleration

if TYPE_CHECKING:
    from simgen.domains.industrial.fleet.scenario import Fleet
    from simgen.domains.industrial.fleet.watching import Window
    from simgen.domains.industrial.plant.parts import Part

_ZERO = 273.15  # degree Celsius [K]


class Duty(NamedTuple):
    """What a running machine does until something changes."""

    speed: float  # over the rated one
    load: float  # same
    disturbance: tuple[float, ...]  # sizes, in the order of the look-alikes


class Stretch(NamedTuple):
    """A stretch of time under one duty."""

    start: float  # [s]
    stop: float  # [s]
    duty: Duty
    first: tuple[float, ...]  # severities of the table's defects when it begins
    last: tuple[float, ...]  # and when it ends
    failed: bool = False  # at its end


@dataclass(kw_only=True)
class FleetMachine(Machine):
    """One machine, as it is now; `temperature` is that of what warms."""

    made: Any  # its own constants, as the signals take them
    defects: tuple[str, ...]  # of the component table
    stretches: list[Stretch] = field(default_factory=list)
    duty: Duty | None = None  # while it runs
    known_at: float = 0.0  # when all this was true [s]
    time_to_window: float = 0.0  # time in use until the next window [s]
    n_windows: int = 0
    disturbances: dict[str, Event] = field(default_factory=dict)  # the last of each kind
    unsettled: simpy.Event = None  # type: ignore[assignment] # set before anything runs

    def severities(self) -> tuple[float, ...]:
        """Of the table's defects, in its order."""
        found = {part.mode.defect: part.severity for part in self.parts if part.event}
        return tuple(found.get(defect, 0.0) for defect in self.defects)

    def troubles(self) -> Iterator[tuple[str, Event | None]]:
        """See `Machine.troubles`."""
        yield from self.disturbances.items()
        yield SENSOR, self.sensor_fault

    def fail(self) -> None:
        """Its present stretch ends with a failure."""
        self.stretches[-1] = self.stretches[-1]._replace(failed=True)
        self.stops.append(self.use_time)


@dataclass(kw_only=True)
class Hall(Site):
    """The block as it is simulated."""

    about: Fleet
    hall_id: int
    signals: Signals
    table: ComponentTable
    window_key: npt.NDArray[np.uint32]
    fleet: list[FleetMachine] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)

    @property
    def machines(self) -> list[FleetMachine]:
        """The block's machines."""
        return self.fleet

    @property
    def sensors(self) -> Mapping[str, Sensor]:
        """Those that may be at fault; what takes windows spoils their first channel."""
        signals = self.signals
        slow = {c.name: Sensor(c.unit, c.faults) for c in signals.channels if c.faults is not None}
        unit = signals.waveforms[0].unit
        return slow | {name: Sensor(unit, one) for name, one in signals.window_faults.items()}

    @property
    def warming_time(self) -> float:
        """Time constant of what warms [s]."""
        signals = self.signals
        return next(c.warming_time for c in signals.channels if c.name == signals.warming)

    @cached_property
    def rated_temperature(self) -> float:
        """Of what warms, of a sound machine at rated speed and load in a mean hall."""
        one, mean = np.ones(1), np.array([self.about.operation.mean_hall_temperature])
        none = np.zeros((len(self.table.defects), 1))
        still = np.zeros((len(self.about.lookalikes.disturbances), 1))
        at = self.conditions_of(one, one, (mean, mean), none, still)
        return float(self.signals.steady(self.fleet[0].made, at)[self.signals.warming][0])

    def attend(self, machine: Machine, *, attended: bool) -> None:
        """See `Site.attend`."""
        one = self.fleet[machine.index]
        self.advance(one)
        one.attended = attended
        if attended:
            one.duty = None
        self._wake(one)

    def clean(self, machine: Machine) -> None:
        """Nothing here is put right by every service, besides what has aged."""

    def unsettle(self, machine: FleetMachine) -> None:
        """A machine's disturbances have changed: time passes up to now, then it goes on anew."""
        self.advance(machine)
        if machine.duty is not None:
            machine.duty = machine.duty._replace(disturbance=self._disturbance(machine))
        self._wake(machine)

    def _wake(self, machine: FleetMachine) -> None:
        if machine.unsettled is not None and not machine.unsettled.triggered:
            machine.unsettled.succeed()

    def _disturbance(self, machine: FleetMachine) -> tuple[float, ...]:
        found = machine.disturbances
        kinds = [one.kind for one in self.about.lookalikes.disturbances]
        return tuple(found[k].size if k in found and found[k].active else 0.0 for k in kinds)

    def start(self, machine: FleetMachine, speed: float, load: float) -> None:
        """A machine runs from now on, at a speed and a load over the rated ones."""
        self.advance(machine)
        machine.duty = Duty(speed, load, self._disturbance(machine))

    def conditions(self, machine: FleetMachine) -> Conditions:
        """Of a running machine, now."""
        duty, hall = machine.duty, hall_temperature(self.days, self.env.now)
        assert duty is not None
        return self.conditions_of(
            np.array([duty.speed]),
            np.array([duty.load]),
            (np.array([hall]), np.array([machine.temperature])),
            np.array([machine.severities()]).T,
            np.array([duty.disturbance]).T,
        )

    def conditions_of(
        self, speed: Any, load: Any, warmth: tuple[Any, Any], severity: Any, disturbance: Any
    ) -> Conditions:
        """Names for the rows of `severity` and `disturbance`, each `(k, n)`.

        `warmth` is that of the hall and that of what warms.
        """
        kinds = [one.kind for one in self.about.lookalikes.disturbances]
        return Conditions(
            speed=speed,
            load=load,
            hall=warmth[0],
            warmth=warmth[1],
            severity=dict(zip(self.table.defects, severity, strict=True)),
            disturbance=dict(zip(kinds, disturbance, strict=True)),
        )

    def rate(self, machine: FleetMachine, index: int) -> float:
        """Equivalent hours that a part ages in an hour of running."""
        duty, about = machine.duty, self.table.named[machine.parts[index].about.kind]
        assert duty is not None
        rate = self.about.ageing * power_law_acceleration(duty.load, 1.0, about.load_exponent)
        rate *= power_law_acceleration(duty.speed, 1.0, about.speed_exponent)
        if about.activation_energy:
            reference = self.rated_temperature + _ZERO
            rate *= arrhenius_acceleration(
                machine.temperature + _ZERO, reference, about.activation_energy
            )
        return rate * math.prod(factor for _, factor in self._cascades(machine, about.kind))

    def _cascades(self, machine: FleetMachine, kind: str) -> Iterator[tuple[Event, float]]:
        """The events of defects that make a component age faster now, and how much faster."""
        for cascade in self.table.cascades:
            for part in machine.parts if cascade.component == kind else ():
                event = part.event
                worn = part.severity >= cascade.severity
                if event is not None and event.kind == cascade.cause and worn:
                    yield event, cascade.factor

    def cause(self, machine: FleetMachine, part: Part) -> int:
        """The event that made a part age faster when its defect began; 0 if none did."""
        events = [event for event, _ in self._cascades(machine, part.about.kind)]
        return events[0].event_id if events else 0

    def advance(self, machine: FleetMachine) -> None:
        """Let time pass up to now for a machine."""
        start, now, duty = machine.known_at, self.env.now, machine.duty
        elapsed = now - start
        if elapsed <= 0.0:
            return
        if duty is None:
            time = self.warming_time
            machine.temperature = cooled(machine.temperature, self.days, start, now, time)
            machine.known_at = now
            return
        first, rates = machine.severities(), self._rates(machine)
        steady = self.signals.steady(machine.made, self.conditions(machine))
        goal = float(steady[self.signals.warming][0])
        for part, rate in zip(machine.parts, rates, strict=True):
            part.use(elapsed, rate)
        machine.uses.append(machine.use_time)
        machine.stretches.append(Stretch(start, now, duty, first, machine.severities()))
        machine.use_time += elapsed
        machine.time_to_window -= elapsed
        share = 1.0 - math.exp(-elapsed / self.warming_time)
        machine.temperature += (goal - machine.temperature) * share
        machine.known_at = now

    def _rates(self, machine: FleetMachine) -> list[float]:
        return [self.rate(machine, index) for index in range(len(machine.parts))]

    def close(self) -> None:
        """The horizon is reached."""
        for machine in self.fleet:
            self.advance(machine)
        self.close_events()
