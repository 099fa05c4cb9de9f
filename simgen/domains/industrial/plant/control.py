"""Control of a station: which pumps run, and what happens to them while they do."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import simpy

from simgen.core import HOUR
from simgen.domains.industrial.plant.hydraulics import Duty
from simgen.domains.industrial.plant.orders import ask_for_replacement, ask_for_service
from simgen.domains.industrial.plant.parts import BEARING, IMPELLER, SEAL

if TYPE_CHECKING:
    from simgen.domains.industrial.plant.parts import Part
    from simgen.domains.industrial.plant.station import Pump, Station

_SOON = 1e-3  # [s]; instants nearer than this are one
_FIRST_START, _STEP, _STOP = 0.7, 0.2, 0.95  # levels over full: pump k starts at first - k * step
_PASSED = 1e-6  # a level that is so near, over full, has been reached


def operate(station: Station) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of the station's control."""
    env = station.env
    while True:
        station.advance()
        for pump in station.pumps:
            _look_after(station, pump)
        _command(station)
        station.balance()
        write_supply(station)
        station.disturbed = env.event()
        yield env.timeout(max(_SOON, _time_to_next(station))) | station.disturbed


def write_supply(station: Station) -> None:
    """One row for the hour that is over, unless it was written."""
    # An hour that is over to the millisecond is over.
    n_hours = int((station.env.now + _SOON) / HOUR)
    if n_hours <= len(station.supply):
        return
    station.supply.append(
        (
            n_hours * HOUR,
            station.volume,
            station.asked,
            station.taken,
            len(station.running),
            sum(pump.available for pump in station.pumps),
        )
    )
    station.asked = station.taken = 0.0


def _time_to_next(station: Station) -> float:
    """Until the hour is over, a level is reached, or a running pump changes [s]."""
    now, full = station.env.now, station.about.demand.tank_volume
    times = [(int((now + _SOON) / HOUR) + 1) * HOUR - now]
    net = (station.inflow - station.demand_at(now)) / HOUR
    if net != 0.0:
        distances = [level * full - station.volume for level in _levels(len(station.pumps))]
        times += [
            distance / net
            for distance in distances
            if distance / net > 0.0 and abs(distance) > _PASSED * full
        ]
    for pump in station.running:
        times += [
            part.time_to_change(rate)
            for part, rate in zip(pump.parts, station.rates(pump), strict=True)
        ]
        times += _cascade(station, pump)
    return min(times)


def _cascade(station: Station, pump: Pump) -> Iterator[float]:
    """Until it is looked again whether a worn bearing damages its seal by now [s]."""
    bearing, how = pump.parts[BEARING], station.about.components
    if bearing.event is not None and bearing.severity < how.cascade_severity:
        yield 0.25 * HOUR


@cache
def _levels(n_pumps: int) -> tuple[float, ...]:
    """Levels over full at which the control acts."""
    starts = (max(0.0, _FIRST_START - _STEP * pump) for pump in range(n_pumps))
    return (0.0, _STOP, 1.0, *starts)


def _command(station: Station) -> None:
    """Start and stop pumps as the level asks for; a pump that fails is replaced at once."""
    level = station.volume / station.about.demand.tank_volume
    if level >= _STOP - 2.0 * _PASSED:
        station.n_wanted = 0
    for number in range(len(station.pumps)):
        if level <= max(0.0, _FIRST_START - _STEP * number) + 2.0 * _PASSED:
            station.n_wanted = max(station.n_wanted, number + 1)
    for pump in station.running:
        if not pump.available or not station.n_wanted:
            pump.duty = None
    idle = [pump for pump in station.pumps if pump.available and pump.duty is None]
    # The one with the least use first, so that all are used alike.
    idle.sort(key=lambda pump: (pump.use_time, pump.index))
    for pump in idle[: max(0, station.n_wanted - len(station.running))]:
        _start(station, pump)


def _start(station: Station, pump: Pump) -> None:
    pump.started_at = station.env.now
    pump.duty = Duty(flow=0.0, head=0.0, suction=0.0, cavitation=0.0)
    cold = station.about.lookalikes.cold_start
    if pump.temperature < cold.below:
        event = station.begin(pump, cold.kind, lookalike_of=cold.resembles)
        event.ended_at = station.env.now + cold.visible_time * HOUR


def _look_after(station: Station, pump: Pump) -> None:
    """Let defects begin and parts fail whose time has come."""
    if pump.duty is None:
        return
    for index, (part, rate) in enumerate(zip(pump.parts, station.rates(pump), strict=True)):
        if part.time_to_change(rate) <= _SOON:
            if part.event is None:
                part.event = station.begin(
                    pump, part.mode.defect, caused_by=_cause(station, pump, index)
                )
            elif not pump.failed:
                _fail(station, pump, part)
    policy = station.about.upkeep
    if policy.services and pump.use_time - pump.serviced_use > policy.service_interval * HOUR:
        ask_for_service(station, pump)


def _cause(station: Station, pump: Pump, index: int) -> int:
    """The event that made a part age faster when its defect began; 0 if none did."""
    bearing, how = pump.parts[BEARING], station.about.components
    if index == SEAL and bearing.event and bearing.severity >= how.cascade_severity:
        return bearing.event.event_id
    cavitates = pump.duty is not None and pump.duty.cavitation > 0.0
    if index == IMPELLER and cavitates and pump.strainer and pump.strainer.active:
        return pump.strainer.event_id
    return 0


def _fail(station: Station, pump: Pump, part: Part) -> None:
    """The part has reached its end, and the pump stops."""
    assert part.event is not None
    part.age, part.failed, pump.failed = part.life, True, True
    pump.stretches[-1] = (*pump.stretches[-1][:-1], 1)
    pump.stops.append(pump.use_time)
    station.end(part.event, severity=1.0)
    ask_for_replacement(station, pump, part, urgent=True)
