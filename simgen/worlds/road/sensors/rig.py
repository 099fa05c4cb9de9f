"""Which sensors a vehicle carries, where, and how often they read: from plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from simgen.core import Parameters, RequestError, asset, build, data_folder, parameter, plain
from simgen.worlds.road.sensors.camera import Camera
from simgen.worlds.road.sensors.gnss import Gnss
from simgen.worlds.road.sensors.imu import Imu
from simgen.worlds.road.sensors.lidar import Lidar
from simgen.worlds.road.sensors.obstacles import ObstacleDetector
from simgen.worlds.road.sensors.poses import Frame
from simgen.worlds.road.sensors.presets import lidar
from simgen.worlds.road.sensors.radar import Radar

Unit = Lidar | Camera | Radar | Gnss | Imu | ObstacleDetector

KINDS: dict[str, type[Unit]] = {
    "lidar": Lidar,
    "camera": Camera,
    "radar": Radar,
    "gnss": Gnss,
    "imu": Imu,
    "obstacles": ObstacleDetector,
}


@dataclass(frozen=True, kw_only=True)
class Mount(Parameters):
    """Where a sensor sits on its carrier, and how often it reads."""

    position: tuple[float, float, float] = parameter(
        (0.0, 0.0, 1.7),
        unit="m",
        minimum=-50.0,
        maximum=50.0,
        doc="forward, left and up from the middle of the lower face of the carrier's box",
    )
    yaw: float = parameter(0.0, unit="degree", minimum=-360.0, maximum=360.0, doc="to the left")
    pitch: float = parameter(0.0, unit="degree", minimum=-180.0, maximum=180.0, doc="upward")
    roll: float = parameter(
        0.0, unit="degree", minimum=-180.0, maximum=180.0, doc="left side upward"
    )
    rate: float = parameter(
        0.0, unit="1/s", minimum=0.0, maximum=10_000.0, doc="readings a second; 0: at every look"
    )

    @property
    def frame(self) -> Frame:
        """In the carrier's frame."""
        yaw, pitch, roll = (math.radians(angle) for angle in (self.yaw, self.pitch, self.roll))
        return Frame.turned(self.position, yaw=yaw, pitch=pitch, roll=roll)


@dataclass(frozen=True, kw_only=True)
class Sensor:
    """A mounted unit."""

    name: str  # an identifier: names its files and its stream of chance
    unit: Unit
    mount: Mount


@dataclass(frozen=True, kw_only=True)
class Rig:
    """All sensors of a carrier."""

    sensors: tuple[Sensor, ...]

    def all(self, kind: type[Any]) -> tuple[Sensor, ...]:
        """The sensors of a kind, such as `Lidar`."""
        return tuple(sensor for sensor in self.sensors if isinstance(sensor.unit, kind))


def make_rig(content: Mapping[str, Mapping[str, Any]]) -> Rig:
    """A rig from plain data: by the sensor's name, one of `KINDS` with its parameters, and `Mount`.

    A lidar may name its `preset`; a camera may say its `field_of_view` [degree].

    >>> rig = make_rig({"roof": {"lidar": {"preset": "hdl_32e"}, "position": [0, 0, 1.8]}})
    >>> len(rig.sensors[0].unit.elevations)
    32

    Raises:
        RequestError: a parameter is unknown or out of bounds, or a name is no identifier.
    """
    return Rig(sensors=tuple(_sensor(name, about) for name, about in content.items()))


@cache
def rig(name: str) -> Rig:
    """A rig of assets/driving/sensors/rigs; RequestError if there is none of this name."""
    folder = data_folder("assets") / "driving" / "sensors" / "rigs"
    known = [path.stem for path in folder.glob("*.yaml")]
    if name not in known:
        raise RequestError(f"no rig {name!r}; there are {', '.join(sorted(known))}")
    return make_rig(asset(f"driving/sensors/rigs/{name}"))


def _sensor(name: str, about: Mapping[str, Any]) -> Sensor:
    if not str(name).isidentifier():
        raise RequestError(f"sensor {name!r}: a name is made of letters, digits and _")
    kinds = [kind for kind in about if kind in KINDS]
    if len(kinds) != 1:
        raise RequestError(f"sensor {name}: give one of {', '.join(KINDS)}, not {len(kinds)}")
    mount = {key: value for key, value in about.items() if key not in KINDS}
    return Sensor(
        name=name,
        unit=_unit(kinds[0], about[kinds[0]] or {}, f"{name}.{kinds[0]}."),
        mount=build(Mount, mount, f"{name}."),
    )


def _unit(kind: str, values: Mapping[str, Any], path: str) -> Any:
    given = dict(values)
    if kind == "lidar" and "preset" in given:
        given = plain(lidar(given.pop("preset"))) | given
    if kind == "camera" and "field_of_view" in given:
        size = {name: given.get(name, getattr(Camera(), name)) for name in ("width", "height")}
        seen = Camera.of_view(**size, field_of_view=given.pop("field_of_view"))
        given = plain(seen) | given
    return build(KINDS[kind], given, path)
