"""Arrivals: the instants at which one entity does something, up to a horizon.

All kernels take `out` and return how many arrivals there are: it holds the first `len(out)` of
them, so a pass with an empty `out` counts and a second one fills. Times are seconds since the
start of the simulation, ascending. An entity's arrivals use its counters from 0 upward, below
2**40: give a purpose its own key.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from simgen.kernels.arrays import Floats, Integers, Key
from simgen.kernels.distributions import exponential_from, gamma_draw, lognormal_from, weibull_from
from simgen.kernels.elementary import exp, log
from simgen.kernels.philox import uniform, uniform_pair

HOURS_OF_WEEK = 168
_HOUR = 3600.0  # [s]


@njit(cache=True, error_model="numpy")
def relative_rate_at(at: float, profile: Floats, start_hour: float) -> float:
    """The weekly profile's value at an instant.

    Args:
        at: seconds since the start. [s]
        profile: rate in each hour of the week, relative to the mean. (168,)
        start_hour: the hour of the week, in [0, 168), at which the simulation starts. [h]
    """
    return float(profile[int(at / _HOUR + start_hour) % HOURS_OF_WEEK])


@njit(cache=True, error_model="numpy")
def poisson_arrivals(
    key: Key,
    entity: int,
    rate: float,
    profile: Floats,
    start_hour: float,
    horizon: float,
    out: Floats,
) -> int:
    """Arrivals of a Poisson process whose rate follows a weekly profile, by thinning.

    Args:
        key: a stream's key. (2,)
        entity: whose arrivals.
        rate: mean rate over a week. [1/s]
        profile: as in `relative_rate_at`, with mean 1.
        start_hour: as in `relative_rate_at`. [h]
        horizon: arrivals come before it. [s]
        out: the arrivals. (capacity,) [s]

    References:
        Lewis, Shedler (1979), Simulation of nonhomogeneous Poisson processes by thinning. Naval
        Research Logistics Quarterly 26.
    """
    peak = profile.max()
    count, candidate, at = 0, 0, 0.0
    if rate * peak <= 0.0:
        return count
    while True:
        u_gap, u_keep = uniform_pair(key, entity, candidate)
        candidate += 1
        at += exponential_from(u_gap, rate * peak)
        if at >= horizon:
            return count
        if u_keep * peak < relative_rate_at(at, profile, start_hour):
            if count < len(out):
                out[count] = at
            count += 1


def poisson_arrivals_of(
    key: Key,
    entities: Integers,
    rates: Floats,
    profile: Floats,
    *,
    start_hour: float = 0.0,
    horizon: float,
) -> tuple[Floats, Integers]:
    """As `poisson_arrivals`, for many entities.

    Args:
        key: a stream's key. (2,)
        entities: whose arrivals. (n,)
        rates: mean rate of each. (n,) [1/s]
        profile: as in `poisson_arrivals`, the same for all.
        start_hour: as in `poisson_arrivals`. [h]
        horizon: as in `poisson_arrivals`. [s]

    Returns:
        All arrivals `(m,)` [s] and bounds `(n + 1,)`: entity i's are `times[bounds[i]:
        bounds[i + 1]]`.

    Raises:
        ValueError: the profile has not 168 entries of mean 1, or a rate is negative or infinite.
    """
    profile, rates = np.asarray(profile, np.float64), np.asarray(rates, np.float64)
    if profile.shape != (HOURS_OF_WEEK,) or abs(profile.mean() - 1.0) > 1e-9 or profile.min() < 0:
        raise ValueError(f"the profile must be {HOURS_OF_WEEK} rates of mean 1, none negative")
    if rates.shape != entities.shape or not (np.isfinite(rates) & (rates >= 0.0)).all():
        raise ValueError("rates must be finite, not negative, and one for each entity")
    bounds = np.zeros(len(entities) + 1, np.int64)
    counts = np.empty(len(entities), np.int64)
    _fill(key, entities, rates, profile, start_hour, horizon, np.empty(0), bounds, counts)
    np.cumsum(counts, out=bounds[1:])
    times = np.empty(bounds[-1])
    _fill(key, entities, rates, profile, start_hour, horizon, times, bounds, counts)
    return times, bounds


@njit(cache=True)
def _fill(
    key: Key,
    entities: Integers,
    rates: Floats,
    profile: Floats,
    start_hour: float,
    horizon: float,
    times: Floats,
    bounds: Integers,
    counts: Integers,
) -> None:
    """Write each entity's arrivals between its bounds, and how many it has."""
    for row in range(len(entities)):
        out = times[bounds[row] : bounds[row + 1]]
        counts[row] = poisson_arrivals(
            key, entities[row], rates[row], profile, start_hour, horizon, out
        )


@njit(cache=True)
def gamma_renewals(
    key: Key, entity: int, shape: float, scale: float, horizon: float, out: Floats
) -> int:
    """Renewals with gamma gaps of mean `shape * scale` [s], the first gap from 0."""
    count = 0
    at = gamma_draw(key, entity, 0, shape, scale)
    while at < horizon:
        if count < len(out):
            out[count] = at
        count += 1
        at += gamma_draw(key, entity, count, shape, scale)
    return count


@njit(cache=True)
def weibull_renewals(
    key: Key, entity: int, shape: float, scale: float, horizon: float, out: Floats
) -> int:
    """Renewals with Weibull gaps, `scale` in [s], the first gap from 0."""
    count = 0
    at = weibull_from(uniform(key, entity, 0), shape, scale)
    while at < horizon:
        if count < len(out):
            out[count] = at
        count += 1
        at += weibull_from(uniform(key, entity, count), shape, scale)
    return count


@njit(cache=True)
def lognormal_renewals(
    key: Key, entity: int, log_mean: float, log_std: float, horizon: float, out: Floats
) -> int:
    """Renewals with log-normal gaps, exp(`log_mean`) in [s], the first gap from 0."""
    count = 0
    at = lognormal_from(uniform(key, entity, 0), log_mean, log_std)
    while at < horizon:
        if count < len(out):
            out[count] = at
        count += 1
        at += lognormal_from(uniform(key, entity, count), log_mean, log_std)
    return count


@njit(cache=True, error_model="numpy")
def hawkes_arrivals(
    key: Key,
    entity: int,
    baseline_rate: float,
    branching_ratio: float,
    decay_rate: float,
    horizon: float,
    out: Floats,
) -> int:
    """Arrivals that excite further ones: a Hawkes process with exponential kernel, exactly.

    Each arrival has `branching_ratio` direct successors on average, at delays of mean
    1 / `decay_rate`. The process starts without a past; in the long run its mean rate is
    baseline_rate / (1 - branching_ratio).

    Args:
        key: a stream's key. (2,)
        entity: whose arrivals.
        baseline_rate: rate of arrivals without a cause, > 0. [1/s]
        branching_ratio: in [0, 1).
        decay_rate: > 0. [1/s]
        horizon: arrivals come before it. [s]
        out: the arrivals. (capacity,) [s]

    References:
        Dassios, Zhao (2013), Exact simulation of Hawkes process with exponentially decaying
        intensity. Electronic Communications in Probability 18.
    """
    count, at, excitation = 0, 0.0, 0.0
    while True:
        u_baseline, u_excited = uniform_pair(key, entity, count)
        gap = exponential_from(u_baseline, baseline_rate)
        # The excitation's total yet to come is finite: it may well bring no further arrival.
        left = 1.0 + log(u_excited) * decay_rate / excitation if excitation > 0.0 else 0.0
        if left > 0.0:
            gap = min(gap, -log(left) / decay_rate)
        at += gap
        if at >= horizon:
            return count
        if count < len(out):
            out[count] = at
        count += 1
        excitation = excitation * exp(-decay_rate * gap) + branching_ratio * decay_rate
