"""What differs between versions of CARLA: the numbers of sensors, and some calls.

A packet with a wrong number kills the client, which takes any version of a server with a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simgen.worlds.carla.protocol.calls import CALLS, Call
from simgen.worlds.carla.protocol.codec import F64, U32

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

# New in 0.9.16, or with other arguments there.
_LATER = frozenset(
    {
        "clear_debug_shape",
        "clear_debug_string",
        "set_annotations_traverse_translucency",
        "get_vehicle_bone_world_transforms",
        "set_wheel_pitch_angle",
        "get_wheel_pitch_angle",
        "enable_gbuffers",
        "are_gbuffers_enabled",
        "set_ignored_vehicles",
    }
)


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version's tables."""

    name: str
    sensors: tuple[str, ...]  # the number of each is its place
    calls: Mapping[str, Call]

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
        ),
        Version(
            name="0.9.15",
            sensors=(*_BEFORE_COSMOS, WORLD_OBSERVER),
            calls={
                **{name: call for name, call in CALLS.items() if name not in _LATER},
                "replay_file": Call((str, F64, F64, U32, bool), str),
            },
        ),
    )
}
NEWEST = VERSIONS["0.9.16"]
