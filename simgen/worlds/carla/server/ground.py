"""The road world as CARLA steps it: in steps of changing length, with actors that may be held."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError, RunError
from simgen.worlds.base import Collision, Snapshot
from simgen.worlds.carla.frames import MIRROR, pose_of
from simgen.worlds.carla.protocol.types import Transform
from simgen.worlds.road.catalogue import catalogue
from simgen.worlds.road.commands import place
from simgen.worlds.road.embedded import (
    LONGEST_STEP,
    SHORTEST_STEP,
    VELOCITIES,
    EmbeddedWorld,
    OpenEmbeddedWorld,
)
from simgen.worlds.road.kernels.vehicles import GRAVITY
from simgen.worlds.road.network import RoadNetwork

_VELOCITIES = (*VELOCITIES, "yaw_rate")


class Ground(OpenEmbeddedWorld):
    """An embedded world whose step is given at each step."""

    def __init__(self, network: RoadNetwork) -> None:
        super().__init__(EmbeddedWorld(), network, catalogue())
        self._weightless: set[int] = set()
        self._heights: dict[int, float] = {}  # of actors that nothing collides with [m]

    def advance(self, time: float, substep_time: float) -> tuple[Snapshot, list[int]]:
        """Let time pass; gives what is true then, and the actors that left the plane.

        Args:
            time: not necessarily one step. [s]
            substep_time: parts of a step are at most this. [s]

        Raises:
            RunError: too many actors lie in each other.
        """
        n_steps = max(math.ceil(time / LONGEST_STEP - 1e-9), 1)
        step = max(time / n_steps, SHORTEST_STEP)
        if (step, substep_time) != (self.world.step_time, self.world.max_substep_time):
            self.world = replace(self.world, step_time=step, max_substep_time=substep_time)
        lost: list[int] = []
        collisions: list[Collision] = []
        for _ in range(n_steps):
            aloft = self._aloft()
            try:
                self.step()
                if aloft:
                    self._lift_again(aloft & self._aloft(), step)
            except RunError:
                if not (gone := self._remove_lost()):
                    raise
                lost += gone
                continue
            collisions += self._collisions
        return replace(self.sense(), collisions=tuple(collisions)), lost

    def _aloft(self) -> set[int]:
        """Those without weight that touch no ground."""
        return {a for a in self._weightless if self._motions["airborne"][self._row(a)]}

    def _lift_again(self, actors: set[int], step: float) -> None:
        """Take back what gravity did to some in a step [s]."""
        rows = [self._row(actor) for actor in sorted(actors)]
        self._motions["z"][rows] += 0.5 * GRAVITY * step * step
        self._motions["velocity_z"][rows] += GRAVITY * step

    def weigh(self, actor: int, *, enabled: bool) -> None:
        """Let gravity act on an actor in the air, or not; RequestError if it isn't there."""
        self._row(actor)
        if enabled:
            self._weightless.discard(actor)
        else:
            self._weightless.add(actor)

    def _remove_lost(self) -> list[int]:
        """Take those out of the world that left its plane."""
        lost: list[int] = self._actors[self._lost()].tolist()
        for actor in lost:
            self.destroy(actor)
        return lost

    def velocity(self, actor: int) -> tuple[float, float, float, float]:
        """Of an actor: x, y, z [m/s] and about z [rad/s]."""
        motion = self._motions[self._row(actor)]
        x, y, z, turn = (float(motion[name]) for name in _VELOCITIES)
        return x, y, z, turn

    def wheel_angle(self, actor: int) -> float:
        """Of a vehicle's front wheels, positive to the left [rad]."""
        return float(self._motions["steer"][self._row(actor)])

    def gear(self, actor: int) -> int:
        """Engaged in a vehicle, -1 in reverse; the first before it ever stood on the ground."""
        return int(self._motions["gear"][self._row(actor)]) or 1

    def hold(self, actor: int) -> None:
        """Stop an actor; nothing moves it from now on but `Teleport`."""
        row = self._row(actor)
        self._bodies["mass"][row] = math.inf
        for name in _VELOCITIES:
            self._motions[name][row] = 0.0

    def carry(
        self,
        actor: int,
        transform: Transform,
        lift: float,
        velocity: npt.NDArray[np.float32],
        turning: float,
    ) -> None:
        """Put an actor that is held elsewhere, as if it moved.

        Args:
            actor: its number.
            transform: where to.
            lift: of CARLA's origin over the world's. [m]
            velocity: in CARLA's frame. (3,) [m/s]
            turning: about CARLA's z. [degree/s]
        """
        row, pose = self._row(actor), pose_of(transform, lift=lift)
        motion = self._motions[row : row + 1]
        place(motion, pose)
        for name, value in zip(VELOCITIES, velocity * MIRROR, strict=True):
            motion[name] = value
        motion["yaw_rate"] = -math.radians(turning)

    def collide(self, actor: int, *, enabled: bool) -> None:
        """Let an actor strike others, or not: to them it is without height then."""
        row = self._row(actor)
        if not enabled:
            self._heights.setdefault(actor, float(self._bodies["height"][row]))
            self._bodies["height"][row] = 0.0
        elif actor in self._heights:
            self._bodies["height"][row] = self._heights.pop(actor)

    def destroy(self, actor: int) -> None:
        """Take an actor out of the world; RequestError if it isn't there."""
        super().destroy(actor)
        self._weightless.discard(actor)
        self._heights.pop(actor, None)

    def sense(self) -> Snapshot:
        """What is true now, with the height that actors look like."""
        snapshot = super().sense()
        for actor, height in self._heights.items():
            snapshot.sizes[self._row(actor), 2] = height
        return snapshot

    def measure(self, actor: int, name: str) -> float:
        """A property of an actor's body, by its name in `road.actors.BODY`."""
        return float(self._bodies[name][self._row(actor)])

    def change(self, actor: int, name: str, value: float) -> None:
        """Set a property of an actor's body.

        Raises:
            RequestError: it is not positive, or not finite.
        """
        if not 0.0 < value < math.inf:
            raise RequestError(f"{name} = {value!r}: must be above 0 and finite")
        self._bodies[name][self._row(actor)] = value
