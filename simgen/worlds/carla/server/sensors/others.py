"""Collisions, satellites and inertia: sensors that say little."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from simgen.core import Streams, parameter
from simgen.worlds.carla.frames import MIRROR, vector_of
from simgen.worlds.carla.protocol.codec import F64, Wire
from simgen.worlds.carla.protocol.messages import pack_body
from simgen.worlds.carla.protocol.types import Actor, Vector
from simgen.worlds.carla.server.sensors.base import Attributes, Moment, Sensor, TimedAttributes

_MOST_SEED = 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class _Blow(Wire):
    actor: Actor
    other: Actor
    impulse: Vector  # [N s]


class CollisionSensor(Sensor):
    """Tells each time its carrier strikes another actor."""

    differs = "nothing of the map is struck: its things have no bodies"

    def measure(self, moment: Moment) -> list[bytes]:
        """The blows of the last step, one packet each."""
        blows = []
        for collision in moment.snapshot.collisions:
            if moment.carrier not in {collision.actor, collision.other}:
                continue
            own = collision.actor == moment.carrier
            other = collision.other if own else collision.actor
            impulse = np.array(collision.impulse) * (1.0 if own else -1.0)
            pair = (moment.actor(moment.carrier), moment.actor(other))
            if pair[0] and pair[1]:
                blow = _Blow(actor=pair[0], other=pair[1], impulse=vector_of(impulse))
                blows.append(pack_body(blow))
        return blows


@dataclass(frozen=True, kw_only=True)
class _Fix(Wire):
    latitude: F64  # [degree]
    longitude: F64  # [degree]
    altitude: F64  # [m]


@dataclass(frozen=True, kw_only=True)
class GnssAttributes(TimedAttributes):
    """A satellite receiver."""

    noise_alt_bias: float = parameter(0.0, unit="m", doc="of the height")
    noise_alt_stddev: float = parameter(0.0, unit="m", minimum=0.0, doc="of the height")
    noise_lat_bias: float = parameter(0.0, unit="degree", doc="of the latitude")
    noise_lat_stddev: float = parameter(0.0, unit="degree", minimum=0.0, doc="of the latitude")
    noise_lon_bias: float = parameter(0.0, unit="degree", doc="of the longitude")
    noise_lon_stddev: float = parameter(0.0, unit="degree", minimum=0.0, doc="of the longitude")
    noise_seed: int = parameter(0, minimum=0, maximum=_MOST_SEED, doc="of the noise")


class GnssSensor(Sensor):
    """A place on the globe, as the client's map tells it, with white noise."""

    attributes: ClassVar[type[Attributes]] = GnssAttributes
    about: GnssAttributes

    def __init__(self, attributes: Attributes, streams: Streams) -> None:
        super().__init__(attributes, streams)
        self._noise = Streams(self.about.noise_seed).generator("gnss")

    def measure(self, moment: Moment) -> list[bytes]:
        """One fix."""
        x, y, z = (float(value) for value in moment.place.position * MIRROR)
        latitude, longitude = moment.origin.to_globe(x, y)
        about, noise = self.about, self._noise.standard_normal(3)
        fix = _Fix(
            latitude=latitude + about.noise_lat_bias + about.noise_lat_stddev * noise[0],
            longitude=longitude + about.noise_lon_bias + about.noise_lon_stddev * noise[1],
            altitude=z + about.noise_alt_bias + about.noise_alt_stddev * noise[2],
        )
        return [pack_body(fix)]


@dataclass(frozen=True, kw_only=True)
class _Inertia(Wire):
    acceleration: Vector  # [m/s2]
    turning: Vector  # [rad/s]
    compass: F64  # clockwise from north [rad]


@dataclass(frozen=True, kw_only=True)
class ImuAttributes(TimedAttributes):
    """An inertial measurement unit."""

    noise_accel_stddev_x: float = parameter(0.0, unit="m/s2", minimum=0.0, doc="ahead")
    noise_accel_stddev_y: float = parameter(0.0, unit="m/s2", minimum=0.0, doc="to the right")
    noise_accel_stddev_z: float = parameter(0.0, unit="m/s2", minimum=0.0, doc="upward")
    noise_gyro_bias_x: float = parameter(0.0, unit="rad/s", doc="about the axis ahead")
    noise_gyro_bias_y: float = parameter(0.0, unit="rad/s", doc="about the axis to the right")
    noise_gyro_bias_z: float = parameter(0.0, unit="rad/s", doc="about the axis upward")
    noise_gyro_stddev_x: float = parameter(0.0, unit="rad/s", minimum=0.0, doc="ahead")
    noise_gyro_stddev_y: float = parameter(0.0, unit="rad/s", minimum=0.0, doc="to the right")
    noise_gyro_stddev_z: float = parameter(0.0, unit="rad/s", minimum=0.0, doc="upward")
    noise_seed: int = parameter(0, minimum=0, maximum=_MOST_SEED, doc="of the noise")


class ImuSensor(Sensor):
    """Acceleration with gravity, angular velocity, and a compass."""

    attributes: ClassVar[type[Attributes]] = ImuAttributes
    differs = "acceleration is that of the carrier's middle; turning is about the upward axis alone"
    about: ImuAttributes

    def __init__(self, attributes: Attributes, streams: Streams) -> None:
        super().__init__(attributes, streams)
        self._noise = Streams(self.about.noise_seed).generator("imu")

    def measure(self, moment: Moment) -> list[bytes]:
        """One reading."""
        about, axes = self.about, moment.place.axes
        force, turning = np.array([0.0, 0.0, moment.gravity]), np.zeros(3)
        if moment.row is not None:
            force = force + moment.snapshot.accelerations[moment.row]
            turning[2] = moment.snapshot.yaw_rates[moment.row]
        # Angular velocity is no vector: in a mirrored frame it turns the other way.
        felt = _right(axes.T @ force)
        turned = -_right(axes.T @ turning)
        felt += self._draw("noise_accel_stddev")
        turned += self._draw("noise_gyro_stddev")
        turned += [about.noise_gyro_bias_x, about.noise_gyro_bias_y, about.noise_gyro_bias_z]
        ahead = axes[:, 0]
        reading = _Inertia(
            acceleration=_vector(felt),
            turning=_vector(turned),
            compass=math.atan2(ahead[0], ahead[1]) % (2.0 * math.pi),
        )
        return [pack_body(reading)]

    def _draw(self, name: str) -> npt.NDArray[np.float64]:
        scale = [getattr(self.about, f"{name}_{axis}") for axis in "xyz"]
        return np.asarray(self._noise.standard_normal(3) * scale, np.float64)


def _right(vector: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(vector * MIRROR, np.float64)


def _vector(values: npt.NDArray[np.float64]) -> Vector:
    x, y, z = (float(value) for value in values)
    return Vector(x=x, y=y, z=z)
