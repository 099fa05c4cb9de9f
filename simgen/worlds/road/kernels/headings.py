"""Directions that go on without a jump."""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(cache=True, error_model="numpy")
def unwrapped(yaw: float, before: float) -> float:
    """The same direction, so many whole turns on that it is nearest to the one before [rad]."""
    return float(yaw - 2.0 * math.pi * np.rint((yaw - before) / (2.0 * math.pi)))
