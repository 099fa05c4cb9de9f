"""Calls that make, find, move and end actors."""

from __future__ import annotations

import math

from simgen.core import RequestError
from simgen.worlds import base
from simgen.worlds.carla.frames import check_transform, mirrored, pose_of
from simgen.worlds.carla.protocol.types import (
    Actor,
    ActorDescription,
    BoundingBox,
    Rotation,
    Transform,
    Vector,
)
from simgen.worlds.carla.server.driving import hold, move
from simgen.worlds.carla.server.entities import Body, Light, Sign, Walker
from simgen.worlds.carla.server.routes.registry import Routes, check_within
from simgen.worlds.carla.server.simulation import Simulation
from simgen.worlds.carla.server.spawning import spawn

ROUTES = Routes()
MAX_SPEED = 1000.0  # of a constant velocity, along an axis [m/s]
_FLAT = "it turns about the upward axis alone"


@ROUTES.route()
def get_actors_by_id(simulation: Simulation, ids: tuple[int, ...]) -> tuple[Actor, ...]:
    """Those that there are."""
    found = (simulation.episode.entities.find(number) for number in ids)
    return tuple(entity.actor for entity in found if entity)


@ROUTES.route(differs="only what stands on the plane of the map collides with what is spawned")
def spawn_actor(
    simulation: Simulation, description: ActorDescription, transform: Transform
) -> Actor:
    """Put an actor into the world."""
    return spawn(simulation, description, transform, None).actor


@ROUTES.route(differs="vehicles and walkers can't be attached; there are no sockets")
def spawn_actor_with_parent(
    simulation: Simulation,
    description: ActorDescription,
    transform: Transform,
    parent: int,
    attachment: int,
    _socket: str = "",  # 0.9.15 has none
) -> Actor:
    """Put an actor onto another."""
    carrier = simulation.episode.entities.get(parent)
    return spawn(simulation, description, transform, carrier, attachment).actor


@ROUTES.route()
def destroy_actor(simulation: Simulation, actor: int) -> bool:
    """Take an actor out of the world; False: it is not there."""
    entity = simulation.episode.entities.find(actor)
    if entity is None:
        return False
    if isinstance(entity, Light | Sign) or entity is simulation.episode.spectator:
        raise RequestError(f"actor {actor}, a {entity.actor.description.id}, belongs to the map")
    simulation.destroy(entity)
    return True


@ROUTES.route(differs="below the ground, an actor is lifted onto it")
def set_actor_transform(simulation: Simulation, actor: int, transform: Transform) -> None:
    """Put an actor elsewhere; an attached one, in its parent's frame."""
    check_transform(transform)
    entity = simulation.episode.entities.get(actor)
    if isinstance(entity, Body):
        pose = pose_of(transform, lift=entity.lift)
        simulation.episode.ground.apply(entity.number, base.Teleport(pose=pose))
    else:
        entity.transform = transform
    simulation.episode.look_again()


@ROUTES.route(differs="below the ground, an actor is lifted onto it")
def set_actor_location(simulation: Simulation, actor: int, location: Vector) -> None:
    """Put an actor elsewhere, turned as it is."""
    entity = simulation.episode.entities.get(actor)
    turned: Rotation = simulation.episode.transform(entity).rotation
    if entity.actor.parent and not isinstance(entity, Body):
        turned = entity.transform.rotation
    set_actor_transform(simulation, actor, Transform(location=location, rotation=turned))


@ROUTES.route()
def set_actor_target_velocity(simulation: Simulation, actor: int, velocity: Vector) -> None:
    """Give a body a velocity."""
    move(simulation.episode, _body(simulation, actor), velocity)


@ROUTES.route(differs="about the upward axis alone")
def set_actor_target_angular_velocity(simulation: Simulation, actor: int, turning: Vector) -> None:
    """Let a body turn [degree/s]."""
    body, ground = _body(simulation, actor), simulation.episode.ground
    if not body.is_held:
        x, y, z, _ = ground.velocity(body.number)
        rate = -math.radians(turning.z)
        ground.apply(body.number, base.TargetVelocity(x=x, y=y, z=z, about_z=rate))


@ROUTES.route()
def enable_actor_constant_velocity(simulation: Simulation, actor: int, velocity: Vector) -> None:
    """Give a body a velocity in its own frame at each step."""
    for value in mirrored(velocity):
        check_within("velocity", value, MAX_SPEED)
    _body(simulation, actor).constant_velocity = velocity


@ROUTES.route()
def disable_actor_constant_velocity(simulation: Simulation, actor: int) -> None:
    """End that."""
    _body(simulation, actor).constant_velocity = None


def _body(simulation: Simulation, actor: int) -> Body:
    return simulation.episode.entities.the(Body, actor)


def _push(simulation: Simulation, actor: int, command: base.Impulse | base.Force) -> None:
    body = _body(simulation, actor)
    if not body.is_held:
        simulation.episode.ground.apply(body.number, command)


@ROUTES.route()
def add_actor_impulse(simulation: Simulation, actor: int, impulse: Vector) -> None:
    """Strike a body [N s]."""
    x, y, z = mirrored(impulse)
    _push(simulation, actor, base.Impulse(x=x, y=y, z=z))


@ROUTES.route()
def add_actor_force(simulation: Simulation, actor: int, force: Vector) -> None:
    """Push a body during the next step [N]."""
    x, y, z = mirrored(force)
    _push(simulation, actor, base.Force(x=x, y=y, z=z))


@ROUTES.route(differs="about the upward axis alone")
def add_actor_angular_impulse(simulation: Simulation, actor: int, impulse: Vector) -> None:
    """Twist a body [N m s]."""
    _push(simulation, actor, base.Impulse(about_z=-impulse.z))


@ROUTES.route(differs="about the upward axis alone")
def add_actor_torque(simulation: Simulation, actor: int, torque: Vector) -> None:
    """Twist a body during the next step [N m]."""
    _push(simulation, actor, base.Force(about_z=-torque.z))


@ROUTES.route(differs=_FLAT)
def add_actor_impulse_at_location(
    simulation: Simulation, actor: int, impulse: Vector, location: Vector
) -> None:
    """Strike a body at a place in the world [N s]."""
    x, y, z = mirrored(impulse)
    turn = _moment(simulation, actor, impulse, location)
    _push(simulation, actor, base.Impulse(x=x, y=y, z=z, about_z=turn))


@ROUTES.route(differs=_FLAT)
def add_actor_force_at_location(
    simulation: Simulation, actor: int, force: Vector, location: Vector
) -> None:
    """Push a body at a place in the world during the next step [N]."""
    x, y, z = mirrored(force)
    turn = _moment(simulation, actor, force, location)
    _push(simulation, actor, base.Force(x=x, y=y, z=z, about_z=turn))


def _moment(simulation: Simulation, actor: int, push: Vector, location: Vector) -> float:
    """About the upward axis through a body's middle, counter-clockwise [N s m, N m]."""
    middle = simulation.episode.place(_body(simulation, actor)).position
    x, y, _ = mirrored(location)
    push_x, push_y, _ = mirrored(push)
    return float((x - middle[0]) * push_y - (y - middle[1]) * push_x)


@ROUTES.route(differs="walkers go on, as they are no loose bodies")
def set_actor_simulate_physics(
    simulation: Simulation,
    actor: int,
    enabled: bool,  # noqa: FBT001 - the wire's
) -> None:
    """Let forces act on a body, or hold it where it is; other actors have no physics."""
    entity = simulation.episode.entities.get(actor)
    if isinstance(entity, Walker):
        # He goes on as he is told, but nobody whom he walks into pushes him aside.
        simulation.episode.ground.collide(entity.number, enabled=enabled)
    elif isinstance(entity, Body):
        hold(simulation.episode, entity, held=not enabled)


@ROUTES.route()
def set_actor_collisions(
    simulation: Simulation,
    actor: int,
    enabled: bool,  # noqa: FBT001 - the wire's
) -> None:
    """Let a body strike others, or pass through them; other actors have no bodies."""
    entity = simulation.episode.entities.get(actor)
    if isinstance(entity, Body):
        simulation.episode.ground.collide(entity.number, enabled=enabled)


@ROUTES.route(differs="in the air; on the ground a body stays on it")
def set_actor_enable_gravity(
    simulation: Simulation,
    actor: int,
    enabled: bool,  # noqa: FBT001 - the wire's
) -> None:
    """Let a body fall, or not; other actors have no bodies."""
    entity = simulation.episode.entities.get(actor)
    if isinstance(entity, Body):
        simulation.episode.ground.weigh(entity.number, enabled=enabled)


@ROUTES.route(differs="also of actors that were destroyed not long ago")
def get_actor_bounding_box(simulation: Simulation, actor: int) -> BoundingBox:
    """The box in the actor's frame."""
    return simulation.episode.entities.box(actor)


@ROUTES.route(differs="a client's own Traffic Manager drives: there is nothing to do")
def set_actor_autopilot(
    _simulation: Simulation,
    _actor: int,
    _enabled: bool,  # noqa: FBT001 - the wire's
) -> None:
    """A Traffic Manager drives, or no more."""


@ROUTES.route(differs="it stops and stays")
def set_actor_dead(simulation: Simulation, actor: int) -> None:
    """End an actor's life."""
    entity = simulation.episode.entities.get(actor)
    if isinstance(entity, Body):
        hold(simulation.episode, entity, held=True)
