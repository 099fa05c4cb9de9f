"""A station of pumps as time passes: its tank fills and empties, parts age, bearings warm.

`state` stands for what Python hands to a station's kernels, a tuple of arrays in this order:

    plants: of dtype PLANT. (1,)
    settings: of dtype SETTING. (1,)
    stations: of dtype STATION. (1,)
    pumps: of dtype PUMP. (n,)
    parts: of dtype PART. (n, 4)
    demand: of each hour. [m3/h]
    days: daily means of the hall's temperature. [degree Celsius]
    stretches: of dtype STRETCH, those of each pump from the first on. (n, p)
    supply: rows of that table. (q, 6)
    cold_starts: of dtype COLD_START. (r,)

Numba counts who holds an array, atomically, wherever one is taken out of a tuple, cut out of
another, gone through by `for` or handed to a function that is not inlined: that took three times
as long as all the rest. So `state` is taken apart once, and what is done at every step is inlined.
It then leaves the count out if nothing can raise an error (as a computed place in a tuple can), all
loops are known to end, and arrays are needed until the function that they go to returns.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.core import HOUR
from simgen.domains.industrial.kernels.pumps import running_rise
from simgen.domains.industrial.kernels.telemetry import hall_temperature
from simgen.kernels.elementary import exp

N_POINTS = 33  # of a course of growth, both ends included

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
        ("running", np.int64),  # 1: it runs, and the next seven say how
        ("shutoff_head", np.float64),  # of its impeller as it is; minus infinity if it stands [m]
        ("suction_loss", np.float64),  # head lost before it per squared flow [m/(m3/h)^2]
        ("loss", np.float64),  # that and its own [m/(m3/h)^2]
        ("flow", np.float64),  # through the impeller [m3/h]
        ("head", np.float64),  # from flange to flange [m]
        ("suction", np.float64),  # head at the suction flange [m]
        ("cavitation", np.float64),  # 0 none, 1 full
        ("started_at", np.float64),  # [s]
        ("use_time", np.float64),  # [s]
        ("temperature", np.float64),  # of its bearing [degree Celsius]
        ("clogged_at", np.float64),  # since when its strainer clogs; infinite if it is clean [s]
        ("serviced_use", np.float64),  # at the last service [s]
        ("may_serve", np.int64),  # 1: a service would be asked for
        ("may_inspect", np.int64),  # 1: an inspection would be
        ("n_stretches", np.int64),
    ]
)

# Of each part of each pump.
PART = np.dtype(
    [
        ("age", np.float64),  # equivalent hours in use [h]
        ("use_time", np.float64),  # [s]
        ("life", np.float64),  # age at failure [h]
        ("growth_time", np.float64),  # from defect to failure [h]
        ("course", np.float64, (N_POINTS,)),  # severities at equal steps of that, from 0 to 1
        ("begun", np.int64),  # 1: the defect has begun
        ("severity", np.float64),  # of that defect at this age
        ("due", np.int64),  # 1: it begins, or the part fails, now
    ]
)
BEARING, SEAL, IMPELLER, WINDING = range(4)

COLD_START = np.dtype([("pump", np.int64), ("at", np.float64)])

N_SUPPLY = 6  # columns of a row of supply

SOON = 1e-3  # [s]; instants nearer than this are one


@njit(cache=True, error_model="numpy", forceinline=True)
def severity_of(part: Any) -> Any:
    """The same as `Part.severity`: along its defect's course of growth, 0 sound, 1 failed.

    Args:
        part: of dtype PART.
    """
    if not part.begun:
        return 0.0
    course, n = part.course, N_POINTS - 1
    share = (part.age - part.life) / part.growth_time + 1.0
    if share < 0.0:
        return course[0]
    if share >= 1.0:
        return course[n]
    before = int(share * n)
    return (course[before + 1] - course[before]) * n * (share - before / n) + course[before]


@njit(cache=True, error_model="numpy", forceinline=True)
def severities(parts: Any, i: Any) -> Any:
    """Of the parts of pump `i`."""
    return (
        parts[i, BEARING].severity,
        parts[i, SEAL].severity,
        parts[i, IMPELLER].severity,
        parts[i, WINDING].severity,
    )


@njit(cache=True, error_model="numpy", forceinline=True)
def rates_of(setting: Any, pump: Any, bearing: Any) -> Any:
    """Equivalent hours that each part of a pump ages in an hour; `bearing` is one of them."""
    seal = impeller = setting.ageing
    if bearing.severity >= setting.cascade_severity:
        seal *= setting.cascade_ageing
    impeller *= 1.0 + (setting.cavitation_ageing - 1.0) * pump.cavitation
    return setting.ageing, seal, impeller, setting.ageing


@njit(cache=True, error_model="numpy", forceinline=True)
def demand_at(station: Any, demand: Any, at: Any) -> Any:
    """What the consumer asks for at an instant [s] since which no surge began or ended [m3/h]."""
    return demand[int((at + SOON) / HOUR)] * station.surge


@njit(cache=True, error_model="numpy", forceinline=True)
def inflow_of(setting: Any, pumps: Any, parts: Any) -> Any:
    """What the pumps deliver [m3/h]."""
    total = 0.0
    for i in range(len(pumps)):
        if pumps[i].running:
            total += max(0.0, pumps[i].flow - setting.full_leak * parts[i, SEAL].severity)
    return total


@njit(cache=True, error_model="numpy", forceinline=True)
def pass_time(
    plant: Any,
    setting: Any,
    station: Any,
    pumps: Any,
    parts: Any,
    demand: Any,
    days: Any,
    stretches: Any,
    now: Any,
) -> None:
    """Let time pass up to an instant [s], at most an hour, for the tank and for every pump."""
    start, elapsed = station.known_at, now - station.known_at
    asked = demand_at(station, demand, start) * elapsed / HOUR
    inflow = inflow_of(setting, pumps, parts) * elapsed / HOUR
    # The control wakes when the tank runs empty, so it does not within a stretch of time.
    taken = min(asked, station.volume + inflow)
    station.volume = min(station.volume + inflow - taken, setting.tank_volume)
    station.asked += asked
    station.taken += taken
    hall, kept = hall_temperature(days, now), exp(-elapsed / plant.warming_time)
    for i in range(len(pumps)):
        pump, goal = pumps[i], hall
        if pump.running:
            _run(setting, pump, i, parts, start, now, stretches[i, pump.n_stretches])
            pump.n_stretches += 1
            goal += running_rise(plant, pump.flow, severities(parts, i))
        pump.temperature = goal + (pump.temperature - goal) * kept
    station.known_at = now


@njit(cache=True, error_model="numpy", forceinline=True)
def _run(setting: Any, pump: Any, i: Any, parts: Any, start: Any, now: Any, row: Any) -> None:
    """Let the parts of pump `i`, which runs, age, and write the stretch of time down."""
    rates = rates_of(setting, pump, parts[i, BEARING])
    for k in range(len(rates)):
        part = parts[i, k]
        row.first[k] = part.severity
        part.use_time += now - start
        part.age += (now - start) / HOUR * rates[k]
        part.severity = severity_of(part)
        row.last[k] = part.severity
    row.start, row.stop, row.failed = start, now, 0
    row.flow, row.leak, row.head = pump.flow, setting.full_leak, pump.head
    row.suction, row.cavitation = pump.suction, pump.cavitation
    row.use_time, row.remaining_time = pump.use_time, 0.0
    pump.use_time += now - start
