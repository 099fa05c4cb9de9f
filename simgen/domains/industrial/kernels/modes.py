"""How a structure answers in its modes: damped oscillators, sampled by impulse invariance."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, error_model="numpy")
def answer_push(modes: Any, rate: Any, push: Any, out: Any, is_struck: Any) -> None:
    """What the modes make of rolling noise (row 0) and, if there is one, of a defect (row 1).

    An impulse of 1 makes a decaying sine that begins with the mode's gain.

    Args:
        modes: with frequency [Hz], damping, and gains `rolling` and `strike`. (m,)
        rate: samples per second. [Hz]
        push: what drives them, from before the first sample on. (2, n + warm-up + 2)
        out: their sum. (2, n)
        is_struck: whether row 1 is wanted.
    """
    m = len(modes)
    a, b = np.empty(m), np.empty(m)
    gain = np.empty((2, m))
    for j in range(m):
        turn = math.tau * modes[j].frequency / rate
        decay = math.exp(-modes[j].damping * turn)
        turn *= math.sqrt(1.0 - modes[j].damping * modes[j].damping)
        a[j], b[j] = 2.0 * decay * math.cos(turn), -decay * decay
        gain[0, j] = modes[j].rolling * decay * math.sin(turn)
        gain[1, j] = modes[j].strike * decay * math.sin(turn)
    if is_struck:
        _resonate_both(a, b, gain, push, out)
    else:
        _resonate(a, b, gain[0], push[0], out[0])


@njit(cache=True, error_model="numpy")
def _resonate(a: Any, b: Any, gain: Any, push: Any, out: Any) -> None:
    """Sum of second-order recurrences; all modes at once, so that none waits for itself."""
    m, warm_up = len(a), len(push) - 2 - len(out)
    last, before = np.zeros(m), np.zeros(m)
    for i in range(1, len(push) - 2):
        pushed, total = push[i - 1], 0.0
        for j in range(m):
            value = a[j] * last[j] + b[j] * before[j] + gain[j] * pushed
            before[j] = last[j]
            last[j] = value
            total += value
        if i >= warm_up:
            out[i - warm_up] = total


@njit(cache=True, error_model="numpy")
def _resonate_both(a: Any, b: Any, gain: Any, push: Any, out: Any) -> None:
    """The same for both rows, which don't wait for one another either."""
    m, warm_up = len(a), push.shape[1] - 2 - out.shape[1]
    last, before = np.zeros((2, m)), np.zeros((2, m))
    for i in range(1, push.shape[1] - 2):
        first, second = push[0, i - 1], push[1, i - 1]
        quiet, added = 0.0, 0.0
        for j in range(m):
            value = a[j] * last[0, j] + b[j] * before[0, j] + gain[0, j] * first
            before[0, j] = last[0, j]
            last[0, j] = value
            quiet += value
            value = a[j] * last[1, j] + b[j] * before[1, j] + gain[1, j] * second
            before[1, j] = last[1, j]
            last[1, j] = value
            added += value
        if i >= warm_up:
            out[0, i - warm_up], out[1, i - warm_up] = quiet, added
