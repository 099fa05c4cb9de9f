"""Forces of milling from the chip that each tooth takes: the mechanistic model.

References:
    Altintas (2012), Manufacturing Automation, 2nd edition, chapter 2: tangential, radial and
    axial force of a tooth go with its chip's section, and with the length of its edge; the edge's
    part grows as the flank wears, here in proportion to it (assumption).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

CUT = np.dtype(
    [
        ("feed", np.float64),  # of a tooth [mm]
        ("depth", np.float64),  # [mm]
        ("engagement", np.float64),  # over which a tooth cuts, from a chip of nothing on [rad]
        ("n_teeth", np.int64),
        ("cutting", np.float64, 3),  # tangential, radial and axial coefficient [N/mm2]
        ("edge", np.float64, 3),  # the same of a sharp edge [N/mm]
        ("wear", np.float64),  # of the flank [mm]
        ("chip", np.float64),  # share of the first tooth's edge that is broken off
        ("runout", np.float64),  # of the tool, over the feed of a tooth
    ]
)
N_STEPS = 72  # of a turn
X, Y, Z, TANGENTIAL = range(4)  # along and across the feed, along the tool; what turns the spindle
_EDGE_WEAR = (1.0, 1.3, 0.7)  # edge forces on top at this wear; assumption
_WEAR = 0.3  # [mm]


@njit(cache=True, error_model="numpy", nogil=True)
def turn_forces(cuts: Any, out: Any) -> None:
    """Fill in forces through a turn, in up milling [N].

    Args:
        cuts: of dtype CUT. (n,)
        out: by `X` to `TANGENTIAL`. (4, n, N_STEPS) [N]
    """
    edge = np.empty(3)
    for i in range(len(cuts)):
        cut = cuts[i]
        for part in range(3):
            edge[part] = cut.edge[part] * (1.0 + _EDGE_WEAR[part] * cut.wear / _WEAR)
        out[:, i, :] = 0.0
        for tooth in range(cut.n_teeth):
            share = 1.0 + cut.runout * math.cos(2.0 * math.pi * tooth / cut.n_teeth)
            # What a broken tooth leaves, the next one takes; and it rubs by so much less.
            whole = 1.0
            if tooth == 0:
                share, whole = share - cut.chip, 1.0 - cut.chip
            elif tooth == 1:
                share += cut.chip
            _tooth(cut, edge, tooth, share, whole, out[:, i, :])


@njit(cache=True, error_model="numpy")
def _tooth(cut: Any, edge: Any, tooth: Any, share: Any, whole: Any, out: Any) -> None:
    """Add the forces of one tooth."""
    for step in range(N_STEPS):
        # In the middle of the step, so that means over a turn are those of the midpoint rule.
        at = 2.0 * math.pi * ((step + 0.5) / N_STEPS + tooth / cut.n_teeth)
        at -= 2.0 * math.pi * math.floor(at / (2.0 * math.pi))
        if at < cut.engagement:
            sine, cosine = math.sin(at), math.cos(at)
            chip = max(cut.feed * sine * share, 0.0)
            tangential = cut.depth * (cut.cutting[0] * chip + edge[0] * whole)
            radial = cut.depth * (cut.cutting[1] * chip + edge[1] * whole)
            out[X, step] -= tangential * cosine + radial * sine
            out[Y, step] += tangential * sine - radial * cosine
            out[Z, step] += cut.depth * (cut.cutting[2] * chip + edge[2] * whole)
            out[TANGENTIAL, step] += tangential
