"""A rig's cameras and laser scanners as sensors of CARLA: blueprints, attributes and places."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.worlds.road.sensors import Camera, Frame, Lidar, Weather
from simgen.worlds.road.sensors.rig import Rig, Sensor

COLOUR = "sensor.camera.rgb"
LABELS = "sensor.camera.instance_segmentation"  # tags and actors
DEPTH = "sensor.camera.depth"
SCANNER = "sensor.lidar.ray_cast_semantic"  # loses nothing: losses are drawn by us

_MOST_PARTS = 8  # scanners that stand for one; assumed
_LOOSE = 0.01  # rounding of published elevations [degree]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One sensor of CARLA."""

    name: str
    blueprint: str
    attributes: dict[str, str]
    place: Frame  # in the frame of the carrier's box, at the middle of its lower face


@dataclass(frozen=True, kw_only=True)
class CameraFitting:
    """A rig's camera; its picture is cut from the middle of CARLA's, whose centre is its own."""

    sensor: Sensor
    camera: Camera
    parts: tuple[Part, ...]
    corner: tuple[int, int]  # column and row of its first pixel in CARLA's picture


@dataclass(frozen=True, kw_only=True)
class ScannerFitting:
    """A rig's laser scanner: a scanner of CARLA for each run of evenly spread channels."""

    sensor: Sensor
    lidar: Lidar
    parts: tuple[Part, ...]
    channels: tuple[npt.NDArray[np.int64], ...]  # of the rig's scanner, by part


Fitting = CameraFitting | ScannerFitting


def fit(rig: Rig, step_time: float, weather: Weather) -> tuple[Fitting, ...]:
    """CARLA's sensors for a rig; what is neither camera nor laser scanner has none.

    Args:
        rig: what the carrier has.
        step_time: between frames: a scanner makes one turn in it [s].
        weather: that sensors are to feel.

    Raises:
        RequestError: CARLA has no such camera or scanner, or its scanners don't feel such weather.
    """
    found: list[Fitting] = []
    for sensor in rig.sensors:
        if isinstance(sensor.unit, Camera):
            found.append(_fit_camera(sensor, sensor.unit))
        elif isinstance(sensor.unit, Lidar):
            if weather.laser_extinction:
                raise RequestError(
                    f"lidar {sensor.name}: CARLA's scanners feel neither fog nor rain; set "
                    "weather.visibility to 1000 m or more and weather.rain_rate to 0"
                )
            found.append(_fit_lidar(sensor, sensor.unit, step_time))
    return tuple(found)


def _fit_camera(sensor: Sensor, camera: Camera) -> CameraFitting:
    unknown = set(camera.sees) & {"normals", "flow"}
    if unknown:
        raise RequestError(
            f"camera {sensor.name}: CARLA's world has no {' and no '.join(sorted(unknown))}; leave "
            "it out of `sees`"
        )
    size = [_around(camera.centre_x, camera.width), _around(camera.centre_y, camera.height)]
    if not math.isclose(camera.focal_x, camera.focal_y) or any(s % 1.0 for s in size):
        raise RequestError(
            f"camera {sensor.name}: CARLA's have square pixels, and centres at whole or half ones; "
            "change focal_x, focal_y, centre_x and centre_y"
        )
    width, height = (int(side) for side in size)
    view = math.degrees(2.0 * math.atan(0.5 * width / camera.focal_x))
    attributes = {"image_size_x": str(width), "image_size_y": str(height), "fov": repr(view)}
    wanted = {
        "colour": COLOUR if "colour" in camera.sees else "",
        "labels": LABELS if {"tags", "instances"} & set(camera.sees) else "",
        "depth": DEPTH if "depth" in camera.sees else "",
    }
    return CameraFitting(
        sensor=sensor,
        camera=camera,
        parts=tuple(
            Part(
                name=f"{sensor.name}.{what}",
                blueprint=blueprint,
                attributes=attributes,
                place=sensor.mount.frame,
            )
            for what, blueprint in wanted.items()
            if blueprint
        ),
        corner=(round(0.5 * width - camera.centre_x), round(0.5 * height - camera.centre_y)),
    )


def _around(centre: float, length: int) -> float:
    """How long a side is whose middle is `centre` and that holds all of `length` [pixel]."""
    return round(2.0 * max(centre, length - centre), 6)


def _fit_lidar(sensor: Sensor, lidar: Lidar, step_time: float) -> ScannerFitting:
    if lidar.distorted:
        raise RequestError(
            f"lidar {sensor.name}: CARLA's scanners see a whole frame from one place; set "
            "distorted to false"
        )
    runs = tuple(_runs(np.array(lidar.elevations)))
    if len(runs) > _MOST_PARTS:
        raise RequestError(
            f"lidar {sensor.name}: CARLA's have evenly spread channels, and this one would take "
            f"{len(runs)} of them: choose elevations in at most {_MOST_PARTS} even runs"
        )
    # CARLA's scan begins behind, ours ahead: so both have the same rays.
    place = sensor.mount.frame.carry(Frame.turned(np.zeros(3), yaw=math.pi))
    parts = []
    for number, run in enumerate(runs):
        # One ray more a frame than needed, for whoever rounds down.
        n_rays = math.ceil(lidar.n_columns * len(run) / step_time) + 1
        attributes = {
            "channels": str(len(run)),
            "range": repr(lidar.reach),
            "points_per_second": str(n_rays),
            "rotation_frequency": repr(1.0 / step_time),
            "upper_fov": repr(lidar.elevations[run[0]]),
            "lower_fov": repr(lidar.elevations[run[-1]]),
        }
        name = f"{sensor.name}.{number}"
        parts.append(Part(name=name, blueprint=SCANNER, attributes=attributes, place=place))
    return ScannerFitting(sensor=sensor, lidar=lidar, parts=tuple(parts), channels=runs)


def _runs(elevations: npt.NDArray[np.float64]) -> Iterator[npt.NDArray[np.int64]]:
    """Channels from the highest down, cut into as long runs of even steps as there are."""
    order = np.argsort(-elevations, kind="stable")
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and _is_even(elevations[order[start : end + 1]]):
            end += 1
        yield order[start:end]
        start = end


def _is_even(values: npt.NDArray[np.float64]) -> bool:
    even = np.linspace(values[0], values[-1], len(values))
    return bool((np.abs(values - even) <= _LOOSE).all())
