"""A line as a fluid: machines jam, are cleared, starve and are blocked, event by event.

Products are so many and so small that their stream counts as continuous: between two events every
machine has one rate, and every buffer fills or empties along a straight line.

References:
    Gershwin (1994), Manufacturing Systems Engineering, chapters on continuous-material lines:
    operation-dependent failures, machines that starve and are blocked. A jam here comes after a
    number of products, not of seconds, so that a slowed machine jams later; and who clears jams
    can be short of hands.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.elementary import log
from simgen.kernels.philox import uniform_pair

STATION = np.dtype(
    [
        # What is asked of it, and how it is.
        ("able", np.int64),  # 1: it would run if there were products and room; else why not
        ("speed", np.float64),  # that it is set to [1/s]
        ("jam_share", np.float64),  # jams per product
        ("clearing_time", np.float64),  # mean of the exponential time of clearing a jam [s]
        ("reject_share", np.float64),  # of its products, which leave the line behind it
        # What it does.
        ("jam", np.int64),  # 0 none, 1 waits for an operator, 2 is being cleared
        ("place", np.int64),  # in the queue for an operator
        ("budget", np.float64),  # expected jams until the next
        ("clearing_left", np.float64),  # [s]
        ("n_draws", np.int64),
        ("state", np.int64),  # as last written down: a place in `STATES`; -1 not yet
        # Since its last row of telemetry, but for the first.
        ("use_time", np.float64),  # ever [s]
        ("made", np.float64),
        ("rejected", np.float64),  # expected
        ("run_time", np.float64),  # [s]
        ("starved_time", np.float64),  # [s]
        ("blocked_time", np.float64),  # [s]
        ("jam_time", np.float64),  # [s]
        ("expected_jams", np.float64),
        ("n_jams", np.float64),
    ]
)
CHANGE = np.dtype(
    [
        ("at", np.float64),  # [s]
        ("station", np.int64),
        ("state", np.int64),  # a place in `STATES`
        ("root", np.int64),  # the station that starves or blocks it, or itself
    ]
)
STATES = ("running", "jam", "starved", "blocked", "off_shift", "changeover", "work", "failed")
RUNNING, JAM, STARVED, BLOCKED, STANDING = range(5)
# Why a station stands, as it is told: its place in `STATES` is `STANDING` less this.
OFF_SHIFT, CHANGEOVER, WORK, FAILED = 0, -1, -2, -3
COUNTERS = (
    "use_time",
    "made",
    "rejected",
    "run_time",
    "starved_time",
    "blocked_time",
    "jam_time",
    "expected_jams",
    "n_jams",
)
_NEAR = 1e-9  # products, or share of a speed, that count as nothing


@njit(cache=True, error_model="numpy", nogil=True)
def run_line(
    key: Any,
    line: Any,
    clock: Any,
    until: Any,
    interval: Any,
    n_operators: Any,
    stations: Any,
    capacity: Any,
    level: Any,
    rows: Any,
    changes: Any,
) -> Any:
    """Let a line run until an instant, or until `changes` is full.

    Args:
        key: a stream's key. (2,)
        line: identifies the line; its stations draw apart.
        clock: the present [s], and how many jams ever waited for an operator; both go on. (2,)
        until: when to stop at the latest. [s]
        interval: between two rows of telemetry. [s]
        n_operators: who clear jams, one at a time each.
        stations: of dtype STATION, from the first to the last; they go on. (k,)
        capacity: of the buffers between them. (k - 1,)
        level: products in those; they go on. (k - 1,)
        rows: what `COUNTERS` say at each multiple of the interval; place 0 is instant 0.
            (ticks, k, counters)
        changes: of dtype CHANGE; what stations do from when on. (capacity,)

    Returns:
        How many changes were written.
    """
    k, n_changes = len(stations), 0
    rates, states = np.zeros(k), np.empty(k, np.int64)
    tick = int(clock[0] / interval + 1e-6) + 1
    while clock[0] < until and n_changes + k <= len(changes):
        _share_out(key, line, n_operators, stations)
        _flow(stations, capacity, level, rates)
        _states(stations, capacity, level, rates, states)
        next_at = min(until, tick * interval)
        step = _time_to_event(stations, capacity, level, rates, next_at - clock[0])
        if step > 0.0:
            n_changes = _write(clock[0], stations, states, n_changes, changes)
            _pass(stations, capacity, level, rates, states, step)
            clock[0] = next_at if step == next_at - clock[0] else clock[0] + step
        for i in range(k):
            if stations[i].jam == 2 and stations[i].clearing_left <= _NEAR:
                stations[i].jam = 0
            if stations[i].jam == 0 and stations[i].budget <= _NEAR:
                _begin_jam(key, line, i, clock, stations)
        if clock[0] >= tick * interval:
            _read(stations, rows[tick])
            tick += 1
    return n_changes


@njit(cache=True, error_model="numpy")
def _begin_jam(key: Any, line: Any, i: Any, clock: Any, stations: Any) -> None:
    """A jam waits for an operator, and how long it is until the next is drawn."""
    one = stations[i]
    # The first draw of all is no jam: nothing has been made yet.
    if one.n_draws > 0:
        one.jam, one.place = 1, int(clock[1])
        one.n_jams += 1.0
        clock[1] += 1.0
    one.budget = _exponential(key, line, i, stations)


@njit(cache=True, error_model="numpy")
def _exponential(key: Any, line: Any, i: Any, stations: Any) -> Any:
    """A number of mean 1."""
    u, _ = uniform_pair(key, line * 64 + i, stations[i].n_draws)
    stations[i].n_draws += 1
    # Never nothing, or there would be two jams at once.
    return max(-log(u), 2.0 * _NEAR)


@njit(cache=True, error_model="numpy")
def _share_out(key: Any, line: Any, n_operators: Any, stations: Any) -> None:
    """Who is free clears the jam that has waited longest."""
    n_busy = 0
    for i in range(len(stations)):
        n_busy += stations[i].jam == 2
    while n_busy < n_operators:
        first = -1
        for i in range(len(stations)):
            if stations[i].jam == 1 and (first < 0 or stations[i].place < stations[first].place):
                first = i
        if first < 0:
            return
        one = stations[first]
        one.jam, n_busy = 2, n_busy + 1
        one.clearing_left = one.clearing_time * _exponential(key, line, first, stations)


@njit(cache=True, error_model="numpy")
def _flow(stations: Any, capacity: Any, level: Any, rates: Any) -> None:
    """The rate of each station [1/s]: an empty buffer gives what comes, a full one takes it."""
    k = len(stations)
    for i in range(k):
        runs = stations[i].able == 1 and stations[i].jam == 0
        rates[i] = stations[i].speed if runs else 0.0
    changed = True
    while changed:
        changed = False
        for i in range(k - 1):
            comes = rates[i] * (1.0 - stations[i].reject_share)
            if level[i] <= _NEAR and rates[i + 1] > comes * (1.0 + _NEAR):
                rates[i + 1], changed = comes, True
        for i in range(k - 2, -1, -1):
            goes = rates[i + 1] / (1.0 - stations[i].reject_share)
            if level[i] >= capacity[i] - _NEAR and rates[i] > goes * (1.0 + _NEAR):
                rates[i], changed = goes, True


@njit(cache=True, error_model="numpy")
def _states(stations: Any, capacity: Any, level: Any, rates: Any, states: Any) -> None:
    """What each station does, as places in `STATES`."""
    k = len(stations)
    for i in range(k):
        if stations[i].able <= 0:
            states[i] = STANDING - stations[i].able
        elif stations[i].jam > 0:
            states[i] = JAM
        elif rates[i] > 0.0:
            states[i] = RUNNING
        elif i < k - 1 and level[i] >= capacity[i] - _NEAR and rates[i + 1] == 0.0:
            states[i] = BLOCKED
        else:
            states[i] = STARVED


@njit(cache=True, error_model="numpy")
def _time_to_event(stations: Any, capacity: Any, level: Any, rates: Any, step: Any) -> Any:
    """Until a jam begins or is cleared, or a buffer is full or empty; `step` at most [s]."""
    for i in range(len(stations)):
        one = stations[i]
        if one.jam == 2:
            step = min(step, one.clearing_left)
        elif one.jam == 0:
            risk = rates[i] * one.jam_share
            if one.budget <= _NEAR:
                return 0.0
            if risk > 0.0:
                step = min(step, one.budget / risk)
    for i in range(len(level)):
        net = rates[i] * (1.0 - stations[i].reject_share) - rates[i + 1]
        if net > _NEAR * stations[i].speed and level[i] < capacity[i] - _NEAR:
            step = min(step, (capacity[i] - level[i]) / net)
        elif net < -_NEAR * stations[i + 1].speed and level[i] > _NEAR:
            step = min(step, level[i] / -net)
    return step


@njit(cache=True, error_model="numpy")
def _pass(stations: Any, capacity: Any, level: Any, rates: Any, states: Any, step: Any) -> None:
    """Let time pass in which nothing changes."""
    for i in range(len(level)):
        net = rates[i] * (1.0 - stations[i].reject_share) - rates[i + 1]
        level[i] = min(max(level[i] + net * step, 0.0), capacity[i])
    for i in range(len(stations)):
        one, made = stations[i], rates[i] * step
        one.made += made
        one.rejected += made * one.reject_share
        one.expected_jams += made * one.jam_share
        one.budget -= made * one.jam_share
        if one.jam == 2:
            one.clearing_left -= step
        if states[i] == RUNNING:
            one.use_time += step
            one.run_time += step
        elif states[i] == STARVED:
            one.starved_time += step
        elif states[i] == BLOCKED:
            one.blocked_time += step
        elif states[i] == JAM:
            one.jam_time += step


@njit(cache=True, error_model="numpy")
def _write(at: Any, stations: Any, states: Any, n: Any, changes: Any) -> Any:
    """Write down who does something else than before; returns how many changes there are."""
    for i in range(len(stations)):
        if states[i] != stations[i].state:
            stations[i].state = states[i]
            changes[n].at, changes[n].station, changes[n].state = at, i, states[i]
            root = i
            while states[root] == STARVED and root > 0:
                root -= 1
            while states[root] == BLOCKED and root < len(stations) - 1:
                root += 1
            changes[n].root = root
            n += 1
    return n


@njit(cache=True, error_model="numpy")
def _read(stations: Any, row: Any) -> None:
    """Fill in the counters and begin them anew."""
    for i in range(len(stations)):
        read_station(stations[i], row[i])


@njit(cache=True, error_model="numpy")
def read_station(one: Any, out: Any) -> None:
    """Fill in a station's `COUNTERS` and begin them anew, but for the first.

    Args:
        one: a record of dtype STATION.
        out: (counters,)
    """
    out[0], out[1], out[2], out[3] = one.use_time, one.made, one.rejected, one.run_time
    out[4], out[5], out[6] = one.starved_time, one.blocked_time, one.jam_time
    out[7], out[8] = one.expected_jams, one.n_jams
    one.made = one.rejected = one.run_time = one.starved_time = 0.0
    one.blocked_time = one.jam_time = one.expected_jams = one.n_jams = 0.0
