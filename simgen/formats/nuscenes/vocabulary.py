"""nuScenes' own words: categories, attributes, visibilities, channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simgen.core import RequestError
from simgen.formats.drives import Carried, kind_in, words
from simgen.formats.nuscenes.tokens import Tokens
from simgen.worlds.road.sensors import Camera, Lidar, Radar, Sensor

TITLE = "nuScenes"
TOP = "LIDAR_TOP"  # where readers look for a scanner
MODALITIES: Mapping[type[Camera | Lidar | Radar], str] = {
    Camera: "camera", Lidar: "lidar", Radar: "radar",
}  # fmt: skip
# Of an actor that moves [m/s]; assumption.
_MOVING = 0.2


def category(kind: str) -> str:
    """The category of one of our kinds; RequestError if none is known."""
    return str(kind_in(TITLE, kind, "category")[0])


def attribute(kind: str, speed: float) -> str | None:
    """The attribute of an actor at a speed [m/s], if its kind has any."""
    _, *attributes = kind_in(TITLE, kind, "category")
    return attributes[0 if abs(speed) > _MOVING else 1] if attributes else None


def visibility(visible_share: float | None) -> str:
    """The token of a share of pixels that cameras see; "" if none has it in its picture."""
    if visible_share is None:
        return ""
    known = words(TITLE)["visibilities"]
    return str(max(token for token, (_, start) in known.items() if visible_share >= start))


def modality(sensor: Sensor) -> str:
    """camera, lidar or radar."""
    return next(name for kind, name in MODALITIES.items() if isinstance(sensor.unit, kind))


def channels(carried: Carried) -> dict[str, str]:
    """The channel of each camera, scanner and radar, by the sensor's name.

    Raises:
        RequestError: there is no scanner, or two sensors would have one channel.
    """
    sensors = carried.of_kind(Lidar, Camera, Radar)
    found = {sensor.name: _channel(sensor) for sensor in sensors}
    scanners = carried.of_kind(Lidar)
    if not scanners:
        raise RequestError(
            "nuScenes needs a laser scanner, and the rig has none: generate the data set with "
            "scenario.sensors=nuscenes"
        )
    if TOP not in found.values():
        found[scanners[0].name] = TOP
    if len(set(found.values())) < len(found):
        raise RequestError(f"two sensors of the rig would be one channel: {found}; rename one")
    return found


def _channel(sensor: Sensor) -> str:
    prefix = words(TITLE)["prefixes"][modality(sensor)]
    given = words(TITLE)["channels"].get(sensor.name)
    name = sensor.name.upper()
    return str(given or (name if name.startswith(f"{prefix}_") else f"{prefix}_{name}"))


def category_rows(tokens: Tokens) -> list[dict[str, Any]]:
    """The table of categories; `index` is a class number, as in nuScenes-lidarseg."""
    return [
        {
            "token": tokens.of("category", name),
            "name": name,
            "description": f"{about}.",
            "index": index + 1,  # 0 is noise there
        }
        for index, (name, about) in enumerate(words(TITLE)["categories"].items())
    ]


def attribute_rows(tokens: Tokens) -> list[dict[str, Any]]:
    """The table of attributes."""
    return [
        {"token": tokens.of("attribute", name), "name": name, "description": f"{about}."}
        for name, about in words(TITLE)["attributes"].items()
    ]


def visibility_rows() -> list[dict[str, Any]]:
    """The table of visibilities, whose tokens are fixed."""
    return [
        {
            "token": token,
            "level": level,
            "description": f"Cameras see {level[1:]} % of what they would if nothing hid it.",
        }
        for token, (level, _) in words(TITLE)["visibilities"].items()
    ]
