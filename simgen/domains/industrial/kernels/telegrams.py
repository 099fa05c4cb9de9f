"""Telegrams: how long each is under way, and which might be lost."""

from __future__ import annotations

from typing import Any

from numba import njit

from simgen.domains.industrial.kernels.telemetry import stepped
from simgen.kernels.elementary import log
from simgen.kernels.philox import unit, words

STEPS_PER_SECOND = 1e3  # in which arrivals are written down


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
    for block in range((len(at) + 1) // 2):
        w0, w1, w2, w3 = words(key, entity, block)
        i = 2 * block
        received[i] = stepped(at[i] - mean_delay * log(unit(w0)), STEPS_PER_SECOND)
        chance[i] = unit(w1)
        if i + 1 < len(at):
            received[i + 1] = stepped(at[i + 1] - mean_delay * log(unit(w2)), STEPS_PER_SECOND)
            chance[i + 1] = unit(w3)
