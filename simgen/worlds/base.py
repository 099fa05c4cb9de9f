"""The world contract: a place simulated step by step, ours or somebody else's.

A `World` is plain data and can be written to a configuration; what it opens exists only inside
`with` and leaves nothing behind.

The frame is right-handed: x east, y north, z up; metres, radians and seconds. An actor's place is
the middle of the lower face of its box. Actors are numbered from 1 in the order of their birth; a
number is never used again.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, kw_only=True)
class Pose:
    """A place and a direction."""

    x: float  # [m]
    y: float  # [m]
    z: float  # [m]
    yaw: float = 0.0  # counter-clockwise from x [rad]
    pitch: float = 0.0  # positive uphill [rad]
    roll: float = 0.0  # positive: the left side lies higher [rad]


@dataclass(frozen=True, kw_only=True)
class VehicleControl:
    """What a driver does until told otherwise."""

    throttle: float = 0.0  # 0 to 1
    brake: float = 0.0  # 0 to 1
    steer: float = 0.0  # -1 to 1 of the greatest angle, positive to the left
    hand_brake: bool = False
    gear: int = 0  # 0: automatic; -1: reverse; from 1: held


@dataclass(frozen=True, kw_only=True)
class WalkerControl:
    """Where a walker goes until told otherwise."""

    yaw: float = 0.0  # direction, counter-clockwise from x [rad]
    speed: float | None = None  # 0: it stops; None: as fast as its kind does [m/s]


@dataclass(frozen=True, kw_only=True)
class Impulse:
    """A blow at the centre of mass, at once."""

    x: float = 0.0  # [N s]
    y: float = 0.0  # [N s]
    z: float = 0.0  # [N s]
    about_z: float = 0.0  # counter-clockwise [N m s]


@dataclass(frozen=True, kw_only=True)
class Force:
    """A force at the centre of mass, during the next step."""

    x: float = 0.0  # [N]
    y: float = 0.0  # [N]
    z: float = 0.0  # [N]
    about_z: float = 0.0  # counter-clockwise [N m]


@dataclass(frozen=True, kw_only=True)
class TargetVelocity:
    """A velocity that an actor has at once; forces act on it from then on."""

    x: float = 0.0  # [m/s]
    y: float = 0.0  # [m/s]
    z: float = 0.0  # [m/s]
    about_z: float = 0.0  # counter-clockwise [rad/s]


@dataclass(frozen=True, kw_only=True)
class Teleport:
    """Another place at once, at the same speed; whatever stands there already."""

    pose: Pose


Command = VehicleControl | WalkerControl | Impulse | Force | TargetVelocity | Teleport


@dataclass(frozen=True, kw_only=True)
class Collision:
    """Two actors that struck each other during a step."""

    actor: int
    other: int
    impulse: tuple[float, float, float]  # on `actor`; on `other` it is the opposite [N s]
    x: float  # of the contact [m]
    y: float  # [m]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The world after a step; row i of every array belongs to `actors[i]`."""

    frame: int  # steps since the world was opened
    time: float  # since the world was opened [s]
    actors: npt.NDArray[np.int64]  # (n,), ascending
    names: tuple[str, ...]  # as they were spawned (n,)
    positions: npt.NDArray[np.float64]  # x, y, z (n, 3) [m]
    rotations: npt.NDArray[np.float64]  # yaw, not wrapped, pitch and roll (n, 3) [rad]
    velocities: npt.NDArray[np.float64]  # (n, 3) [m/s]
    accelerations: npt.NDArray[np.float64]  # mean of the last step (n, 3) [m/s2]
    yaw_rates: npt.NDArray[np.float64]  # (n,) [rad/s]
    sizes: npt.NDArray[np.float64]  # length, width, height (n, 3) [m]
    collisions: tuple[Collision, ...]  # of the last step
    # What traffic lights show, by the map's controllers: 0 green, 1 yellow, 2 red; empty: nothing.
    lights: tuple[int, ...] = ()

    def row(self, actor: int) -> int | None:
        """The row of an actor; None if it isn't there."""
        row = int(np.searchsorted(self.actors, actor))
        return row if row < len(self.actors) and self.actors[row] == actor else None


class OpenWorld(ABC):
    """A world that runs; made by `World.open`, used inside `with`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @abstractmethod
    def spawn(self, name: str, pose: Pose) -> int:
        """Put an actor into the world, standing still; gives its number.

        Raises:
            RequestError: the name is unknown, the pose is not finite, or something stands there.
        """

    @abstractmethod
    def destroy(self, actor: int) -> None:
        """Take an actor out of the world; RequestError if it isn't there."""

    @abstractmethod
    def apply(self, actor: int, command: Command) -> None:
        """Tell an actor something; it acts in the next step.

        Raises:
            RequestError: there is no such actor, the command is not for it, or out of bounds.
        """

    @abstractmethod
    def step(self) -> int:
        """Let one step of the world's fixed time pass; gives the number of the frame."""

    @abstractmethod
    def sense(self) -> Snapshot:
        """What is true now."""

    @abstractmethod
    def close(self) -> None:
        """Give back all that was taken, and restore what was changed. May be called again."""


class World(ABC):
    """The plain data of a world. Subclass as a frozen, keyword-only dataclass."""

    @abstractmethod
    def open(self) -> OpenWorld:
        """Connect or build; RequestError if the world can't be had as described."""
