"""How a structure answers in its modes: damped oscillators, sampled by impulse invariance."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.turning import FUSED

_N_PARTS = 32  # of a push, that go on beside one another


@njit(cache=True, error_model="numpy")
def answer_push(modes: Any, gains: Any, rate: Any, push: Any, out: Any) -> None:
    """Add what the modes make of a push, which begins at rest.

    An impulse of 1 makes a decaying sine that begins, a sample later, with the mode's gain.

    A sample waits for the one before, so the push is cut into parts that go on beside one another.
    At first all begin at rest, which tells how each ends. As a mode is linear, the next one begins
    as this one ends and as its own beginning has decayed meanwhile. Then all go once more.

    Args:
        modes: with frequency [Hz] and damping. (m,)
        gains: of the modes. (m,)
        rate: samples per second. [Hz]
        push: what drives them, from before the first sample on. (n + warm-up,)
        out: what is added to. (n,)
    """
    m = len(modes)
    depth = 4 * math.ceil(len(push) / (4 * _N_PARTS))
    a, b, heights, fades = np.empty(m), np.empty(m), np.empty(m), np.empty((3, m))
    for j in range(m):
        turn = math.tau * modes[j].frequency / rate
        fall = modes[j].damping * turn
        decay = math.exp(-fall)
        turn *= math.sqrt(1.0 - modes[j].damping * modes[j].damping)
        a[j], b[j] = 2.0 * decay * math.cos(turn), -decay * decay
        heights[j] = gains[j] * decay * math.sin(turn)
        for k in range(3):
            past = depth - k
            fades[k, j] = math.exp(-fall * past) * math.sin((past + 1) * turn) / math.sin(turn)
    parts, answers = np.empty((depth, _N_PARTS)), np.zeros((depth, _N_PARTS))
    last, before = np.zeros((m, _N_PARTS)), np.zeros((m, _N_PARTS))
    _cut(push, parts)
    _advance(a, b, parts, last, before)
    _hand_on(b, fades, last, before)
    _sum_up(a, b, heights, parts, last, before, answers)
    _join(answers, len(push) - len(out), out)


@njit(cache=True, error_model="numpy")
def _cut(push: Any, parts: Any) -> None:
    """Lay the parts of a push beside one another; nothing follows its end."""
    depth = len(parts)
    n_whole = len(push) // depth
    for i in range(depth):
        for k in range(n_whole):
            parts[i, k] = push[k * depth + i]
    parts[:, n_whole:] = 0.0
    for i in range(len(push) - n_whole * depth):
        parts[i, n_whole] = push[n_whole * depth + i]


@njit(cache=True, error_model="numpy", fastmath=FUSED)
def _advance(a: Any, b: Any, parts: Any, last: Any, before: Any) -> None:
    """Bring the states of all modes to the ends of the parts, four samples at a time."""
    for i in range(0, len(parts), 4):
        for j in range(len(a)):
            one, two = a[j], b[j]
            for k in range(_N_PARTS):
                first = one * last[j, k] + (two * before[j, k] + parts[i, k])
                second = one * first + (two * last[j, k] + parts[i + 1, k])
                third = one * second + (two * first + parts[i + 2, k])
                before[j, k] = third
                last[j, k] = one * third + (two * second + parts[i + 3, k])


@njit(cache=True, error_model="numpy")
def _hand_on(b: Any, fades: Any, last: Any, before: Any) -> None:
    """Turn how parts end that begin at rest into how they begin.

    Args:
        b: of the recurrence. (m,)
        fades: an impulse's answer after as many samples as a part has, one and two less. (3, m)
        last: each mode's last value. (m, parts)
        before: and that before. (m, parts)
    """
    for j in range(len(b)):
        value, other = 0.0, 0.0
        for k in range(_N_PARTS):
            end, before_end = last[j, k], before[j, k]
            last[j, k], before[j, k] = value, other
            end += fades[0, j] * value + fades[1, j] * b[j] * other
            before_end += fades[1, j] * value + fades[2, j] * b[j] * other
            value, other = end, before_end


@njit(cache=True, error_model="numpy", fastmath=FUSED)
def _sum_up(a: Any, b: Any, heights: Any, parts: Any, last: Any, before: Any, answers: Any) -> None:
    """The same as `_advance`, and the sum of the modes on the way."""
    for i in range(0, len(parts), 4):
        for j in range(len(a)):
            one, two, height = a[j], b[j], heights[j]
            for k in range(_N_PARTS):
                first = one * last[j, k] + (two * before[j, k] + parts[i, k])
                second = one * first + (two * last[j, k] + parts[i + 1, k])
                third = one * second + (two * first + parts[i + 2, k])
                answers[i, k] += height * last[j, k]
                answers[i + 1, k] += height * first
                answers[i + 2, k] += height * second
                answers[i + 3, k] += height * third
                before[j, k] = third
                last[j, k] = one * third + (two * second + parts[i + 3, k])


@njit(cache=True, error_model="numpy")
def _join(answers: Any, warm_up: Any, out: Any) -> None:
    """Add the parts after the warm-up to `out`, one after the other."""
    depth = len(answers)
    for k in range(_N_PARTS):
        some = out[max(0, k * depth - warm_up) : max(0, (k + 1) * depth - warm_up)]
        answer = answers[max(0, warm_up - k * depth) :, k]
        for i in range(len(some)):
            some[i] += answer[i]
