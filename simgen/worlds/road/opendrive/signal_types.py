"""Types of signals that drivers heed: those of the German catalogue, as in maps of CARLA.

References:
    ASAM OpenDRIVE, signal catalogue of Germany (StVO). Which of its types are traffic lights:
    `SignalType::IsTrafficLight` of CARLA 0.9.16, with CARLA's own F, W and A.
"""

from __future__ import annotations

YIELD_SIGN, STOP_SIGN, SPEED_SIGN = "205", "206", "274"
PEDESTRIAN_LIGHT = "1000002"
LIGHTS = frozenset({*(f"10000{n:02}" for n in (1, 2, *range(7, 21))), "F", "W", "A"})
