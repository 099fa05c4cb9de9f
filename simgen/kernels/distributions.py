"""Distributions, as inverse functions of uniforms or as draws at an address of their own.

`x_from(u, ...)` is the quantile function: it maps a uniform `u` in (0, 1) to a value and rises
with it. Where the upper tail matters it takes 1 - u, exact for every `u` of `uniform`.

`x_draw(key, entity, counter, ...)` needs a varying number of uniforms: its attempt `a` reads the
block at `counter + a * 2**40`, so it meets no other draw as long as counters stay below 2**40.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from simgen.kernels.arrays import Floats, Key
from simgen.kernels.elementary import exp, log
from simgen.kernels.normal import normal_from as normal_from
from simgen.kernels.philox import uniform_pair

ATTEMPT = 1 << 40  # counters between two attempts of one draw

_MEAN_OF_LARGE_COUNTS = 10.0  # from here on transformed rejection is exact and faster
_FLAT_CONCENTRATION = 1e-5  # flatter than this, no sample tells a von Mises from a uniform angle


@njit(cache=True, forceinline=True, error_model="numpy")
def exponential_from(u: float, rate: float) -> float:
    """An exponential time with `rate` events per unit of time."""
    return -log(1.0 - u) / rate


@njit(cache=True, forceinline=True, error_model="numpy")
def lognormal_from(u: float, log_mean: float, log_std: float) -> float:
    """A log-normal value whose logarithm has mean `log_mean` and deviation `log_std`."""
    return exp(log_mean + log_std * normal_from(u))


@njit(cache=True, error_model="numpy")
def lognormal_mixture_from(
    u_component: float,
    u_value: float,
    cumulative_weights: Floats,
    log_means: Floats,
    log_stds: Floats,
) -> float:
    """A value from a mixture of log-normals.

    Args:
        u_component: chooses the component, in (0, 1).
        u_value: chooses the value, in (0, 1).
        cumulative_weights: ascending, the last entry 1. (n,)
        log_means: means of the logarithm. (n,)
        log_stds: deviations of the logarithm. (n,)
    """
    component = 0
    while component < len(log_means) - 1 and u_component > cumulative_weights[component]:
        component += 1
    return lognormal_from(u_value, log_means[component], log_stds[component])


@njit(cache=True, forceinline=True, error_model="numpy")
def pareto_from(u: float, shape: float, scale: float) -> float:
    """A Pareto value of type I, at least `scale`: P(X > x) = (scale / x) ** shape."""
    return scale * exp(-log(1.0 - u) / shape)


@njit(cache=True, forceinline=True, error_model="numpy")
def weibull_from(u: float, shape: float, scale: float) -> float:
    """A Weibull value: P(X > x) = exp(-((x / scale) ** shape))."""
    return scale * exp(log(-log(1.0 - u)) / shape)


@njit(cache=True, error_model="numpy")
def triangular_from(u: float, low: float, mode: float, high: float) -> float:
    """A triangular value between `low` and `high`, most likely `mode`; `low` < `high`."""
    width, rise = high - low, mode - low
    if u * width < rise:
        return low + math.sqrt(u * width * rise)
    return high - math.sqrt((1.0 - u) * width * (high - mode))


@njit(cache=True, error_model="numpy")
def poisson_from(u: float, mean: float) -> int:
    """A Poisson count with `mean` in [0, 700], found by summing probabilities from 0 upward."""
    count = 0
    probability = exp(-mean)
    while u > probability > 0.0:
        u -= probability
        count += 1
        probability *= mean / count
    return count


@njit(cache=True, error_model="numpy")
def gamma_draw(key: Key, entity: int, counter: int, shape: float, scale: float) -> float:
    """A gamma value with mean `shape * scale`; `shape` > 0.

    For shape < 1 a value of shape + 1 is shrunk by u ** (1 / shape), with u from the block one
    attempt after the accepted one.

    References:
        Marsaglia, Tsang (2000), A simple method for generating gamma variables. ACM TOMS 26.
    """
    d = (shape if shape >= 1.0 else shape + 1.0) - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        u_normal, u = uniform_pair(key, entity, counter)
        counter += ATTEMPT
        x = normal_from(u_normal)
        v = (1.0 + c * x) ** 3
        if v <= 0.0:
            continue
        if u < 1.0 - 0.0331 * x**4 or log(u) < 0.5 * x * x + d * (1.0 - v + log(v)):
            break
    if shape >= 1.0:
        return d * v * scale
    u, _ = uniform_pair(key, entity, counter)
    return d * v * scale * exp(log(u) / shape)


@njit(cache=True, error_model="numpy")
def poisson_draw(key: Key, entity: int, counter: int, mean: float) -> int:
    """A Poisson count; `mean` in [0, 1e9].

    References:
        Hormann (1993), The transformed rejection method for generating Poisson random variables.
        Insurance: Mathematics and Economics 12 (algorithm PTRS, for means of 10 and more).
    """
    if mean < _MEAN_OF_LARGE_COUNTS:
        return poisson_from(uniform_pair(key, entity, counter)[0], mean)
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    squeeze = 0.9277 - 3.6224 / (b - 2.0)
    log_mean = log(mean)
    while True:
        u, v = uniform_pair(key, entity, counter)
        counter += ATTEMPT
        u -= 0.5
        edge = 0.5 - abs(u)
        k = math.floor((2.0 * a / edge + b) * u + mean + 0.43)
        if edge >= 0.07 and v <= squeeze:
            return k
        if k < 0 or (edge < 0.013 and v > edge):
            continue
        hat = log(v * inverse_alpha / (a / (edge * edge) + b))
        if hat <= k * log_mean - mean - math.lgamma(k + 1.0):
            return k


@njit(cache=True, error_model="numpy")
def von_mises_draw(key: Key, entity: int, counter: int, mean: float, concentration: float) -> float:
    """An angle in [-pi, pi) around `mean` [rad]; `concentration` in [0, 1e6], 0 is uniform.

    The paper's third uniform, which chooses the side, is the half of the circle that the first
    one falls in.

    References:
        Best, Fisher (1979), Efficient simulation of the von Mises distribution. Applied
        Statistics 28.
    """
    if concentration < _FLAT_CONCENTRATION:
        return _wrapped(mean + math.tau * uniform_pair(key, entity, counter)[0])
    t = 1.0 + math.sqrt(1.0 + 4.0 * concentration * concentration)
    rho = (t - math.sqrt(2.0 * t)) / (2.0 * concentration)
    r = (1.0 + rho * rho) / (2.0 * rho)
    while True:
        u, v = uniform_pair(key, entity, counter)
        counter += ATTEMPT
        z = math.cos(math.tau * u)
        f = (1.0 + r * z) / (r + z)
        c = concentration * (r - f)
        if c * (2.0 - c) > v or log(c / v) + 1.0 >= c:
            angle = math.acos(max(-1.0, min(1.0, f)))
            return _wrapped(mean + (angle if u < 0.5 else -angle))


@njit(cache=True, error_model="numpy")
def _wrapped(angle: float) -> float:
    return angle - math.tau * math.floor((angle + math.pi) / math.tau)


def zipf_weights(n: int, exponent: float, shift: float = 0.0) -> Floats:
    """Probabilities `(n,)` of ranks 1 to n, proportional to (rank + shift) ** -exponent.

    A finite Zipf law; with a shift, Mandelbrot's.

    References:
        Mandelbrot (1953), An informational theory of the statistical structure of language.
    """
    weights = (np.arange(1, n + 1) + shift) ** -float(exponent)
    return np.asarray(weights / weights.sum())
