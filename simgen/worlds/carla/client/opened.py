"""A CARLA server as an open world: actors that its physics moves, told what to do from here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from simgen.core import RequestError
from simgen.kernels.arrays import Floats
from simgen.worlds.base import (
    Collision,
    Command,
    Force,
    Impulse,
    OpenWorld,
    Pose,
    Snapshot,
    TargetVelocity,
    Teleport,
    VehicleControl,
    WalkerControl,
)
from simgen.worlds.carla.client.bridge import Bridge
from simgen.worlds.carla.client.process import LostError
from simgen.worlds.carla.client.states import Body, feet_of, places_of
from simgen.worlds.carla.frames import MIRROR, lift_of
from simgen.worlds.carla.world import CarlaWorld
from simgen.worlds.road import RoadNetwork, make_network
from simgen.worlds.road.catalogue import catalogue
from simgen.worlds.road.opendrive.reader import parse_opendrive
from simgen.worlds.road.sensors import Frame

# Each body has a detector of collisions, which takes a thread of the client now and then.
_N_THREADS = 8
_OFF = 1e-3  # from where it was asked for, an actor may stand when it is spawned; assumed [m]
_COLLISIONS = "sensor.other.collision"
# In CARLA one command moves and another turns.
_COMMANDS = {
    Impulse: ("ApplyImpulse", "ApplyAngularImpulse"),
    Force: ("ApplyForce", "ApplyTorque"),
    TargetVelocity: ("ApplyTargetVelocity", "ApplyTargetAngularVelocity"),
}


@dataclass(kw_only=True)
class _Actor:
    """One actor, and what the last step told of it."""

    name: str  # as it was spawned
    body: Body
    position: Floats  # (3,) [m]
    rotation: Floats  # yaw, not wrapped, pitch, roll (3,) [rad]
    velocity: Floats = field(default_factory=lambda: np.zeros(3))  # [m/s]
    acceleration: Floats = field(default_factory=lambda: np.zeros(3))  # [m/s2]
    yaw_rate: float = 0.0  # [rad/s]

    def turn(self, rotation: Floats) -> None:
        """Take new angles, the yaw without a jump."""
        turns = round((self.rotation[0] - rotation[0]) / (2.0 * math.pi))
        self.rotation = rotation + np.array([2.0 * math.pi * turns, 0.0, 0.0])


class OpenCarlaWorld(OpenWorld):
    """Actors on a server, moved by its physics.

    A step that fails ends the world: what its physics did can't be taken up again. Who was spawned
    stands where he was put until a step tells of him; who a step does not tell of is no more. CARLA
    tells of collisions beside the frame, so that one may be told a step late.
    """

    def __init__(self, world: CarlaWorld) -> None:
        self._bridge = Bridge(world, n_sensors=_N_THREADS)
        try:
            self._bridge.enter()
        except LostError:
            self._bridge.kill()
            raise
        except BaseException:
            self._bridge.close()
            raise
        self._step_time = world.step_time
        self._actors: dict[int, _Actor] = {}  # by number, ascending
        self._n_born = self._frame = 0
        self._collisions: tuple[Collision, ...] = ()

    @cached_property
    def network(self) -> RoadNetwork:
        """The server's roads, read by us: the client's own map dies of some questions."""
        return make_network(parse_opendrive(self._bridge.text, "the server's map"))

    @property
    def client(self) -> int:
        """The process that holds the client."""
        return self._bridge.client.number

    def spawn(self, name: str, pose: Pose) -> int:
        """Put an actor into the world, standing still; gives its number.

        Raises:
            RequestError: the name is unknown, the pose is not finite, or something stands there.
        """
        lift = lift_of(catalogue().find(name))  # with its origin on the ground it would not fit in
        origin = replace(pose, z=pose.z + lift)
        body = self._bridge.spawn(name, Frame.of(origin), moves=True)
        self._n_born += 1
        self._actors[self._n_born] = _Actor(
            name=name,
            body=body,
            position=np.array([pose.x, pose.y, pose.z]),
            rotation=np.array([pose.yaw, pose.pitch, pose.roll]),
        )
        if np.abs(body.foot + np.array([0.0, 0.0, lift])).max() > _OFF:
            self.apply(self._n_born, Teleport(pose=pose))
        still = Frame.turned(np.zeros(3))
        self._bridge.attach(_detector(self._n_born), _COLLISIONS, {}, still, body.actor)
        return self._n_born

    def destroy(self, actor: int) -> None:
        """Take an actor out of the world; RequestError if it isn't there."""
        self._bridge.destroy([self._find(actor).body.actor])
        del self._actors[actor]

    def apply(self, actor: int, command: Command) -> None:
        """Tell an actor something; it acts in the next step.

        Raises:
            RequestError: there is no such actor, or the command is not for it.
        """
        found = self._find(actor)
        body = found.body
        match command:
            case VehicleControl():
                self._check(actor, body, "vehicle.")
                self._bridge.control(body.actor, "apply_control", **_driving(command))
            case WalkerControl():
                self._check(actor, body, "walker.")
                self._bridge.control(body.actor, "apply_control", **_walking(command, found.name))
            case Teleport(pose=pose):
                angles = np.array([pose.yaw, pose.pitch, pose.roll])
                place = places_of([(np.array([pose.x, pose.y, pose.z]), angles)], [body.foot])
                self._bridge.control(body.actor, "set_transform", place=place[0].tolist())
            case _:
                vector = np.array([command.x, command.y, command.z]) * MIRROR
                turn = [0.0, 0.0, -command.about_z]
                if isinstance(command, TargetVelocity):
                    turn[2] = math.degrees(turn[2])
                moves, turns = _COMMANDS[type(command)]
                self._bridge.control(body.actor, moves, vector=vector.tolist())
                if command.about_z or isinstance(command, TargetVelocity):
                    self._bridge.control(body.actor, turns, vector=turn)

    def _check(self, actor: int, body: Body, prefix: str) -> None:
        if not body.blueprint.startswith(prefix):
            raise RequestError(
                f"actor {actor} is {body.blueprint}, no {prefix[:-1]}: give it what fits its kind"
            )

    def step(self) -> int:
        """Let one step of the world's fixed time pass; gives the number of the frame.

        Raises:
            RunError: the server does not answer.
        """
        ticked = self._bridge.step()
        self._frame += 1
        numbers = {actor.body.actor: number for number, actor in self._actors.items()}
        told = [numbers[server_id] for server_id in ticked.actors.tolist()]
        for number in self._actors.keys() - set(told):
            self.destroy(number)
        feet = feet_of(ticked, {actor.body.actor: actor.body for actor in self._actors.values()})
        for row, number in enumerate(told):
            actor = self._actors[number]
            actor.position = feet[row]
            actor.turn(ticked.rotations[row])
            actor.velocity, actor.acceleration = ticked.velocities[row], ticked.accelerations[row]
            actor.yaw_rate = float(ticked.yaw_rates[row])
        events = self._bridge.events([_detector(number) for number in self._actors])
        self._collisions = tuple(self._collision(numbers, *event) for event in events)
        return self._frame

    def _collision(
        self, numbers: Mapping[int, int], detector: str, other: int, *impulse: float
    ) -> Collision:
        number = int(detector.rpartition("_")[2])
        x, y, z = (float(value) for value in np.array(impulse) * MIRROR)
        here = self._actors[number].position
        return Collision(
            actor=number,
            other=numbers.get(int(other), 0),
            impulse=(x, y, z),
            x=float(here[0]),
            y=float(here[1]),
        )

    def sense(self) -> Snapshot:
        """What is true now, as the last step told it."""
        actors = list(self._actors.values())
        return Snapshot(
            frame=self._frame,
            time=self._frame * self._step_time,
            actors=np.array(list(self._actors), np.int64),
            names=tuple(actor.name for actor in actors),
            positions=_rows([actor.position for actor in actors]),
            rotations=_rows([actor.rotation for actor in actors]),
            velocities=_rows([actor.velocity for actor in actors]),
            accelerations=_rows([actor.acceleration for actor in actors]),
            yaw_rates=np.array([actor.yaw_rate for actor in actors]),
            sizes=_rows([actor.body.size for actor in actors]),
            collisions=self._collisions,
        )

    def close(self) -> None:
        """Destroy what was spawned and restore the settings. May be called again."""
        self._bridge.close()

    def _find(self, actor: int) -> _Actor:
        if actor not in self._actors:
            raise RequestError(f"there is no actor {actor}; sense() tells which there are")
        return self._actors[actor]


def _rows(vectors: list[Floats]) -> Floats:
    return np.array(vectors, np.float64).reshape(-1, 3)


def _detector(number: int) -> str:
    """The name of an actor's detector of collisions."""
    return f"collision_{number}"


def _driving(control: VehicleControl) -> dict[str, Any]:
    """Of `carla.VehicleControl`."""
    return {
        "throttle": control.throttle,
        "steer": -control.steer,
        "brake": control.brake,
        "hand_brake": control.hand_brake,
        "reverse": control.gear < 0,
        "manual_gear_shift": control.gear > 0,
        "gear": control.gear,
    }


def _walking(control: WalkerControl, name: str) -> dict[str, Any]:
    """Direction and speed of `carla.WalkerControl`."""
    ahead = np.array([math.cos(control.yaw), math.sin(control.yaw), 0.0]) * MIRROR
    speed = catalogue().find(name).walk_speed if control.speed is None else control.speed
    return {"direction": ahead.tolist(), "speed": speed}
