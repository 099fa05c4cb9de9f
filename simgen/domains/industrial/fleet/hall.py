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
from simgen.domains.industrial.kernels.fleet import WEAR, ageing_rates
from simgen.domains.industrial.kernels.pumps import cooled
from simgen.domains.industrial.kernels.telemetry import hall_temperature
from simgen.domains.industrial.lookalikes.sensor_fault import Sensor
from simgen.domains.industrial.site.orders import SENSOR
from simgen.domains.industrial.site.site import Machine, Site

if TYPE_CHECKING:
    from simgen.domains.industrial.fleet.scenario import Halls
    from simgen.domains.industrial.fleet.watching import Window
    from simgen.domains.industrial.site.parts import Part

_ZERO = 273.15  # degree Celsius [K]


class Duty(NamedTuple):
    """What a running machine does until something changes."""

    speed: float  # over the rated one
    load: float  # same
    disturbance: tuple[float, ...]  # sizes, in the order of the look-alikes


class Pace(NamedTuple):
    """How fast a running machine ages."""

    rates: list[float]  # equivalent hours that each part ages in an hour of running
    time_to_change: float  # until a defect begins or a part fails [s]


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
    wear: npt.NDArray[np.void]  # what wears each of its parts, of dtype WEAR. (len(parts),)
    stretches: list[Stretch] = field(default_factory=list)
    duty: Duty | None = None  # while it runs
    pace: Pace | None = None  # see `Hall.pace`; None after what it depends on changed
    known_at: float = 0.0  # when all this was true [s]
    time_to_window: float = 0.0  # time in use until the next window [s]
    n_windows: int = 0
    disturbances: dict[str, Event] = field(default_factory=dict)  # the last of each kind
    unsettled: simpy.Event = None  # type: ignore[assignment] # set before anything runs

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

    about: Halls
    hall_id: int
    signals: Signals
    table: ComponentTable
    window_key: npt.NDArray[np.uint32]
    window_sensor_key: npt.NDArray[np.uint32]
    fleet: list[FleetMachine] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)

    @property
    def machines(self) -> list[FleetMachine]:
        """The block's machines."""
        return self.fleet

    @property
    def sensors(self) -> Mapping[str, Sensor]:
        """Those that may be at fault; what takes windows spoils a channel each."""
        signals = self.signals
        every = signals.own_channels
        slow = {c.name: Sensor(c.unit, c.faults) for c in every if c.faults is not None}
        unit = signals.waveforms[0].unit
        return slow | {name: Sensor(unit, one) for name, one in signals.own_window_faults.items()}

    @cached_property
    def warming_time(self) -> float:
        """Time constant of what warms [s]."""
        return next(c.warming_time for c in self.signals.channels if c.name == self.signals.warming)

    @cached_property
    def rated_temperature(self) -> float:
        """Of what warms, of a sound machine at rated speed and load in a mean hall."""
        return self._sound_temperature(1.0, 1.0)

    def _sound_temperature(self, speed: float, load: float) -> float:
        """The same at any speed and load, over the rated ones."""
        mean = self.about.operation.mean_hall_temperature
        at = Conditions(
            speed=speed,
            load=load,
            hall=mean,
            warmth=mean,
            severity=self._no_defects,
            disturbance=self._no_disturbances,
        )
        return self._goal(self.fleet[0], at)

    @cached_property
    def disturbances(self) -> tuple[str, ...]:
        """The kinds of those look-alikes that come from outside."""
        return tuple(one.kind for one in self.about.lookalikes.disturbances)

    @cached_property
    def _no_defects(self) -> Mapping[str, float]:
        return dict.fromkeys(self.table.defects, 0.0)

    @cached_property
    def _no_disturbances(self) -> Mapping[str, float]:
        return dict.fromkeys(self.disturbances, 0.0)

    def attend(self, machine: Machine, *, attended: bool) -> None:
        """See `Site.attend`."""
        one = self.fleet[machine.index]
        self.advance(one)
        one.attended = attended
        if attended:
            one.duty = None
        self._wake(one)

    def unsettle(self, machine: FleetMachine) -> None:
        """A machine's disturbances have changed: time passes up to now, then it goes on anew."""
        self.advance(machine)
        if machine.duty is not None:
            machine.duty = machine.duty._replace(disturbance=self.sizes(machine))
            machine.pace = None
        self._wake(machine)

    def _wake(self, machine: FleetMachine) -> None:
        if machine.unsettled is not None and not machine.unsettled.triggered:
            machine.unsettled.succeed()

    def sizes(self, machine: FleetMachine) -> tuple[float, ...]:
        """Of the disturbances that a machine suffers now, in the order of `disturbances`."""
        found = machine.disturbances
        return tuple(
            [found[k].size if k in found and found[k].active else 0.0 for k in self.disturbances]
        )

    def start(self, machine: FleetMachine, speed: float, load: float) -> None:
        """A machine runs from now on, at a speed and a load over the rated ones."""
        self.advance(machine)
        machine.duty, machine.pace = Duty(speed, load, self.sizes(machine)), None

    def conditions(self, machine: FleetMachine) -> Conditions:
        """Of a running machine, now."""
        duty = machine.duty
        assert duty is not None
        # Most machines are sound and undisturbed: only what differs is made anew.
        severity, sizes = self._no_defects, self._no_disturbances
        begun = machine.begun()
        if begun:
            severity = {**severity, **begun}
        if any(duty.disturbance):
            sizes = dict(zip(self.disturbances, duty.disturbance, strict=True))
        return Conditions(
            speed=duty.speed,
            load=duty.load,
            hall=hall_temperature(self.days, self.env.now),
            warmth=machine.temperature,
            severity=severity,
            disturbance=sizes,
        )

    def conditions_of(
        self, speed: Any, load: Any, warmth: tuple[Any, Any], severity: Any, disturbance: Any
    ) -> Conditions:
        """Names for the rows of `severity` and `disturbance`, each `(k, n)`.

        `warmth` is that of the hall and that of what warms.
        """
        return Conditions(
            speed=speed,
            load=load,
            hall=warmth[0],
            warmth=warmth[1],
            severity=dict(zip(self.table.defects, severity, strict=True)),
            disturbance=dict(zip(self.disturbances, disturbance, strict=True)),
        )

    def pace(self, machine: FleetMachine) -> Pace:
        """How fast a running machine ages from now on."""
        if machine.pace is None:
            rates = self._rates(machine)
            aged = zip(machine.parts, rates, strict=True)
            machine.pace = Pace(rates, min([part.time_to_change(rate) for part, rate in aged]))
        return machine.pace

    def _rates(self, machine: FleetMachine) -> list[float]:
        """They change with the duty, with what warms, and as defects begin and grow."""
        duty, out = machine.duty, np.empty(len(machine.parts))
        assert duty is not None
        heat, reference = machine.temperature + _ZERO, self.rated_temperature + _ZERO
        ageing_rates(self.about.ageing, duty.load, duty.speed, heat, reference, machine.wear, out)
        rates: list[float] = out.tolist()
        worn = [part for part in machine.parts if part.event]
        for place, part in enumerate(machine.parts if worn else ()):
            for _, factor in self.table.hastened(part.about.kind, worn):
                rates[place] *= factor
        return rates

    def usual_pace(self, part: Part) -> float:
        """See `Site.usual_pace`: in a mean hall, at the duties that machines have."""
        return self._usual_paces[part.about.kind]

    @cached_property
    def _usual_paces(self) -> dict[str, float]:
        components = self.table.components
        wear = np.array([one.wear for one in components], WEAR)
        duties = self.about.usual_duties(len(self.fleet))
        rates, reference = np.empty((len(duties), len(wear))), self.rated_temperature + _ZERO
        for (speed, load), row in zip(duties, rates, strict=True):
            heat = self._sound_temperature(speed, load) + _ZERO
            ageing_rates(self.about.ageing, load, speed, heat, reference, wear, row)
        paces = rates.mean(0).tolist()
        return {one.kind: pace for one, pace in zip(components, paces, strict=True)}

    def cause(self, machine: FleetMachine, part: Part) -> int:
        """The event that made a part age faster when its defect began; 0 if none did."""
        found = self.table.hastened(part.about.kind, machine.parts)
        return found[0][0].event_id if found and not part.is_defect_older else 0

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
        first, goal = machine.severities(), self._goal(machine, self.conditions(machine))
        for part, rate in zip(machine.parts, self.pace(machine).rates, strict=True):
            part.use(elapsed, rate)
        machine.uses.append(machine.use_time)
        machine.stretches.append(Stretch(start, now, duty, first, machine.severities()))
        machine.use_time += elapsed
        machine.time_to_window -= elapsed
        share = 1.0 - math.exp(-elapsed / self.warming_time)
        machine.temperature += (goal - machine.temperature) * share
        machine.known_at, machine.pace = now, None

    def _goal(self, machine: FleetMachine, at: Conditions) -> float:
        """The temperature of what warms in the long run, at one instant [degree Celsius]."""
        return float(np.asarray(self.signals.warmed(machine.made, at)).item())

    def close(self) -> None:
        """The horizon is reached."""
        for machine in self.fleet:
            self.advance(machine)
        self.close_events()
