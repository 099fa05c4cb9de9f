"""Boxes in space: where each actor is, how it moves, its lane, and how many points lie on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Floats, Integers
from simgen.worlds.road.network import NOWHERE, RoadNetwork
from simgen.worlds.road.sensors.actors import kind_of, tag_of
from simgen.worlds.road.sensors.lidar import Sweep
from simgen.worlds.road.sensors.observing import Observation
from simgen.worlds.road.sensors.radar import Detections


@dataclass(frozen=True, kw_only=True)
class Boxes:
    """All actors but the carrier, in the world's frame.

    An actor's number is its track: it keeps it all its life, and it is its instance in readings.
    A rotation is yaw, pitch and roll as in `Pose`.
    """

    actors: Integers  # ascending (n,)
    kinds: tuple[str, ...]  # of assets/driving/actors.yaml (n,)
    tags: npt.NDArray[np.uint8]  # Tag; of a cycle, not of its rider (n,)
    centres: Floats  # (n, 3) [m]
    rotations: Floats  # (n, 3) [rad]
    sizes: Floats  # length, width, height (n, 3) [m]
    velocities: Floats  # (n, 3) [m/s]
    accelerations: Floats  # (n, 3) [m/s2]
    yaw_rates: Floats  # (n,) [rad/s]
    roads: tuple[str, ...]  # ids; "": on no lane (n,)
    lanes: Integers  # ids; 0: on no lane (n,)
    n_points: Mapping[str, Integers]  # of each laser scanner or radar that was read (n,)


def boxes_of(observation: Observation) -> Boxes:
    """The boxes of an observation."""
    snapshot = observation.snapshot
    rows = np.flatnonzero(snapshot.actors != observation.carrier)
    actors, sizes = snapshot.actors[rows], snapshot.sizes[rows]
    names = [snapshot.names[row] for row in rows]
    roads, lanes = lanes_of(observation.stage.network, snapshot.positions[rows])
    return Boxes(
        actors=actors,
        kinds=tuple(map(kind_of, names)),
        tags=np.array([tag_of(name) for name in names], np.uint8),
        centres=snapshot.positions[rows] + 0.5 * sizes[:, 2:] * _upward(snapshot.rotations[rows]),
        rotations=snapshot.rotations[rows],
        sizes=sizes,
        velocities=snapshot.velocities[rows],
        accelerations=snapshot.accelerations[rows],
        yaw_rates=snapshot.yaw_rates[rows],
        roads=roads,
        lanes=lanes,
        n_points={
            reading.sensor.name: _points(reading.content.instances, actors)
            for reading in observation.readings
            if isinstance(reading.content, Sweep | Detections)
        },
    )


def lanes_of(network: RoadNetwork, points: Floats) -> tuple[tuple[str, ...], Integers]:
    """Ids of the roads and lanes, of any type, that points `(n, 3)` [m] stand on."""
    nearest = network.project(points, None)
    here = nearest.waypoints
    on = here.lane != NOWHERE
    on[on] = np.abs(nearest.offset[on]) <= 0.5 * network.widths(here[on])
    records, roads = network.lanes[here.lane], network.document.roads
    names = tuple(
        roads[road].id if there else "" for road, there in zip(records["road"], on, strict=True)
    )
    return names, np.where(on, records["id"], 0).astype(np.int64)


def _upward(rotations: Floats) -> Floats:
    """The third axis of frames with these angles `(n, 3)`; as `Frame.turned`."""
    yaw, pitch, roll = rotations.T
    cosine, sine = np.cos(roll), np.sin(roll)
    return np.stack(
        [
            -np.cos(yaw) * np.sin(pitch) * cosine + np.sin(yaw) * sine,
            -np.sin(yaw) * np.sin(pitch) * cosine - np.cos(yaw) * sine,
            np.cos(pitch) * cosine,
        ],
        axis=1,
    )


def _points(instances: npt.NDArray[np.int32], actors: Integers) -> Integers:
    most = int(actors.max(initial=0))
    return np.bincount(instances, minlength=most + 1)[actors].astype(np.int64)
