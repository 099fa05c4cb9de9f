"""Lines at known frequencies: added to a window, measured on it, and taken off it.

The cosine of a line is that at the start of a stretch, turned on by the angles since, which are the
same in every stretch; so are the sums of what a line is multiplied with.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.fused import fused
from simgen.domains.industrial.kernels.turning import STEADY

_NOTHING = 1e-18  # of a column's power that is left: it is made of those before


@njit(cache=True, error_model="numpy", nogil=True)
def add_lines(lines: Any, out: Any) -> None:
    """Add cosines.

    Args:
        lines: of each the turns per sample, the amplitude, and the phase at first [rad]. (l, 3)
        out: (n,)
    """
    table = np.empty((2, STEADY))
    for k in range(len(lines)):
        turn, amplitude, phase = math.tau * lines[k, 0], lines[k, 1], lines[k, 2]
        if amplitude == 0.0:
            continue
        _tabulate(turn, table)
        step_c, step_s = math.cos(turn * STEADY), math.sin(turn * STEADY)
        c, s = amplitude * math.cos(phase), amplitude * math.sin(phase)
        for start in range(0, len(out), STEADY):
            some = out[start : start + STEADY]
            for i in range(len(some)):
                some[i] += fused(c, table[0, i], -s * table[1, i])
            c, s = fused(c, step_c, -s * step_s), fused(s, step_c, c * step_s)


@njit(cache=True, error_model="numpy", nogil=True)
def line_amplitudes(samples: Any, taper: Any, turns: Any, out: Any) -> None:
    """Fill in the amplitudes of lines.

    Args:
        samples: (n,)
        taper: by which they are faded in and out. (n,)
        turns: of each line, per sample. (l,)
        out: (l,)
    """
    table, sums = np.empty((2, STEADY)), np.empty((2, STEADY))
    scale = 2.0 / taper.sum()
    for k in range(len(turns)):
        turn = math.tau * turns[k]
        step_c, step_s = math.cos(turn * STEADY), math.sin(turn * STEADY)
        c, s = 1.0, 0.0
        sums[:] = 0.0
        for start in range(0, len(samples), STEADY):
            some, fade = samples[start : start + STEADY], taper[start : start + STEADY]
            for i in range(len(some)):
                value = np.float64(some[i]) * fade[i]
                sums[0, i] = fused(value, c, sums[0, i])
                sums[1, i] = fused(value, s, sums[1, i])
            c, s = fused(c, step_c, -s * step_s), fused(s, step_c, c * step_s)
        _tabulate(turn, table)
        in_phase = (sums[0] * table[0] - sums[1] * table[1]).sum()
        across = (sums[0] * table[1] + sums[1] * table[0]).sum()
        out[k] = scale * math.hypot(in_phase, across)


@njit(cache=True, error_model="numpy", forceinline=True)
def _tabulate(turn: Any, table: Any) -> None:
    """Cosine and sine after so many turns of an angle [rad] as a sample has its place."""
    for i in range(STEADY):
        table[0, i], table[1, i] = math.cos(turn * i), math.sin(turn * i)


@njit(cache=True, error_model="numpy", nogil=True)
def take_multiples_off(turn: Any, n_multiples: Any, samples: Any) -> None:
    """Leave of a window what its mean and the multiples of a turn do not explain.

    By modified Gram-Schmidt; columns that those before explain count for nothing, so a window may
    be shorter than there are of them.

    Args:
        turn: turns per sample.
        n_multiples: of the turn that are taken off.
        samples: (n,)

    References:
        Golub, Van Loan (2013), Matrix Computations, 5.2.8.
    """
    n, m = len(samples), 2 * n_multiples + 2
    # The mean, a cosine and a sine of each multiple, and last the samples themselves.
    columns = np.empty((n, m))
    _fill_multiples(turn, n_multiples, columns)
    columns[:, m - 1] = samples
    shares = np.empty(m)
    for k in range(m - 1):
        shares[:] = 0.0
        for i in range(n):
            for j in range(k, m):
                shares[j] += columns[i, k] * columns[i, j]
        if shares[k] <= _NOTHING * n:
            continue
        shares[k + 1 :] /= shares[k]
        for i in range(n):
            for j in range(k + 1, m):
                columns[i, j] -= columns[i, k] * shares[j]
    samples[:] = columns[:, m - 1]


@njit(cache=True, error_model="numpy")
def _fill_multiples(turn: Any, n_multiples: Any, columns: Any) -> None:
    """Fill in all columns but the last.

    Each multiple follows from the two before: 2 cos(a) cos(k a) - cos((k - 1) a), and so do sines.
    """
    for i in range(len(columns)):
        row = columns[i]
        row[0] = 1.0
        if n_multiples > 0:
            row[1], row[2] = math.cos(math.tau * turn * i), math.sin(math.tau * turn * i)
        if n_multiples > 1:
            row[3], row[4] = 2.0 * row[1] * row[1] - 1.0, 2.0 * row[1] * row[2]
        for k in range(5, 2 * n_multiples + 1):
            row[k] = 2.0 * row[1] * row[k - 2] - row[k - 4]
