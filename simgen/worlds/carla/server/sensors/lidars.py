"""Lidars: a part of a turn each frame, clockwise from above as CARLA's."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError, Streams, parameter
from simgen.worlds.carla.frames import MIRROR
from simgen.worlds.carla.protocol import packets
from simgen.worlds.carla.server.sensors.base import Attributes, Moment, Sensor, TimedAttributes
from simgen.worlds.road.sensors import Frame, Lidar, Sweep, scan
from simgen.worlds.road.sensors.tags import reflectances

_NEAREST = 0.05  # what is nearer is not seen; assumed [m]
_MOST_RAYS = 4_000_000  # of a turn


@dataclass(frozen=True, kw_only=True)
class LidarAttributes(TimedAttributes):
    """A lidar."""

    channels: int = parameter(32, minimum=1, maximum=512, doc="lasers")
    range: float = parameter(10.0, unit="m", above=0.06, maximum=1000.0, doc="reach")
    points_per_second: int = parameter(
        56_000, minimum=1, maximum=40_000_000, doc="of all lasers together"
    )
    rotation_frequency: float = parameter(
        10.0, unit="1/s", above=0.0, maximum=1000.0, doc="turns a second"
    )
    upper_fov: float = parameter(
        10.0, unit="degree", minimum=-85.0, maximum=85.0, doc="of the highest laser"
    )
    lower_fov: float = parameter(
        -30.0, unit="degree", minimum=-85.0, maximum=85.0, doc="of the lowest laser"
    )
    horizontal_fov: float = parameter(
        360.0, unit="degree", above=0.0, maximum=360.0, doc="what is scanned of a turn"
    )

    def check(self) -> None:
        """Lasers are in order."""
        if self.lower_fov > self.upper_fov:
            raise RequestError(
                f"lower_fov = {self.lower_fov:g}: must be at most upper_fov = {self.upper_fov:g}"
            )


@dataclass(frozen=True, kw_only=True)
class RayCastAttributes(LidarAttributes):
    """A lidar that measures intensity and loses points."""

    atmosphere_attenuation_rate: float = parameter(
        0.004, unit="1/m", minimum=0.0, maximum=100.0, doc="of intensity along the range"
    )
    dropoff_general_rate: float = parameter(
        0.45, minimum=0.0, maximum=1.0, doc="share of points lost at random"
    )
    dropoff_intensity_limit: float = parameter(
        0.8, above=0.0, maximum=1.0, doc="above it no more are lost"
    )
    dropoff_zero_intensity: float = parameter(
        0.4, minimum=0.0, maximum=1.0, doc="share lost at no intensity"
    )
    noise_stddev: float = parameter(0.0, unit="m", minimum=0.0, maximum=10.0, doc="of a range")


class LidarSensor(Sensor):
    """Scans on from where the frame before ended."""

    about: LidarAttributes

    def __init__(self, attributes: Attributes, streams: Streams) -> None:
        super().__init__(attributes, streams)
        self._field = math.radians(self.about.horizontal_fov)
        self._scanned = 0.0  # of the field, from its left edge [rad]
        self._key = self.streams.key("returns")
        self._last: Lidar | None = None

    def _optics(self) -> dict[str, Any]:
        """What a Lidar has beside its rays."""
        return {"attenuation": 0.0, "weak_lost_share": 0.0}

    def _scan(self, moment: Moment) -> tuple[Sweep, npt.NDArray[np.bool_]]:
        """A whole turn, and which of its returns are of this frame."""
        about, turn = self.about, 2.0 * math.pi
        part = min(about.rotation_frequency * moment.step, 1.0) * self._field
        n_rays = max(int(about.points_per_second * moment.step / about.channels), 1)
        n_columns = min(max(round(n_rays * turn / part), 8), _MOST_RAYS // about.channels)
        # The first column is the first ray of this frame.
        start = Frame.turned(np.zeros(3), yaw=0.5 * self._field - self._scanned)
        place = moment.place.carry(start)
        sweep = scan(self._unit(n_columns), moment.scene, place, self._key, moment.frame)
        # The world's units turn to the left, CARLA's to the right.
        fired = -np.rint(sweep.times * n_columns).astype(np.int64) % n_columns
        ray = turn / n_columns
        angle = (self._scanned + (fired + 0.5) * ray) % turn
        chosen = (angle < self._field) & ((angle - self._scanned) % self._field < part)
        self._scanned = (self._scanned + part) % self._field
        points = sweep.points @ start.axes.T.astype(np.float32)
        return replace(sweep, points=points), chosen

    def _unit(self, n_columns: int) -> Lidar:
        # Checking it anew in each frame would take a fifth of a scan.
        if self._last is None or self._last.n_columns != n_columns:
            self._last = self._make_unit(n_columns)
        return self._last

    def _make_unit(self, n_columns: int) -> Lidar:
        about = self.about
        # CARLA's first channel is the highest.
        lasers = np.linspace(about.upper_fov, about.lower_fov, about.channels)
        return Lidar(
            elevations=tuple(float(angle) for angle in lasers),
            n_columns=n_columns,
            rotation_rate=1.0,  # so that times are shares of a turn
            reach=about.range,
            nearest=_NEAREST,
            **self._optics(),
        )

    def _body(self, channels: npt.NDArray[np.uint16], points: npt.NDArray[np.void]) -> bytes:
        counts = np.bincount(channels, minlength=self.about.channels).astype(np.uint32)
        return packets.sweep(self._scanned - 0.5 * self._field, counts, points)


class RayCastLidar(LidarSensor):
    """Points and intensities."""

    attributes: ClassVar[type[Attributes]] = RayCastAttributes
    differs = (
        "intensity falls with incidence and the surface's reflectance too; the carrier is not seen"
    )
    about: RayCastAttributes

    def _optics(self) -> dict[str, Any]:
        about = self.about
        return {
            "attenuation": about.atmosphere_attenuation_rate,
            "range_error": about.noise_stddev,
            "lost_share": about.dropoff_general_rate,
            "weak_lost_share": about.dropoff_zero_intensity,
            "weak_limit": about.dropoff_intensity_limit,
        }

    def measure(self, moment: Moment) -> list[bytes]:
        """One part of a turn."""
        sweep, chosen = self._scan(moment)
        points = np.empty(int(chosen.sum()), packets.LIDAR_POINT)
        points["place"] = sweep.points[chosen] * MIRROR
        points["intensity"] = sweep.intensities[chosen]
        return [self._body(sweep.channels[chosen], points)]


class SemanticLidar(LidarSensor):
    """Points, cosines of incidence, tags and actors; nothing is lost."""

    attributes: ClassVar[type[Attributes]] = LidarAttributes
    differs = "things of the map have id 0; the carrier is not seen"

    def measure(self, moment: Moment) -> list[bytes]:
        """One part of a turn."""
        sweep, chosen = self._scan(moment)
        points = np.empty(int(chosen.sum()), packets.SEMANTIC_POINT)
        tags = sweep.tags[chosen]
        points["place"] = sweep.points[chosen] * MIRROR
        # Without attenuation, intensity is reflectance times that cosine.
        points["cosine"] = sweep.intensities[chosen] / reflectances()[tags]
        points["object"] = moment.ids[sweep.instances[chosen]]
        points["tag"] = tags
        return [self._body(sweep.channels[chosen], points)]
