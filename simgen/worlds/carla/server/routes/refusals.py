"""Calls that are not offered, and what their callers are told."""

from __future__ import annotations

from collections.abc import Mapping

_NO_BONES = "actors are rigid: they have no bones, sockets or components"
_NO_TEXTURES = "things have no textures"
_NO_ROS = "this server does not speak ROS"
_NO_VEHICLE_MODELS = "vehicles have one model of physics"
_NO_GBUFFERS = "sensors have no render buffers"

REFUSALS: Mapping[str, str] = {
    "apply_color_texture_to_objects": _NO_TEXTURES,
    "apply_float_color_texture_to_objects": _NO_TEXTURES,
    "get_actor_component_world_transform": _NO_BONES,
    "get_actor_component_relative_transform": _NO_BONES,
    "get_actor_bone_world_transforms": _NO_BONES,
    "get_actor_bone_relative_transforms": _NO_BONES,
    "get_actor_socket_world_transforms": _NO_BONES,
    "get_actor_socket_relative_transforms": _NO_BONES,
    "get_actor_component_names": _NO_BONES,
    "get_actor_bone_names": _NO_BONES,
    "get_actor_socket_names": _NO_BONES,
    "get_vehicle_bone_world_transforms": _NO_BONES,
    "get_bones_transform": _NO_BONES,
    "set_bones_transform": _NO_BONES,
    "blend_pose": _NO_BONES,
    "get_pose_from_animation": _NO_BONES,
    "enable_carsim": _NO_VEHICLE_MODELS,
    "use_carsim_road": _NO_VEHICLE_MODELS,
    "enable_chrono_physics": _NO_VEHICLE_MODELS,
    "enable_sensor_for_ros": _NO_ROS,
    "send": "there are no V2X sensors",
    "get_gbuffer_token": _NO_GBUFFERS,
    "enable_gbuffers": _NO_GBUFFERS,
    "set_ignored_vehicles": "sensors can't be told to overlook vehicles",
}
