"""A fleet: how fast parts age, when rows are made, what lags behind its goal, and noise."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.noise import fill_normals
from simgen.domains.industrial.kernels.pumps import cooled
from simgen.domains.industrial.kernels.telemetry import hall_temperature, thickness
from simgen.kernels.ageing import arrhenius_acceleration, power_law_acceleration
from simgen.kernels.distributions import poisson_draw
from simgen.kernels.elementary import exp

WEAR = np.dtype(
    [
        ("load_exponent", np.float64),  # a part ages with this power of load over the rated one
        ("speed_exponent", np.float64),  # and with this one of speed
        ("activation_energy", np.float64),  # of what heat does to it [eV]; 0: heat does nothing
    ]
)


@njit(cache=True, error_model="numpy")
def ageing_rates(
    ageing: Any, load: Any, speed: Any, heat: Any, reference: Any, wear: Any, out: Any
) -> None:
    """Fill in equivalent hours that parts age in an hour of running.

    Args:
        ageing: how much faster all age than in their table.
        load: over the rated one.
        speed: same.
        heat: absolute temperature. [K]
        reference: at rated load and speed. [K]
        wear: of the parts, of dtype WEAR. (n,)
        out: (n,)
    """
    for i in range(len(wear)):
        part = wear[i]
        out[i] = ageing * power_law_acceleration(load, 1.0, part.load_exponent)
        out[i] *= power_law_acceleration(speed, 1.0, part.speed_exponent)
        if part.activation_energy != 0.0:
            out[i] *= arrhenius_acceleration(heat, reference, part.activation_energy)


@njit(cache=True, error_model="numpy", nogil=True)
def thicken(warmth: Any, out: Any) -> None:
    """Fill in `thickness` at some temperatures.

    Args:
        warmth: (n,) [degree Celsius]
        out: (n,)
    """
    for i in range(len(warmth)):
        out[i] = thickness(warmth[i])


@njit(cache=True, error_model="numpy", nogil=True)
def make_rows(starts: Any, stops: Any, failed: Any, interval: Any, at: Any, stretch: Any) -> Any:
    """Fill in when rows are made and in which stretch; returns how many there are.

    Rows come at multiples of `interval` within each stretch, and one more when it ends in failure.

    Args:
        starts: of the stretches. (p,) [s]
        stops: of the stretches. (p,) [s]
        failed: whether the machine failed at the end of each. (p,)
        interval: between two rows. [s]
        at: instants, large enough. (capacity,) [s]
        stretch: index of each row's stretch. (capacity,)
    """
    n = 0
    for p in range(len(starts)):
        tick = math.ceil(starts[p] / interval)
        while tick * interval < stops[p]:
            at[n], stretch[n] = tick * interval, p
            n, tick = n + 1, tick + 1
        if failed[p]:
            at[n], stretch[n] = stops[p], p
            n += 1
    return n


@njit(cache=True, error_model="numpy", nogil=True)
def lag(
    at: Any, stretch: Any, starts: Any, stops: Any, time: Any, days: Any, goal: Any, out: Any
) -> None:
    """Follow a steady value with a first-order lag; while the machine stands, the hall's warmth.

    Args:
        at: when rows were made, ascending. (n,) [s]
        stretch: index of each row's stretch. (n,)
        starts: of the stretches. (p,) [s]
        stops: of the stretches. (p,) [s]
        time: constant of the lag. [s]
        days: daily means of the hall's temperature. (m,) [degree Celsius]
        goal: what each row would read in the long run. (n,) [degree Celsius]
        out: the values. (n,) [degree Celsius]
    """
    value, known_at, before = hall_temperature(days, 0.0), 0.0, -1
    for i in range(len(at)):
        for p in range(max(before, 0), stretch[i] + 1):
            begin = max(starts[p], known_at)
            if begin > known_at:
                value, known_at = cooled(value, days, known_at, begin, time), begin
            end = min(stops[p], at[i])
            if end > known_at:
                # A stretch too short for a row of its own warms toward the goal of the next.
                value = goal[i] + (value - goal[i]) * exp((known_at - end) / time)
                known_at = end
        before = stretch[i]
        out[i] = value


def normals(key: Any, entity: int, n_rows: int, n: int) -> Any:
    """Independent standard normal numbers `(n_rows, n)`.

    Args:
        key: a stream's key. (2,)
        entity: whose numbers these are.
        n_rows: of the array.
        n: columns of the array; another number of them leaves the first as they are.
    """
    out = np.empty((n_rows, n))
    fill_normals(key, entity, 0, n, out)
    return out


@njit(cache=True, error_model="numpy", nogil=True)
def counts(key: Any, entity: Any, means: Any) -> Any:
    """Independent Poisson counts `(n,)`.

    Args:
        key: a stream's key. (2,)
        entity: whose counts these are.
        means: (n,)
    """
    out = np.empty(len(means))
    for i in range(len(means)):
        out[i] = poisson_draw(key, entity, i, means[i])
    return out
