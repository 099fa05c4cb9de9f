"""Traffic as a world's snapshot."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simgen.worlds.base import Collision
from simgen.worlds.road.led import LedSnapshot

Records = npt.NDArray[np.void]


def snapshot_of(
    now: tuple[int, float],
    cars: Records,
    walkers: Records,
    names: tuple[list[str], list[str]],
    touching: npt.NDArray[np.int64],
) -> LedSnapshot:
    """What is true of vehicles that are present, and of walkers.

    Args:
        now: the number of the step, and the time [s].
        cars: `cars.CAR` (n,).
        walkers: `walkers.WALKER` (m,).
        names: of vehicles and of walkers.
        touching: pairs of rows that touch; walkers' follow the vehicles' (k, 2).
    """
    there = np.flatnonzero(cars["present"])
    present = cars[there]
    both = {
        name: np.concatenate([present[name], walkers[name]])
        for name in ("x", "y", "z", "yaw", "speed", "half_length", "half_width", "height")
    }
    wheels = {
        name: np.concatenate([present[name], np.zeros(len(walkers))])
        for name in ("pitch", "acceleration", "yaw_rate")
    }
    level = np.cos(wheels["pitch"])
    ahead = np.stack(
        [np.cos(both["yaw"]) * level, np.sin(both["yaw"]) * level, np.sin(wheels["pitch"])],
        axis=1,
    )
    left = np.stack([-np.sin(both["yaw"]), np.cos(both["yaw"]), np.zeros(len(level))], axis=1)
    sideways = both["speed"] * level * wheels["yaw_rate"]
    half = np.stack([both["half_length"], both["half_width"], 0.5 * both["height"]], axis=1)
    return LedSnapshot(
        frame=now[0],
        time=now[1],
        actors=np.concatenate([there + 1, len(cars) + 1 + np.arange(len(walkers))]),
        names=(*(names[0][row] for row in there), *names[1]),
        positions=np.stack([both["x"], both["y"], both["z"]], axis=1),
        rotations=np.stack([both["yaw"], wheels["pitch"], np.zeros(len(level))], axis=1),
        velocities=ahead * both["speed"][:, None],
        accelerations=ahead * wheels["acceleration"][:, None] + left * sideways[:, None],
        yaw_rates=wheels["yaw_rate"],
        sizes=2.0 * half,
        collisions=tuple(_collision(cars, walkers, int(i), int(j)) for i, j in touching),
    )


def _collision(cars: Records, walkers: Records, i: int, j: int) -> Collision:
    """A vehicle and who touches it, midway between them."""
    other = cars[j] if j < len(cars) else walkers[j - len(cars)]
    x, y = (0.5 * float(cars[name][i] + other[name]) for name in ("x", "y"))
    return Collision(actor=i + 1, other=j + 1, impulse=(0.0, 0.0, 0.0), x=x, y=y)
