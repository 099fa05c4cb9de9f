"""What inspections see of a defect, and how often it is written down as another."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simgen.core import parameter


def detection_spread() -> Any:
    """The parameter of how gradually defects come to be seen; see `is_seen`."""
    return parameter(
        0.6,
        doc="Spread of the logarithm of what an inspection can see: 0 is a sharp limit; at 0.6 "
        "nine in ten are found at 3.7 times the size at which one in two is. Assumption.",
        minimum=0.0,
        maximum=10.0,
    )


def misnaming_share() -> Any:
    """The parameter of how often a finding is written down as another."""
    return parameter(
        0.05,
        doc="Share of findings of an inspection that name another trouble of the machine. "
        "Assumption.",
        minimum=0.0,
        maximum=1.0,
    )


def is_seen(rng: np.random.Generator, size: float, visible: float, spread: float) -> bool:
    """Whether who looks sees a defect: the log-odds rise with the logarithm of its size.

    The model of hits and misses in MIL-HDBK-1823A (2009).

    Args:
        rng: of who looks.
        size: of the defect, in any measure; what has none is not seen.
        visible: the size at which one in two is seen; 0 if all are.
        spread: of the logarithm of size; 0 if all are seen from `visible` on.
    """
    if min(size, visible, spread) <= 0.0:
        return 0.0 < size >= visible
    log_odds = math.log(size / visible) / spread
    return bool(rng.random() < 0.5 + 0.5 * math.tanh(0.5 * log_odds))
