"""Which sensors there are, and how they are made from CARLA's texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simgen.core import RequestError, Streams, build, describe
from simgen.worlds.carla.server.sensors.ahead import ObstacleSensor, RadarSensor
from simgen.worlds.carla.server.sensors.base import Attributes, Sensor
from simgen.worlds.carla.server.sensors.cameras import (
    ColourCamera,
    DepthCamera,
    InstanceCamera,
    SemanticCamera,
)
from simgen.worlds.carla.server.sensors.lidars import RayCastLidar, SemanticLidar
from simgen.worlds.carla.server.sensors.motions import EventCamera, FlowCamera, NormalsCamera
from simgen.worlds.carla.server.sensors.others import CollisionSensor, GnssSensor, ImuSensor

SENSORS: Mapping[str, type[Sensor]] = {
    "sensor.camera.depth": DepthCamera,
    "sensor.camera.dvs": EventCamera,
    "sensor.camera.normals": NormalsCamera,
    "sensor.camera.optical_flow": FlowCamera,
    "sensor.camera.rgb": ColourCamera,
    "sensor.camera.instance_segmentation": InstanceCamera,
    "sensor.camera.semantic_segmentation": SemanticCamera,
    "sensor.lidar.ray_cast": RayCastLidar,
    "sensor.lidar.ray_cast_semantic": SemanticLidar,
    "sensor.other.collision": CollisionSensor,
    "sensor.other.gnss": GnssSensor,
    "sensor.other.imu": ImuSensor,
    "sensor.other.obstacle": ObstacleSensor,
    "sensor.other.radar": RadarSensor,
}
# The client works it out by itself, from the map and the states of actors.
LANE_INVASION = "sensor.other.lane_invasion"


def make_sensor(blueprint: str, values: Mapping[str, str], streams: Streams) -> Sensor:
    """A sensor with CARLA's attributes; those that it does not have are passed over.

    Raises:
        RequestError: a value is no number, or out of bounds.
    """
    kind = SENSORS[blueprint]
    given: dict[str, Any] = {}
    for row in describe(kind.attributes()):
        if row.name in values:
            try:
                given[row.name] = _value(type(row.value), values[row.name])
            except ValueError:
                raise RequestError(
                    f"{blueprint}.{row.name} = {values[row.name]!r}: must be a {row.type}"
                ) from None
    attributes: Attributes = build(kind.attributes, given, f"{blueprint}.")
    return kind(attributes, streams)


def _value(kind: type[Any], text: str) -> Any:
    """ValueError if the text is no such value."""
    if kind is bool:
        return text.lower() in {"true", "1"}
    if kind is int and "." in text:  # Unreal reads a whole number before the point
        return int(float(text))
    return kind(text)
