"""What differs between versions of CARLA: the numbers of sensors, and some calls.

A packet with a wrong number kills the client, which takes any version of a server with a warning.
Source: what the debug information of both official clients says of their types and names; each
difference was then tried with its client.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simgen.worlds.carla.protocol.calls import CALLS, Call
from simgen.worlds.carla.protocol.codec import F64, U8, U32, Tried
from simgen.worlds.carla.protocol.commands import EarlierCommand
from simgen.worlds.carla.protocol.types import Actor, ActorDescription, Transform

WORLD_OBSERVER = "world observer"

_BEFORE_COSMOS = (
    "sensor.other.collision",
    "sensor.camera.depth",
    "sensor.camera.normals",
    "sensor.camera.dvs",
    "sensor.other.gnss",
    "sensor.other.imu",
    "sensor.other.lane_invasion",
    "sensor.other.obstacle",
    "sensor.camera.optical_flow",
    "sensor.other.radar",
    "sensor.lidar.ray_cast_semantic",
    "sensor.lidar.ray_cast",
    "sensor.other.rss",
    "sensor.camera.rgb",
    "sensor.camera.semantic_segmentation",
    "sensor.camera.instance_segmentation",
)
_COSMOS = "sensor.camera.cosmos_visualization"

# New in 0.9.16: names that the client's binary of 0.9.15 does not hold.
_LATER = frozenset(
    {
        "are_gbuffers_enabled",
        "clear_debug_shape",
        "clear_debug_string",
        "enable_gbuffers",
        "get_actor_bone_names",
        "get_actor_bone_relative_transforms",
        "get_actor_bone_world_transforms",
        "get_actor_bounding_box",
        "get_actor_component_names",
        "get_actor_component_relative_transform",
        "get_actor_component_world_transform",
        "get_actor_socket_names",
        "get_actor_socket_relative_transforms",
        "get_actor_socket_world_transforms",
        "get_imui_gravity",
        "get_telemetry_data",
        "get_vehicle_bone_world_transforms",
        "get_wheel_pitch_angle",
        "restore_physx_physics",
        "send",
        "set_annotations_traverse_translucency",
        "set_ignored_vehicles",
        "set_imui_gravity",
        "set_wheel_pitch_angle",
    }
)
# Those that take other arguments in 0.9.15.
_EARLIER = {
    "apply_batch": Call((tuple[Tried[EarlierCommand], ...], bool), Any),
    "replay_file": Call((str, F64, F64, U32, bool), str),
    "spawn_actor_with_parent": Call((ActorDescription, Transform, U32, U8), Actor),
}


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version's tables."""

    name: str
    sensors: tuple[str, ...]  # the number of each is its place
    calls: Mapping[str, Call]
    first_attribute_type: int  # AttributeType.BOOL's number; the others follow
    is_mercator: bool  # how its client tells latitude and longitude
    # Whether its clients keep a map until a state says that it is new. Later ones needn't be told,
    # and at times die of it when they are busy.
    keeps_maps: bool

    def number(self, sensor: str) -> int:
        """What stands for a sensor in the header of its packets."""
        return self.sensors.index(sensor)


VERSIONS: Mapping[str, Version] = {
    version.name: version
    for version in (
        Version(
            name="0.9.16",
            sensors=(*_BEFORE_COSMOS, _COSMOS, WORLD_OBSERVER),
            calls=CALLS,
            first_attribute_type=1,
            is_mercator=False,
            keeps_maps=False,
        ),
        Version(
            name="0.9.15",
            sensors=(*_BEFORE_COSMOS, WORLD_OBSERVER),
            calls={name: call for name, call in CALLS.items() if name not in _LATER} | _EARLIER,
            first_attribute_type=0,
            is_mercator=True,
            keeps_maps=True,
        ),
    )
}
NEWEST = VERSIONS["0.9.16"]
