"""Triangles met by rays, the slow way; and small scenes."""

import numpy as np
import pytest

from simgen.worlds.base import Snapshot
from simgen.worlds.road import shapes
from simgen.worlds.road.mesh import Mesh, Surface
from simgen.worlds.road.sensors import Scene, Tag, moving, still


def _first_hit(corners, origin, directions):
    """Distance [m] and number of the first triangle on each ray; Möller and Trumbore (1997)."""
    a, b, c = corners.transpose(1, 0, 2)
    distances = np.full(len(directions), np.inf)
    numbers = np.full(len(directions), -1)
    for k in range(len(corners)):
        p = np.cross(directions, c[k] - a[k])
        volume = p @ (b[k] - a[k])
        s = origin - a[k]
        q = np.cross(s, b[k] - a[k])
        with np.errstate(divide="ignore", invalid="ignore"):
            u, v = p @ s / volume, directions @ q / volume
            distance = (c[k] - a[k]) @ q / volume
        hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (distance > 0) & (distance < distances)
        distances[hit], numbers[hit] = distance[hit], k
    return distances, numbers


@pytest.fixture
def first_hit():
    return _first_hit


@pytest.fixture
def floor():
    """A mesh at z = 0: 20 x 20 squares of 20 m, split along their diagonals."""
    x, y = np.meshgrid(np.arange(21) * 20.0 - 200.0, np.arange(21) * 20.0 - 200.0, indexing="ij")
    vertices = np.stack([x, y, 0.0 * x], axis=2).reshape(-1, 3)
    number = np.arange(21 * 21).reshape(21, 21)
    a, b, c, d = number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:]
    triangles = np.stack([np.stack([a, b, c], 2), np.stack([a, c, d], 2)], 2).reshape(-1, 3)
    labels = np.full(len(triangles), Surface.ROAD, np.uint8)
    return Mesh(vertices=vertices, triangles=triangles, labels=labels)


@pytest.fixture
def nothing():
    empty = np.zeros((0, 3))
    return Mesh(vertices=empty, triangles=np.zeros((0, 3), int), labels=np.zeros(0, np.uint8))


@pytest.fixture
def boxes_around(nothing):
    """Thirty turned boxes around the origin, none of them over it, and nothing else."""
    generator = np.random.default_rng(5)
    angle, distance = generator.uniform(0, 2 * np.pi, 30), generator.uniform(8, 60, 30)
    centres = np.column_stack(
        [distance * np.cos(angle), distance * np.sin(angle), generator.uniform(-3, 3, 30)]
    )
    half_sizes = generator.uniform(0.3, 3.0, (30, 3))
    triangles = shapes.boxes(centres, half_sizes, generator.uniform(0, 2 * np.pi, 30))
    solids = moving(list(triangles), np.full(30, Tag.CAR), np.arange(1, 31))
    return Scene(still=still(nothing), moving=solids)


def _snapshot(
    *, actors, names, positions, sizes, yaws=None, velocities=None, yaw_rates=None, time=0.0
):
    n = len(actors)
    rotations = np.zeros((n, 3))
    rotations[:, 0] = 0.0 if yaws is None else yaws
    return Snapshot(
        frame=round(time / 0.05),
        time=time,
        actors=np.array(actors, np.int64),
        names=tuple(names),
        positions=np.array(positions, np.float64).reshape(n, 3),
        rotations=rotations,
        velocities=np.zeros((n, 3)) if velocities is None else np.array(velocities, np.float64),
        accelerations=np.zeros((n, 3)),
        yaw_rates=np.zeros(n) if yaw_rates is None else np.array(yaw_rates, np.float64),
        sizes=np.array(sizes, np.float64).reshape(n, 3),
        collisions=(),
    )


@pytest.fixture
def snapshot():
    """Makes a snapshot of a world from plain lists."""
    return _snapshot
