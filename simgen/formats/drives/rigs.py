"""The sensors that took a data set, as their carrier has them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simgen.core import RequestError
from simgen.formats.base import Recorded
from simgen.formats.drives.drive import Drive, Taken
from simgen.formats.drives.poses import inverse
from simgen.worlds.road.catalogue import catalogue
from simgen.worlds.road.sensors import Camera, Frame, Lidar, Radar, Sensor, rig
from simgen.worlds.road.sensors.pillow import pillow

_MOVED = 1e-3  # by which a sensor may be elsewhere than its rig says: rounding [m]


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

    def check(self, source: Recorded, drive: Drive) -> None:
        """Refuse a drive whose sensors sit elsewhere, or see otherwise, than the rig says.

        Raises:
            RequestError: they do; or a reading is of no sensor of the rig.
        """
        first = {name: taken[0] for name, taken in drive.readings.items()}
        unknown = [name for name in first if name not in self.sensors]
        start = min(taken.at for taken in first.values())
        there = {name: taken for name, taken in first.items() if name in self.sensors}
        places = [
            self.carrier(name, taken.frame).position
            for name, taken in there.items()
            if taken.at == start
        ]
        off = float(np.ptp(places, axis=0).max()) if places else 0.0
        resized = [name for name, taken in there.items() if self._is_resized(source, name, taken)]
        if unknown or off > _MOVED or resized:
            raise RequestError(
                f"episode {drive.number}: the rig is another than that which took it "
                f"({', '.join([*unknown, *resized]) or f'places differ by {off:.3g} m'}): "
                "generate the data set anew"
            )

    def _is_resized(self, source: Recorded, name: str, taken: Taken) -> bool:
        """Whether a camera's picture has another size than the rig says."""
        unit, picture = self.sensors[name].unit, taken.files.get("colour")
        if not isinstance(unit, Camera) or picture is None:
            return False
        content = io.BytesIO(source.read(picture.path, picture.n_bytes))
        return bool(pillow().open(content).size != (unit.width, unit.height))


def carried_by(source: Recorded) -> Carried:
    """The rig of a data set.

    Raises:
        RequestError: the data set was made without sensors, or its rig is no longer there.
    """
    name = str(source.parameters.get("sensors", "none"))
    if name == "none":
        raise RequestError(
            f"{source.label} was made without sensors: generate it with scenario.sensors=nuscenes "
            "or another rig"
        )
    kind = str(source.parameters["ego"]["kind"])
    return Carried(
        sensors={sensor.name: sensor for sensor in rig(name).sensors},
        rear_axle=catalogue().find(kind).axles[1],
    )
