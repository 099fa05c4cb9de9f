"""Step functions of s."""

from __future__ import annotations

from typing import Any

from numba import njit

from simgen.worlds.road.kernels.curves import last_row


@njit(cache=True, error_model="numpy", nogil=True)
def steps_of(offsets: Any, table: Any, lane: Any, s: Any, default: float, out: Any) -> None:
    """The value `(n,)` that holds at each (lane, s): `table` has starts and values, `(m, 2)`.

    The default holds before the first start, and for a negative lane.
    """
    for i in range(len(lane)):
        out[i] = default
        if lane[i] < 0:
            continue
        low, high = offsets[lane[i]], offsets[lane[i] + 1]
        if low < high:
            row = last_row(table, low, high, s[i])
            if table[row, 0] <= s[i]:
                out[i] = table[row, 1]
