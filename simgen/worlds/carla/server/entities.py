"""Actors as CARLA has them: what is in a world beside the bodies that move."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from simgen.core import RequestError
from simgen.worlds.carla.protocol.types import Actor, BoundingBox, Transform, Vector
from simgen.worlds.carla.protocol.vehicles import (
    AckermannControl,
    AckermannSettings,
    VehicleControl,
    VehiclePhysics,
    WalkerControl,
)
from simgen.worlds.carla.server.arms import Arm
from simgen.worlds.carla.server.sensors.base import Sensor

MAX_ENTITIES = 10_000
_MOST_GONE = 1000  # whose boxes are kept: more than a Traffic Manager drives; assumed


@dataclass(kw_only=True)
class Entity:
    """An actor that stays where it is put: a sign, the spectator, a controller."""

    actor: Actor
    # In the world; of an attached one in its parent's frame.
    transform: Transform = field(default_factory=Transform)

    @property
    def id(self) -> int:
        """By which clients know it."""
        return self.actor.id


@dataclass(kw_only=True)
class Body(Entity):
    """An actor of the road world."""

    number: int  # in the road world
    lift: float  # of CARLA's origin over the world's [m]
    mass: float  # [kg]
    is_held: bool = False
    constant_velocity: Vector | None = None  # in its own frame [m/s]


@dataclass(kw_only=True)
class Memory:
    """What the controller on board remembers: see `ackermann`."""

    acceleration: float = 0.0  # wanted [m/s2]
    pedal: float = 0.0  # above 0 toward the vehicle's front, below toward its back
    is_reverse: bool = False
    speed: float = 0.0  # in the step before [m/s]
    felt: float = 0.0  # acceleration then, smoothed [m/s2]
    speed_sum: float = 0.0  # of errors over time, times their gain
    acceleration_sum: float = 0.0  # the same


@dataclass(kw_only=True)
class Vehicle(Body):
    """A body with a driver."""

    control: VehicleControl = field(default_factory=VehicleControl)
    ackermann: AckermannControl | None = None
    ackermann_settings: AckermannSettings = field(default_factory=AckermannSettings)
    memory: Memory = field(default_factory=Memory)  # of the controller on board
    physics: VehiclePhysics
    flags: int = 0  # of its lamps
    pitches: dict[int, float] = field(default_factory=dict)  # of wheels, as they were set [degree]


@dataclass(kw_only=True)
class Walker(Body):
    """A body that walks."""

    control: WalkerControl = field(default_factory=WalkerControl)


@dataclass(kw_only=True)
class SensorEntity(Entity):
    """A sensor, at its parent or on its own."""

    sensor: Sensor | None  # None: the client works it out
    stream: int
    tick_time: float = 0.0  # between two packets; 0: each frame [s]
    due_at: float = 0.0  # [s]
    arm: Arm | None = None  # between it and its parent; None: rigid


@dataclass(kw_only=True)
class Light(Entity):
    """A traffic light."""

    sign: bytes  # its id in OpenDRIVE
    state: int
    elapsed_time: float = 0.0  # in this state [s]
    times: dict[int, float] = field(default_factory=dict)  # of each state [s]
    is_frozen: bool = False
    pole: int = 0


@dataclass(kw_only=True)
class Sign(Entity):
    """A traffic sign."""

    sign: bytes  # its id in OpenDRIVE


K = TypeVar("K", bound=Entity)


class Entities:
    """All actors of an episode, in the order of their ids.

    Args:
        after: the last id that was given before. As with CARLA, none is given twice while a server
            lives: clients keep what they know of an id beyond the end of its world.
    """

    def __init__(self, after: int = 0) -> None:
        self._by_id: dict[int, Entity] = {}
        self._by_kind: dict[type[Entity], list[Any]] = {}  # of those asked for since a change
        self._before, self.last_id = after, after
        self._gone: dict[int, BoundingBox] = {}  # the last ones, the oldest first
        # Which actor has a number in the road world; numbers are never used again.
        self.ids = np.zeros(64, np.int64)

    def __len__(self) -> int:
        return len(self._by_id)

    def allocate(self) -> int:
        """An id that no actor ever had; RequestError if there are too many actors."""
        if len(self._by_id) >= MAX_ENTITIES:
            raise RequestError(
                f"there are {MAX_ENTITIES:,} actors, the most there may be; destroy some"
            )
        self.last_id += 1
        return self.last_id

    def ordinal(self, actor: int) -> int:
        """Which of all that were born in this episode an actor is; the first is 1."""
        return actor - self._before

    def add(self, entity: Entity) -> None:
        """Put an actor with a new id among them."""
        self._by_id[entity.id] = entity
        self._by_kind.clear()
        if isinstance(entity, Body):
            while entity.number >= len(self.ids):
                self.ids = np.concatenate([self.ids, np.zeros_like(self.ids)])
            self.ids[entity.number] = entity.id

    def remove(self, entity: Entity) -> None:
        """Take an actor out."""
        del self._by_id[entity.id]
        self._gone[entity.id] = entity.actor.box
        if len(self._gone) > _MOST_GONE:
            del self._gone[next(iter(self._gone))]
        self._by_kind.clear()

    def find(self, actor: int) -> Entity | None:
        """The actor with an id, if there is one."""
        return self._by_id.get(actor)

    def box(self, actor: int) -> BoundingBox:
        """The box of an actor that there is, or was not long ago; RequestError otherwise.

        A Traffic Manager asks for the boxes of vehicles that were just destroyed, and dies of an
        error.
        """
        return self._gone[actor] if actor in self._gone else self.get(actor).actor.box

    def get(self, actor: int) -> Entity:
        """The actor with an id; RequestError if there is none."""
        found = self._by_id.get(actor)
        if found is None:
            raise RequestError(f"there is no actor {actor}: it was destroyed, or never spawned")
        return found

    def the(self, kind: type[K], actor: int) -> K:
        """The actor with an id, which must be of a kind; RequestError otherwise."""
        found = self.get(actor)
        if not isinstance(found, kind):
            raise RequestError(
                f"actor {actor}, a {found.actor.description.id}, is no {kind.__name__.lower()}"
            )
        return found

    def of(self, kind: type[K]) -> list[K]:
        """All actors of a kind."""
        if kind not in self._by_kind:
            self._by_kind[kind] = [e for e in self._by_id.values() if isinstance(e, kind)]
        return self._by_kind[kind]
