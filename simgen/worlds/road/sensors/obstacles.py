"""The nearest actor ahead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.core import Parameters, parameter
from simgen.kernels.arrays import Floats
from simgen.worlds.base import Snapshot
from simgen.worlds.road.sensors.poses import Frame


@dataclass(frozen=True, kw_only=True)
class ObstacleDetector(Parameters):
    """Looks along its x axis for actors; defaults are CARLA's.

    CARLA moves a ball ahead; here boxes grow by its radius, with square corners. Of what stands
    still on the map it sees nothing, as CARLA's with `only_dynamics`.
    """

    distance: float = parameter(5.0, unit="m", above=0.0, maximum=1000.0, doc="how far it looks")
    radius: float = parameter(0.5, unit="m", minimum=0.0, maximum=10.0, doc="of the ball")


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """What is ahead."""

    actor: int  # 0: nothing
    distance: float  # infinite: nothing [m]


def nearest_obstacle(
    detector: ObstacleDetector, snapshot: Snapshot, pose: Frame, *, without: int = 0
) -> Obstacle:
    """The nearest actor ahead but its carrier."""
    rows = np.flatnonzero(snapshot.actors != without)
    distances = _along(detector, snapshot, pose, rows)
    if not len(rows) or distances.min() > detector.distance:
        return Obstacle(actor=0, distance=np.inf)
    nearest = int(distances.argmin())
    return Obstacle(actor=int(snapshot.actors[rows[nearest]]), distance=float(distances[nearest]))


def _along(
    detector: ObstacleDetector, snapshot: Snapshot, pose: Frame, rows: npt.NDArray[np.int64]
) -> Floats:
    """Where the detector's axis enters upright boxes `(n,)`; infinite where it doesn't [m]."""
    sizes = snapshot.sizes[rows]
    middle = snapshot.positions[rows] + 0.5 * sizes * np.array([0.0, 0.0, 1.0])
    half = 0.5 * sizes + detector.radius
    cosine, sine = np.cos(snapshot.rotations[rows, 0]), np.sin(snapshot.rotations[rows, 0])

    def into(vectors: Floats) -> Floats:
        x, y, z = np.broadcast_to(vectors, sizes.shape).T
        return np.stack([cosine * x + sine * y, cosine * y - sine * x, z], axis=1)

    start, way = into(pose.position - middle), into(pose.axes[:, 0])
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = (-half - start) / way, (half - start) / way
    enters, leaves = np.fmin(first, second).max(axis=1), np.fmax(first, second).min(axis=1)
    met = (enters <= leaves) & (leaves >= 0.0)
    return np.where(met, np.maximum(enters, 0.0), np.inf)
