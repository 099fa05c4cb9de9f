"""Calls that are not offered, and what their callers are told."""

from __future__ import annotations

from collections.abc import Mapping

_NO_LAYERS = "the map has no layers"
_NO_FILES = "this server has no files for clients"
_NO_BONES = "actors are rigid: they have no bones, sockets or components"
_NO_TEXTURES = "things have no textures"
_NO_ROS = "this server does not speak ROS"
_NO_RECORDER = "this server records nothing; record from the client"
_NO_VEHICLE_MODELS = "vehicles have one model of physics"
_NO_GBUFFERS = "sensors have no render buffers"

REFUSALS: Mapping[str, str] = {
    "request_file": _NO_FILES,
    "get_navigation_mesh": "the map has no net for pedestrians: steer walkers by WalkerControl",
    "load_map_layer": _NO_LAYERS,
    "unload_map_layer": _NO_LAYERS,
    "set_imui_gravity": "gravity can't be changed",
    "enable_environment_objects": "things of the map can't be taken away",
    "apply_color_texture_to_objects": _NO_TEXTURES,
    "apply_float_color_texture_to_objects": _NO_TEXTURES,
    "set_annotations_traverse_translucency": "all surfaces are opaque",
    "set_actor_collisions": "bodies always collide",
    "set_actor_enable_gravity": "gravity acts on all bodies",
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
    "set_wheel_steer_direction": "wheels are steered by control alone",
    "set_wheel_pitch_angle": "wheels are not drawn",
    "get_wheel_pitch_angle": "wheels are not drawn",
    "enable_carsim": _NO_VEHICLE_MODELS,
    "use_carsim_road": _NO_VEHICLE_MODELS,
    "enable_chrono_physics": _NO_VEHICLE_MODELS,
    "restore_physx_physics": _NO_VEHICLE_MODELS,
    "enable_sensor_for_ros": _NO_ROS,
    "disable_sensor_for_ros": _NO_ROS,
    "is_sensor_enabled_for_ros": _NO_ROS,
    "send": "there are no V2X sensors",
    "get_gbuffer_token": _NO_GBUFFERS,
    "enable_gbuffers": _NO_GBUFFERS,
    "are_gbuffers_enabled": _NO_GBUFFERS,
    "set_ignored_vehicles": "sensors can't be told to overlook vehicles",
    "start_recorder": _NO_RECORDER,
    "stop_recorder": _NO_RECORDER,
    "show_recorder_file_info": _NO_RECORDER,
    "show_recorder_collisions": _NO_RECORDER,
    "show_recorder_actors_blocked": _NO_RECORDER,
    "replay_file": _NO_RECORDER,
    "stop_replayer": _NO_RECORDER,
    "set_replayer_time_factor": _NO_RECORDER,
    "set_replayer_ignore_hero": _NO_RECORDER,
    "set_replayer_ignore_spectator": _NO_RECORDER,
}
