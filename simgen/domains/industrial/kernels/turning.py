"""How a shaft turns, while its speed wobbles, and what the multiples of its turn add up to.

A multiple is a wave whose angle rises evenly within a steady stretch, so each sample follows from
the two before it: x[i + 1] = 2 cos(step) x[i] - x[i - 1]. Some stretches go on beside one another,
in the columns of one small table: LLVM works on several at once where it sees all places.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.fused import fused
from simgen.kernels.distributions import normal_from
from simgen.kernels.philox import uniform_pair

STEADY = 32  # samples over which speed and load count as constant
BESIDE = 16  # stretches that go on beside one another
_MEMORY = 0.98  # of the wobble from one such stretch to the next; assumption
_WOBBLES = 1 << 31  # counters from here on belong to the speed
_MOST_TURNS = 1e6  # before a window: so many that the slowest beat begins anywhere

TWICE_COSINE = 0  # the row of a table with that of a wave's step; two of the wave's samples follow
_WAVE = 1  # the rows of the wave: its sample, and that before
_SUM = 3  # the first of as many rows as a stretch has samples
_TURN = _SUM + STEADY  # cosine and sine of the shaft's angle when the stretches begin,
_MULTIPLE = _TURN + 2  # of a multiple of it,
_STEP = _MULTIPLE + 2  # of the angle from one sample to the next,
_MULTIPLE_STEP = _STEP + 2  # and of a multiple of that
_N_ROWS = _MULTIPLE_STEP + 2

_ROUNDER = 1.5 * 2.0**52  # added to a double and taken away, leaves its nearest integer
# Series in the square of an angle, highest power first.
_COSINE = tuple((-1) ** n / math.factorial(2 * n) for n in range(9, -1, -1))
_SINE = tuple((-1) ** n / math.factorial(2 * n + 1) for n in range(8, -1, -1))


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


@njit(cache=True, error_model="numpy")
def turns_before(key: Any, window: Any) -> Any:
    """How many whole turns there were before a window; `shaft_angles` begins within one."""
    # The half of a pair of numbers that `shaft_angles` leaves.
    _, v = uniform_pair(key, window, _WOBBLES + 1)
    return math.floor(_MOST_TURNS * v)


@njit(cache=True, error_model="numpy")
def add_multiples(harmonics: Any, angles: Any, out: Any) -> None:
    """Add the multiples of the shaft's turn.

    Args:
        harmonics: cosine and sine part of each multiple. (h, 2)
        angles: of the shaft at the start of each steady stretch, and after the last. [rad]
        out: what is added to. (n,)
    """
    if len(harmonics) == 0:
        return
    rows, some = np.empty((_N_ROWS, BESIDE)), np.empty(BESIDE + 1)
    for first in range(0, math.ceil(len(out) / STEADY), BESIDE):
        take_angles(angles, first, some)
        _begin(some, rows)
        for j in range(len(harmonics)):
            _set_wave(harmonics[j, 0], harmonics[j, 1], rows)
            add_wave(rows, _WAVE, _SUM)
            _next_multiple(rows)
        for k in range(BESIDE):
            place = out[(first + k) * STEADY : (first + k + 1) * STEADY]
            for i in range(len(place)):
                place[i] += rows[_SUM + i, k]


@njit(cache=True, error_model="numpy", forceinline=True)
def take_angles(angles: Any, first: Any, some: Any) -> None:
    """Fill in angles from `first` on; after the last one it stands."""
    for k in range(BESIDE + 1):
        some[k] = angles[min(first + k, len(angles) - 1)]


@njit(cache=True, error_model="numpy", forceinline=True)
def add_wave(rows: Any, now: Any, first: Any) -> None:
    """Add a wave's samples to the rows from `first` on, eight at a time.

    Args:
        rows: a table with a row `TWICE_COSINE`. (rows, BESIDE)
        now: the row of the wave's sample; that before is in the next one. Both are used up.
        first: the row that the first sample of a stretch is added to.
    """
    for i in range(first, first + STEADY, 8):
        for k in range(BESIDE):
            twice, x0 = rows[TWICE_COSINE, k], rows[now, k]
            x1 = fused(twice, x0, -rows[now + 1, k])
            x2 = fused(twice, x1, -x0)
            x3 = fused(twice, x2, -x1)
            x4 = fused(twice, x3, -x2)
            x5 = fused(twice, x4, -x3)
            x6 = fused(twice, x5, -x4)
            x7 = fused(twice, x6, -x5)
            rows[i, k] += x0
            rows[i + 1, k] += x1
            rows[i + 2, k] += x2
            rows[i + 3, k] += x3
            rows[i + 4, k] += x4
            rows[i + 5, k] += x5
            rows[i + 6, k] += x6
            rows[i + 7, k] += x7
            rows[now, k] = fused(twice, x7, -x6)
            rows[now + 1, k] = x7


@njit(cache=True, error_model="numpy", forceinline=True)
def _begin(angles: Any, rows: Any) -> None:
    """Set up the first multiple at the starts of some stretches; nothing is summed yet."""
    for k in range(BESIDE):
        c, s = cosine_and_sine(angles[k])
        rows[_TURN, k], rows[_TURN + 1, k] = c, s
        rows[_MULTIPLE, k], rows[_MULTIPLE + 1, k] = c, s
        c, s = cosine_and_sine((angles[k + 1] - angles[k]) * (1.0 / STEADY))
        rows[_STEP, k], rows[_STEP + 1, k] = c, s
        rows[_MULTIPLE_STEP, k], rows[_MULTIPLE_STEP + 1, k] = c, s
    rows[_SUM:_TURN] = 0.0


@njit(cache=True, error_model="numpy", forceinline=True)
def _set_wave(in_phase: Any, across: Any, rows: Any) -> None:
    """Set up the wave that a multiple is with these cosine and sine parts."""
    for k in range(BESIDE):
        c, s = rows[_MULTIPLE, k], rows[_MULTIPLE + 1, k]
        step_c, step_s = rows[_MULTIPLE_STEP, k], rows[_MULTIPLE_STEP + 1, k]
        value = fused(in_phase, c, across * s)
        slope = fused(across, c, -in_phase * s)
        rows[TWICE_COSINE, k] = 2.0 * step_c
        rows[_WAVE, k] = value
        rows[_WAVE + 1, k] = fused(value, step_c, -slope * step_s)


@njit(cache=True, error_model="numpy", forceinline=True)
def _next_multiple(rows: Any) -> None:
    """Turn multiples of the angle and of its step on by one more of each."""
    for k in range(BESIDE):
        c, s = rows[_MULTIPLE, k], rows[_MULTIPLE + 1, k]
        rows[_MULTIPLE, k] = fused(c, rows[_TURN, k], -s * rows[_TURN + 1, k])
        rows[_MULTIPLE + 1, k] = fused(s, rows[_TURN, k], c * rows[_TURN + 1, k])
        c, s = rows[_MULTIPLE_STEP, k], rows[_MULTIPLE_STEP + 1, k]
        rows[_MULTIPLE_STEP, k] = fused(c, rows[_STEP, k], -s * rows[_STEP + 1, k])
        rows[_MULTIPLE_STEP + 1, k] = fused(s, rows[_STEP, k], c * rows[_STEP + 1, k])


@njit(cache=True, error_model="numpy", forceinline=True)
def cosine_and_sine(angle: Any) -> Any:
    """Cosine and sine of an angle [rad], to 1e-12: by the series of its half within one turn."""
    turns = angle * (1.0 / math.tau)
    half = (turns - ((turns + _ROUNDER) - _ROUNDER)) * math.pi
    square, c, s = half * half, 0.0, 0.0
    for coefficient in _COSINE:
        c = fused(c, square, coefficient)
    for coefficient in _SINE:
        s = fused(s, square, coefficient)
    s *= half
    return 1.0 - 2.0 * s * s, 2.0 * s * c
