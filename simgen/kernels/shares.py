"""Shares of weighted rows, and how far they may be off."""

from __future__ import annotations

import numpy as np

from simgen.kernels.arrays import Floats, Integers


def shares_by_code(
    codes: Integers, n_codes: int, weight: Floats, masses: Floats, entity: Integers | None
) -> tuple[Floats, Floats]:
    """The share of the weight of each code, and its variance, both `(n_codes,)`.

    Entities are drawn, not rows: the variance is that of a ratio of sums over entities, without its
    small-sample correction.

    Args:
        codes: of each row, from 0 `(n,)`.
        n_codes: how many codes there are.
        weight: of each row `(n,)`; sums to 1.
        masses: the weight of each entity `(e,)`.
        entity: whom each row is about, as codes from 0 `(n,)`; None where nobody has two rows.
    """
    share = np.bincount(codes, weight, n_codes).astype(np.float64)
    code, mass, whole = codes, weight, weight
    if entity is not None:
        cells, place = np.unique(entity * n_codes + codes, return_inverse=True)
        mass = np.bincount(place, weight).astype(np.float64)
        code, whole = cells % n_codes, masses[cells // n_codes]
    squares = np.bincount(code, mass**2, n_codes)
    products = np.bincount(code, mass * whole, n_codes)
    variance = squares - 2 * share * products + share**2 * float(masses @ masses)
    return share, np.maximum(variance, 0.0)
