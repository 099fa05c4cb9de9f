"""Which of many readings are taken, so that neighbours differ."""

from __future__ import annotations

from collections.abc import Sequence

_EARLY = 1_000  # a reading is due this much before its time: rounding [us]


def rows_apart(times: Sequence[int], rate: float) -> list[int]:
    """The rows of those times [us], which ascend, that are at least 1 / rate apart."""
    found: list[int] = []
    for row, at in enumerate(times):
        if not found or at - times[found[-1]] >= 1e6 / rate - _EARLY:
            found.append(row)
    return found
