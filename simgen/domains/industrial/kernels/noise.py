"""Noise of sensors by the million: normal numbers whose making nothing branches.

References:
    Wichura (1988), The percentage points of the normal distribution. Applied Statistics 37:
    algorithm AS 241, PPND7, to about 1e-7. Its branch for the middle is computed for all, so that
    LLVM works on several numbers at once; the few of the tails are picked out and done together.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.elementary import log
from simgen.kernels.philox import unit, words

PER_BLOCK = 4  # normal numbers from one block of random words
_AT_ONCE = 512  # columns that are worked on together, so that they stay near
_MIDDLE = 0.425  # on both sides of a half: the algorithm's bound
_FIRST = np.uint32(math.ceil((0.5 - _MIDDLE) * 2.0**32 - 0.5))  # word of the middle
_N_MIDDLE = np.uint32(math.ceil((0.5 + _MIDDLE) * 2.0**32 - 0.5) - int(_FIRST))  # words


@njit(cache=True, forceinline=True, error_model="numpy")
def middle_from(u: Any) -> Any:
    """A standard normal value, to about 1e-7; `u` not beyond 0.425 of a half."""
    q = u - 0.5
    r = 0.180625 - q * q
    above = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
    below = ((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0
    return q * above / below


@njit(cache=True, forceinline=True, error_model="numpy")
def tail_from(u: Any) -> Any:
    """A standard normal value, to about 1e-7; `u` beyond that, and not beyond 1e-11 of 0 and 1."""
    s = math.sqrt(-log(min(u, 1.0 - u))) - 1.6
    above = ((0.17023821103 * s + 1.3067284816) * s + 2.7568153900) * s + 1.4234372777
    below = (0.12021132975 * s + 0.73700164250) * s + 1.0
    return (above if u > 0.5 else -above) / below


@njit(cache=True, error_model="numpy", nogil=True)
def fill_normals(key: Any, entity: Any, first: Any, n: Any, out: Any) -> None:
    """Fill the first `n` columns with independent standard normal numbers.

    Row r of column i is the number of word r % 4 in the block at counter `first` + i of stream
    r // 4. The last rows of some blocks may be left out, and change no other.

    Args:
        key: a stream's key. (2,)
        entity: whose numbers these are.
        first: how many columns of this entity come before.
        n: how many to fill.
        out: (r, at least n)
    """
    drawn = np.empty((PER_BLOCK, _AT_ONCE), np.uint32)
    # One place more: where the next would go.
    places, tails = np.empty(_AT_ONCE + 1, np.uint16), np.empty(_AT_ONCE)
    for row in range(0, len(out), PER_BLOCK):
        # Streams of one entity lie 2^60 counters apart: no table is as long.
        start = ((row // PER_BLOCK) << 60) + first
        for column in range(0, n, _AT_ONCE):
            m = min(_AT_ONCE, n - column)
            _draw(key, entity, start + column, m, drawn)
            for k in range(row, min(row + PER_BLOCK, len(out))):
                _fill(drawn[k - row], places, tails, out[k, column : column + m])


@njit(cache=True, error_model="numpy")
def _draw(key: Any, entity: Any, start: Any, n: Any, drawn: Any) -> None:
    for i in range(n):
        drawn[0, i], drawn[1, i], drawn[2, i], drawn[3, i] = words(key, entity, start + i)


@njit(cache=True, error_model="numpy")
def _fill(drawn: Any, places: Any, tails: Any, out: Any) -> None:
    """Turn words into normal numbers."""
    for i in range(len(out)):
        out[i] = middle_from(unit(drawn[i]))
    n_tails = np.uint64(0)  # unsigned: no place is counted from the end
    for i in range(len(out)):
        places[n_tails] = i
        n_tails += np.uint64(np.uint32(drawn[i] - _FIRST) >= _N_MIDDLE)
    for j in range(n_tails):
        tails[j] = unit(drawn[places[j]])
    for j in range(n_tails):
        tails[j] = tail_from(tails[j])
    for j in range(n_tails):
        out[places[j]] = tails[j]
