"""Telegrams: how long each is under way, and which might be lost."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.telemetry import stepped
from simgen.kernels.elementary import log
from simgen.kernels.philox import unit, words

STEPS_PER_SECOND = 1e3  # in which arrivals are written down
_AT_ONCE = 512  # telegrams that are worked on together, so that they stay near; even


@njit(cache=True, error_model="numpy", nogil=True)
def travel(key: Any, entity: Any, mean_delay: Any, at: Any, received: Any, chance: Any) -> None:
    """Fill in when telegrams arrive, and a number in (0, 1) each that decides whether they do.

    Args:
        key: a stream's key. (2,)
        entity: whose telegrams these are.
        mean_delay: of the exponential time under way. [s]
        at: when each was sent. (n,) [s]
        received: when each arrives, to the millisecond. (n,) [s]
        chance: (n,)
    """
    # A block of words is that of two telegrams: a word for the delay and one for the chance, twice.
    of_delays, of_chances = np.empty((2, _AT_ONCE), np.uint32)
    for start in range(0, len(at), _AT_ONCE):
        for i in range(_AT_ONCE // 2):
            w0, w1, w2, w3 = words(key, entity, start // 2 + i)
            of_delays[2 * i], of_delays[2 * i + 1] = w0, w2
            of_chances[2 * i], of_chances[2 * i + 1] = w1, w3
        sent = at[start : start + _AT_ONCE]
        some, chances = received[start : start + _AT_ONCE], chance[start : start + _AT_ONCE]
        for i in range(len(sent)):
            delay = -mean_delay * log(unit(of_delays[i]))
            some[i] = stepped(sent[i] + delay, STEPS_PER_SECOND)
        for i in range(len(sent)):
            chances[i] = unit(of_chances[i])
