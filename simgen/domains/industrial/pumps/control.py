"""Control of a station as far as it concerns people: defects, failures, services and alarms.

What goes on by itself, in which pumps start and stop as the tank's level asks for and alarms look
at them every hour, is `kernels.level_control`. It runs on from one thing that happens at the
station to the next, unless it comes to something that people have to do with.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from simgen.core import HOUR
from simgen.domains.industrial.kernels.level_control import ALARMED, DUE, PAUSED
from simgen.domains.industrial.kernels.stations import BEARING, IMPELLER, SEAL
from simgen.domains.industrial.pumps.watching import raise_alarms
from simgen.domains.industrial.site.orders import ask_for_replacement, ask_for_service

if TYPE_CHECKING:
    from simgen.domains.industrial.pumps.station import Pump, Station
    from simgen.domains.industrial.site.parts import Part


def operate(station: Station) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of the station's control and alarms."""
    while True:
        for pump in station.running:
            _look_after(station, pump)
        yield from _run_on(station)


def _run_on(station: Station) -> Generator[simpy.Event, Any, None]:
    """Act and let all go on until it is disturbed, or a part changes or a service is due."""
    env, found, acts = station.env, PAUSED, True
    station.disturbed = env.event()
    # The control acts one event later: what takes no time at that instant is over by then.
    heard = env.any_of([station.disturbed])
    while found != DUE and not station.disturbed.triggered:
        # Nothing can disturb it before the next of all events.
        found, at = station.automation.run_on(station, env.peek(), acts=acts)
        yield from _wait(env, at)
        if found == ALARMED:
            raise_alarms(station)
        elif found == DUE:
            station.advance()
        acts = False
    if station.disturbed.triggered:
        yield heard


def _wait(env: simpy.Environment, at: float) -> Generator[simpy.Event, Any, None]:
    """Wait until exactly an instant [s], and for one event at least."""
    while True:
        # A sum of floats may fall beyond it; one that falls short leaves a rest that is exact.
        time = at - env.now
        yield env.timeout(time if env.now + time <= at else math.nextafter(time, 0.0))
        if env.now >= at:
            return


def _look_after(station: Station, pump: Pump) -> None:
    """Let defects begin and parts fail whose time has come."""
    for index in station.automation.parts[pump.index]["due"].nonzero()[0].tolist():
        part = pump.parts[index]
        if part.event is None:
            cause = _cause(station, pump, index)
            part.event = station.begin(pump, part.mode.defect, caused_by=cause)
        elif not pump.failed:
            _fail(station, pump, part)
    policy = station.about.upkeep
    if policy.services and pump.use_time - pump.serviced_use > policy.service_interval * HOUR:
        ask_for_service(station, pump)


def _cause(station: Station, pump: Pump, index: int) -> int:
    """The event that made a part age faster when its defect began; 0 if none did."""
    bearing, how = pump.parts[BEARING], station.about.components
    if pump.parts[index].is_defect_older:
        return 0
    if index == SEAL and bearing.event and bearing.severity >= how.cascade_severity:
        return bearing.event.event_id
    cavitates = station.automation.pumps[pump.index]["cavitation"] > 0.0
    if index == IMPELLER and cavitates and pump.strainer and pump.strainer.active:
        return pump.strainer.event_id
    return 0


def _fail(station: Station, pump: Pump, part: Part) -> None:
    """The part has reached its end, and the pump stops."""
    assert part.event is not None
    part.age, part.failed, pump.failed = part.life, True, True
    station.stretches(pump)[-1]["failed"] = 1
    pump.stops.append(pump.use_time)
    station.end(part.event, severity=1.0)
    ask_for_replacement(station, pump, part, urgent=True)
