"""Real units and rigs, from assets/driving/sensors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from simgen.core import RequestError, data_folder
from simgen.worlds.road.sensors.camera import Camera
from simgen.worlds.road.sensors.lidar import Lidar
from simgen.worlds.road.sensors.poses import Frame

LIDARS = ("hdl_32e", "hdl_64e")


@dataclass(frozen=True, kw_only=True)
class MountedCamera:
    """A camera and where it sits on its carrier."""

    camera: Camera
    mount: Frame  # right, down, forward as axes, in the carrier's frame


@cache
def lidar(name: str) -> Lidar:
    """One of `LIDARS`; RequestError otherwise."""
    if name not in LIDARS:
        raise RequestError(f"no lidar {name!r}; there are {', '.join(LIDARS)}")
    content = _content(name)
    arguments: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in content.items()
    }
    return Lidar(**arguments)


@cache
def nuscenes_cameras() -> dict[str, MountedCamera]:
    """The six cameras of a nuScenes car, by the name of their channel in lower case."""
    content = _content("nuscenes_cameras")
    return {
        name: MountedCamera(
            camera=Camera(
                width=content["width"],
                height=content["height"],
                focal_x=about["focal"],
                focal_y=about["focal"],
                centre_x=about["centre"][0],
                centre_y=about["centre"][1],
            ),
            mount=Frame.turned(
                about["position"],
                **{angle: math.radians(about[angle]) for angle in ("yaw", "pitch", "roll")},
            ).optical(),
        )
        for name, about in content["cameras"].items()
    }


def _content(name: str) -> dict[str, Any]:
    path = data_folder("assets") / "driving" / "sensors" / f"{name}.yaml"
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content
