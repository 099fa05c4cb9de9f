"""Control of a station's pumps by the tank's level; see `stations`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.core import HOUR
from simgen.domains.industrial.kernels.alarms import judges, watch
from simgen.domains.industrial.kernels.flows import balance
from simgen.domains.industrial.kernels.stations import (
    BEARING,
    SOON,
    demand_at,
    inflow_of,
    pass_time,
    rates_of,
)

# Levels over full: pump k starts at first - k * step; assumptions.
_FIRST_START, _STEP, _STOP = 0.7, 0.2, 0.95
_PASSED = 1e-6  # a level that is so near, over full, has been reached
_CASCADE_STEP = 0.25 * HOUR  # in which it is looked whether a bearing damages its seal by now [s]


PAUSED, FULL, DUE, ALARMED = range(4)  # why `run_on` comes back


@njit(cache=True, error_model="numpy")
def run_on(state: Any, watching: Any, until: Any, acts: Any) -> Any:
    """Let control and alarms do what they do by themselves before an instant.

    The control starts and stops pumps, shares the flow among them, and plans when to look again.

    Args:
        state: see `stations`.
        watching: see `alarms`.
        until: when something else may happen. [s]
        acts: whether the control does so at present, too.

    Returns:
        Why it ends, and the instant that is reached [s]. PAUSED: nothing more is planned before
        `until`. FULL: there is no room to write down what is next. DUE: a defect begins, a part
        fails or a service is due, and the control has yet to act. ALARMED: an alarm came or went,
        or asks for an inspection.
    """
    plants, settings, stations, pumps, parts, demand, days, stretches, supply, cold = state
    rules, alarms, usual, faults, key, noise = watching
    plant, setting, station, key = plants[0], settings[0], stations[0], (key[0], key[1])
    has_room = True
    while True:
        if acts:
            has_room = _control(plant, setting, station, pumps, parts, demand, supply, cold)
        now = min(station.step_at, station.watch_at)
        if now >= until:
            return PAUSED, until
        if not has_room or _are_full(pumps, stretches):
            return FULL, now
        watches = now == station.watch_at
        if now > station.known_at and (not watches or judges(setting, pumps, now)):
            pass_time(plant, setting, station, pumps, parts, demand, days, stretches, now)
        if watches:
            station.watch_at += HOUR
            if watch(
                plant, setting, pumps, parts, days, rules, alarms, usual, faults, key, noise, now
            ):
                return ALARMED, now
        elif find_due(setting, pumps, parts):
            return DUE, now
        acts = not watches


@njit(cache=True, error_model="numpy")
def advance(state: Any, now: Any) -> None:
    """Let an hour or less pass up to an instant [s], and mark the parts that are due then.

    Args:
        state: see `stations`.
        now: [s]
    """
    plants, settings, stations, pumps, parts, demand, days, stretches, _, _ = state
    plant, setting, station = plants[0], settings[0], stations[0]
    if now > station.known_at:
        pass_time(plant, setting, station, pumps, parts, demand, days, stretches, now)
    find_due(setting, pumps, parts)


@njit(cache=True, error_model="numpy", forceinline=True)
def _are_full(pumps: Any, stretches: Any) -> Any:
    """Whether there is no room for another stretch of a pump."""
    full = False
    for i in range(len(pumps)):
        full = full or pumps[i].n_stretches == stretches.shape[1]
    return full


@njit(cache=True, error_model="numpy", forceinline=True)
def _time_to_change(part: Any, rate: Any) -> Any:
    """Time in use until the defect begins or, if it has, the part fails [s]."""
    goal = part.life if part.begun else part.life - part.growth_time
    return max(0.0, goal - part.age) / rate * HOUR


@njit(cache=True, error_model="numpy", forceinline=True)
def find_due(setting: Any, pumps: Any, parts: Any) -> Any:
    """Mark parts whose defect begins or that fail now; whether there are any, or a service."""
    found = False
    for i in range(len(pumps)):
        pump, rates = pumps[i], rates_of(setting, pumps[i], parts[i, BEARING])
        for k in range(len(rates)):
            due = pump.running == 1 and _time_to_change(parts[i, k], rates[k]) <= SOON
            parts[i, k].due = due
            found = found or due
        used = pump.use_time - pump.serviced_use
        found = found or (pump.running and pump.may_serve and used > setting.service_time)
    return found


@njit(cache=True, error_model="numpy", forceinline=True)
def _control(
    plant: Any,
    setting: Any,
    station: Any,
    pumps: Any,
    parts: Any,
    demand: Any,
    supply: Any,
    cold_starts: Any,
) -> Any:
    """Act; whether there is room for the cold starts of another time."""
    _command(setting, station, pumps, cold_starts)
    balance(plant, setting, station, pumps, parts)
    write_hour(station, pumps, supply)
    time = _time_to_next(setting, station, pumps, parts, demand)
    station.step_at = station.known_at + max(SOON, time)
    return station.n_cold_starts + len(pumps) <= len(cold_starts)


@njit(cache=True, error_model="numpy", forceinline=True)
def _command(setting: Any, station: Any, pumps: Any, cold_starts: Any) -> None:
    """Start and stop pumps as the level asks for; a pump that fails is replaced at once."""
    level = station.volume / setting.tank_volume
    if level >= _STOP - 2.0 * _PASSED:
        station.n_wanted = 0
    for number in range(len(pumps)):
        if level <= max(0.0, _FIRST_START - _STEP * number) + 2.0 * _PASSED:
            station.n_wanted = max(station.n_wanted, number + 1)
    n_running = 0
    for i in range(len(pumps)):
        if not pumps[i].available or not station.n_wanted:
            pumps[i].running = 0
        n_running += pumps[i].running
    for _ in range(n_running, station.n_wanted):
        chosen = -1
        for i in range(len(pumps)):
            # The one with the least use first, so that all are used alike.
            idle = pumps[i].available and not pumps[i].running
            if idle and (chosen < 0 or pumps[i].use_time < pumps[chosen].use_time):
                chosen = i
        if chosen >= 0:
            _start(setting, station, pumps, chosen, cold_starts)


@njit(cache=True, error_model="numpy", forceinline=True)
def _start(setting: Any, station: Any, pumps: Any, chosen: Any, cold_starts: Any) -> None:
    pump = pumps[chosen]
    pump.running, pump.started_at = 1, station.known_at
    if pump.temperature < setting.cold:
        start = cold_starts[station.n_cold_starts]
        start.pump, start.at = chosen, station.known_at
        station.n_cold_starts += 1


@njit(cache=True, error_model="numpy", forceinline=True)
def write_hour(station: Any, pumps: Any, supply: Any) -> None:
    """One row of supply for the hour that is over, unless it was written."""
    # An hour that is over to the millisecond is over.
    n_hours, k = int((station.known_at + SOON) / HOUR), station.n_hours
    if n_hours > k:
        supply[k, 0], supply[k, 1] = n_hours * HOUR, station.volume
        supply[k, 2], supply[k, 3] = station.asked, station.taken
        supply[k, 4] = supply[k, 5] = 0.0
        for i in range(len(pumps)):
            supply[k, 4] += pumps[i].running
            supply[k, 5] += pumps[i].available
        station.n_hours += 1
        station.asked = station.taken = 0.0


@njit(cache=True, error_model="numpy", forceinline=True)
def _time_to_next(setting: Any, station: Any, pumps: Any, parts: Any, demand: Any) -> Any:
    """Until the hour is over, a level is reached, or a running pump changes [s]."""
    now = station.known_at
    time = (int((now + SOON) / HOUR) + 1) * HOUR - now
    net = (inflow_of(setting, pumps, parts) - demand_at(station, demand, now)) / HOUR
    if net != 0.0:
        for level in (0.0, _STOP, 1.0):
            time = min(time, _time_to_level(setting, station, net, level))
        for number in range(len(pumps)):
            level = max(0.0, _FIRST_START - _STEP * number)
            time = min(time, _time_to_level(setting, station, net, level))
    for i in range(len(pumps)):
        if pumps[i].running:
            bearing = parts[i, BEARING]
            rates = rates_of(setting, pumps[i], bearing)
            for k in range(len(rates)):
                time = min(time, _time_to_change(parts[i, k], rates[k]))
            if bearing.begun and bearing.severity < setting.cascade_severity:
                time = min(time, _CASCADE_STEP)
    return time


@njit(cache=True, error_model="numpy", forceinline=True)
def _time_to_level(setting: Any, station: Any, net: Any, level: Any) -> Any:
    """Until the level over full is reached at a net inflow; infinite if it is not [s]."""
    distance = level * setting.tank_volume - station.volume
    time = distance / net
    return time if time > 0.0 and abs(distance) > _PASSED * setting.tank_volume else np.inf
