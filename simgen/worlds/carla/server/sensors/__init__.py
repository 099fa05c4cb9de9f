"""Sensors as CARLA's clients know them: attributes and bytes are CARLA's, the seeing is ours."""

from simgen.worlds.carla.server.sensors.base import Moment as Moment, Sensor as Sensor
from simgen.worlds.carla.server.sensors.kinds import (
    SENSORS as SENSORS,
    make_sensor as make_sensor,
)
