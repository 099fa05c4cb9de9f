"""Draws from a finite set in constant time: Walker's alias tables, built by Vose's method.

References:
    Walker (1977), An efficient method for generating discrete random variables. ACM TOMS 3.
    Vose (1991), A linear algorithm for generating random numbers with a given distribution.
    IEEE Transactions on Software Engineering 17.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from simgen.kernels.arrays import Floats, Integers


def alias_table(weights: npt.ArrayLike) -> tuple[Floats, Integers]:
    """The table for drawing entry i with probability `weights[i] / weights.sum()`.

    Args:
        weights: not negative, at least one positive. (n,)

    Returns:
        The probability of keeping each cell's own entry, `(n,)`, and the entry to take otherwise,
        `(n,)`: what `alias_from` reads.

    Raises:
        ValueError: a weight is negative or not finite, or none is positive.
    """
    thresholds, aliases = alias_tables(np.atleast_2d(np.asarray(weights, np.float64)))
    return thresholds[0], aliases[0]


def alias_tables(weights: npt.ArrayLike) -> tuple[Floats, Integers]:
    """One table per row of `weights` `(n, m)`: thresholds `(n, m)` and aliases `(n, m)`.

    Raises:
        ValueError: a weight is negative or not finite, or a row has none that is positive.
    """
    rows = np.ascontiguousarray(weights, np.float64)
    totals = rows.sum(axis=1, keepdims=True)
    if not (np.isfinite(totals).all() and (rows >= 0.0).all() and (totals > 0.0).all()):
        raise ValueError("weights must be finite, not negative, and one in each row positive")
    thresholds = rows * (rows.shape[1] / totals)
    aliases = np.empty(rows.shape, np.int64)
    _build(thresholds, aliases, np.empty(rows.shape[1], np.int64))
    return thresholds, aliases


@njit(cache=True)
def _build(thresholds: Floats, aliases: Integers, stack: Integers) -> None:
    """Turn scaled weights, mean 1 in each row, into thresholds and aliases in place.

    `stack` `(m,)` holds the cells below their mean from the left, the others from the right.
    """
    n_rows, n_cells = thresholds.shape
    for row in range(n_rows):
        small, large = 0, n_cells
        for cell in range(n_cells):
            aliases[row, cell] = cell
            if thresholds[row, cell] < 1.0:
                stack[small] = cell
                small += 1
            else:
                large -= 1
                stack[large] = cell
        while small > 0 and large < n_cells:
            small -= 1
            poor, rich = stack[small], stack[large]
            aliases[row, poor] = rich
            thresholds[row, rich] -= 1.0 - thresholds[row, poor]
            if thresholds[row, rich] < 1.0:
                large += 1
                stack[small] = rich
                small += 1
        # What is left differs from its mean by rounding alone.
        for index in range(small):
            thresholds[row, stack[index]] = 1.0
        for index in range(large, n_cells):
            thresholds[row, stack[index]] = 1.0


@njit(cache=True, forceinline=True)
def alias_from(u: float, threshold: Floats, alias: Integers) -> int:
    """The entry drawn by `u` in (0, 1).

    The whole part of `u * n` picks a cell, its fraction the side; of a 32-bit uniform the latter
    keeps 32 - log2(n) bits.
    """
    n_cells = len(threshold)
    position = u * n_cells
    cell = min(int(position), n_cells - 1)
    return int(cell if position - cell < threshold[cell] else alias[cell])


@njit(cache=True, forceinline=True)
def alias_row_from(u: float, thresholds: Floats, aliases: Integers, row: int) -> int:
    """As `alias_from`, with the table in the given row of `thresholds`, `aliases` `(n, m)`."""
    n_cells = thresholds.shape[1]
    position = u * n_cells
    cell = min(int(position), n_cells - 1)
    return int(cell if position - cell < thresholds[row, cell] else aliases[row, cell])
