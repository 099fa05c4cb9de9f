"""How a shaft turns, while its speed wobbles, and what the multiples of its turn add up to."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.distributions import normal_from
from simgen.kernels.philox import uniform_pair

STEADY = 32  # samples over which speed and load count as constant; a power of 2
_MEMORY = 0.98  # of the wobble from one such stretch to the next; assumption
_WOBBLES = 1 << 31  # counters from here on belong to the speed
# A product and a sum are rounded once where the processor can: half the steps. Bits are promised on
# one kind of processor only.
FUSED = {"contract"}


@njit(cache=True, error_model="numpy")
def shaft_angles(key: Any, window: Any, rate: Any, running: Any, angles: Any) -> None:
    """The shaft's angle [rad] at the start of each steady stretch, while its speed wobbles."""
    u, v = uniform_pair(key, window, _WOBBLES)
    angle, wobble = math.tau * u, normal_from(v)
    fresh = math.sqrt(1.0 - _MEMORY * _MEMORY)
    for i in range(len(angles)):
        angles[i], _ = uniform_pair(key, window, _WOBBLES + 1 + i)
    for i in range(len(angles)):
        u, angles[i] = angles[i], angle
        speed = running.shaft_rate * (1.0 + running.wobble * wobble)
        angle += math.tau * speed * STEADY / rate
        wobble = _MEMORY * wobble + fresh * normal_from(u)


@njit(cache=True, error_model="numpy", fastmath=FUSED)
def add_multiples(harmonics: Any, angles: Any, out: Any) -> None:
    """Add the multiples of the shaft's turn: polynomials of its cosine, one times its sine.

    Args:
        harmonics: cosine and sine part of each multiple. (h, 2)
        angles: of the shaft at the start of each steady stretch, and after the last. [rad]
        out: what is added to. (n,)
    """
    n_stretches = math.ceil(len(out) / STEADY)
    powers, steps = _powers_of_cosine(harmonics), np.empty((2, n_stretches))
    for k in range(n_stretches):
        steps[0, k], steps[1, k] = _small_turn((angles[k + 1] - angles[k]) / STEADY)
    c, s, even, odd = 0, 1, 2, 3
    rows = np.empty((4, STEADY))
    rows[c, 0], rows[s, 0] = math.cos(angles[0]), math.sin(angles[0])
    for stretch in range(n_stretches):
        following = _turn_on(steps[0, stretch], steps[1, stretch], rows)
        rows[even:] = 0.0
        for j in range(powers.shape[1] - 4, -1, -4):
            a0, a1, a2, a3 = powers[0, j], powers[0, j + 1], powers[0, j + 2], powers[0, j + 3]
            b0, b1, b2, b3 = powers[1, j], powers[1, j + 1], powers[1, j + 2], powers[1, j + 3]
            for i in range(STEADY):
                x = rows[c, i]
                rows[even, i] = (((rows[even, i] * x + a3) * x + a2) * x + a1) * x + a0
                rows[odd, i] = (((rows[odd, i] * x + b3) * x + b2) * x + b1) * x + b0
        some = out[stretch * STEADY : (stretch + 1) * STEADY]
        for i in range(len(some)):
            some[i] += rows[even, i] + rows[odd, i] * rows[s, i]
        rows[c, 0], rows[s, 0] = following


@njit(cache=True, error_model="numpy")
def _powers_of_cosine(harmonics: Any) -> Any:
    """Coefficients of a sum of multiples as a polynomial of the cosine, and as one times the sine.

    By Chebyshev's polynomials of both kinds; exact to 1e-12 for a dozen multiples.

    Returns:
        The lowest power first; four go together, so the last ones may be 0. (2, h + 1 or more)
    """
    m = len(harmonics)
    out = np.zeros((2, 4 * (m // 4 + 1)))
    first, second = np.zeros((2, m + 1)), np.zeros((2, m + 1))  # that before, and this
    for j in range(m):
        if j == 0:
            first[0, 0], first[1, 1], second[1, 0] = 1.0, 1.0, 1.0
        else:
            _next_polynomial(first)
            _next_polynomial(second)
        for i in range(m + 1):
            out[0, i] += harmonics[j, 0] * first[1, i]
            out[1, i] += harmonics[j, 1] * second[1, i]
    return out


@njit(cache=True, error_model="numpy")
def _next_polynomial(pair: Any) -> None:
    """From two of Chebyshev's polynomials to the second and the one after it."""
    carried = 0.0
    for i in range(pair.shape[1]):
        before, this = pair[0, i], pair[1, i]
        pair[0, i], pair[1, i] = this, 2.0 * carried - before
        carried = this


@njit(cache=True, error_model="numpy", forceinline=True)
def _small_turn(angle: Any) -> Any:
    """Cosine and sine of a small angle [rad], by their series."""
    square, turn_c, turn_s = angle * angle, 1.0, 1.0
    for denominator in (90.0, 56.0, 30.0, 12.0, 2.0):
        turn_c = 1.0 - square / denominator * turn_c
    for denominator in (110.0, 72.0, 42.0, 20.0, 6.0):
        turn_s = 1.0 - square / denominator * turn_s
    return turn_c, turn_s * angle


@njit(cache=True, error_model="numpy", forceinline=True)
def _turn_on(turn_c: Any, turn_s: Any, rows: Any) -> Any:
    """Turn cosine and sine on by a step at a time, whose own are given; returns the following.

    Twice as many are known after each round, and are turned together by twice the step.
    """
    known = 1
    while known < STEADY:
        for i in range(known):
            rows[0, known + i] = rows[0, i] * turn_c - rows[1, i] * turn_s
            rows[1, known + i] = rows[1, i] * turn_c + rows[0, i] * turn_s
        turn_c, turn_s = turn_c * turn_c - turn_s * turn_s, 2.0 * turn_c * turn_s
        known *= 2
    return rows[0, 0] * turn_c - rows[1, 0] * turn_s, rows[1, 0] * turn_c + rows[0, 0] * turn_s
