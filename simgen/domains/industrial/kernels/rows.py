"""Rows of several machines in order of time: instants as they are stored, and what each follows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

_STEPS = 1e6  # in a second: instants are stored to the microsecond


@njit(cache=True, error_model="numpy", nogil=True)
def stored_instants(seconds: Any, start: Any, out: Any) -> None:
    """Fill in the nearest microseconds since an epoch.

    Args:
        seconds: since the start, none of them NaN. (n,) [s]
        start: since the epoch. [us]
        out: (n,) int64 [us]
    """
    for i in range(len(seconds)):
        out[i] = start + np.int64(np.rint(seconds[i] * _STEPS))


@njit(cache=True, error_model="numpy", nogil=True)
def stored_instants_at(seconds: Any, places: Any, start: Any, out: Any) -> None:
    """The same of the seconds at some places `(n,)`: one pass instead of two over fresh memory."""
    for i in range(len(places)):
        out[i] = start + np.int64(np.rint(seconds[places[i]] * _STEPS))


@njit(cache=True, error_model="numpy", nogil=True)
def rows_before(keys: Any, first: Any, last: Any, out: Any) -> None:
    """Fill in the place of the row before of the same key, or a row's own if there is none.

    Args:
        keys: whose each row is. (n,)
        first: the least key.
        last: -1 for each key from the first on; changed. (k,)
        out: (n,)
    """
    for i in range(len(keys)):
        key = keys[i] - first
        out[i] = last[key] if last[key] >= 0 else i
        last[key] = i
