"""Degradation: how damage grows until it reaches a limit, and when it does.

Time may be hours, revolutions or cycles: what the rates are given per. Draws are addressed by
(key, entity, counter) as in `distributions`.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from simgen.kernels.arrays import Floats, Key
from simgen.kernels.distributions import gamma_draw, normal_from, poisson_draw
from simgen.kernels.elementary import exp, log
from simgen.kernels.philox import uniform_pair


@njit(cache=True, error_model="numpy")
def gamma_path(
    key: Key, entity: int, times: Floats, shape_rate: float, scale: float, out: Floats
) -> None:
    """A gamma process at ascending times: damage that comes in jumps and never heals.

    Args:
        key: a stream's key. (2,)
        entity: whose path; its counters from 0 to n - 1 are used.
        times: when it is looked at, from 0 on. (n,)
        shape_rate: shape of the law of what is added per unit of time; the mean added is
            `shape_rate * scale`.
        scale: of that law, in units of damage.
        out: the damage. (n,)

    References:
        van Noortwijk (2009), A survey of the application of gamma processes in maintenance.
        Reliability Engineering and System Safety 94. Damage reaches `limit` before `t` with
        probability Q(shape_rate * t, limit / scale), the upper regularised gamma function.
    """
    damage, before = 0.0, 0.0
    for i in range(len(times)):
        shape = shape_rate * (times[i] - before)
        # Below, the jump is less than any double with probability 0.9993.
        if shape > 1e-6:
            damage += gamma_draw(key, entity, i, shape, scale)
            before = times[i]
        out[i] = damage


@njit(cache=True, error_model="numpy")
def wiener_passage_draw(
    key: Key, entity: int, counter: int, drift: float, deviation: float, limit: float
) -> float:
    """When a Wiener process with drift first reaches `limit`: an inverse Gaussian time.

    Args:
        key: a stream's key. (2,)
        entity: whose draw.
        counter: which of its draws.
        drift: mean growth per unit of time; above 0.
        deviation: standard deviation of the growth in one unit of time; above 0.
        limit: above 0.

    References:
        Michael, Schucany, Haas (1976), Generating random variates using transformations with
        multiple roots. The American Statistician 30.
    """
    mean, shape = limit / drift, (limit / deviation) ** 2
    u_normal, u = uniform_pair(key, entity, counter)
    y = normal_from(u_normal) ** 2
    # The paper's smaller root, written so that nothing cancels.
    half = 0.5 * mean * y / shape
    root = mean / (1.0 + half + math.sqrt(half * (2.0 + half)))
    return root if u <= mean / (mean + root) else mean * mean / root


@njit(cache=True, error_model="numpy")
def paris_length(
    length: float, n_cycles: float, coefficient: float, exponent: float, stress: float
) -> float:
    """The length of a crack after cycles of load; infinite once it has run through.

    da/dN = C (dK)^m with dK = stress * sqrt(pi a), integrated in closed form.

    Args:
        length: of the crack at the start. [m]
        n_cycles: cycles of load since.
        coefficient: C. [m/cycle at dK = 1 MPa sqrt(m)]
        exponent: m.
        stress: range of the stress times the geometry factor. [MPa]

    References:
        Paris, Erdogan (1963), A critical analysis of crack propagation laws. J. Basic Eng. 85.
    """
    rate = coefficient * exp(exponent * log(stress * math.sqrt(math.pi))) * n_cycles
    power = 1.0 - 0.5 * exponent
    if power == 0.0:
        return length * exp(rate)
    base = exp(power * log(length)) + power * rate
    return exp(log(base) / power) if base > 0.0 else np.inf


@njit(cache=True, error_model="numpy")
def paris_cycles(
    length: float, limit: float, coefficient: float, exponent: float, stress: float
) -> float:
    """Cycles of load until a crack has grown from `length` to `limit`; see `paris_length`."""
    rate = coefficient * exp(exponent * log(stress * math.sqrt(math.pi)))
    power = 1.0 - 0.5 * exponent
    if power == 0.0:
        return log(limit / length) / rate
    return (exp(power * log(limit)) - exp(power * log(length))) / (power * rate)


@njit(cache=True, error_model="numpy")
def archard_depth(
    wear_coefficient: float, pressure: float, distance: float, hardness: float
) -> float:
    """The depth worn off a surface that another slides over.

    Args:
        wear_coefficient: dimensionless.
        pressure: between the surfaces. [Pa]
        distance: slid. [m]
        hardness: of the softer surface. [Pa]

    Returns:
        The depth. [m]

    References:
        Archard (1953), Contact and rubbing of flat surfaces. J. Applied Physics 24.
    """
    return wear_coefficient * pressure * distance / hardness


@njit(cache=True, error_model="numpy")
def exponential_health(time: float, initial_wear: float, rate: float, exponent: float) -> float:
    """Health at a time: 1 - initial_wear - (exp(rate * time^exponent) - 1), at most 1.

    References:
        Saxena, Goebel, Simon, Eklund (2008), Damage propagation modeling for aircraft engine
        run-to-failure simulation. PHM. The paper writes 1 - d - exp(...); here the exponential
        begins at 0, so that health begins at 1 - initial_wear.
    """
    return 1.0 - initial_wear - (exp(rate * time**exponent) - 1.0)


@njit(cache=True, error_model="numpy")
def exponential_health_life(
    limit: float, initial_wear: float, rate: float, exponent: float
) -> float:
    """When `exponential_health` has fallen to `limit`, which is below 1 - initial_wear."""
    return exp(log(log(2.0 - initial_wear - limit) / rate) / exponent)


@njit(cache=True, error_model="numpy")
def shock_life_draw(
    key: Key, entity: int, counter: int, rate: float, mean_damage: float, limit: float
) -> float:
    """When shocks have added up to `limit`: they come at random, with exponential damage.

    Args:
        key: a stream's key. (2,)
        entity: whose draw.
        counter: which of its draws; `counter + 1` is used too.
        rate: shocks per unit of time.
        mean_damage: of one shock.
        limit: of the sum; at most 1e9 times `mean_damage`.

    References:
        Esary, Marshall, Proschan (1973), Shock models and wear processes. Annals of Probability
        1. As many shocks are survived as a Poisson count of mean limit / mean_damage.
    """
    n_shocks = 1 + poisson_draw(key, entity, counter, limit / mean_damage)
    return gamma_draw(key, entity, counter + 1, float(n_shocks), 1.0 / rate)
