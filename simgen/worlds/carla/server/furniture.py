"""The map's things as CARLA's environment objects."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from simgen.worlds.carla.protocol.types import (
    BoundingBox,
    EnvironmentObject,
    Rotation,
    Transform,
    Vector,
)
from simgen.worlds.road import RoadNetwork
from simgen.worlds.road.furniture import PlacedObject, PlacedSignal, objects, signals
from simgen.worlds.road.sensors import Tag

_LABELS = {
    "building": Tag.BUILDING,
    "barrier": Tag.GUARD_RAIL,
    "pole": Tag.POLE,
    "streetLamp": Tag.POLE,
    "tree": Tag.VEGETATION,
    "vegetation": Tag.VEGETATION,
    "obstacle": Tag.STATIC,
}
_SIGNAL_EXTENT = 0.35  # half the size of a sign's or light's box; assumed [m]


def light_name(sign: str) -> str:
    """The name of a traffic light's object."""
    return f"traffic_light_{sign}"


def things(network: RoadNetwork) -> tuple[EnvironmentObject, ...]:
    """All that stands on a map by name of OpenDRIVE."""
    every = (*_objects(network), *_signals(network))
    return tuple(replace(thing, id=number) for number, thing in enumerate(every, 1))


def _objects(network: RoadNetwork) -> Iterator[EnvironmentObject]:
    for placed in objects(network, set(_LABELS)):
        yield _object(placed)


def _object(placed: PlacedObject) -> EnvironmentObject:
    about = placed.object
    half = (0.5 * about.length or about.radius, 0.5 * about.width or about.radius)
    if about.outline:
        u, v = ([corner[axis] for corner in about.outline] for axis in (0, 1))
        half = (0.5 * (max(u) - min(u)), 0.5 * (max(v) - min(v)))
    rotation = Rotation(yaw=-math.degrees(placed.yaw))
    return EnvironmentObject(
        transform=Transform(
            location=Vector(x=placed.x, y=-placed.y, z=placed.z), rotation=rotation
        ),
        box=BoundingBox(
            location=Vector(x=placed.x, y=-placed.y, z=placed.z + 0.5 * about.height),
            extent=Vector(x=half[0], y=half[1], z=0.5 * about.height),
            rotation=rotation,
        ),
        id=0,
        name=f"{about.type}_{about.id}",
        label=_LABELS[about.type],
    )


def _signals(network: RoadNetwork) -> Iterator[EnvironmentObject]:
    for placed in signals(network):
        yield _signal(placed)


def _signal(placed: PlacedSignal) -> EnvironmentObject:
    place = Vector(x=placed.x, y=-placed.y, z=placed.z)
    rotation = Rotation(yaw=-math.degrees(placed.yaw))
    dynamic, sign = placed.signal.dynamic, placed.signal.id
    extent = Vector(x=_SIGNAL_EXTENT, y=_SIGNAL_EXTENT, z=_SIGNAL_EXTENT)
    return EnvironmentObject(
        transform=Transform(location=place, rotation=rotation),
        box=BoundingBox(location=place, extent=extent, rotation=rotation),
        id=0,
        name=light_name(sign) if dynamic else f"traffic_sign_{sign}",
        label=Tag.TRAFFIC_LIGHT if dynamic else Tag.TRAFFIC_SIGN,
    )
