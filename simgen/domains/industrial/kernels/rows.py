"""Rows of several machines in order of time: instants as they are stored, and what each follows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.core import HOUR

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
    few machines whose rows ascend already are merged in a small part of the time.

    Args:
        at: instants, ascending within each machine's rows. (n,) [s]
        wanted: which rows. (n,) bool
        bounds: where each machine's rows begin, and the last one's end. (k + 1,)
        order: the places of those wanted, as many as there are; integers. (n,)
        machine: whose each of them is, from 0; integers. (n,)
    """
    places, next_at, n = bounds[:-1].copy(), np.full(len(bounds) - 1, np.inf), 0
    for k in range(len(places)):
        if places[k] < bounds[k + 1]:
            next_at[k] = at[places[k]]
    # Most machines send at the same instants: one look at each of them gives as many rows.
    now = next_at.min() if len(next_at) else np.inf
    while now < np.inf:
        after = np.inf
        for k in range(len(places)):
            while next_at[k] == now:
                i = places[k]
                if wanted[i]:
                    order[n], machine[n] = i, k
                    n += 1
                places[k] = i + 1
                next_at[k] = at[i + 1] if i + 1 < bounds[k + 1] else np.inf
            after = min(after, next_at[k])
        now = after
    return n


@njit(cache=True, error_model="numpy", nogil=True)
def rises(keys: Any, first: Any, parts: Any, values: Any, last: Any, out: Any) -> None:
    """Fill in whether a row's value is no less than in the row before of the same key and part.

    Args:
        keys: whose each row is. (n,)
        first: the least key.
        parts: of whose it is; a row that follows one of another part begins anew. (n,)
        values: (n,)
        last: -1 for each key from the first on; changed. (k,)
        out: (n,) bool
    """
    for i in range(len(keys)):
        before = last[keys[i] - first]
        before = before if before >= 0 else i
        out[i] = values[i] >= values[before] or parts[i] != parts[before]
        last[keys[i] - first] = i


@njit(cache=True, error_model="numpy", nogil=True)
def keeps_pace(keys: Any, first: Any, parts: Any, hours: Any, at: Any, last: Any, out: Any) -> None:
    """Fill in whether since the row before of the same key and part no more was used than passed.

    Args:
        keys: whose each row is. (n,)
        first: the least key.
        parts: of whose it is, as in `rises`. (n,)
        hours: of use. (n,) [h]
        at: instants as they are stored, each up to half a step off. (n,) [us]
        last: -1 for each key from the first on; changed. (k,)
        out: (n,) bool
    """
    for i in range(len(keys)):
        before = last[keys[i] - first]
        before = before if before >= 0 else i
        used, passed = (hours[i] - hours[before]) * HOUR, ((at[i] - at[before]) + 2) / _STEPS
        out[i] = 0.0 <= used <= passed or parts[i] != parts[before]
        last[keys[i] - first] = i
