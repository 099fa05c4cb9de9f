"""Control of a station's pumps by the tank's level, and who shares the flow; see `stations`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.core import HOUR
from simgen.domains.industrial.kernels.alarms import watch
from simgen.domains.industrial.kernels.pumps import WEAR_HEAD, operating_head
from simgen.domains.industrial.kernels.stations import (
    BEARING,
    IMPELLER,
    SOON,
    demand_at,
    inflow_of,
    pass_time,
    rates_of,
    severity_of,
)

_ATMOSPHERE = 10.1  # head of the air's pressure less that of water vapour at 20 degree Celsius [m]
_FIRST_START, _STEP, _STOP = 0.7, 0.2, 0.95  # levels over full: pump k starts at first - k * step
_PASSED = 1e-6  # a level that is so near, over full, has been reached
_CASCADE_STEP = 0.25 * HOUR  # in which it is looked whether a bearing damages its seal by now [s]


PAUSED, FULL, DUE, ALARMED = range(4)  # why `run_on` comes back


@njit(cache=True, error_model="numpy", nogil=True)
def run_on(state: Any, watching: Any, until: Any) -> Any:
    """Let control and alarms do what they do by themselves before an instant.

    Args:
        state: see `stations`.
        watching: see `alarms`.
        until: when something else may happen. [s]

    Returns:
        Why it ends, and the instant that is reached [s]. PAUSED: nothing more is planned before
        `until`. FULL: there is no room to write down what is next. DUE: a defect begins, a part
        fails or a service is due, and the control has yet to act. ALARMED: an alarm came or went,
        or asks for an inspection.
    """
    _, _, stations, pumps, _, _, _, _, stretches, _, cold_starts = state
    station = stations[0]
    while True:
        now = min(station.step_at, station.watch_at)
        if now >= until:
            return PAUSED, until
        full = station.n_cold_starts + len(pumps) > len(cold_starts)
        for pump in pumps:
            full = full or pump.n_stretches == stretches.shape[1]
        if full:
            return FULL, now
        if now == station.watch_at:
            station.watch_at += HOUR
            if watch(state, watching, now):
                return ALARMED, now
        else:
            pass_time(state, now)
            if find_due(state):
                return DUE, now
            control(state)


@njit(cache=True, error_model="numpy")
def _time_to_change(part: Any, rate: Any) -> Any:
    """Time in use until the defect begins or, if it has, the part fails [s]."""
    goal = part.life if part.begun else part.life - part.growth_time
    return max(0.0, goal - part.age) / rate * HOUR


@njit(cache=True, error_model="numpy", nogil=True)
def find_due(state: Any) -> Any:
    """Mark parts whose defect begins or that fail now; whether there are any, or a service."""
    _, settings, _, pumps, parts, courses, _, _, _, _, _ = state
    setting, found = settings[0], False
    for i in range(len(pumps)):
        pump, bearing = pumps[i], severity_of(parts[i, BEARING], courses[i, BEARING])
        rates = rates_of(setting, pump, bearing)
        for k in range(len(rates)):
            due = pump.running == 1 and _time_to_change(parts[i, k], rates[k]) <= SOON
            parts[i, k].due = due
            found = found or due
        used = pump.use_time - pump.serviced_use
        found = found or (pump.running and pump.may_serve and used > setting.service_time)
    return found


@njit(cache=True, error_model="numpy", nogil=True)
def control(state: Any) -> None:
    """Start and stop pumps, share the flow among them, and plan when to look again."""
    plants, settings, stations, pumps, parts, courses, demand, _, _, supply, cold_starts = state
    _command(settings[0], stations[0], pumps, cold_starts)
    _balance(plants[0], settings[0], stations[0], pumps, parts, courses)
    write_hour(stations[0], pumps, supply)
    station = stations[0]
    station.step_at = station.known_at + max(
        SOON, _time_to_next(settings[0], station, pumps, parts, courses, demand)
    )


@njit(cache=True, error_model="numpy")
def _command(setting: Any, station: Any, pumps: Any, cold_starts: Any) -> None:
    """Start and stop pumps as the level asks for; a pump that fails is replaced at once."""
    level = station.volume / setting.tank_volume
    if level >= _STOP - 2.0 * _PASSED:
        station.n_wanted = 0
    for number in range(len(pumps)):
        if level <= max(0.0, _FIRST_START - _STEP * number) + 2.0 * _PASSED:
            station.n_wanted = max(station.n_wanted, number + 1)
    n_running = 0
    for pump in pumps:
        if not pump.available or not station.n_wanted:
            pump.running = 0
        n_running += pump.running
    for _ in range(n_running, station.n_wanted):
        chosen = -1
        for i in range(len(pumps)):
            # The one with the least use first, so that all are used alike.
            idle = pumps[i].available and not pumps[i].running
            if idle and (chosen < 0 or pumps[i].use_time < pumps[chosen].use_time):
                chosen = i
        if chosen >= 0:
            _start(setting, station, pumps, chosen, cold_starts)


@njit(cache=True, error_model="numpy")
def _start(setting: Any, station: Any, pumps: Any, chosen: Any, cold_starts: Any) -> None:
    pump = pumps[chosen]
    pump.running, pump.started_at = 1, station.known_at
    if pump.temperature < setting.cold:
        start = cold_starts[station.n_cold_starts]
        start.pump, start.at = chosen, station.known_at
        station.n_cold_starts += 1


@njit(cache=True, error_model="numpy")
def _balance(plant: Any, setting: Any, station: Any, pumps: Any, parts: Any, courses: Any) -> None:
    """Find out how the running pumps share the flow."""
    heads, losses, n = np.empty(len(pumps)), np.empty(len(pumps)), 0
    before = np.empty(len(pumps))  # losses before the pumps
    for i in range(len(pumps)):
        if pumps[i].running:
            clogged = _clogging(setting, pumps[i], station.known_at)
            loss = setting.suction_loss + setting.clogged_loss * clogged
            before[n] = loss / setting.best_flow_square
            losses[n] = before[n] + plant.pump_loss
            wear = severity_of(parts[i, IMPELLER], courses[i, IMPELLER])
            heads[n] = plant.shutoff_head * (1.0 - WEAR_HEAD * wear)
            n += 1
    if n == 0:
        return
    lift = setting.static_head + setting.tank_height * station.volume / setting.tank_volume
    header = operating_head(heads[:n], losses[:n], lift, setting.pipe_loss)
    k = 0
    for pump in pumps:
        if pump.running:
            pump.flow = math.sqrt(max(heads[k] - header, 0.0) / losses[k])
            pump.suction = -before[k] * pump.flow * pump.flow
            pump.head = header - pump.suction
            pump.cavitation = _cavitation(plant, setting, pump.flow, pump.suction)
            k += 1


@njit(cache=True, error_model="numpy")
def _clogging(setting: Any, pump: Any, now: Any) -> Any:
    """How far the strainer is clogged: 0 clean, 1 as far as it goes."""
    if np.isnan(pump.clogged_at):
        return 0.0
    return min(1.0, (now - pump.clogged_at) / setting.clogging_time)


@njit(cache=True, error_model="numpy")
def _cavitation(plant: Any, setting: Any, flow: Any, suction: Any) -> Any:
    """How far a pump cavitates: 0 from twice NPSH3 on, 1 at NPSH3 or less.

    Noise begins well above NPSH3, at about twice of it (Guelich 2020, chapter 6); that it rises in
    proportion is an assumption.

    Args:
        plant: of dtype PLANT.
        setting: of dtype SETTING.
        flow: through the pump. [m3/h]
        suction: head at the suction flange, over the air's. [m]
    """
    required = setting.required_suction_head * (flow / plant.best_flow) ** setting.suction_exponent
    if required <= 0.0:
        return 0.0
    return min(1.0, max(0.0, (2.0 * required - _ATMOSPHERE - suction) / required))


@njit(cache=True, error_model="numpy")
def write_hour(station: Any, pumps: Any, supply: Any) -> None:
    """One row of supply for the hour that is over, unless it was written."""
    # An hour that is over to the millisecond is over.
    n_hours = int((station.known_at + SOON) / HOUR)
    if n_hours <= station.n_hours:
        return
    row = supply[station.n_hours]
    row[0], row[1] = n_hours * HOUR, station.volume
    row[2], row[3] = station.asked, station.taken
    row[4] = row[5] = 0.0
    for pump in pumps:
        row[4] += pump.running
        row[5] += pump.available
    station.n_hours += 1
    station.asked = station.taken = 0.0


@njit(cache=True, error_model="numpy")
def _time_to_next(
    setting: Any, station: Any, pumps: Any, parts: Any, courses: Any, demand: Any
) -> Any:
    """Until the hour is over, a level is reached, or a running pump changes [s]."""
    now = station.known_at
    time = (int((now + SOON) / HOUR) + 1) * HOUR - now
    net = (inflow_of(setting, pumps, parts, courses) - demand_at(station, demand, now)) / HOUR
    if net != 0.0:
        for level in (0.0, _STOP, 1.0):
            time = min(time, _time_to_level(setting, station, net, level))
        for number in range(len(pumps)):
            level = max(0.0, _FIRST_START - _STEP * number)
            time = min(time, _time_to_level(setting, station, net, level))
    for i in range(len(pumps)):
        if pumps[i].running:
            bearing = severity_of(parts[i, BEARING], courses[i, BEARING])
            rates = rates_of(setting, pumps[i], bearing)
            for k in range(len(rates)):
                time = min(time, _time_to_change(parts[i, k], rates[k]))
            if parts[i, BEARING].begun and bearing < setting.cascade_severity:
                time = min(time, _CASCADE_STEP)
    return time


@njit(cache=True, error_model="numpy")
def _time_to_level(setting: Any, station: Any, net: Any, level: Any) -> Any:
    """Until the level over full is reached at a net inflow; infinite if it is not [s]."""
    distance = level * setting.tank_volume - station.volume
    time = distance / net
    return time if time > 0.0 and abs(distance) > _PASSED * setting.tank_volume else np.inf
