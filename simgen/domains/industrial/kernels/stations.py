"""A station of pumps as time passes: its tank fills and empties, parts age, bearings warm.

`state` stands for what every kernel of a station takes, a tuple of arrays in this order:

    plants: of dtype PLANT. (1,)
    settings: of dtype SETTING. (1,)
    stations: of dtype STATION. (1,)
    pumps: of dtype PUMP. (n,)
    parts: of dtype PART. (n, 4)
    courses: severities of their defects as they grow from 0 to 1. (n, 4, m)
    demand: of each hour. [m3/h]
    days: daily means of the hall's temperature. [degree Celsius]
    stretches: of dtype STRETCH, those of each pump from the first on. (n, p)
    supply: rows of that table. (q, 6)
    cold_starts: of dtype COLD_START. (r,)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.core import HOUR
from simgen.domains.industrial.kernels.pumps import cooled, warmed

# What stays as it is at a station.
SETTING = np.dtype(
    [
        ("tank_volume", np.float64),  # [m3]
        ("tank_height", np.float64),  # [m]
        ("static_head", np.float64),  # from the well's level to the tank's bottom [m]
        ("pipe_loss", np.float64),  # head lost per squared flow [m/(m3/h)^2]
        ("best_flow_square", np.float64),  # [(m3/h)^2]
        ("suction_loss", np.float64),  # before a pump at its best flow [m]
        ("clogged_loss", np.float64),  # that a clogged strainer adds [m]
        ("clogging_time", np.float64),  # until it is as clogged as it gets [s]
        ("required_suction_head", np.float64),  # NPSH3 at the best flow [m]
        ("suction_exponent", np.float64),  # of flow, with which NPSH3 goes
        ("full_leak", np.float64),  # of a seal that has failed [m3/h]
        ("ageing", np.float64),  # equivalent hours in an hour of running
        ("cascade_severity", np.float64),  # of a bearing, from which its seal ages faster
        ("cascade_ageing", np.float64),  # by this factor
        ("cavitation_ageing", np.float64),  # of an impeller in full cavitation, a factor
        ("service_time", np.float64),  # in use between services [s]
        ("cold", np.float64),  # below this a start is a cold one [degree Celsius]
        ("settling_time", np.float64),  # after a start, before a pump is judged [s]
    ]
)

# What is true of a station at `known_at`.
STATION = np.dtype(
    [
        ("known_at", np.float64),  # [s]
        ("volume", np.float64),  # in the tank [m3]
        ("surge", np.float64),  # demand over the usual
        ("asked", np.float64),  # by the consumer since the last row of supply [m3]
        ("taken", np.float64),  # since then [m3]
        ("n_wanted", np.int64),  # pumps that the level asks for
        ("n_hours", np.int64),  # rows of supply
        ("n_cold_starts", np.int64),
        ("step_at", np.float64),  # when the control looks next [s]
        ("watch_at", np.float64),  # when the alarms do [s]
    ]
)

# What is true of each pump.
PUMP = np.dtype(
    [
        ("available", np.int64),  # 1: it may be started
        ("running", np.int64),  # 1: it runs, and the next four say how
        ("flow", np.float64),  # through the impeller [m3/h]
        ("head", np.float64),  # from flange to flange [m]
        ("suction", np.float64),  # head at the suction flange [m]
        ("cavitation", np.float64),  # 0 none, 1 full
        ("started_at", np.float64),  # [s]
        ("use_time", np.float64),  # [s]
        ("temperature", np.float64),  # of its bearing [degree Celsius]
        ("clogged_at", np.float64),  # since when its strainer clogs; NaN if it is clean [s]
        ("serviced_use", np.float64),  # at the last service [s]
        ("may_serve", np.int64),  # 1: a service would be asked for
        ("may_inspect", np.int64),  # 1: an inspection would be
        ("n_stretches", np.int64),
        ("n_drawn", np.int64),  # numbers that its alarms took
    ]
)

# Of each part of each pump.
PART = np.dtype(
    [
        ("age", np.float64),  # equivalent hours in use [h]
        ("use_time", np.float64),  # [s]
        ("life", np.float64),  # age at failure [h]
        ("growth_time", np.float64),  # from defect to failure [h]
        ("begun", np.int64),  # 1: the defect has begun
        ("due", np.int64),  # 1: it begins, or the part fails, now
    ]
)
BEARING, SEAL, IMPELLER, WINDING = range(4)

COLD_START = np.dtype([("pump", np.int64), ("at", np.float64)])

N_SUPPLY = 6  # columns of a row of supply

SOON = 1e-3  # [s]; instants nearer than this are one


@njit(cache=True, error_model="numpy")
def severity_of(part: Any, course: Any) -> Any:
    """The same as `Part.severity`: along its defect's course of growth, 0 sound, 1 failed.

    Args:
        part: of dtype PART.
        course: severities at equal steps of that growth. (m,)
    """
    if not part.begun:
        return 0.0
    share, n = (part.age - part.life) / part.growth_time + 1.0, len(course) - 1
    if share < 0.0:
        return course[0]
    if share >= 1.0:
        return course[n]
    before = int(share * n)
    return (course[before + 1] - course[before]) * n * (share - before / n) + course[before]


@njit(cache=True, error_model="numpy")
def severities(parts: Any, courses: Any) -> Any:
    """Of the parts of a pump, (4,) each with its course."""
    return (
        severity_of(parts[BEARING], courses[BEARING]),
        severity_of(parts[SEAL], courses[SEAL]),
        severity_of(parts[IMPELLER], courses[IMPELLER]),
        severity_of(parts[WINDING], courses[WINDING]),
    )


@njit(cache=True, error_model="numpy")
def rates_of(setting: Any, pump: Any, bearing: Any) -> Any:
    """Equivalent hours that each part ages in an hour; `bearing` is that part's severity."""
    seal = impeller = setting.ageing
    if bearing >= setting.cascade_severity:
        seal *= setting.cascade_ageing
    impeller *= 1.0 + (setting.cavitation_ageing - 1.0) * pump.cavitation
    return setting.ageing, seal, impeller, setting.ageing


@njit(cache=True, error_model="numpy")
def demand_at(station: Any, demand: Any, at: Any) -> Any:
    """What the consumer asks for at an instant [s] since which no surge began or ended [m3/h]."""
    return demand[int((at + SOON) / HOUR)] * station.surge


@njit(cache=True, error_model="numpy")
def inflow_of(setting: Any, pumps: Any, parts: Any, courses: Any) -> Any:
    """What the pumps deliver [m3/h]."""
    total = 0.0
    for i in range(len(pumps)):
        if pumps[i].running:
            leak = setting.full_leak * severity_of(parts[i, SEAL], courses[i, SEAL])
            total += max(0.0, pumps[i].flow - leak)
    return total


@njit(cache=True, error_model="numpy", nogil=True)
def pass_time(state: Any, now: Any) -> None:
    """Let time pass up to an instant [s], for the tank and for every pump."""
    plants, settings, stations, pumps, parts, courses, demand, days, stretches, _, _ = state
    setting, station = settings[0], stations[0]
    start = station.known_at
    elapsed = now - start
    if elapsed <= 0.0:
        return
    asked = demand_at(station, demand, start) * elapsed / HOUR
    inflow = inflow_of(setting, pumps, parts, courses) * elapsed / HOUR
    # The control wakes when the tank runs empty, so it does not within a stretch of time.
    taken = min(asked, station.volume + inflow)
    station.volume = min(station.volume + inflow - taken, setting.tank_volume)
    station.asked += asked
    station.taken += taken
    time = plants[0].warming_time
    for i in range(len(pumps)):
        pump = pumps[i]
        if pump.running:
            row = stretches[i, pump.n_stretches]
            _run(setting, pump, parts[i], courses[i], start, now, row)
            pump.n_stretches += 1
            pump.temperature = warmed(
                plants, pump.temperature, days, now, elapsed, pump.flow, row.last
            )
        else:
            pump.temperature = cooled(pump.temperature, days, start, now, time)
    station.known_at = now


@njit(cache=True, error_model="numpy")
def _run(setting: Any, pump: Any, parts: Any, courses: Any, start: Any, now: Any, row: Any) -> None:
    """Let the parts of a running pump age, and write the stretch of time down."""
    first = severities(parts, courses)
    rates = rates_of(setting, pump, first[BEARING])
    for k in range(len(rates)):
        parts[k].use_time += now - start
        parts[k].age += (now - start) / HOUR * rates[k]
    last = severities(parts, courses)
    row.start, row.stop, row.failed = start, now, 0
    row.flow, row.leak, row.head = pump.flow, setting.full_leak, pump.head
    row.suction, row.cavitation = pump.suction, pump.cavitation
    for k in range(len(rates)):
        row.first[k], row.last[k] = first[k], last[k]
    row.use_time = pump.use_time
    pump.use_time += now - start
