"""The sensors that took a data set, as their carrier has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simgen.core import RequestError
from simgen.formats.base import Recorded
from simgen.formats.drives.poses import inverse
from simgen.worlds.road.catalogue import catalogue
from simgen.worlds.road.sensors import Camera, Frame, Lidar, Radar, Sensor, make_rig

_MOUNTED = """
SELECT place, sensor, CAST(kind AS VARCHAR) AS kind, x, y, z, yaw, pitch, roll, rate, parameters,
    count(*) AS n_episodes
FROM sensors GROUP BY ALL ORDER BY place
"""


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A rig on its carrier."""

    sensors: Mapping[str, Sensor]
    rear_axle: float  # behind the middle of the carrier's box [m]

    def of_kind(self, *kinds: type[Camera | Lidar | Radar]) -> list[Sensor]:
        """The sensors of some kinds, in the rig's order."""
        return [sensor for sensor in self.sensors.values() if isinstance(sensor.unit, kinds)]

    def mount(self, name: str) -> Frame:
        """A sensor in the frame of its carrier: middle of the box's floor, x forward."""
        return self.sensors[name].mount.frame

    def carrier(self, name: str, frame: Frame) -> Frame:
        """Where the carrier is if a sensor of it is at `frame`."""
        return frame.carry(inverse(self.mount(name)))


def carried_by(source: Recorded) -> Carried:
    """The rig of a data set, as the data set itself tells it.

    Raises:
        RequestError: its episodes were taken with different rigs.
    """
    rows = source.ask(_MOUNTED).to_pylist()
    places, counts = ([row[name] for row in rows] for name in ("place", "n_episodes"))
    if places != list(range(len(rows))) or len(set(counts)) > 1:
        raise RequestError(
            f"{source.label}: its rig was changed while it was generated, so that episodes have "
            "different sensors: generate it anew into another folder"
        )
    mounted = make_rig({row["sensor"]: _about(row) for row in rows})
    kind = str(source.parameters["ego"]["kind"])
    return Carried(
        sensors={sensor.name: sensor for sensor in mounted.sensors},
        rear_axle=catalogue().find(kind).axles[1],
    )


def _about(row: Mapping[str, Any]) -> dict[str, Any]:
    """A sensor as `make_rig` takes it."""
    return {
        row["kind"]: json.loads(row["parameters"]),
        "position": [row[name] for name in "xyz"],
        **{name: row[name] for name in ("yaw", "pitch", "roll", "rate")},
    }
