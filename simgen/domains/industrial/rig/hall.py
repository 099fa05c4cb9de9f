"""A hall: the machines of one block, their crew, and what happens there."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
import simpy

from simgen.core import DAY, MINUTE, Block, Key, Streams, asset
from simgen.des import MonitoredResource
from simgen.domains.industrial.bearings import FaultOrders, catalogue
from simgen.domains.industrial.events import Chronicle, Event
from simgen.domains.industrial.kernels.telemetry import hall_temperature, steady_rise
from simgen.domains.industrial.kernels.vibration import MODE
from simgen.domains.industrial.rig.bench import Bench
from simgen.domains.industrial.rig.lives import Fitted, draw_spall
from simgen.domains.industrial.rig.maintenance import Order
from simgen.domains.industrial.rig.monitoring import ears_for, most_kept, next_window_time
from simgen.domains.industrial.watch import Alarm, Watch
from simgen.kernels.ageing import power_law_acceleration
from simgen.kernels.arrays import Floats

if TYPE_CHECKING:
    from simgen.domains.industrial.bearing_rig import BearingRig


_MODE_SPREAD = 0.05  # between machines: of frequencies, logarithm; as below, assumptions
_LEVEL_SPREAD = 0.25  # of gains and levels, logarithm
_WOBBLE = (0.0005, 0.003)  # least and largest deviation of the speed, relative
_SWAY = (0.0, 0.4)  # least and largest share of the load that turns with the shaft
# Least and largest extent of the load zone: preloaded. An assumption, after pits in the inner race
# on the Case Western rig, where the envelope's line of the turn has 0.1 to 1.0 of BPFI's height.
_ZONE = (1.0, 6.0)


def _facts() -> Any:
    return asset("industrial/rig")


@dataclass(kw_only=True)
class Phase:
    """A stretch of time under one speed and load with one bearing."""

    machine: int  # within the block
    bearing: Fitted
    start: float  # [s]
    speed: float  # [rpm]
    load: float  # [kN]
    rate: float  # equivalent hours per hour
    first_age: float  # of the bearing at the start [h]
    first_use: float  # of the bearing at the start [s]
    relative: tuple[float, float]  # speed and load over the rated ones
    warming: float  # of the bearing over the hall in the long run [K]
    stop: float = math.nan  # [s]
    last_age: float = math.nan  # [h]
    seized: bool = False  # at its end


@dataclass(kw_only=True)
class Machine:
    """One machine, as it is now."""

    index: int  # within the block
    machine_id: int
    rng: np.random.Generator
    monitored: bool
    modes: npt.NDArray[np.void]  # of dtype MODE (m,)
    harmonics: Floats  # (h, 2) [g]
    rolling: float  # [g]
    wobble: float
    zone: float  # extent of the bearing's load zone, epsilon
    sway: float  # share of its load that turns with the shaft
    watch: Watch
    time_to_window: float  # time in use until the next window [s]
    bearing: Fitted = None  # type: ignore[assignment] # fitted as soon as the machine is there
    n_fitted: int = 0
    n_events: int = 0
    n_orders: int = 0
    n_windows: int = 0
    temperature: float = 0.0  # of the bearing [degree Celsius]
    known_at: float = 0.0  # when `temperature` and the bearing's age were true [s]
    serviced_use: float = 0.0  # use of the bearing at its last service [s]
    phase: Phase | None = None  # while it runs
    seized: bool = False
    loose: Event | None = None
    sensor_fault: Event | None = None
    order: Order | None = None
    arrived: simpy.Event = None  # type: ignore[assignment] # exists while there is an order
    done: simpy.Event = None  # type: ignore[assignment] # same
    hastened: simpy.Event = None  # type: ignore[assignment] # same; happens if it seizes meanwhile

    @property
    def is_loose(self) -> bool:
        """Whether a bolt of its foot is loose."""
        return self.loose is not None and self.loose.active

    @property
    def must_stop(self) -> bool:
        """Whether it has seized, or a technician stands beside it."""
        return self.seized or (self.order is not None and self.arrived.triggered)

    def warm_to(self, hall: Hall, now: float, phase: Phase | None) -> None:
        """Bring `temperature` to the present, running under `phase` or standing."""
        elapsed = now - self.known_at
        if elapsed == 0.0:
            return
        goal = hall_temperature(hall.days, now) + (phase.warming if phase is not None else 0.0)
        share = 1.0 - math.exp(-elapsed / hall.warming_time)
        self.temperature += (goal - self.temperature) * share
        self.known_at = now


@dataclass(kw_only=True)
class Hall(Chronicle):
    """The block as it is simulated."""

    NUMBERS: ClassVar[int] = 1_000_000  # free for a machine's bearings, events, orders, windows

    rig: BearingRig
    crew: MonitoredResource
    bench: Bench
    days: Floats  # daily means of the hall's temperature [degree Celsius]
    sensor_key: Key
    telemetry_key: Key
    machines: list[Machine]
    bearings: list[Fitted] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)

    @cached_property
    def orders_of_faults(self) -> FaultOrders:
        """Of the bearings in these machines."""
        return catalogue()[self.rig.bearing].orders

    @cached_property
    def warming_time(self) -> float:
        """Time constant with which bearings warm [s]."""
        return self.rig.operation.warming_time * MINUTE

    def fit(self, machine: Machine) -> None:
        """Put a new bearing into a machine."""
        machine.n_fitted += 1
        machine.serviced_use = 0.0
        machine.bearing = Fitted(
            bearing_id=machine.machine_id * self.NUMBERS + machine.n_fitted,
            machine=machine.index,
            fitted_at=self.env.now,
            spall=draw_spall(self.rig.defects, machine.rng),
        )
        self.bearings.append(machine.bearing)

    def open_phase(self, machine: Machine, speed: float, load: float) -> Phase:
        """A machine runs from now on."""
        operation, bearing = self.rig.operation, machine.bearing
        relative = speed / operation.rated_speed, load / operation.rated_load
        rate = relative[0]
        rate *= power_law_acceleration(load, operation.rated_load, operation.load_exponent)
        rate *= self.rig.lookalikes.looseness.ageing if machine.is_loose else 1.0
        now = self.env.now
        machine.warm_to(self, now, None)
        machine.phase = Phase(
            machine=machine.index,
            bearing=bearing,
            start=now,
            speed=speed,
            load=load,
            rate=rate,
            first_age=bearing.age,
            first_use=bearing.use_time,
            relative=relative,
            warming=steady_rise(*relative, operation.warming),
        )
        return machine.phase

    def advance(self, machine: Machine, phase: Phase, now: float) -> float:
        """Let the bearing of a machine that runs age up to now; for how long it ran [s]."""
        elapsed = now - machine.known_at
        machine.bearing.use(elapsed, phase.rate)
        machine.time_to_window -= elapsed
        machine.warm_to(self, now, phase)
        return elapsed

    def close_phase(self, machine: Machine) -> None:
        """A machine stops, or changes its load, now."""
        phase = machine.phase
        assert phase is not None
        phase.stop, phase.last_age = self.env.now, machine.bearing.age
        phase.seized = machine.seized
        if phase.stop > phase.start:
            self.phases.append(phase)
        machine.phase = None

    def close(self) -> None:
        """The horizon is reached: what still goes on ends here, as far as anybody knows."""
        for machine in self.machines:
            if machine.phase is not None:
                self.advance(machine, machine.phase, self.env.now)
                self.close_phase(machine)
        sizes = {id(bearing.event): bearing.size for bearing in self.bearings if bearing.event}
        for event in self.events:
            self.end(event, severity=sizes.get(id(event), 0.0))
            event.ended_at = min(event.ended_at, self.env.now)


def make_hall(rig: BearingRig, block: Block, days: Iterable[float], streams: Streams) -> Hall:
    """The block's machines, each with a new bearing, at the start."""
    env = simpy.Environment()
    n_technicians = math.ceil((block.stop - block.start) / rig.maintenance.machines_per_technician)
    machines = [_machine(rig, number, block, streams) for number in range(block.start, block.stop)]
    hall = Hall(
        rig=rig,
        env=env,
        crew=MonitoredResource(env, n_technicians),
        bench=Bench(
            rig.monitoring,
            catalogue()[rig.bearing].orders,
            ears_for(rig, machines, streams, floor=float(_facts()["floor"])),
            len(machines) * most_kept(rig.monitoring, rig.n_days * DAY),
        ),
        days=np.array(days, np.float64),
        sensor_key=streams.key("sensors"),
        telemetry_key=streams.key("telemetry"),
        machines=machines,
    )
    for machine in machines:
        machine.temperature = float(hall.days[0])
        hall.fit(machine)
    return hall


def _machine(rig: BearingRig, number: int, block: Block, streams: Streams) -> Machine:
    rng = streams.child("machines").generator(f"machine_{number}")

    def around(value: Any, spread: float) -> Any:
        return value * rng.lognormal(0.0, spread, np.shape(value))

    about, modes = _facts()["modes"], np.zeros(len(_facts()["modes"]), MODE)
    for name in MODE.names or ():
        spread = _MODE_SPREAD if name == "frequency" else _LEVEL_SPREAD
        modes[name] = around(np.array([mode[name] for mode in about]), spread)
    multiples = around(np.array(_facts()["harmonics"]), _LEVEL_SPREAD)
    angles = rng.uniform(0.0, math.tau, len(multiples))
    return Machine(
        index=number - block.start,
        machine_id=number + 1,
        rng=rng,
        monitored=bool(rng.random() < rig.monitoring.monitored_share),
        modes=modes,
        harmonics=np.column_stack([multiples * np.cos(angles), multiples * np.sin(angles)]),
        rolling=float(around(_facts()["rolling"], _LEVEL_SPREAD)),
        wobble=float(rng.uniform(*_WOBBLE)),
        zone=float(rng.uniform(*_ZONE)),
        sway=float(rng.uniform(*_SWAY)),
        watch=Watch(policy=rig.monitoring),
        time_to_window=next_window_time(rig.monitoring, rng),
    )
