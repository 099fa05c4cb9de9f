"""The commands of `apply_batch`: the order of `Command` is that of their numbers on the wire."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.worlds.carla.protocol.codec import F32, U8, U32, Wire
from simgen.worlds.carla.protocol.types import ActorDescription, Transform, Vector
from simgen.worlds.carla.protocol.vehicles import (
    AckermannControl,
    VehicleControl,
    VehiclePhysics,
    WalkerControl,
)


@dataclass(frozen=True, kw_only=True)
class SpawnActor(Wire):
    """Put an actor into the world, then do something with it."""

    description: ActorDescription
    transform: Transform
    parent: U32 | None = None
    attachment: U8 = 0  # without a parent the client leaves it undefined
    socket: str = ""
    then: tuple[Command, ...] = ()  # their `actor` is undefined: the new one is meant


@dataclass(frozen=True, kw_only=True)
class EarlierSpawnActor(Wire):
    """Put an actor into the world, as CARLA 0.9.15 says it: what is attached is rigid."""

    description: ActorDescription
    transform: Transform
    parent: U32 | None = None
    then: tuple[EarlierCommand, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DestroyActor(Wire):
    """Take an actor out of the world."""

    actor: U32


@dataclass(frozen=True, kw_only=True)
class ApplyVehicleControl(Wire):
    """Drive."""

    actor: U32
    control: VehicleControl


@dataclass(frozen=True, kw_only=True)
class ApplyAckermann(Wire):
    """Let the controller on board drive."""

    actor: U32
    control: AckermannControl


@dataclass(frozen=True, kw_only=True)
class ApplyWalkerControl(Wire):
    """Walk."""

    actor: U32
    control: WalkerControl


@dataclass(frozen=True, kw_only=True)
class ApplyVehiclePhysics(Wire):
    """Change what a vehicle is."""

    actor: U32
    physics: VehiclePhysics


@dataclass(frozen=True, kw_only=True)
class ApplyTransform(Wire):
    """Put an actor elsewhere."""

    actor: U32
    transform: Transform


@dataclass(frozen=True, kw_only=True)
class ApplyWalkerState(Wire):
    """Put a walker elsewhere and let it go on."""

    actor: U32
    transform: Transform
    speed: F32  # [m/s]


@dataclass(frozen=True, kw_only=True)
class _ApplyVector(Wire):
    actor: U32
    vector: Vector


class ApplyTargetVelocity(_ApplyVector):
    """Set a velocity [m/s]."""


class ApplyTargetAngularVelocity(_ApplyVector):
    """Set an angular velocity [degree/s]."""


class ApplyImpulse(_ApplyVector):
    """Strike [N s]."""


class ApplyForce(_ApplyVector):
    """Push for a step [N]."""


class ApplyAngularImpulse(_ApplyVector):
    """Twist at once [N m s]."""


class ApplyTorque(_ApplyVector):
    """Twist for a step [N m]."""


@dataclass(frozen=True, kw_only=True)
class _Switch(Wire):
    actor: U32
    enabled: bool


class SetSimulatePhysics(_Switch):
    """Let forces act on an actor, or hold it."""


class SetEnableGravity(_Switch):
    """Let an actor fall, or not."""


class SetAutopilot(_Switch):
    """The client's Traffic Manager drives; nothing to do for a server."""


class ShowDebugTelemetry(_Switch):
    """Draw on a screen."""


@dataclass(frozen=True, kw_only=True)
class SetVehicleLightState(Wire):
    """Switch lamps."""

    actor: U32
    flags: U32


@dataclass(frozen=True, kw_only=True)
class ApplyLocation(Wire):
    """Put an actor elsewhere, turned as it is."""

    actor: U32
    location: Vector


@dataclass(frozen=True, kw_only=True)
class ConsoleCommand(Wire):
    """A line for Unreal's console."""

    text: str


@dataclass(frozen=True, kw_only=True)
class SetTrafficLightState(Wire):
    """Switch a traffic light."""

    actor: U32
    state: U8


_OtherOrder = (
    DestroyActor
    | ApplyVehicleControl
    | ApplyAckermann
    | ApplyWalkerControl
    | ApplyVehiclePhysics
    | ApplyTransform
    | ApplyWalkerState
    | ApplyTargetVelocity
    | ApplyTargetAngularVelocity
    | ApplyImpulse
    | ApplyForce
    | ApplyAngularImpulse
    | ApplyTorque
    | SetSimulatePhysics
    | SetEnableGravity
    | SetAutopilot
    | ShowDebugTelemetry
    | SetVehicleLightState
    | ApplyLocation
    | ConsoleCommand
    | SetTrafficLightState
)
Order = SpawnActor | _OtherOrder
EarlierOrder = EarlierSpawnActor | _OtherOrder


@dataclass(frozen=True, kw_only=True)
class Command(Wire):
    """One command, in the array that holds a variant."""

    order: Order


@dataclass(frozen=True, kw_only=True)
class EarlierCommand(Wire):
    """The same in CARLA 0.9.15."""

    order: EarlierOrder
