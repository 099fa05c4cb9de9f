"""Real laser scanners, from assets/driving/sensors."""

from __future__ import annotations

from functools import cache
from typing import Any

from simgen.core import RequestError, asset
from simgen.worlds.road.sensors.lidar import Lidar

LIDARS = ("hdl_32e", "hdl_64e")


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


def _content(name: str) -> dict[str, Any]:
    content: dict[str, Any] = asset(f"driving/sensors/{name}")
    return content
