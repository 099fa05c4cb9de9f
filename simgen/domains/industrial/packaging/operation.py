"""Operation of a line: when it is in shift, which format it makes, and what happens to machines."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from simgen.core import DAY, HOUR, MINUTE
from simgen.domains.industrial.site.orders import ask_for_replacement, ask_for_service

if TYPE_CHECKING:
    from simgen.domains.industrial.packaging.line import Line
    from simgen.domains.industrial.packaging.machine import Station
    from simgen.domains.industrial.site.parts import Part

_SOON = 1.0  # [s]; a change that is nearer than this in use has come
_CHUNK = 0.5 * HOUR  # after which stations are told anew how worn they are [s]; numerical
_WORKDAYS = 5  # Monday to Friday


def operate(line: Line) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of the line's control.

    Machines age in use, which is never faster than the clock: waiting for the least time in use
    that is left cannot miss a change, and is done again until it has come.
    """
    while True:
        line.advance()
        waits = [_look_after(line, station) for station in line.stations if station.available]
        line.set_up()
        line.disturbed = line.env.event()
        if line.in_shift:
            yield line.env.timeout(max(_SOON, min([_CHUNK, *waits]))) | line.disturbed
        else:
            yield line.disturbed  # at the latest as the next shift begins; until then nothing runs


def _look_after(line: Line, station: Station) -> float:
    """Let defects begin and parts fail whose time has come; returns the time in use that is left.

    Until the next of them [s]; more than ever passes if the station has failed.
    """
    left = station.changes_at - station.use_time
    # Rounding must not tell how long to wait.
    if left < 2.0 * _CHUNK:
        left = _let_change(line, station)
        # What has begun may make other parts age faster.
        station.changes_at = 0.0 if station.begun() else station.use_time + left
    policy = line.about.upkeep
    if policy.services and station.use_time - station.serviced_use > policy.service_interval * HOUR:
        ask_for_service(line, station)
    return left


def _let_change(line: Line, station: Station) -> float:
    """The same without services."""
    left = _time_to_change(line, station)
    if left <= _SOON:
        for part, rate in zip(station.parts, line.rates(station), strict=True):
            if part.time_to_change(rate) <= _SOON and station.available:
                _change(line, station, part)
        left = _time_to_change(line, station) if station.available else math.inf
    return left


def _time_to_change(line: Line, station: Station) -> float:
    """Time in use until a part of a station changes by itself [s]."""
    parts = zip(station.parts, line.rates(station), strict=True)
    return min([part.time_to_change(rate) for part, rate in parts])


def _change(line: Line, station: Station, part: Part) -> None:
    """A defect begins, or has grown until its part fails, and with it the station."""
    if part.event is None:
        part.event = line.begin(station, part.mode.defect, caused_by=line.cause(part))
        return
    part.age, part.failed, station.failed = part.life, True, True
    station.stops.append(station.use_time)
    line.read(station)
    line.end(part.event, severity=1.0)
    ask_for_replacement(line, station, part, urgent=True)


def keep_shifts(line: Line) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of the line's shifts, on workdays."""
    about, day = line.about.line, 0
    while True:
        if (day + line.first_weekday) % 7 < _WORKDAYS:
            yield line.env.timeout(day * DAY + about.shift_start * HOUR - line.env.now)
            line.advance()
            line.in_shift = True
            line.shift_begins.succeed()
            line.shift_begins = line.env.event()
            line.about.lookalikes.cold_start.warn(line)
            line.disturb()
            yield line.env.timeout(day * DAY + about.shift_stop * HOUR - line.env.now)
            line.advance()
            line.in_shift = False
            line.disturb()
        day += 1
        yield line.env.timeout(day * DAY - line.env.now)


def change_formats(line: Line) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of the line's formats: all machines stand while it is changed over."""
    about, rng, env = line.about.line, line.rng, line.env
    while others := [speed for speed in about.formats if speed != line.format_speed]:
        yield env.timeout(rng.exponential(about.mean_format_time * HOUR))
        if not line.in_shift:
            yield line.shift_begins
        line.advance()
        line.changing = True
        line.disturb()
        yield env.timeout(rng.gamma(4.0, about.mean_changeover_time * MINUTE / 4.0))
        line.advance()
        line.changing = False
        line.set_format(others[int(rng.integers(len(others)))])
        line.about.lookalikes.new_format.begin(line)
        line.disturb()
