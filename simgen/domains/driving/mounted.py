"""What the ego carries, as rows: a data set tells its own calibration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from simgen.core import Batch, plain
from simgen.des import EventLog
from simgen.domains.driving import schema
from simgen.domains.driving.seeing import NO_SENSORS
from simgen.worlds.road.sensors import Sensor, rig
from simgen.worlds.road.sensors.rig import KINDS

if TYPE_CHECKING:
    from simgen.domains.driving.records import Told


def kind_of_sensor(sensor: Sensor) -> str:
    """One of `schema.SENSORS`."""
    return next(name for name, unit in KINDS.items() if isinstance(sensor.unit, unit))


def mounted(told: Told) -> Batch:
    """Where each sensor of the rig sits and what it is; no row without a rig."""
    log = EventLog(schema.MOUNTED_SENSORS, told.about.start_date)
    if told.about.sensors != NO_SENSORS:
        for place, sensor in enumerate(rig(told.about.sensors).sensors):
            mount = sensor.mount
            log.add(
                episode_id=told.episode_id,
                place=place,
                sensor=sensor.name,
                kind=kind_of_sensor(sensor),
                **dict(zip("xyz", map(float, mount.position), strict=True)),
                yaw=float(mount.yaw),
                pitch=float(mount.pitch),
                roll=float(mount.roll),
                rate=float(mount.rate),
                parameters=json.dumps(plain(sensor.unit), allow_nan=False),
            )
    return log.batch()
