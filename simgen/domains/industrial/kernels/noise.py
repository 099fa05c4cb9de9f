"""Noise of sensors by the million: normal numbers whose making nothing branches.

References:
    Wichura (1988), The percentage points of the normal distribution. Applied Statistics 37:
    algorithm AS 241, PPND7, to about 1e-7. Both of its branches are computed and one is taken, so
    that LLVM works on several numbers at once.
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


@njit(cache=True, forceinline=True, error_model="numpy")
def quick_normal_from(u: Any) -> Any:
    """A standard normal value, to about 1e-7; `u` not beyond 1e-11 of 0 and 1."""
    q = u - 0.5
    is_central = abs(q) <= 0.425
    r = 0.180625 - q * q
    above = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
    below = ((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0
    s = math.sqrt(-log(min(u, 1.0 - u))) - 1.6
    tail = ((0.17023821103 * s + 1.3067284816) * s + 2.7568153900) * s + 1.4234372777
    tail_below = (0.12021132975 * s + 0.73700164250) * s + 1.0
    # Taken before it is divided: division is what this takes longest for.
    above = q * above if is_central else (tail if q > 0.0 else -tail)
    return above / (below if is_central else tail_below)


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
    u = np.empty((PER_BLOCK, _AT_ONCE))
    for row in range(0, len(out), PER_BLOCK):
        # Streams of one entity lie 2^60 counters apart: no table is as long.
        start = ((row // PER_BLOCK) << 60) + first
        for column in range(0, n, _AT_ONCE):
            m = min(_AT_ONCE, n - column)
            _fill_uniforms(key, entity, start + column, m, u)
            for k in range(row, min(row + PER_BLOCK, len(out))):
                for i in range(m):
                    out[k, column + i] = quick_normal_from(u[k - row, i])


@njit(cache=True, error_model="numpy")
def _fill_uniforms(key: Any, entity: Any, start: Any, n: Any, out: Any) -> None:
    for i in range(n):
        w0, w1, w2, w3 = words(key, entity, start + i)
        out[0, i], out[1, i], out[2, i], out[3, i] = unit(w0), unit(w1), unit(w2), unit(w3)
