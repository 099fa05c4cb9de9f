"""Walks along lanes over every branch."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

_MAX_STEPS = 10_000_000  # lanes entered in one query: a second
_MAX_OPEN = 4096  # branches not yet walked


@njit(cache=True, error_model="numpy", nogil=True)
def walks_of(records: Any, links: Any, start: Any, distance: float, ahead: float, out: Any) -> int:
    """Every place `distance` [m of s] away from each (lane, s) in `start`.

    Args:
        records: lanes.
        links: where the followers of each lane begin, and the followers: successors if `ahead` is
            1, predecessors if -1.
        start: lanes and s where walks begin, (n,) each; a negative lane leads nowhere.
        distance: how far. [m]
        ahead: 1 with the traffic, -1 against it.
        out: number of the start, lane and s of each end, (capacity,) each.

    Returns:
        The number of ends, or -1 if they, or the branches on the way, don't fit.
    """
    open_lane, open_left = np.empty(_MAX_OPEN, np.int64), np.empty(_MAX_OPEN)
    n_found, n_steps = 0, 0
    for i in range(len(start[0])):
        here, at, left, n_open = start[0][i], start[1][i], distance, 0
        while here >= 0:
            n_steps += 1
            along = records[here].direction * ahead
            room = records[here].s_end - at if along > 0.0 else at - records[here].s_start
            if left <= room:
                if n_found == len(out[0]):
                    return -1
                out[0][n_found], out[1][n_found], out[2][n_found] = i, here, at + along * left
                n_found += 1
            else:
                low, high = links[0][here], links[0][here + 1]
                if n_open + high - low > _MAX_OPEN or n_steps > _MAX_STEPS:
                    return -1
                for k in range(high - 1, low - 1, -1):
                    open_lane[n_open], open_left[n_open] = links[1][k], left - room
                    n_open += 1
            if n_open == 0:
                break
            n_open -= 1
            here, left = open_lane[n_open], open_left[n_open]
            enters_low = records[here].direction * ahead > 0.0
            at = records[here].s_start if enters_low else records[here].s_end
    return n_found
