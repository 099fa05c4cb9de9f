"""The map's things as CARLA's environment objects."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from simgen.worlds.base import Pose
from simgen.worlds.carla.frames import frame_of, transform_at, vector_of
from simgen.worlds.carla.protocol.types import (
    BoundingBox,
    EnvironmentObject,
    Transform,
    Vector,
)
from simgen.worlds.road import RoadNetwork
from simgen.worlds.road.furniture import PlacedObject, PlacedSignal, objects, signals
from simgen.worlds.road.sensors import Tag
from simgen.worlds.road.sensors.scenery import OBJECT_TAGS
from simgen.worlds.road.sensors.surfaces import Surfaces

# Bits of CARLA's MapLayer, and what of ours belongs to them.
_LAYERS: Mapping[int, Collection[Tag]] = {
    1: {Tag.BUILDING},
    4: {Tag.VEGETATION},
    64: {Tag.STATIC},
    128: {Tag.POLE},
    256: {Tag.GUARD_RAIL},
}
_MARGIN = 0.2  # around a thing's box, for what juts out; assumed [m]
_SIGNAL_EXTENT = 0.35  # half the size of a sign's or light's box; assumed [m]


def light_name(sign: str) -> str:
    """The name of a traffic light's object."""
    return f"traffic_light_{sign}"


def things(network: RoadNetwork) -> tuple[EnvironmentObject, ...]:
    """All that stands on a map by name of OpenDRIVE."""
    every = (*map(_object, objects(network, OBJECT_TAGS)), *map(_signal, signals(network)))
    return tuple(replace(thing, id=number) for number, thing in enumerate(every, 1))


def of_layers(found: Iterable[EnvironmentObject], layers: int) -> list[int]:
    """Ids of the things that belong to some of CARLA's layers."""
    labels = {tag for bit, tags in _LAYERS.items() if layers & bit for tag in tags}
    return [thing.id for thing in found if thing.label in labels]


def left_standing(surfaces: Surfaces, gone: Iterable[EnvironmentObject]) -> Surfaces:
    """What stands still but some things, which are found by their boxes and labels."""
    middles = surfaces.corners.mean(axis=1)
    kept = np.ones(len(middles), np.bool_)
    for thing in gone:
        kept &= ~((surfaces.tags == thing.label) & _within(thing, middles))
    return surfaces.kept(kept)


def _within(thing: EnvironmentObject, points: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which points `(n, 3)` [m] lie in a thing's box."""
    frame = frame_of(Transform(location=thing.box.location, rotation=thing.box.rotation))
    off = np.abs((points - frame.position) @ frame.axes)
    extent = thing.box.extent
    most = np.array([extent.x, extent.y, extent.z]) + _MARGIN
    return np.asarray((off <= most).all(axis=1), np.bool_)


def _object(placed: PlacedObject) -> EnvironmentObject:
    about = placed.object
    half = (0.5 * about.length or about.radius, 0.5 * about.width or about.radius)
    middle = (0.0, 0.0)
    if about.outline:
        u, v = ([corner[axis] for corner in about.outline] for axis in (0, 1))
        half = (0.5 * (max(u) - min(u)), 0.5 * (max(v) - min(v)))
        middle = (0.5 * (max(u) + min(u)), 0.5 * (max(v) + min(v)))
    cosine, sine = math.cos(placed.yaw), math.sin(placed.yaw)
    x = placed.x + middle[0] * cosine - middle[1] * sine
    y = placed.y + middle[0] * sine + middle[1] * cosine
    transform = _transform(placed)
    return EnvironmentObject(
        transform=transform,
        box=BoundingBox(
            location=vector_of([x, y, placed.z + 0.5 * about.height]),
            extent=Vector(x=half[0], y=half[1], z=0.5 * about.height),
            rotation=transform.rotation,
        ),
        id=0,
        name=f"{about.type}_{about.id}",
        label=OBJECT_TAGS[about.type],
    )


def _signal(placed: PlacedSignal) -> EnvironmentObject:
    place = _transform(placed)
    is_light, sign = placed.signal.is_light, placed.signal.id
    extent = Vector(x=_SIGNAL_EXTENT, y=_SIGNAL_EXTENT, z=_SIGNAL_EXTENT)
    return EnvironmentObject(
        transform=place,
        box=BoundingBox(location=place.location, extent=extent, rotation=place.rotation),
        id=0,
        name=light_name(sign) if is_light else f"traffic_sign_{sign}",
        label=Tag.TRAFFIC_LIGHT if is_light else Tag.TRAFFIC_SIGN,
    )


def _transform(placed: PlacedObject | PlacedSignal) -> Transform:
    return transform_at(Pose(x=placed.x, y=placed.y, z=placed.z, yaw=placed.yaw))
