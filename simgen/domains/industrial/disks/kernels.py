"""Attributes of a disk, day by day: what it counts of its own decay."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.distributions import normal_from, poisson_from
from simgen.kernels.elementary import exp, log
from simgen.kernels.philox import uniform_pair

COUNTS = np.dtype(
    [
        ("reallocated", np.int64),  # 5 [sector]
        ("spin_retries", np.int64),  # 10
        ("power_cycles", np.int64),  # 12
        ("uncorrectable", np.int64),  # 187
        ("timeouts", np.int64),  # 188
        ("high_fly", np.int64),  # 189
        ("reallocations", np.int64),  # 196
        ("pending", np.int64),  # 197 [sector]
        ("cable_errors", np.int64),  # 199
        ("severity", np.float64),  # of the worse of media and mechanics; 1 fails
        ("friction", np.float64),  # of mechanics alone
    ]
)

TRAITS = np.dtype(
    [
        ("sectors", np.int64),  # logical in a physical one
        ("direct", np.float64),  # share of defects that are remapped unseen
        ("remap", np.float64),  # share of pending sectors that are remapped when written
        ("reads", np.float64),  # of a pending physical sector [1/day]
        ("vigour", np.float64),  # of its decay, over the usual
        ("timeout_rate", np.float64),  # when sound [1/day]
        ("high_fly_rate", np.float64),  # same [1/day]
        ("cycle_rate", np.float64),  # of power [1/day]
        ("media_from", np.float64),  # onset [day of age]
        ("media_to", np.float64),  # failure [day of age]
        ("mechanics_from", np.float64),  # onset [day of age]
        ("mechanics_to", np.float64),  # failure [day of age]
        ("burst_from", np.float64),  # a burst that stabilises [day of age]
        ("burst_to", np.float64),  # [day of age]
        ("cable_from", np.float64),  # a bad cable [day of age]
        ("cable_to", np.float64),  # [day of age]
    ]
)

# All of what follows is assumed; sizes and rates were set by the look of published histories.
_FIRST_RATE, _LAST_RATE = 0.05, 0.6  # of bursts, as media begin to go and fail [1/day]
_STABLE_BURSTS = 3.0  # of a burst of defects that stabilises, in all
# Logarithm of physical sectors: mean and deviation, and what is added until failure. A scratch,
# which the disk finds by itself, takes whole tracks; what hosts meet is single sectors.
_SCRATCH, _SCRATCH_SPREAD, _SCRATCH_GROWTH = 1.0, 2.1, 2.0
_SPOT, _SPOT_SPREAD, _SPOT_GROWTH = -0.7, 1.4, 0.6
_MET = 0.12  # share of bursts that a host's read meets
_WRITTEN = 0.04  # share of pending sectors that are written in a day
_MECHANICAL_BURSTS = 0.3  # at failure [1/day]
_MECHANICAL_TIMEOUTS, _MECHANICAL_HIGH_FLY, _MECHANICAL_SPIN = 1.0, 1.5, 0.1  # same [1/day]
_CABLE_ERRORS, _CABLE_TIMEOUTS = 4.0, 0.3  # of a bad cable [1/day]
_MOST_BURSTS = 12  # in a day; what is more is left out
_MOST_READS = 300.0  # mean number of sectors read or written in a day; the quantile is exact to 700
_DRAWS = _MOST_BURSTS + 3  # addresses of a day


@njit(cache=True, error_model="numpy", forceinline=True)
def progress(day: Any, first: Any, last: Any) -> Any:
    """The share of the way from onset to failure that is gone; 0 before."""
    if day <= first:
        return 0.0
    return min((day - first) / max(last - first, 1e-9), 1.0)


@njit(cache=True, error_model="numpy", forceinline=True)
def _scratch(u: Any, severity: Any) -> Any:
    """Physical sectors that a burst takes which the disk finds by itself."""
    return 1 + int(exp(_SCRATCH + _SCRATCH_GROWTH * severity + _SCRATCH_SPREAD * normal_from(u)))


@njit(cache=True, error_model="numpy", forceinline=True)
def _spot(u: Any, severity: Any) -> Any:
    """Physical sectors that a burst takes which a host meets."""
    return 1 + int(exp(_SPOT + _SPOT_GROWTH * severity + _SPOT_SPREAD * normal_from(u)))


@njit(cache=True, error_model="numpy", forceinline=True)
def _burst_rate(traits: Any, day: Any, media: Any, mechanics: Any) -> Any:
    """Bursts of defects on a day."""
    rate = 0.0
    if media > 0.0:
        rate += traits.vigour * _FIRST_RATE * exp(media * log(_LAST_RATE / _FIRST_RATE))
    if mechanics > 0.0:
        rate += traits.vigour * _MECHANICAL_BURSTS * mechanics * mechanics
    if traits.burst_from <= day < traits.burst_to:
        rate += _STABLE_BURSTS / (traits.burst_to - traits.burst_from)
    return rate


@njit(cache=True, error_model="numpy", nogil=True)
def fill_history(key: Any, disk: Any, traits: Any, out: Any) -> None:
    """Fill a disk's daily attributes, from the day it is switched on.

    Bad sectors come in bursts. The disk remaps some by itself; others are pending until they are
    written, and then remapped or found sound. Reads of what is pending fail.

    Args:
        key: a stream's key. (2,)
        disk: identifies the disk.
        traits: of dtype TRAITS.
        out: of dtype COUNTS, one row a day. (n,)
    """
    remapped, lots, pending, bad = 0, 0, 0, 0
    for day in range(len(out)):
        media = progress(day, traits.media_from, traits.media_to)
        mechanics = progress(day, traits.mechanics_from, traits.mechanics_to)
        row, address = out[day], day * _DRAWS
        row.severity, row.friction = max(media, mechanics), mechanics
        rate = _burst_rate(traits, day, media, mechanics)
        if rate > 0.0:
            u, v = uniform_pair(key, disk, address)
            for burst in range(min(poisson_from(u, rate), _MOST_BURSTS)):
                size, way = uniform_pair(key, disk, address + 1 + burst)
                if way < traits.direct:
                    remapped += _scratch(size, row.severity)
                    lots += 1
                else:
                    pending += _spot(size, row.severity)
                    bad += v < _MET and traits.reads > 0.0
        if pending > 0:
            u, _ = uniform_pair(key, disk, address + 1 + _MOST_BURSTS)
            bad += poisson_from(u, min(pending * traits.reads, _MOST_READS))
            u, w = uniform_pair(key, disk, address + 2 + _MOST_BURSTS)
            written = min(pending, poisson_from(u, min(pending * _WRITTEN, _MOST_READS)))
            pending -= written
            if written > 0 and w < traits.remap:
                remapped, lots = remapped + written, lots + 1
        row.reallocated, row.reallocations = remapped * traits.sectors, lots
        row.pending, row.uncorrectable = pending * traits.sectors, bad


@njit(cache=True, error_model="numpy", nogil=True)
def fill_wear(key: Any, disk: Any, traits: Any, out: Any) -> None:
    """Fill what mechanics, cable and power leave in the attributes; after `fill_history`.

    Args:
        key: a stream's key, another than that of `fill_history`. (2,)
        disk: identifies the disk.
        traits: of dtype TRAITS.
        out: of dtype COUNTS, one row a day. (n,)
    """
    timeouts, high_fly, spins, errors, cycles = 0, 0, 0, 0, 2
    for day in range(len(out)):
        friction = out[day].friction
        late = friction * friction
        bad_cable = traits.cable_from <= day < traits.cable_to
        u, v = uniform_pair(key, disk, 3 * day)
        x, y = uniform_pair(key, disk, 3 * day + 1)
        cycles += poisson_from(u, traits.cycle_rate)
        high_fly += poisson_from(v, traits.high_fly_rate + _MECHANICAL_HIGH_FLY * late)
        loose = _CABLE_TIMEOUTS if bad_cable else 0.0
        timeouts += poisson_from(x, traits.timeout_rate + _MECHANICAL_TIMEOUTS * late + loose)
        spins += poisson_from(y, _MECHANICAL_SPIN * late)
        if bad_cable:
            errors += poisson_from(uniform_pair(key, disk, 3 * day + 2)[0], _CABLE_ERRORS)
        row = out[day]
        row.timeouts, row.high_fly, row.spin_retries = timeouts, high_fly, spins
        row.cable_errors, row.power_cycles = errors, cycles


@njit(cache=True, error_model="numpy", nogil=True)
def first_suspicion(key: Any, disk: Any, rate: Any, scale: Any, history: Any) -> Any:
    """The first day on which somebody takes the disk out for what it counts; -1 if none.

    Args:
        key: a stream's key. (2,)
        disk: identifies the disk.
        rate: at which a disk is taken out that counts very much. [1/day]
        scale: of the count at which that rate is nearly reached. [sector]
        history: of dtype COUNTS, one row a day. (n,)
    """
    for day in range(len(history)):
        count = history[day].pending + history[day].uncorrectable
        if count > 0:
            chance = rate * (1.0 - exp(-count / scale))
            if uniform_pair(key, disk, day)[0] < chance:
                return day
    return -1
