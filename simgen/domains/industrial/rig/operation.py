"""Operation: shifts, spells of work, and what ends them."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import simpy

from simgen.core import HOUR, Parameters, parameter
from simgen.domains.industrial.crew import REPLACEMENT, SERVICE
from simgen.domains.industrial.kernels.stations import SOON
from simgen.domains.industrial.rig.maintenance import open_order, work
from simgen.domains.industrial.rig.monitoring import next_window_time, take_window

if TYPE_CHECKING:
    from simgen.domains.industrial.rig.hall import Hall, Machine

_SPEED_SPREAD, _LOAD_SPREAD = 0.01, 0.15  # between spells, relative; assumptions


@dataclass(frozen=True, kw_only=True)
class Operation(Parameters):
    """When and how machines run. Defaults are assumptions unless a source is named."""

    rated_speed: float = parameter(
        1_797.0,
        doc="Speed of the shaft, that of the Case Western rig without load.",
        unit="rpm",
        minimum=300.0,
        maximum=6_000.0,
    )
    rated_load: float = parameter(
        2.0, doc="Radial load of the bearing.", unit="kN", above=0.0, maximum=1_000.0
    )
    load_exponent: float = parameter(
        3.0,
        doc="Exponent of load in the life of a ball bearing (ISO 281).",
        minimum=0.0,
        maximum=10.0,
    )
    mean_run_time: float = parameter(
        30.0, doc="Mean time from a start to the next stop.", unit="h", above=0.1, maximum=1e4
    )
    mean_stand_time: float = parameter(
        9.0, doc="Mean time from a stop to the next start.", unit="h", above=0.0, maximum=1e4
    )
    mean_spell_time: float = parameter(
        4.0, doc="Mean time of work under one load.", unit="h", above=0.1, maximum=1e4
    )
    mean_hall_temperature: float = parameter(
        18.0,
        doc="Mean temperature of the hall.",
        unit="degree Celsius",
        minimum=-40.0,
        maximum=50.0,
        plausible=(5.0, 35.0),
    )
    warming: float = parameter(
        28.0,
        doc="Rise of the bearing at rated speed and load.",
        unit="K",
        minimum=0.0,
        maximum=100.0,
        plausible=(5.0, 60.0),
    )
    warming_time: float = parameter(
        45.0,
        doc="Time constant of that rise.",
        unit="min",
        above=0.0,
        maximum=1e4,
        plausible=(10.0, 240.0),
        scale="log",
    )


def live(hall: Hall, machine: Machine) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of one machine: run, stand, and be looked after."""
    rng, operation = machine.rng, hall.rig.operation
    yield hall.env.timeout(rng.uniform(0.0, operation.mean_stand_time * HOUR))
    while True:
        stop_at = hall.env.now + rng.gamma(4.0, operation.mean_run_time * HOUR / 4.0)
        _start(hall, machine)
        while hall.env.now < stop_at - SOON:
            yield from _spell(hall, machine, stop_at)
        interval = hall.rig.maintenance.service_interval * HOUR
        if machine.bearing.use_time - machine.serviced_use > interval:
            open_order(hall, machine, SERVICE)
        yield from _stand(hall, machine, rng.gamma(4.0, operation.mean_stand_time * HOUR / 4.0))


def _start(hall: Hall, machine: Machine) -> None:
    cold = hall.rig.lookalikes.cold_start
    machine.warm_to(hall, hall.env.now, None)
    if machine.temperature < cold.below:
        event = hall.begin(machine, cold.kind, lookalike_of=cold.resembles)
        event.ended_at = hall.env.now + cold.visible_time * HOUR


def _spell(hall: Hall, machine: Machine, stop_at: float) -> Generator[simpy.Event, Any, None]:
    """Work under one load until it changes, the shift ends, or somebody has to come."""
    env, rng, now = hall.env, machine.rng, hall.env.now
    operation, step = hall.rig.operation, hall.rig.lookalikes.load_step
    load = operation.rated_load * float(rng.lognormal(0.0, _LOAD_SPREAD))
    event = None
    if rng.random() < step.share:
        load *= rng.uniform(*step.factors)
        event = hall.begin(machine, step.kind, lookalike_of=step.resembles)
    speed = operation.rated_speed * (1.0 + _SPEED_SPREAD * float(rng.standard_normal()))
    until = min(stop_at, now + rng.exponential(operation.mean_spell_time * HOUR))
    phase = hall.open_phase(machine, speed, load)
    while now < until - SOON and not machine.must_stop:
        time_to_change = machine.bearing.time_to_change(phase.rate)
        timeout = env.timeout(min(until - now, machine.time_to_window, time_to_change))
        yield timeout if machine.order is None else timeout | machine.arrived
        now = env.now
        if time_to_change - hall.advance(machine, phase, now) <= SOON:
            _change(hall, machine)
        if machine.time_to_window <= SOON and not machine.seized:
            machine.time_to_window = next_window_time(hall.rig.monitoring, rng)
            take_window(hall, machine, phase)
    hall.close_phase(machine)
    if event is not None:
        hall.end(event)
    if machine.must_stop:
        yield from _repair(hall, machine)


def _change(hall: Hall, machine: Machine) -> None:
    """The spall begins, or has grown until the bearing seizes."""
    bearing = machine.bearing
    if bearing.event is None:
        cause = machine.loose.event_id if machine.loose and machine.is_loose else 0
        bearing.event = hall.begin(machine, bearing.spall.defect.kind, caused_by=cause)
        return
    hall.end(bearing.event, severity=hall.rig.defects.failure_size)
    bearing.failed = machine.seized = True


def _repair(hall: Hall, machine: Machine) -> Generator[simpy.Event, Any, None]:
    """Stand until the technician is there, then until the work is done."""
    if machine.seized and machine.order is None:
        open_order(hall, machine, REPLACEMENT)
    elif machine.seized and machine.order is not None:
        machine.order.hastened_at = hall.env.now
        machine.hastened.succeed()
    yield machine.arrived
    yield from work(hall, machine)
    machine.seized = False


def _stand(hall: Hall, machine: Machine, time: float) -> Generator[simpy.Event, Any, None]:
    """Stand for a time [s], and for as long as a technician takes who comes meanwhile."""
    end = hall.env.timeout(time)
    while not end.processed:
        yield end if machine.order is None else end | machine.arrived
        if machine.order is not None and machine.arrived.triggered:
            yield from _repair(hall, machine)
