"""`apply_batch`: many commands in one call, each with its own answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from simgen.core import RequestError
from simgen.worlds.carla.protocol import commands
from simgen.worlds.carla.protocol.codec import WireError
from simgen.worlds.carla.protocol.types import Vector
from simgen.worlds.carla.protocol.vehicles import VehicleLightState, WalkerControl
from simgen.worlds.carla.server.arms import RIGID
from simgen.worlds.carla.server.entities import Walker
from simgen.worlds.carla.server.routes import actors, lights, vehicles
from simgen.worlds.carla.server.routes.registry import Routes
from simgen.worlds.carla.server.simulation import Simulation
from simgen.worlds.carla.server.spawning import spawn

ROUTES = Routes()
_SAME_FLOOR = 1.0  # CARLA's [m]


@ROUTES.route(differs="ConsoleCommand is refused")
def apply_batch(
    simulation: Simulation,
    batch: tuple[commands.Command | commands.EarlierCommand | WireError, ...],
    tick: bool,  # noqa: FBT001 - the wire's
) -> list[Any]:
    """Do all commands in order, and perhaps a tick; gives one envelope a command."""
    answers: list[Any] = []
    for command in batch:
        try:
            if isinstance(command, WireError):
                raise command
            answers.append([[1, _do(simulation, command.order)]])
        except RequestError as error:
            answers.append([[0, [str(error)]]])
    if tick:
        simulation.tick()
    return answers


def _do(simulation: Simulation, order: commands.Order | commands.EarlierOrder) -> int:
    """Do one command; gives its actor."""
    if isinstance(order, commands.SpawnActor | commands.EarlierSpawnActor):
        return _spawn(simulation, order)
    work = _WORKS.get(type(order))
    if work is None:
        raise RequestError(f"{type(order).__name__} is not offered by this server")
    work(simulation, order)
    return int(getattr(order, "actor", 0))


def _spawn(simulation: Simulation, order: commands.SpawnActor | commands.EarlierSpawnActor) -> int:
    parent = simulation.episode.entities.get(order.parent) if order.parent else None
    kind = order.attachment if parent and isinstance(order, commands.SpawnActor) else RIGID
    made = spawn(simulation, order.description, order.transform, parent, kind).id
    for command in order.then:
        follower: Any = command.order
        if not hasattr(follower, "actor"):
            raise RequestError(
                f"{type(follower).__name__} can't follow SpawnActor: it has no actor"
            )
        _do(simulation, replace(follower, actor=made))
    return made


def _destroy(simulation: Simulation, order: commands.DestroyActor) -> None:
    if not actors.destroy_actor(simulation, order.actor):
        raise RequestError(f"there is no actor {order.actor}: it was destroyed, or never spawned")


def _set_walker(simulation: Simulation, order: commands.ApplyWalkerState) -> None:
    """Put a walker where the client's navigation has it, going on as it is turned.

    The navigation knows the ground, not a walker's middle: as CARLA's, the server keeps the height
    unless they are a metre apart.
    """
    walker = simulation.episode.entities.the(Walker, order.actor)
    wanted = order.transform.location
    present = simulation.episode.transform(walker).location.z
    raised = wanted.z + walker.lift
    height = present if abs(raised - present) < _SAME_FLOOR else raised
    place = replace(order.transform, location=replace(wanted, z=height))
    actors.set_actor_transform(simulation, order.actor, place)
    yaw = math.radians(order.transform.rotation.yaw)
    ahead = Vector(x=math.cos(yaw), y=math.sin(yaw))
    control = WalkerControl(direction=ahead, speed=order.speed)
    vehicles.apply_control_to_walker(simulation, order.actor, control)


_WORKS: Mapping[type, Callable[[Simulation, Any], object]] = {
    commands.DestroyActor: _destroy,
    commands.ApplyVehicleControl: lambda s, o: vehicles.apply_control_to_vehicle(
        s, o.actor, o.control
    ),
    commands.ApplyAckermann: lambda s, o: vehicles.apply_ackermann_control_to_vehicle(
        s, o.actor, o.control
    ),
    commands.ApplyWalkerControl: lambda s, o: vehicles.apply_control_to_walker(
        s, o.actor, o.control
    ),
    commands.ApplyVehiclePhysics: lambda s, o: vehicles.apply_physics_control(
        s, o.actor, o.physics
    ),
    commands.ApplyTransform: lambda s, o: actors.set_actor_transform(s, o.actor, o.transform),
    commands.ApplyWalkerState: _set_walker,
    commands.ApplyTargetVelocity: lambda s, o: actors.set_actor_target_velocity(
        s, o.actor, o.vector
    ),
    commands.ApplyTargetAngularVelocity: lambda s, o: actors.set_actor_target_angular_velocity(
        s, o.actor, o.vector
    ),
    commands.ApplyImpulse: lambda s, o: actors.add_actor_impulse(s, o.actor, o.vector),
    commands.ApplyForce: lambda s, o: actors.add_actor_force(s, o.actor, o.vector),
    commands.ApplyAngularImpulse: lambda s, o: actors.add_actor_angular_impulse(
        s, o.actor, o.vector
    ),
    commands.ApplyTorque: lambda s, o: actors.add_actor_torque(s, o.actor, o.vector),
    commands.SetSimulatePhysics: lambda s, o: actors.set_actor_simulate_physics(
        s, o.actor, o.enabled
    ),
    commands.SetEnableGravity: lambda s, o: actors.set_actor_enable_gravity(s, o.actor, o.enabled),
    commands.SetAutopilot: lambda s, o: actors.set_actor_autopilot(s, o.actor, o.enabled),
    commands.ShowDebugTelemetry: lambda s, o: vehicles.show_vehicle_debug_telemetry(
        s, o.actor, o.enabled
    ),
    commands.SetVehicleLightState: lambda s, o: vehicles.set_vehicle_light_state(
        s, o.actor, VehicleLightState(flags=o.flags)
    ),
    commands.ApplyLocation: lambda s, o: actors.set_actor_location(s, o.actor, o.location),
    commands.SetTrafficLightState: lambda s, o: lights.set_traffic_light_state(s, o.actor, o.state),
}

OFFERED = frozenset({commands.SpawnActor, *_WORKS})  # commands that are done
