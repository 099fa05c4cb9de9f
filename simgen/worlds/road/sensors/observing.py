"""A carrier's sensors during one run: what each reports at each look at the world."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from simgen.core import RunError, Streams
from simgen.kernels.arrays import Floats
from simgen.worlds.base import Collision, Snapshot
from simgen.worlds.road.catalogue import catalogue
from simgen.worlds.road.geodesy import read_projection
from simgen.worlds.road.led import LedSnapshot
from simgen.worlds.road.sensors.actors import Stage, frame_of
from simgen.worlds.road.sensors.camera import Camera, View
from simgen.worlds.road.sensors.films import RunningCamera
from simgen.worlds.road.sensors.gnss import Fix, Gnss, RunningGnss
from simgen.worlds.road.sensors.imu import Imu, Inertial, RunningImu
from simgen.worlds.road.sensors.lidar import Drift, Lidar, Sweep, scan
from simgen.worlds.road.sensors.motion import Motion, Steering, turning_between
from simgen.worlds.road.sensors.obstacles import Obstacle, ObstacleDetector, nearest_obstacle
from simgen.worlds.road.sensors.poses import Frame
from simgen.worlds.road.sensors.radar import Detections, Radar, echo
from simgen.worlds.road.sensors.rig import Rig, Sensor
from simgen.worlds.road.sensors.shadows import Shade, shade_of
from simgen.worlds.road.sensors.surfaces import Scene
from simgen.worlds.road.sensors.weather import Weather

Content = Sweep | View | Detections | Fix | Inertial | Obstacle

_EARLY = 1e-9  # a reading is due this much before its time: rounding [s]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one sensor reports."""

    sensor: Sensor
    number: int  # of this sensor's readings, from 0
    time: float  # since the world was opened [s]
    frame: Frame  # of the sensor in the world, x forward
    content: Content


@dataclass(frozen=True, kw_only=True)
class Observation:
    """All that a carrier's sensors report of one instant, and what is true of it."""

    snapshot: Snapshot
    carrier: int
    frame: Frame  # of the carrier in the world
    scene: Scene
    stage: Stage
    readings: tuple[Reading, ...]  # of the sensors that were due, in the rig's order

    @property
    def collisions(self) -> tuple[Collision, ...]:
        """The carrier's, during the last step."""
        return tuple(c for c in self.snapshot.collisions if self.carrier in (c.actor, c.other))


class Observer:
    """Reads a rig's sensors, each at its own rate, from a world's snapshots.

    A camera draws over its last picture: encode or copy what you keep before the next look.
    """

    def __init__(
        self,
        rig: Rig,
        stage: Stage,
        *,
        carrier: int,
        streams: Streams,
        weather: Weather | None = None,
    ) -> None:
        self._rig, self._stage, self._carrier = rig, stage, carrier
        self._weather = weather or Weather()
        projection = read_projection(stage.network.document.projection)
        self._keys = {sensor.name: streams.key(sensor.name) for sensor in rig.sensors}
        self._chance = {sensor.name: streams.generator(sensor.name) for sensor in rig.sensors}
        self._imus: dict[str, RunningImu] = {}
        self._receivers: dict[str, RunningGnss] = {}
        self._cameras: dict[str, RunningCamera] = {}
        for sensor in rig.sensors:
            match sensor.unit:
                case Imu() as unit:
                    self._imus[sensor.name] = RunningImu(unit, self._chance[sensor.name])
                case Gnss() as unit:
                    running = RunningGnss(unit, projection, self._chance[sensor.name])
                    self._receivers[sensor.name] = running
                case Camera() as unit:
                    self._cameras[sensor.name] = RunningCamera(unit)
        self._next = dict.fromkeys(self._keys, 0)  # number of each sensor's next reading
        self._before: Motion | None = None
        self._steering: Steering | None = None

    def observe(self, snapshot: Snapshot) -> Observation:
        """Read all sensors that are due.

        Raises:
            RequestError: an actor is of no known kind.
            RunError: the carrier has left the world, or time does not go on.
        """
        motion, acceleration = self._motion(snapshot)
        look = _Look(
            snapshot=snapshot,
            scene=self._stage.scene(snapshot, without=self._carrier),
            carrier=self._carrier,
            motion=motion,
            acceleration=acceleration,
            steered=self._steered(snapshot, motion),
            weather=self._weather,
        )
        readings = [
            self._read(sensor, look) for sensor in self._rig.sensors if self._due(sensor, look)
        ]
        self._before = motion
        return Observation(
            snapshot=snapshot,
            carrier=self._carrier,
            frame=motion.frame,
            scene=look.scene,
            stage=self._stage,
            readings=tuple(readings),
        )

    def _motion(self, snapshot: Snapshot) -> tuple[Motion, Floats]:
        """The carrier's motion, and its acceleration [m/s2]."""
        row = snapshot.row(self._carrier)
        if row is None:
            raise RunError(f"actor {self._carrier}, which carries the sensors, has left the world")
        frame, before = frame_of(snapshot, row), self._before
        turning = np.array([0.0, 0.0, snapshot.yaw_rates[row]])
        if before is not None:
            if snapshot.time <= before.time:
                raise RunError(
                    f"a look at {snapshot.time} s after one at {before.time} s: step the world "
                    "between two looks"
                )
            turning = turning_between(before, frame, snapshot.time)
        velocity = snapshot.velocities[row]
        motion = Motion(time=snapshot.time, frame=frame, velocity=velocity, turning=turning)
        return motion, snapshot.accelerations[row]

    def _steered(self, snapshot: Snapshot, motion: Motion) -> Floats:
        """How the carrier turns, for what the arms of its units feel `(3,)` [rad/s]."""
        if not isinstance(snapshot, LedSnapshot):
            return motion.turning
        if self._before is None or self._steering is None:
            name = snapshot.names[int(np.searchsorted(snapshot.actors, self._carrier))]
            self._steering = Steering(sum(catalogue().find(name).axles))
            return self._steering.follow(motion)
        return self._steering.follow(motion, motion.time - self._before.time)

    def _due(self, sensor: Sensor, look: _Look) -> bool:
        rate = sensor.mount.rate
        return not rate or look.motion.time >= self._next[sensor.name] / rate - _EARLY

    def _read(self, sensor: Sensor, look: _Look) -> Reading:
        """One reading; it has the number of its time, so that a late look leaves one out."""
        rate, motion = sensor.mount.rate, look.motion.carried(sensor.mount.frame)
        number = self._next[sensor.name]
        if rate:
            number = max(int((motion.time + _EARLY) * rate), number)
        self._next[sensor.name] = number + 1
        return Reading(
            sensor=sensor,
            number=number,
            time=motion.time,
            frame=motion.frame,
            content=self._content(sensor, number, look, motion),
        )

    def _content(self, sensor: Sensor, number: int, look: _Look, motion: Motion) -> Content:
        name, scene, snapshot = sensor.name, look.scene, look.snapshot
        match sensor.unit:
            case Lidar() as unit:
                return scan(
                    unit,
                    scene,
                    motion.frame,
                    self._keys[name],
                    number,
                    weather=self._weather,
                    drift=look.drift(motion) if unit.distorted else None,
                )
            case Camera() as unit:
                shade = look.shade if "colour" in unit.sees else None
                camera = self._cameras[name]
                return camera.see(scene, snapshot, motion.frame, self._weather, shade)
            case Radar() as unit:
                chance = self._chance[name]
                return echo(unit, scene, snapshot, motion, chance, weather=self._weather)
            case Gnss():
                return self._receivers[name].read(motion.time, motion.frame.position)
            case Imu():
                return self._imus[name].read(look.felt(motion), look.acceleration_at(motion))
            case ObstacleDetector() as unit:
                return nearest_obstacle(unit, snapshot, motion.frame, without=look.carrier)


@dataclass(frozen=True, kw_only=True)
class _Look:
    """What all sensors need of one instant."""

    snapshot: Snapshot
    scene: Scene
    carrier: int
    motion: Motion  # of the carrier
    acceleration: Floats  # of the carrier (3,) [m/s2]
    steered: Floats  # its turning, without jumps (3,) [rad/s]
    weather: Weather

    @cached_property
    def shade(self) -> Shade:
        """Where shadows fall around the carrier."""
        return shade_of(self.weather, self.scene, self.motion.frame.position)

    def drift(self, mounted: Motion) -> Drift:
        """How what is mounted on the carrier moves, and the actors that it sees."""
        solids, snapshot = self.scene.moving, self.snapshot
        rows = np.searchsorted(snapshot.actors, solids.instances[solids.starts[:-1]])
        return Drift(
            velocity=mounted.velocity,
            turning=mounted.turning,
            velocities=snapshot.velocities[rows],
        )

    def felt(self, mounted: Motion) -> Motion:
        """Of what is mounted on the carrier, at the velocity that its arm has without jumps."""
        arm = mounted.frame.position - self.motion.frame.position
        return replace(mounted, velocity=self.motion.velocity + np.cross(self.steered, arm))

    def acceleration_at(self, mounted: Motion) -> Floats:
        """Of what is mounted on the carrier, while it turns evenly [m/s2]."""
        arm = mounted.frame.position - self.motion.frame.position
        turning = self.motion.turning
        return self.acceleration + np.cross(turning, np.cross(turning, arm))
