"""Walkers, who go where they want, and props, which slide until friction stops them."""

from __future__ import annotations

import math
from typing import Any

from numba import njit

from simgen.worlds.road.kernels.headings import unwrapped
from simgen.worlds.road.kernels.vehicles import GRAVITY

WALKER = 1
PROP = 2


@njit(cache=True, error_model="numpy")
def walk(body: Any, motion: Any, order: Any, step: float) -> None:
    """Bring a walker's velocity nearer to the one it wants, by its agility; it looks that way."""
    off_x, off_y = order.walk_x - motion.velocity_x, order.walk_y - motion.velocity_y
    off, most = math.hypot(off_x, off_y), body.agility * step
    share = most / off if off > most else 1.0
    motion.velocity_x += off_x * share
    motion.velocity_y += off_y * share
    motion.yaw_rate = 0.0
    if order.walk_x != 0.0 or order.walk_y != 0.0:
        motion.yaw = unwrapped(math.atan2(order.walk_y, order.walk_x), motion.yaw)


@njit(cache=True, error_model="numpy")
def slide(body: Any, motion: Any, grip: float, step: float) -> None:
    """Slow a prop by Coulomb friction, which holds it on slopes.

    Turning is slowed as by friction at the mean distance of a box's floor from its middle, taken
    as a quarter of its length and width together.
    """
    friction = grip * body.friction * GRAVITY
    speed = math.hypot(motion.velocity_x, motion.velocity_y)
    kept = max(1.0 - friction * step / speed, 0.0) if speed > 0.0 else 0.0
    motion.velocity_x *= kept
    motion.velocity_y *= kept
    arm = 0.5 * (body.half_length + body.half_width)
    most = friction * body.mass * arm / body.inertia * step
    motion.yaw_rate -= min(max(motion.yaw_rate, -most), most)
