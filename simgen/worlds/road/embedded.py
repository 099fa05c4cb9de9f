"""The embedded world: a map and actors in this process."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from simgen.core import Parameters, RequestError, RunError, data_folder, parameter
from simgen.worlds.base import (
    Collision,
    Command,
    OpenWorld,
    Pose,
    Snapshot,
    World,
)
from simgen.worlds.road.actors import BODY, MOTION, ORDER, body_of
from simgen.worlds.road.catalogue import Catalogue, catalogue
from simgen.worlds.road.commands import MAX_PLACE, obey, place
from simgen.worlds.road.kernels.contacts import first_overlap
from simgen.worlds.road.kernels.dynamics import step_of
from simgen.worlds.road.kernels.ground import planes_of
from simgen.worlds.road.network import RoadNetwork, read_network

MAX_ACTORS = 10_000
SHORTEST_STEP, LONGEST_STEP = 1e-3, 0.1  # [s]
SHORTEST_SUBSTEP, LONGEST_SUBSTEP = 1e-4, 0.02  # [s]
_PLACES = ("x", "y", "z")
_ANGLES = ("yaw", "pitch", "roll")
VELOCITIES = ("velocity_x", "velocity_y", "velocity_z")


@dataclass(frozen=True, kw_only=True)
class EmbeddedWorld(Parameters, World):
    """The road world of this process: needs no server.

    >>> from simgen.worlds.base import Pose, VehicleControl
    >>> with EmbeddedWorld(map="parking").open() as world:
    ...     car = world.spawn("vehicle.mini.cooper_s", Pose(x=0.0, y=0.0, z=0.0))
    ...     world.apply(car, VehicleControl(throttle=0.5))
    ...     frame = world.step()
    ...     float(world.sense().velocities[0, 0].round(3))
    0.094
    """

    map: str = parameter("urban_grid", doc="name of a map of ours, or path of an OpenDRIVE file")
    # The ground under an actor is taken for a plane as long as a step lasts.
    step_time: float = parameter(
        0.05, doc="one step", unit="s", minimum=SHORTEST_STEP, maximum=LONGEST_STEP
    )
    # As CARLA's max_substep_delta_time.
    max_substep_time: float = parameter(
        0.01,
        doc="steps are cut into parts of at most this",
        unit="s",
        minimum=SHORTEST_SUBSTEP,
        maximum=LONGEST_SUBSTEP,
    )
    grip: float = parameter(
        1.0, doc="multiplies friction on the road: 1 is dry", minimum=0.0, maximum=2.0
    )

    def open(self) -> OpenEmbeddedWorld:
        """The world, without actors.

        Raises:
            RequestError: there is no such map, or it can't be read.
        """
        return OpenEmbeddedWorld(self, read_network(map_path(self.map)), catalogue())

    @property
    def n_substeps(self) -> int:
        """The parts of a step."""
        return math.ceil(self.step_time / self.max_substep_time - 1e-9)


def own_maps() -> dict[str, Path]:
    """The files of our maps by name, in order."""
    folder = data_folder("assets") / "maps"
    return {path.stem: path for path in sorted(folder.glob("*.xodr"))}


def map_path(name: str) -> Path:
    """Where a map lies: the name of one of ours, or a path; RequestError if there is no file."""
    maps = own_maps()
    path = maps.get(name, Path(name))
    if not path.is_file():
        raise RequestError(
            f"map = {name!r}: no such file; name one, or a map of ours: {', '.join(maps)}"
        )
    return path


class TakenError(RequestError):
    """Something stands where an actor should be put."""

    # Its number, set afterwards: an error whose constructor takes more can't be copied or pickled.
    actor = 0


class OpenEmbeddedWorld(OpenWorld):
    """A road network, actors on it, and the time."""

    def __init__(self, world: EmbeddedWorld, network: RoadNetwork, kinds: Catalogue) -> None:
        self.world = world
        self.network = network
        self._kinds = kinds
        self._wanted = network.wanted(None)
        self._frame = 0
        self._n_born = 0
        self._actors = np.zeros(0, np.int64)
        self._names: list[str] = []
        self._bodies, self._motions = np.zeros(0, BODY), np.zeros(0, MOTION)
        self._orders = np.zeros(0, ORDER)
        self._near = np.zeros(0, np.int64)  # the chords of lanes where actors were last
        self._before = np.zeros((0, 3))  # velocities at the start of the last step
        self._collisions: tuple[Collision, ...] = ()

    def spawn(self, name: str, pose: Pose) -> int:
        """Put an actor into the world, standing still; gives its number.

        `name` is a blueprint of CARLA or a kind of assets/driving/actors.yaml. Above the ground it
        falls; below, it is lifted.

        Raises:
            TakenError: something stands there.
            RequestError: the name is unknown, the pose is not finite, or there are too many.
        """
        if len(self._actors) == MAX_ACTORS:
            raise RequestError(
                f"spawn {name}: there are {MAX_ACTORS:,} actors, the most there may be; "
                "destroy some"
            )
        body, motion = body_of(self._kinds.find(name)), np.zeros(1, MOTION)
        place(motion, pose)
        near = np.full(1, -1)
        ground = self._planes(motion, near)[0, 2]
        motion["z"] = max(pose.z, ground)
        motion["airborne"] = pose.z > ground
        inside = first_overlap(self._bodies, self._motions, body[0], motion[0])
        if inside >= 0:
            taken = TakenError(
                f"spawn {name} at x = {pose.x:g}, y = {pose.y:g}, z = {pose.z:g} m: it would stand "
                f"inside actor {self._actors[inside]}, a {self._names[inside]}; choose a free place"
            )
            taken.actor = int(self._actors[inside])
            raise taken
        self._n_born += 1
        self._actors = np.append(self._actors, self._n_born)
        self._names.append(name)
        self._bodies = np.append(self._bodies, body)
        self._motions = np.append(self._motions, motion)
        self._orders = np.append(self._orders, np.zeros(1, ORDER))
        self._near = np.append(self._near, near)
        self._before = np.append(self._before, np.zeros((1, 3)), axis=0)
        return self._n_born

    def destroy(self, actor: int) -> None:
        """Take an actor out of the world; RequestError if it isn't there."""
        row = self._row(actor)
        self._names.pop(row)
        self._actors = np.delete(self._actors, row)
        self._bodies, self._motions = np.delete(self._bodies, row), np.delete(self._motions, row)
        self._orders, self._near = np.delete(self._orders, row), np.delete(self._near, row)
        self._before = np.delete(self._before, row, axis=0)

    def apply(self, actor: int, command: Command) -> None:
        """Tell an actor something; it acts in the next step.

        Raises:
            RequestError: there is no such actor, the command is not for it, or out of bounds.
        """
        row = self._row(actor)
        obey(command, self._bodies[row], self._motions[row : row + 1], self._orders[row : row + 1])

    def step(self) -> int:
        """Let one step of the world's fixed time pass; gives the number of the frame.

        Raises:
            RunError: an actor leaves the plane, or more lie in each other than can be noted.
        """
        world, motions = self.world, self._motions
        self._before = _columns(motions, VELOCITIES)
        capacity = 8 * len(motions) + 64
        pairs, hits = np.empty((capacity, 2), np.int64), np.empty((capacity, 4))
        count = step_of(
            self._bodies, motions, self._orders, self._planes(motions, self._near),
            world.n_substeps, world.step_time / world.n_substeps, world.grip, pairs, hits,
        )  # fmt: skip
        if count < 0:
            raise RunError(f"more than {capacity} pairs of actors collide in frame {self._frame}")
        if len(lost := self._lost()):
            row = lost[0]
            raise RunError(
                f"actor {self._actors[row]}, a {self._names[row]}, left the plane of "
                f"{MAX_PLACE:g} m in frame {self._frame}; it was pushed too hard"
            )
        self._frame += 1
        for name in ("force_x", "force_y", "force_z", "torque"):
            self._orders[name] = 0.0
        self._collisions = tuple(
            Collision(
                actor=int(self._actors[first]),
                other=int(self._actors[second]),
                impulse=(float(-hit[0]), float(-hit[1]), 0.0),
                x=float(hit[2]),
                y=float(hit[3]),
            )
            for (first, second), hit in zip(pairs[:count], hits[:count], strict=True)
        )
        return self._frame

    def sense(self) -> Snapshot:
        """What is true now; its arrays are its own."""
        motions, bodies = self._motions, self._bodies
        velocities = _columns(motions, VELOCITIES)
        sizes = [2.0 * bodies["half_length"], 2.0 * bodies["half_width"], bodies["height"]]
        return Snapshot(
            frame=self._frame,
            time=self._frame * self.world.step_time,
            actors=self._actors.copy(),
            names=tuple(self._names),
            positions=_columns(motions, _PLACES),
            rotations=_columns(motions, _ANGLES),
            velocities=velocities,
            accelerations=(velocities - self._before) / self.world.step_time,
            yaw_rates=motions["yaw_rate"].copy(),
            sizes=np.stack(sizes, axis=1),
            collisions=self._collisions,
        )

    def close(self) -> None:
        """Nothing outside of this object was taken."""

    def _row(self, actor: int) -> int:
        row = int(np.searchsorted(self._actors, actor))
        if row == len(self._actors) or self._actors[row] != actor:
            raise RequestError(f"there is no actor {actor}; sense() tells which there are")
        return row

    def _lost(self) -> npt.NDArray[np.int64]:
        """Rows of the actors that left the plane."""
        return np.flatnonzero(~(np.abs(_columns(self._motions, _PLACES)).max(axis=1) <= MAX_PLACE))

    def _planes(
        self, motions: npt.NDArray[np.void], near: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.float64]:
        """The ground under actors: x, y, z, slope along x, slope along y `(n, 5)` [m, 1].

        `near` `(n,)` is as for `kernels.nearest.nearest_of`.
        """
        n = len(motions)
        out, network = np.empty((n, 5)), self.network
        planes_of(
            network.roads.arrays, network.tables.arrays, network.grid, self._wanted,
            _columns(motions, _PLACES), near, np.empty(n, np.int64), np.empty((n, 2)), out,
        )  # fmt: skip
        return out


def _columns(motions: npt.NDArray[np.void], names: tuple[str, ...]) -> npt.NDArray[np.float64]:
    return np.stack([motions[name] for name in names], axis=1)
