"""Age and failure: what use, stress and repair do to the time an item has left.

Ages and times share one unit, chosen by the caller. Quantile functions take a uniform `u` in
(0, 1) and rise with it, as in `distributions`.
"""

from __future__ import annotations

from numba import njit

from simgen.kernels.arrays import Floats
from simgen.kernels.elementary import exp, log

BOLTZMANN = 8.617333262e-5  # [eV/K]; CODATA 2018


@njit(cache=True, error_model="numpy")
def remaining_weibull_from(u: float, shape: float, scale: float, age: float) -> float:
    """The time that is left to an item of virtual age `age` whose life is Weibull."""
    spent = exp(shape * log(age / scale)) if age > 0.0 else 0.0
    return scale * exp(log(spent - log(1.0 - u)) / shape) - age


@njit(cache=True, error_model="numpy")
def hazard_scale(shape: float, scale: float, hazard_ratio: float) -> float:
    """The Weibull scale of an item whose hazard is `hazard_ratio` times that of `scale`.

    References:
        Cox (1972), Regression models and life tables. JRSS B 34. For the Weibull law,
        proportional hazards and accelerated life are one model.
    """
    return scale * exp(-log(hazard_ratio) / shape)


@njit(cache=True, error_model="numpy")
def kijima_one(age: float, use_time: float, restoration: float) -> float:
    """The virtual age after a repair that undoes a share of what was added since the last one.

    Args:
        age: virtual age after the last repair.
        use_time: time in use since.
        restoration: share undone; 0 is a minimal repair, 1 undoes all of `use_time`.

    References:
        Kijima (1989), Some results for repairable systems with general repair. J. Appl. Prob. 26.
    """
    return age + (1.0 - restoration) * use_time


@njit(cache=True, error_model="numpy")
def kijima_two(age: float, use_time: float, restoration: float) -> float:
    """As `kijima_one`, but the repair undoes a share of all damage; 1 is as good as new."""
    return (1.0 - restoration) * (age + use_time)


@njit(cache=True, error_model="numpy")
def power_law_acceleration(stress: float, reference: float, exponent: float) -> float:
    """How many times faster an item ages under `stress` than under `reference`.

    References:
        ISO 281:2007: the rated life of a bearing in revolutions goes with load to the power -3
        (ball) or -10/3 (roller).
    """
    return exp(exponent * log(stress / reference))


@njit(cache=True, error_model="numpy")
def arrhenius_acceleration(temperature: float, reference: float, activation_energy: float) -> float:
    """How many times faster an item ages at `temperature` than at `reference`.

    Args:
        temperature: absolute. [K]
        reference: absolute. [K]
        activation_energy: of what ages it. [eV]
    """
    return exp(activation_energy / BOLTZMANN * (1.0 / reference - 1.0 / temperature))


@njit(cache=True, error_model="numpy")
def first_of_weibulls(
    uniforms: Floats, shapes: Floats, scales: Floats, ages: Floats
) -> tuple[int, float]:
    """Which of several independent risks strikes first, and after what time.

    Args:
        uniforms: one for each risk. (n,)
        shapes: of their Weibull laws. (n,)
        scales: of their Weibull laws. (n,)
        ages: virtual age of the item with regard to each. (n,)
    """
    first, left = 0, remaining_weibull_from(uniforms[0], shapes[0], scales[0], ages[0])
    for risk in range(1, len(uniforms)):
        time = remaining_weibull_from(uniforms[risk], shapes[risk], scales[risk], ages[risk])
        if time < left:
            first, left = risk, time
    return first, left
