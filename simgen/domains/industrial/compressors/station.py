"""A station: compressors on one header, which share the load and stand by for one another."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import simpy

from simgen.core import DAY, HOUR, WEEK, parameter
from simgen.domains.industrial.compressors.compressor import built, strained
from simgen.domains.industrial.compressors.lookalikes import HotCoolant
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.fleet.hall import FleetMachine, Hall
from simgen.domains.industrial.fleet.operation import (
    HallOperation,
    look_after,
    time_to_next,
    warn_of_cold,
)
from simgen.domains.industrial.kernels.compressors import STRAINS
from simgen.domains.industrial.kernels.stations import SOON
from simgen.domains.industrial.kernels.telemetry import hall_temperature
from simgen.domains.industrial.site.orders import ask_for_service
from simgen.kernels.arrays import Floats

if TYPE_CHECKING:
    from simgen.domains.industrial.compressor_station import CompressorStation


_RESERVE = 0.95  # of what runs at full speed, above which another one is started; assumption
_WORKS = (6.0, 20.0)  # from when to when the works need most on a workday [h]; assumption
_LEAST_SPEED, _LEAST_PRESSURE = 0.35, 0.6  # over the rated ones; assumptions
_ROWS = {name: row for row, name in enumerate(STRAINS)}
_MEMORY, _SPREAD = 0.7, 0.12  # of the demand from step to step; logarithm; assumptions


@dataclass(frozen=True, kw_only=True)
class StationOperation(HallOperation):
    """What the works ask for. Defaults are assumptions."""

    control_interval: float = parameter(
        2.0, doc="Time for which the demand stays the same.", unit="h", minimum=0.1, maximum=24.0
    )
    mean_demand: float = parameter(
        0.55,
        doc="Mean demand over what all new machines give at full speed.",
        unit="1",
        above=0.0,
        maximum=2.0,
        plausible=(0.3, 0.8),
    )
    night_share: float = parameter(
        0.6,
        doc="Demand at night and on weekends over that of working hours.",
        minimum=0.0,
        maximum=1.0,
        plausible=(0.2, 1.0),
    )

    def usual_speed(self, n_machines: int) -> float:
        """Over the rated one, of as many of a station's machines as the mean demand takes."""
        wanted = self.mean_demand * n_machines
        n_running = min(n_machines, math.ceil(wanted / _RESERVE))
        return min(1.0, max(wanted / n_running, _LEAST_SPEED))


class Supply(NamedTuple):
    """What was asked for and given in one step of the control."""

    at: float  # when it was over [s]
    demand: float  # at the rated pressure [m3/min]
    flow: float  # given [m3/min]
    pressure: float  # of the header over the rated one, absolute
    n_running: int
    n_available: int


@dataclass(kw_only=True)
class Station(Hall):
    """The block as it is simulated."""

    about: CompressorStation
    supply: list[Supply] = field(default_factory=list)
    mood: float = 0.0  # logarithm of the demand over the usual
    demand: float = 0.0  # [m3/min]

    def flows(
        self, machines: list[FleetMachine], speed: float = 1.0, pressure: float = 1.0
    ) -> Floats:
        """What machines give, as they are now `(n,)` [m3/min].

        Args:
            machines: (n,)
            speed: over the rated one.
            pressure: of the header over the rated one, absolute.
        """
        strains = np.zeros((len(STRAINS), len(machines)))
        strains[_ROWS["speed"]], strains[_ROWS["load"]] = speed, pressure
        strains[_ROWS["hall"]] = hall_temperature(self.days, self.env.now)
        for place, machine in enumerate(machines):
            hot = machine.disturbances.get(HotCoolant.kind)
            if hot is not None and hot.active:
                strains[_ROWS[HotCoolant.kind], place] = hot.size
            for defect, severity in machine.begun().items():
                if defect in _ROWS:
                    strains[_ROWS[defect], place] = severity
        made = self._built[[one.index for one in machines]]
        return np.asarray(strained(self.about.compressor, made, strains)["flow"])

    @cached_property
    def _built(self) -> npt.NDArray[np.void]:
        """Of dtype BUILT."""
        return built(self.about.compressor, *(machine.made for machine in self.fleet))


def operate(station: Station) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of the station's control.

    It wakes when the demand changes, and when a machine changes, fails or is given back.
    """
    env, step = station.env, station.about.operation.control_interval * HOUR
    # Not on the minute: a start at the very instant of a row would repeat the one before it.
    next_at, week = station.rng.uniform(0.0, step), 0
    steps: list[Event] = []
    yield env.timeout(next_at)
    while True:
        for machine in station.fleet:
            look_after(station, machine)
        turn = False
        if env.now >= next_at - SOON:
            for event in steps:
                station.end(event)
            steps, next_at = _ask(station), next_at + step
            turn, week = int(env.now / WEEK) > week, int(env.now / WEEK)
        _share(station, turn=turn)
        woken = env.event()
        for machine in station.fleet:
            machine.unsettled = woken
        running = [machine for machine in station.fleet if machine.duty is not None]
        waits = [next_at - env.now, *(time_to_next(station, machine) for machine in running)]
        yield env.timeout(max(SOON, min(waits))) | woken


def _ask(station: Station) -> list[Event]:
    """What the works ask for from now on, and the load steps that begin with it."""
    operation, rng, now = station.about.operation, station.rng, station.env.now
    fresh = _SPREAD * math.sqrt(1.0 - _MEMORY * _MEMORY)
    station.mood = _MEMORY * station.mood + fresh * rng.standard_normal()
    day, hour = int(now // DAY), now % DAY / HOUR
    works = (day + station.first_weekday) % 7 < 5 and _WORKS[0] <= hour < _WORKS[1]
    usual = operation.mean_demand * (1.0 if works else operation.night_share)
    about = station.about.compressor
    station.demand = usual * len(station.fleet) * about.rated_flow * math.exp(station.mood)
    surge = station.about.lookalikes.load_step
    if rng.random() >= surge.share:
        return []
    station.demand *= rng.uniform(*surge.factors)
    kind, like = surge.kind, surge.resembles
    return [station.begin(machine, kind, lookalike_of=like) for machine in station.fleet]


def _share(station: Station, *, turn: bool) -> None:
    """Choose who runs, all at the same share of speed, and find the header's pressure.

    Those in use go on; when it is another's `turn`, who has run least begins. When all that may
    run cannot give what is asked for, the pressure falls, and with it what the consumers take.
    """
    chosen, full = _choose(station, turn=turn)
    places = {machine.index for machine in chosen}
    for machine in station.fleet:
        if machine.index not in places:
            station.advance(machine)
            machine.duty = None
    running, pressure, given = len(chosen), 0.0, 0.0
    if running:
        speed, pressure, given = _match(station, chosen, float(full.sum()))
        for machine in chosen:
            if machine.duty is None:
                warn_of_cold(station, machine)
            station.start(machine, speed, pressure)
    available = sum(machine.available for machine in station.fleet)
    row = Supply(station.env.now, station.demand, given, pressure, running, available)
    station.supply.append(row)


def _match(
    station: Station, machines: list[FleetMachine], most: float
) -> tuple[float, float, float]:
    """Speed and pressure over the rated ones at which machines give the demand, and what they give.

    Gaps leak the same at any speed, so flow falls faster than it: two steps of the secant find it.

    Args:
        station: they belong to.
        machines: that run.
        most: they give at full speed and rated pressure. [m3/min]
    """
    demand = station.demand
    if demand > most:
        pressure = max(most / demand, _LEAST_PRESSURE)
        given = float(station.flows(machines, pressure=pressure).sum())
        return 1.0, pressure, min(demand, given)
    fast, speed, more = 1.0, max(demand / most, _LEAST_SPEED), most
    for _ in range(2):
        flow = float(station.flows(machines, speed).sum())
        if speed == fast or flow >= more:
            break
        slope = (more - flow) / (fast - speed)
        fast, more, speed = speed, flow, speed + (demand - flow) / slope
        speed = min(1.0, max(speed, _LEAST_SPEED))
    return speed, 1.0, demand


def _choose(station: Station, *, turn: bool) -> tuple[list[FleetMachine], Floats]:
    """Those that run from now on, and what each gives at full speed `(n,)` [m3/min]."""
    able = [machine for machine in station.fleet if machine.available]
    if not able:
        return [], np.empty(0)
    policy = station.about.upkeep
    for machine in able if policy.services else ():
        if machine.use_time - machine.serviced_use > policy.service_interval * HOUR:
            ask_for_service(station, machine)
    able.sort(key=lambda one: (one.duty is None and not turn, one.use_time, one.index))
    full = station.flows(able)
    enough = [_RESERVE * most >= station.demand for most in accumulate(full.tolist())]
    n = enough.index(True) + 1 if True in enough else len(able)
    return able[:n], full[:n]
