"""Operation of a fleet: machines run in spells under changing load, stand, and are repaired."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import simpy

from simgen.core import HOUR, Parameters, parameter
from simgen.domains.industrial.fleet.watching import next_window_time, take_window
from simgen.domains.industrial.kernels.stations import SOON
from simgen.domains.industrial.site.orders import ask_for_replacement, ask_for_service

if TYPE_CHECKING:
    from simgen.domains.industrial.fleet.hall import FleetMachine, Hall
    from simgen.domains.industrial.site.parts import Part


_MOST_LOAD = 2.0  # over the rated one, at which a relay or a clutch lets go; assumption
_N_SHARES = 9  # of a spread, of which the middles stand for all; numerical


@dataclass(frozen=True, kw_only=True)
class HallOperation(Parameters):
    """Where machines run. Defaults are assumptions."""

    mean_hall_temperature: float = parameter(
        18.0,
        doc="Mean temperature of the halls.",
        unit="degree Celsius",
        minimum=-40.0,
        maximum=50.0,
        plausible=(5.0, 35.0),
    )


def parameter_of_load(doc: str, *, plausible: tuple[float, float]) -> Any:
    """The parameter `median_load` of machines that run in spells."""
    return parameter(0.75, doc=doc, unit="1", above=0.05, maximum=2.0, plausible=plausible)


def spread_of_load(*, plausible: tuple[float, float]) -> Any:
    """The parameter `load_spread` of such machines."""
    return parameter(
        0.18,
        doc="Deviation of the load's logarithm between spells.",
        unit="1",
        minimum=0.0,
        maximum=1.0,
        plausible=plausible,
        scale="log",
    )


def range_of_speeds(doc: str, *, maximum: float) -> Any:
    """The parameter `speeds` of such machines; `doc` says which an inverter makes."""
    return parameter(
        (1.0, 1.0),
        doc=f"Lowest and highest speed over the rated one: {doc}.",
        above=0.1,
        maximum=maximum,
        is_range=True,
    )


@dataclass(frozen=True, kw_only=True)
class FleetOperation(HallOperation):
    """When and how machines run, each alone. Defaults are assumptions."""

    mean_run_time: float = parameter(
        60.0, doc="Mean time from a start to the next stop.", unit="h", above=0.1, maximum=1e4
    )
    mean_stand_time: float = parameter(
        12.0, doc="Mean time from a stop to the next start.", unit="h", above=0.0, maximum=1e4
    )
    mean_spell_time: float = parameter(
        4.0, doc="Mean time of work under one load.", unit="h", above=0.1, maximum=1e4
    )
    median_load: float = parameter_of_load("Median load over the rated one.", plausible=(0.3, 1.1))
    load_spread: float = spread_of_load(plausible=(0.02, 0.5))
    speeds: tuple[float, float] = range_of_speeds("more than one with an inverter", maximum=2.0)

    def usual_duties(self) -> list[tuple[float, float]]:
        """Speeds and loads over the rated ones, each as likely; steps of load apart."""
        shares = [(place + 0.5) / _N_SHARES for place in range(_N_SHARES)]
        lowest, highest = self.speeds
        speeds = sorted({lowest + share * (highest - lowest) for share in shares})
        loads = [
            self.median_load * math.exp(self.load_spread * NormalDist().inv_cdf(share))
            for share in shares
        ]
        return [(speed, min(load, _MOST_LOAD)) for speed in speeds for load in loads]


def live(
    hall: Hall, machine: FleetMachine, operation: FleetOperation
) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of one machine."""
    env, rng = hall.env, machine.rng
    yield env.timeout(rng.uniform(0.0, operation.mean_stand_time * HOUR))
    while True:
        stop_at = env.now + rng.gamma(4.0, operation.mean_run_time * HOUR / 4.0)
        warn_of_cold(hall, machine)
        while env.now < stop_at - SOON and machine.available:
            yield from _spell(hall, machine, operation, stop_at)
        policy = hall.about.upkeep
        if policy.services and machine.use_time - machine.serviced_use > (
            policy.service_interval * HOUR
        ):
            ask_for_service(hall, machine)
        if machine.available:
            yield env.timeout(rng.gamma(4.0, operation.mean_stand_time * HOUR / 4.0))
        while not machine.available:
            machine.unsettled = env.event()
            yield machine.unsettled


def warn_of_cold(hall: Hall, machine: FleetMachine) -> None:
    """The first hours of a machine that stood in the cold."""
    cold = hall.about.lookalikes.cold_start
    hall.advance(machine)
    if machine.available and machine.temperature < cold.below:
        event = hall.begin(machine, cold.kind, lookalike_of=cold.resembles)
        event.ended_at = hall.env.now + cold.visible_time * HOUR


def _spell(
    hall: Hall, machine: FleetMachine, operation: FleetOperation, stop_at: float
) -> Generator[simpy.Event, Any, None]:
    """Work under one load until it changes, the run is over, or the machine has to stop."""
    env, rng = hall.env, machine.rng
    step, event = hall.about.lookalikes.load_step, None
    load = operation.median_load * rng.lognormal(0.0, operation.load_spread)
    if rng.random() < step.share:
        load *= rng.uniform(*step.factors)
        event = hall.begin(machine, step.kind, lookalike_of=step.resembles)
    until = min(stop_at, env.now + rng.exponential(operation.mean_spell_time * HOUR))
    hall.start(machine, rng.uniform(*operation.speeds), min(load, _MOST_LOAD))
    # Work that takes no time ends the duty, and leaves the machine available.
    while env.now < until - SOON and machine.available and machine.duty is not None:
        yield from _step(hall, machine, until)
    hall.advance(machine)
    machine.duty = None
    if event is not None:
        hall.end(event)


def _step(hall: Hall, machine: FleetMachine, until: float) -> Generator[simpy.Event, Any, None]:
    """Run until the next thing happens."""
    env = hall.env
    machine.unsettled = env.event()
    wait = min(until - env.now, time_to_next(hall, machine))
    yield env.timeout(max(SOON, wait)) | machine.unsettled
    look_after(hall, machine)


def time_to_next(hall: Hall, machine: FleetMachine) -> float:
    """Until a running machine changes by itself, or its next window is due [s]."""
    return min(machine.time_to_window, hall.pace(machine).time_to_change)


def look_after(hall: Hall, machine: FleetMachine) -> None:
    """Let time pass up to now for a machine, and let happen what has become due."""
    hall.advance(machine)
    if not machine.available or machine.duty is None:
        return
    pace = hall.pace(machine)
    if pace.time_to_change <= SOON:
        for part, rate in zip(machine.parts, pace.rates, strict=True):
            if part.time_to_change(rate) <= SOON:
                _change(hall, machine, part)
    if machine.time_to_window <= SOON and machine.available:
        machine.time_to_window = next_window_time(hall.about.watching, machine.rng)
        take_window(hall, machine)


def _change(hall: Hall, machine: FleetMachine, part: Part) -> None:
    """A defect begins, or has grown until its part fails, and with it the machine."""
    if part.event is None:
        cause = hall.cause(machine, part)
        part.event = hall.begin(machine, part.mode.defect, caused_by=cause)
        machine.pace = None
    elif not machine.failed:
        part.age, part.failed, machine.failed = part.life, True, True
        machine.fail()
        hall.end(part.event, severity=1.0)
        ask_for_replacement(hall, machine, part, urgent=True)
