"""Every call that the client of CARLA 0.9.16 can make: what it takes, and what it gives.

`None` as a result stands for nothing. A call that does not wait throws its answer away, so an
error cannot reach the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simgen.worlds.carla.protocol.codec import F32, F64, U8, U16, U32, U64, Tried
from simgen.worlds.carla.protocol.commands import Command
from simgen.worlds.carla.protocol.types import (
    Actor,
    ActorDefinition,
    ActorDescription,
    ActorLights,
    Address,
    BoundingBox,
    EnvironmentObject,
    EpisodeInfo,
    EpisodeSettings,
    LabelledPoint,
    MapInfo,
    OpenDriveParameters,
    StreetLight,
    Token,
    Transform,
    Vector,
    Weather,
)
from simgen.worlds.carla.protocol.vehicles import (
    AckermannControl,
    AckermannSettings,
    VehicleControl,
    VehicleLightState,
    VehiclePhysics,
    VehicleTelemetry,
    WalkerControl,
)


@dataclass(frozen=True)
class Call:
    """The types of a call."""

    takes: tuple[Any, ...] = ()
    gives: Any = None
    waits: bool = True


def _tell(*takes: Any) -> Call:
    return Call(takes, None, waits=False)


_SESSION = {
    "version": Call((), str),
    "get_episode_info": Call((), EpisodeInfo),
    "get_sensor_token": Call((U32,), Token),
    "get_episode_settings": Call((), EpisodeSettings),
    "set_episode_settings": Call((EpisodeSettings,), U64),
    "get_map_info": Call((), MapInfo),
    "get_map_data": Call((), str),
    "get_required_files": Call((str,), tuple[str, ...]),
    "request_file": Call((str,), bytes),
    "get_navigation_mesh": Call((), bytes),
    "get_available_maps": Call((), tuple[str, ...]),
    "load_new_episode": Call((str, bool, U16)),
    "copy_opendrive_to_file": Call((str, OpenDriveParameters)),
    "load_map_layer": Call((U16,)),
    "unload_map_layer": Call((U16,)),
    "get_actor_definitions": Call((), tuple[ActorDefinition, ...]),
    "get_spectator": Call((), Actor),
    "tick_cue": Call((), U64),
}

_WORLD = {
    "get_weather_parameters": Call((), Weather),
    "set_weather_parameters": _tell(Weather),
    "get_imui_gravity": Call((), F32),
    "set_imui_gravity": _tell(F32),
    "query_lights_state": Call((str,), tuple[StreetLight, ...]),
    "update_lights_state": _tell(str, tuple[StreetLight, ...], bool),
    "update_day_night_cycle": _tell(str, bool),
    "get_all_level_BBs": Call((U8,), tuple[BoundingBox, ...]),
    "get_environment_objects": Call((U8,), tuple[EnvironmentObject, ...]),
    "enable_environment_objects": _tell(tuple[U64, ...], bool),
    "get_names_of_all_objects": Call((), tuple[str, ...]),
    "apply_color_texture_to_objects": Call((tuple[str, ...], Any, Any)),
    "apply_float_color_texture_to_objects": Call((tuple[str, ...], Any, Any)),
    "project_point": Call((Vector, Vector, F32), LabelledPoint | None),
    "cast_ray": Call((Vector, Vector), tuple[LabelledPoint, ...]),
    "draw_debug_shape": _tell(Any),
    "clear_debug_shape": _tell(),
    "clear_debug_string": _tell(),
    "set_annotations_traverse_translucency": _tell(bool),
}

_ACTORS = {
    "get_actors_by_id": Call((tuple[U32, ...],), tuple[Actor, ...]),
    "spawn_actor": Call((ActorDescription, Transform), Actor),
    "spawn_actor_with_parent": Call((ActorDescription, Transform, U32, U8, str), Actor),
    "destroy_actor": Call((U32,), bool),
    "set_actor_location": _tell(U32, Vector),
    "set_actor_transform": _tell(U32, Transform),
    "set_actor_target_velocity": _tell(U32, Vector),
    "set_actor_target_angular_velocity": _tell(U32, Vector),
    "enable_actor_constant_velocity": _tell(U32, Vector),
    "disable_actor_constant_velocity": _tell(U32),
    "add_actor_impulse": _tell(U32, Vector),
    "add_actor_force": _tell(U32, Vector),
    "add_actor_angular_impulse": _tell(U32, Vector),
    "add_actor_torque": _tell(U32, Vector),
    "add_actor_impulse_at_location": _tell(U32, Vector, Vector),
    "add_actor_force_at_location": _tell(U32, Vector, Vector),
    "set_actor_simulate_physics": Call((U32, bool)),
    "set_actor_collisions": Call((U32, bool)),
    "set_actor_enable_gravity": _tell(U32, bool),
    "set_actor_autopilot": _tell(U32, bool),
    "set_actor_dead": _tell(U32),
    "get_actor_bounding_box": Call((U32,), BoundingBox),
    "get_actor_component_world_transform": Call((U32, str), Transform),
    "get_actor_component_relative_transform": Call((U32, str), Transform),
    "get_actor_bone_world_transforms": Call((U32,), tuple[Transform, ...]),
    "get_actor_bone_relative_transforms": Call((U32,), tuple[Transform, ...]),
    "get_actor_socket_world_transforms": Call((U32,), tuple[Transform, ...]),
    "get_actor_socket_relative_transforms": Call((U32,), tuple[Transform, ...]),
    "get_actor_component_names": Call((U32,), tuple[str, ...]),
    "get_actor_bone_names": Call((U32,), tuple[str, ...]),
    "get_actor_socket_names": Call((U32,), tuple[str, ...]),
    "get_vehicle_bone_world_transforms": Call((U32,), tuple[Transform, ...]),
    "apply_batch": Call((tuple[Tried[Command], ...], bool), Any),
}

_VEHICLES = {
    "apply_control_to_vehicle": _tell(U32, VehicleControl),
    "apply_ackermann_control_to_vehicle": _tell(U32, AckermannControl),
    "get_ackermann_controller_settings": Call((U32,), AckermannSettings),
    "apply_ackermann_controller_settings": _tell(U32, AckermannSettings),
    "get_physics_control": Call((U32,), VehiclePhysics),
    "apply_physics_control": _tell(U32, VehiclePhysics),
    "get_vehicle_light_state": Call((U32,), VehicleLightState),
    "set_vehicle_light_state": _tell(U32, VehicleLightState),
    "get_vehicle_light_states": Call((), tuple[ActorLights, ...]),
    "get_telemetry_data": Call((U32,), VehicleTelemetry),
    "open_vehicle_door": _tell(U32, U8),
    "close_vehicle_door": _tell(U32, U8),
    "set_wheel_steer_direction": _tell(U32, U8, F32),
    "get_wheel_steer_angle": Call((U32, U8), F32),
    "set_wheel_pitch_angle": _tell(U32, U8, F32),
    "get_wheel_pitch_angle": Call((U32, U8), F32),
    "show_vehicle_debug_telemetry": _tell(U32, bool),
    "enable_carsim": _tell(U32, str),
    "use_carsim_road": _tell(U32, bool),
    "enable_chrono_physics": _tell(U32, Any, Any, str, str, str, str),
    "restore_physx_physics": _tell(U32),
}

_WALKERS = {
    "apply_control_to_walker": _tell(U32, WalkerControl),
    "get_bones_transform": Call((U32,), Any),
    "set_bones_transform": _tell(U32, Any),
    "blend_pose": _tell(U32, F32),
    "get_pose_from_animation": _tell(U32),
}

_LIGHTS = {
    "set_traffic_light_state": _tell(U32, U8),
    "set_traffic_light_green_time": _tell(U32, F32),
    "set_traffic_light_yellow_time": _tell(U32, F32),
    "set_traffic_light_red_time": _tell(U32, F32),
    "freeze_traffic_light": _tell(U32, bool),
    "freeze_all_traffic_lights": _tell(bool),
    "reset_traffic_light_group": _tell(U32),
    "reset_all_traffic_lights": Call(),
    "get_light_boxes": Call((U32,), tuple[BoundingBox, ...]),
    "get_group_traffic_lights": Call((U32,), tuple[U32, ...]),
}

_STREAMS = {
    "enable_sensor_for_ros": _tell(U32),
    "disable_sensor_for_ros": _tell(U32),
    "is_sensor_enabled_for_ros": Call((U32,), bool),
    "send": _tell(U32, str),
    "get_gbuffer_token": Call((U32, U32), bytes),
    "enable_gbuffers": _tell(U32, bool),
    "are_gbuffers_enabled": Call((U32,), bool),
    "set_ignored_vehicles": _tell(U32, tuple[U32, ...]),
}

_MANAGERS = {
    "is_traffic_manager_running": Call((U16,), bool),
    "add_traffic_manager_running": Call((Address,), bool),
    "get_traffic_manager_running": Call((U16,), Address),
    "destroy_traffic_manager": Call((U16,), bool, waits=False),
}

_RECORDER = {
    "start_recorder": Call((str, bool), str),
    "stop_recorder": _tell(),
    "show_recorder_file_info": Call((str, bool), str),
    "show_recorder_collisions": Call((str, Any, Any), str),
    "show_recorder_actors_blocked": Call((str, F64, F64), str),
    "replay_file": Call((str, F64, F64, U32, bool, Transform), str),
    "stop_replayer": _tell(bool),
    "set_replayer_time_factor": _tell(F64),
    "set_replayer_ignore_hero": _tell(bool),
    "set_replayer_ignore_spectator": _tell(bool),
}

CALLS: Mapping[str, Call] = {
    **_SESSION,
    **_WORLD,
    **_ACTORS,
    **_VEHICLES,
    **_WALKERS,
    **_LIGHTS,
    **_STREAMS,
    **_MANAGERS,
    **_RECORDER,
}
