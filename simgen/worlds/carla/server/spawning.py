"""From a blueprint to an actor in the world."""

from __future__ import annotations

import math
from dataclasses import replace

from simgen.core import RequestError
from simgen.worlds.carla.frames import check_transform, lift_of, pose_of
from simgen.worlds.carla.protocol.types import (
    Actor,
    ActorDescription,
    BoundingBox,
    Transform,
    Vector,
)
from simgen.worlds.carla.server.arms import GHOST, RIGID, SPRING_ARM, Arm
from simgen.worlds.carla.server.blueprints import CONTROLLER, check_description
from simgen.worlds.carla.server.entities import Body, Entity, SensorEntity, Vehicle, Walker
from simgen.worlds.carla.server.episode import Episode
from simgen.worlds.carla.server.physics import physics_of
from simgen.worlds.carla.server.sensors import SENSORS, make_sensor
from simgen.worlds.carla.server.sensors.base import TimedAttributes
from simgen.worlds.carla.server.sensors.kinds import LANE_INVASION
from simgen.worlds.carla.server.simulation import Simulation
from simgen.worlds.road.catalogue import catalogue
from simgen.worlds.road.embedded import TakenError
from simgen.worlds.road.sensors.actors import tag_of


def spawn(
    simulation: Simulation,
    description: ActorDescription,
    transform: Transform,
    parent: Entity | None,
    attachment: int = RIGID,
) -> Entity:
    """Put an actor into the world; `transform` is in its parent's frame if it has one.

    Raises:
        RequestError: the blueprint or an attribute is unknown or out of bounds, something stands
            there, or such an actor can't be attached.
    """
    check_description(description)
    check_transform(transform)
    name = description.id
    actor = Actor(
        id=simulation.episode.entities.allocate(),
        parent=parent.id if parent else 0,
        description=description,
    )
    if name == LANE_INVASION:
        if not isinstance(parent, Vehicle):
            raise RequestError(f"{name}: attach it to a vehicle")
        entity: Entity = SensorEntity(actor=actor, transform=transform, sensor=None, stream=0)
    elif name in SENSORS:
        entity = _sensor(simulation, actor, transform)
    elif name == CONTROLLER:
        if not isinstance(parent, Walker):
            raise RequestError(f"{name}: attach it to a walker")
        entity = Entity(actor=actor, transform=transform)
    else:
        if parent:
            raise RequestError(f"{name}: only sensors and controllers can be attached")
        entity = _body(simulation, actor, transform)
    simulation.episode.entities.add(entity)
    simulation.episode.look_again()
    if isinstance(entity, SensorEntity) and parent and attachment in {SPRING_ARM, GHOST}:
        entity.arm = Arm(is_ghost=attachment == GHOST)
        simulation.episode.move_arm(entity, 0.0)
    return entity


def _sensor(simulation: Simulation, actor: Actor, transform: Transform) -> SensorEntity:
    name = actor.description.id
    number = simulation.episode.entities.ordinal(actor.id)
    streams = simulation.episode.streams.child("sensors").child(f"actor_{number}")
    sensor = make_sensor(name, actor.description.values(), streams)
    stream, about = simulation.open_stream(), sensor.about
    return SensorEntity(
        actor=replace(actor, token=simulation.token(stream).data),
        transform=transform,
        sensor=sensor,
        stream=stream,
        tick_time=about.sensor_tick if isinstance(about, TimedAttributes) else 0.0,
    )


def _body(simulation: Simulation, actor: Actor, transform: Transform) -> Body:
    name = actor.description.id
    kind = catalogue().find(name)
    length, width, height = kind.size
    lift = lift_of(kind)
    try:
        number = simulation.episode.ground.spawn(name, pose_of(transform, lift=lift))
    except TakenError as error:
        raise _taken(simulation.episode, name, transform, error.actor) from None
    whole = replace(
        actor,
        box=BoundingBox(
            location=Vector(z=0.5 * height - lift),
            extent=Vector(x=0.5 * length, y=0.5 * width, z=0.5 * height),
            actor=actor.id,
        ),
        tags=bytes([int(tag_of(name))]),
    )
    if kind.category == "vehicle":
        return Vehicle(
            actor=whole, number=number, lift=lift, mass=kind.mass, physics=physics_of(kind)
        )
    if kind.category == "walker":
        return Walker(actor=whole, number=number, lift=lift, mass=kind.mass)
    return Body(
        actor=whole, number=number, lift=lift, mass=kind.mass, is_held=math.isinf(kind.mass)
    )


def _taken(episode: Episode, name: str, transform: Transform, number: int) -> RequestError:
    """That a place is taken, with the place and the id as the client knows them."""
    place, other = transform.location, episode.entities.get(int(episode.entities.ids[number]))
    return RequestError(
        f"spawn {name} at x = {place.x:g}, y = {place.y:g}, z = {place.z:g} m: it would stand "
        f"inside actor {other.id}, a {other.actor.description.id}; choose a free place"
    )
