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
        out: (n,) int64; it may be where the seconds are [us]
    """
    for i in range(len(seconds)):
        out[i] = start + np.int64(np.rint(seconds[i] * _STEPS))


@njit(cache=True, error_model="numpy", nogil=True)
def stored_instants_at(seconds: Any, places: Any, start: Any, out: Any) -> None:
    """The same of the seconds at some places `(n,)`: one pass instead of two over fresh memory."""
    for i in range(len(places)):
        out[i] = start + np.int64(np.rint(seconds[places[i]] * _STEPS))


@njit(cache=True, error_model="numpy", nogil=True)
def gather(values: Any, places: Any, out: Any) -> None:
    """Fill in the values at some places `(m,)`; NumPy, which checks each place, takes thrice that.

    Args:
        values: (n,)
        places: (m,), all of them in `values`.
        out: (m,)
    """
    for i in range(len(places)):
        out[i] = values[places[i]]


@njit(cache=True, error_model="numpy", nogil=True)
def merge(at: Any, wanted: Any, bounds: Any, order: Any, machine: Any) -> Any:
    """Fill in where rows stand, one machine's after the other's, in order of time; how many.

    At one instant machines follow one another as they stand. That is what a stable sort gives, but
    few machines whose rows ascend already are merged in a third of the time.

    Args:
        at: instants, ascending within each machine's rows. (n,) [s]
        wanted: which rows. (n,) bool
        bounds: where each machine's rows begin, and the last one's end. (k + 1,)
        order: the places of those wanted, as many as there are; integers. (n,)
        machine: whose each of them is, from 0; integers. (n,)
    """
    places, n = bounds[:-1].copy(), 0
    while True:
        # The machine whose row is next, and until when no other has one.
        first, second, first_at, second_at = -1, -1, np.inf, np.inf
        for k in range(len(places)):
            if places[k] == bounds[k + 1]:
                continue
            if first < 0 or at[places[k]] < first_at:
                second, second_at, first, first_at = first, first_at, k, at[places[k]]
            elif second < 0 or at[places[k]] < second_at:
                second, second_at = k, at[places[k]]
        if first < 0:
            return n
        i, end = places[first], bounds[first + 1]
        while i < end and (at[i] < second_at or (at[i] == second_at and first < second)):
            if wanted[i]:
                order[n], machine[n] = i, first
                n += 1
            i += 1
        places[first] = i


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


@njit(cache=True, error_model="numpy", nogil=True)
def rises(keys: Any, first: Any, values: Any, last: Any, out: Any) -> None:
    """Fill in whether a row's value is no less than that of the row before of the same key.

    Args:
        keys: whose each row is. (n,)
        first: the least key.
        values: (n,)
        last: -infinity for each key from the first on; changed. (k,)
        out: (n,) bool
    """
    for i in range(len(keys)):
        key = keys[i] - first
        out[i] = values[i] >= last[key]
        last[key] = values[i]
