"""A drive as a scene: its samples, and the data of its sensors."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.formats.base import Recorded, Target
from simgen.formats.drives import Carried, Drive, Rawfile, Taken, inverse, quaternion
from simgen.formats.nuscenes.annotations import Key, label_rows
from simgen.formats.nuscenes.clouds import radar_bytes, scanner_frame, sweep_bytes
from simgen.formats.nuscenes.keys import key_readings, key_times
from simgen.formats.nuscenes.maps import corner, location
from simgen.formats.nuscenes.tables import Tables
from simgen.formats.nuscenes.tokens import Tokens, chained
from simgen.formats.nuscenes.vocabulary import TOP, modality
from simgen.kernels.arrays import Floats
from simgen.worlds.road.sensors import Camera, Frame, Lidar, Radar, Sensor

_PARTS = {"camera": "colour", "lidar": "points", "radar": "detections"}
_SUFFIXES = {"camera": "jpg", "lidar": "pcd.bin", "radar": "pcd"}


@dataclass(frozen=True, kw_only=True)
class Export:
    """What all scenes share."""

    source: Recorded
    target: Target
    tables: Tables
    tokens: Tokens
    carried: Carried
    channels: Mapping[str, str]  # by sensor
    keyframe_rate: float  # [1/s]
    least_points: int  # on an actor that has a label; 0: a pixel will do


def scene_name(number: int) -> str:
    """The name of an episode's scene."""
    return f"scene-{number:04d}"


def sensor_rows(
    carried: Carried, channels: Mapping[str, str], tokens: Tokens
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Rows of `sensor` and of `calibrated_sensor`."""
    behind = np.array([carried.rear_axle, 0.0, 0.0])
    for name, channel in channels.items():
        sensor = carried.sensors[name]
        frame = _own_frame(sensor, carried.mount(name))
        token = tokens.of("sensor", channel)
        yield (
            {"token": token, "channel": channel, "modality": modality(sensor)},
            {
                "token": tokens.of("calibrated_sensor", channel),
                "sensor_token": token,
                # Theirs counts from the ground below the rear axle.
                "translation": (frame.position + behind).tolist(),
                "rotation": quaternion(frame),
                "camera_intrinsic": _intrinsic(sensor),
            },
        )


def _own_frame(sensor: Sensor, mount: Frame) -> Frame:
    match sensor.unit:
        case Camera():
            return mount.optical()
        case Lidar():
            return scanner_frame(mount)
        case _:
            return mount


def _intrinsic(sensor: Sensor) -> list[list[float]]:
    if not isinstance(sensor.unit, Camera):
        return []
    about = sensor.unit
    return [
        [about.focal_x, 0.0, about.centre_x],
        [0.0, about.focal_y, about.centre_y],
        [0.0, 0.0, 1.0],
    ]


def write_scene(export: Export, drive: Drive) -> int:
    """Write all rows and files of a drive; gives how many labels it has.

    Raises:
        RequestError: a sensor has no reading, or one is missing, or reads less often than samples.
    """
    top = next(name for name, channel in export.channels.items() if channel == TOP)
    if top not in drive.readings:
        raise RequestError(f"episode {drive.number} has no reading of {top}: generate it anew")
    times = key_times(drive.readings[top], export.keyframe_rate)
    places = key_readings(drive, list(export.channels), times)
    keys = _keys(export, drive, times, places)
    labels, instances = label_rows(
        drive, keys, export.tokens, corner(drive.map), least_points=export.least_points
    )
    _tell(export, drive, keys, {one["token"] for one in instances})
    for name in export.channels:
        _sensor_data(export, drive, name, keys, set(places[name]))
    export.tables.add("sample_annotation", labels)
    export.tables.add("instance", instances)
    return len(labels)


def _keys(
    export: Export, drive: Drive, times: Sequence[int], places: Mapping[str, Sequence[int]]
) -> list[Key]:
    def taken(kind: type[Camera | Lidar | Radar], row: int) -> list[tuple[str, int]]:
        return [
            (sensor.name, drive.readings[sensor.name][places[sensor.name][row]].at)
            for sensor in export.carried.of_kind(kind)
        ]

    return [
        Key(
            token=export.tokens.of("sample", drive.number, at),
            at=at,
            scanners=taken(Lidar, row),
            radars=taken(Radar, row),
            cameras=taken(Camera, row),
        )
        for row, at in enumerate(times)
    ]


def _tell(export: Export, drive: Drive, keys: Sequence[Key], labelled: Container[str]) -> None:
    """Rows of `scene` and `sample`; `labelled` are tokens of instances."""
    scene = export.tokens.of("scene", drive.number)
    export.tables.add(
        "scene",
        [
            {
                "token": scene,
                "log_token": export.tokens.of("log", location(drive.map)),
                "nbr_samples": len(keys),
                "first_sample_token": keys[0].token,
                "last_sample_token": keys[-1].token,
                "name": scene_name(drive.number),
                "description": description(drive, export.tokens, labelled),
            }
        ],
    )
    chain = chained([key.token for key in keys])
    export.tables.add(
        "sample",
        (
            {
                "token": token,
                "timestamp": key.at,
                "prev": before,
                "next": after,
                "scene_token": scene,
            }
            for key, (token, before, after) in zip(keys, chain, strict=True)
        ),
    )


def description(drive: Drive, tokens: Tokens, labelled: Container[str]) -> str:
    """What was planned, what happened, and who did it: the instance, if he has any label."""
    told = [f"planned: {drive.planned or 'nothing'}"]
    for event in drive.happened:
        instance = tokens.of("instance", drive.number, event.actor)
        who = f", actor {event.actor}" if event.actor else ""
        who += f", instance {instance}" if instance in labelled else ""
        told.append(f"{event.kind} at {event.after:.1f} s, severity {event.severity:.2f}{who}")
    return "; ".join(told)


def _sensor_data(
    export: Export, drive: Drive, name: str, keys: Sequence[Key], places: set[int]
) -> None:
    """Rows of `sample_data` and `ego_pose`, and the files, of one sensor."""
    tokens, channel = export.tokens, export.channels[name]
    sensor, taken = export.carried.sensors[name], drive.readings[name]
    kind, origin = modality(sensor), corner(drive.map)
    times = np.array([key.at for key in keys])
    chain = chained([tokens.of("sample_data", drive.number, channel, r.at) for r in taken])
    camera = sensor.unit if isinstance(sensor.unit, Camera) else None
    for place, (reading, (token, before, after)) in enumerate(zip(taken, chain, strict=True)):
        is_key = place in places
        stem = f"{scene_name(drive.number)}__{channel}__{reading.at}"
        filename = f"{'samples' if is_key else 'sweeps'}/{channel}/{stem}.{_SUFFIXES[kind]}"
        _write_file(export, drive, sensor, reading, filename)
        pose = tokens.of("ego_pose", drive.number, channel, reading.at)
        export.tables.add("ego_pose", [_ego_pose(export, name, reading, pose, origin)])
        row = {
            "token": token,
            "sample_token": keys[_sample_of(times, reading.at, is_key=is_key)].token,
            "ego_pose_token": pose,
            "calibrated_sensor_token": tokens.of("calibrated_sensor", channel),
            "timestamp": reading.at,
            "fileformat": "jpg" if camera else "pcd",
            "is_key_frame": is_key,
            "height": camera.height if camera else 0,
            "width": camera.width if camera else 0,
            "filename": filename,
            "prev": before,
            "next": after,
        }
        export.tables.add("sample_data", [row])


def _sample_of(times: npt.NDArray[np.int64], at: int, *, is_key: bool) -> int:
    """Whose a reading is: its own sample's, between two that of the one that follows."""
    if is_key:
        return int(np.abs(times - at).argmin())
    return min(int(np.searchsorted(times, at)), len(times) - 1)


def _ego_pose(
    export: Export, name: str, reading: Taken, token: str, origin: Floats
) -> dict[str, Any]:
    """Where the car was when it was read: the ground below its rear axle."""
    car = export.carried.carrier(name, reading.frame)
    place = car.position - export.carried.rear_axle * car.axes[:, 0] - origin
    return {
        "token": token,
        "timestamp": reading.at,
        "rotation": quaternion(car),
        "translation": place.tolist(),
    }


def _write_file(
    export: Export, drive: Drive, sensor: Sensor, reading: Taken, filename: str
) -> None:
    part = _PARTS[modality(sensor)]
    if part not in reading.files:
        raise RequestError(
            f"sensor {sensor.name} has no {part}: take a rig whose cameras see colour"
        )
    raw = reading.files[part]
    match sensor.unit:
        case Camera():
            export.target.bring(export.source, raw.path, raw.n_bytes, filename)
        case Lidar() as unit:
            export.target.write(filename, sweep_bytes(_content(export, raw), unit))
        case Radar():
            velocity = _velocity(export, drive, sensor, reading)
            export.target.write(filename, radar_bytes(_content(export, raw), velocity))


def _content(export: Export, raw: Rawfile) -> bytes:
    return export.source.read(raw.path, raw.n_bytes)


def _velocity(export: Export, drive: Drive, sensor: Sensor, reading: Taken) -> Floats:
    """Of a sensor over ground, in its own frame `(3,)` [m/s]."""
    ego = drive.ego(reading.at)
    car = export.carried.carrier(sensor.name, reading.frame)
    arm = car.axes @ export.carried.mount(sensor.name).position
    turning = np.array([0.0, 0.0, drive.yaw_rates[reading.at]])
    level = np.array([ego["velocity_x"], ego["velocity_y"], 0.0])
    found: Floats = inverse(reading.frame).axes @ (level + np.cross(turning, arm))
    return found
