"""Sensors that look ahead: radar, and the detector of obstacles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.core import Streams, parameter
from simgen.worlds.carla.protocol import packets
from simgen.worlds.carla.protocol.codec import F32, Wire
from simgen.worlds.carla.protocol.messages import pack_body
from simgen.worlds.carla.protocol.types import Actor
from simgen.worlds.carla.server.sensors.base import Attributes, Moment, Sensor, TimedAttributes
from simgen.worlds.road.sensors import (
    Motion,
    ObstacleDetector,
    Radar,
    echo,
    frame_of,
    nearest_obstacle,
)

# Where echoes are as strong as noise: so far that CARLA's reach loses none. Assumed [m].
_EVEN_RANGE = 1e5


@dataclass(frozen=True, kw_only=True)
class RadarAttributes(TimedAttributes):
    """A radar."""

    horizontal_fov: float = parameter(30.0, unit="degree", minimum=1.0, maximum=150.0, doc="across")
    vertical_fov: float = parameter(30.0, unit="degree", minimum=1.0, maximum=150.0, doc="up, down")
    points_per_second: int = parameter(1500, minimum=1, maximum=10_000_000, doc="rays")
    range: float = parameter(100.0, unit="m", above=0.5, maximum=1000.0, doc="reach")


class RadarSensor(Sensor):
    """Rays at random places of its view: how far, and how fast away."""

    attributes: ClassVar[type[Attributes]] = RadarAttributes
    differs = "the view is a rectangle, not an ellipse; the carrier is not seen"
    about: RadarAttributes

    def __init__(self, attributes: Attributes, streams: Streams) -> None:
        super().__init__(attributes, streams)
        self._chance = self.streams.generator("rays")

    def measure(self, moment: Moment) -> list[bytes]:
        """The detections of one reading."""
        about = self.about
        unit = Radar(
            view_across=about.horizontal_fov,
            view_up=about.vertical_fov,
            reach=about.range,
            n_rays=min(max(int(about.points_per_second * moment.step), 1), 1_000_000),
            even_range=_EVEN_RANGE,
            range_error=0.0,
            velocity_error=0.0,
            azimuth_error=0.0,
            elevation_error=0.0,
        )
        found = echo(unit, moment.scene, moment.snapshot, _motion(moment), self._chance)
        points = np.empty(len(found.ranges), packets.RADAR_POINT)
        points["velocity"], points["depth"] = found.velocities, found.ranges
        points["azimuth"], points["altitude"] = -found.azimuths, found.elevations
        return [points.tobytes()]


def _motion(moment: Moment) -> Motion:
    """How the sensor moves with its carrier."""
    if moment.row is None:
        still = np.zeros(3)
        return Motion(time=moment.time, frame=moment.place, velocity=still, turning=still)
    now = moment.snapshot
    carrier = Motion(
        time=moment.time,
        frame=frame_of(now, moment.row),
        velocity=now.velocities[moment.row],
        turning=np.array([0.0, 0.0, now.yaw_rates[moment.row]]),
    )
    return Motion(
        time=moment.time,
        frame=moment.place,
        velocity=carrier.velocity_at(moment.place.position),
        turning=carrier.turning,
    )


@dataclass(frozen=True, kw_only=True)
class _Obstacle(Wire):
    actor: Actor
    other: Actor
    distance: F32  # [m]


@dataclass(frozen=True, kw_only=True)
class ObstacleAttributes(TimedAttributes):
    """A detector of obstacles."""

    distance: float = parameter(5.0, unit="m", above=0.0, maximum=1000.0, doc="how far it looks")
    hit_radius: float = parameter(0.5, unit="m", minimum=0.0, maximum=10.0, doc="of its ray")


class ObstacleSensor(Sensor):
    """Tells the nearest actor ahead, if there is one."""

    attributes: ClassVar[type[Attributes]] = ObstacleAttributes
    differs = "sees actors alone, as with only_dynamics"
    about: ObstacleAttributes

    def measure(self, moment: Moment) -> list[bytes]:
        """One packet, or none."""
        detector = ObstacleDetector(distance=self.about.distance, radius=self.about.hit_radius)
        found = nearest_obstacle(detector, moment.snapshot, moment.place, without=moment.carrier)
        actor, other = moment.actor(moment.carrier), moment.actor(found.actor)
        if actor is None or other is None:
            return []
        return [pack_body(_Obstacle(actor=actor, other=other, distance=found.distance))]
