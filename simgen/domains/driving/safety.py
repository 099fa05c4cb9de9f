"""Surrogate measures of safety, as the ego sees who is ahead.

Definitions: Hayward (1972), Near-miss determination through use of a scale of danger, HRR 384
(time to collision); Cooper, Ferguson (1976), Traffic studies at T-junctions, Traffic Eng. Control
17 (deceleration to avoid a crash). Headway is from bumper to bumper, not from front to front.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Floats


def time_to_collision(gap: Floats, closing_speed: Floats) -> Floats:
    """Until both touch if neither changes speed `(n,)` [s]; NaN if they don't come nearer."""
    closes = closing_speed > 0.0
    out = np.full(len(gap), np.nan)
    np.divide(np.maximum(gap, 0.0), closing_speed, out=out, where=closes)
    return out


def headway(gap: Floats, speed: Floats) -> Floats:
    """Until the ego's front is where the other's tail is now `(n,)` [s]; NaN while it stands."""
    out = np.full(len(gap), np.nan)
    np.divide(np.maximum(gap, 0.0), speed, out=out, where=speed > 0.0)
    return out


def required_deceleration(gap: Floats, closing_speed: Floats) -> Floats:
    """The least even deceleration that avoids a collision `(n,)` [m/s2]; 0 if none is needed.

    NaN without anybody ahead, and where both touch already.
    """
    out = np.where(np.isnan(gap), np.nan, 0.0)
    closes = closing_speed > 0.0
    np.divide(closing_speed**2, 2.0 * gap, out=out, where=closes & (gap > 0.0))
    out[closes & (gap <= 0.0)] = np.nan
    return out


def spans(true: npt.NDArray[np.bool_], n_apart: int) -> list[tuple[int, int]]:
    """First and last row of each run of true rows; runs up to `n_apart` rows apart are one."""
    rows = np.flatnonzero(true)
    if not len(rows):
        return []
    breaks = np.flatnonzero(np.diff(rows) > n_apart)
    first = np.concatenate([[0], breaks + 1])
    last = np.concatenate([breaks, [len(rows) - 1]])
    return [(int(rows[a]), int(rows[b])) for a, b in zip(first, last, strict=True)]
