"""One step of time for all actors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.worlds.road.kernels.contacts import collide
from simgen.worlds.road.kernels.ground import height_at, tilt_at
from simgen.worlds.road.kernels.vehicles import GRAVITY, VEHICLE, drive
from simgen.worlds.road.kernels.walkers import WALKER, slide, walk

# How far the ground may fall away in one substep under wheels that stay on it: springs reach
# after it. Assumption [m].
_DROOP = 0.05


@njit(cache=True, error_model="numpy")
def _push(body: Any, motion: Any, order: Any, step: float) -> None:
    """Let the outer force of this step act."""
    motion.velocity_x += order.force_x / body.mass * step
    motion.velocity_y += order.force_y / body.mass * step
    motion.velocity_z += order.force_z / body.mass * step
    motion.yaw_rate += order.torque / body.inertia * step


@njit(cache=True, error_model="numpy")
def _move(motion: Any, plane: Any, step: float) -> None:
    """Move on by the velocity: along the ground, or in free fall until it is met."""
    motion.x += motion.velocity_x * step
    motion.y += motion.velocity_y * step
    motion.yaw += motion.yaw_rate * step
    fallen = motion.z + (motion.velocity_z - 0.5 * GRAVITY * step) * step
    ground = height_at(plane, motion.x, motion.y)
    reach = 0.0 if motion.airborne else _DROOP
    motion.airborne = fallen > ground + reach
    if motion.airborne:
        motion.z = fallen
        motion.velocity_z -= GRAVITY * step
        return
    motion.z = ground
    motion.velocity_z = plane[3] * motion.velocity_x + plane[4] * motion.velocity_y
    slope, bank = tilt_at(plane, motion.yaw)
    motion.pitch, motion.roll = math.atan(slope), math.atan(bank)


@njit(cache=True, error_model="numpy", nogil=True)
def step_of(
    bodies: Any,
    motions: Any,
    orders: Any,
    planes: Any,
    n_substeps: int,
    step: float,
    grip: float,
    pairs: Any,
    hits: Any,
) -> int:
    """Step all actors `n_substeps` times by `step` seconds.

    Args:
        bodies: what they are (n,).
        motions: how they move, changed in place (n,).
        orders: what they are told (n,).
        planes: the ground under each (n, 5).
        n_substeps: how often.
        step: [s]
        grip: by which friction on the road is multiplied.
        pairs: out: actors that collided (capacity, 2).
        hits: out: impulse on the second of them and place (capacity, 4).

    Returns:
        The number of pairs, or -1 if they don't fit.
    """
    count = 0
    for _ in range(n_substeps):
        for i in range(len(bodies)):
            body, motion, order = bodies[i], motions[i], orders[i]
            if body.mass == np.inf:
                continue
            _push(body, motion, order, step)
            if not motion.airborne:
                if body.category == VEHICLE:
                    drive(body, motion, order, planes[i], grip, step)
                elif body.category == WALKER:
                    walk(body, motion, order, step)
                else:
                    slide(body, motion, grip, step)
            _move(motion, planes[i], step)
        count = collide(bodies, motions, pairs, hits, count)
        if count < 0:
            return -1
    return count
