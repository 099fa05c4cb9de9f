"""A radar: range, direction and radial velocity of what single rays meet.

A ray is detected with the probability of a Swerling 1 target, false_alarm^(1 / (1 + ratio)), where
the ratio of signal to noise falls with the fourth power of range (Richards 2014, Fundamentals of
Radar Signal Processing, 2nd edition, sections 2.2 and 6.3). In rain it falls by twice the
extinction, too (`Weather`); what drops send back, and fog, are left out. Neither side lobes,
reflections by way of the ground, false alarms nor the joining of rays into targets is simulated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from simgen.core import Parameters, asset, parameter
from simgen.kernels.arrays import Floats
from simgen.worlds.base import Snapshot
from simgen.worlds.road.sensors.camera import Camera, look
from simgen.worlds.road.sensors.motion import Motion
from simgen.worlds.road.sensors.surfaces import Scene
from simgen.worlds.road.sensors.tags import Tag
from simgen.worlds.road.sensors.weather import Weather

_CELL = 0.25  # angle between neighbouring rays in the middle of the view; assumed [degree]


@dataclass(frozen=True, kw_only=True)
class Radar(Parameters):
    """A unit that looks along its x axis. Views, reach and rays are CARLA's defaults at 20 Hz."""

    view_across: float = parameter(
        30.0, unit="degree", minimum=1.0, maximum=150.0, doc="angle of view to both sides together"
    )
    view_up: float = parameter(
        30.0, unit="degree", minimum=1.0, maximum=150.0, doc="angle of view up and down together"
    )
    reach: float = parameter(100.0, unit="m", above=0.5, maximum=1000.0, doc="longest range")
    n_rays: int = parameter(75, minimum=1, maximum=1_000_000, doc="of a reading, at random places")
    even_range: float = parameter(
        150.0, unit="m", above=0.0, doc="where a car's signal is as strong as noise; assumed"
    )
    false_alarm: float = parameter(
        1e-4, above=0.0, below=1.0, doc="probability that sets the threshold; assumed"
    )
    range_error: float = parameter(
        0.15, unit="m", minimum=0.0, doc="standard deviation of a range; assumed"
    )
    velocity_error: float = parameter(
        0.1, unit="m/s", minimum=0.0, doc="standard deviation of a velocity; assumed"
    )
    azimuth_error: float = parameter(
        0.3, unit="degree", minimum=0.0, doc="standard deviation to the side; assumed"
    )
    elevation_error: float = parameter(
        0.5, unit="degree", minimum=0.0, doc="standard deviation upward; assumed"
    )


@dataclass(frozen=True, kw_only=True)
class Detections:
    """What a radar reports, ray by ray, and what is true of it."""

    ranges: Floats  # (n,) [m]
    azimuths: Floats  # to the left (n,) [rad]
    elevations: Floats  # upward (n,) [rad]
    velocities: Floats  # along the ray, relative; positive: away (n,) [m/s]
    tags: npt.NDArray[np.uint8]  # Tag (n,)
    instances: npt.NDArray[np.int32]  # 0: none (n,)


def echo(
    radar: Radar,
    scene: Scene,
    snapshot: Snapshot,
    motion: Motion,
    chance: np.random.Generator,
    *,
    weather: Weather | None = None,
) -> Detections:
    """One reading.

    Args:
        radar: the unit.
        scene: all that it may see.
        snapshot: of the same instant, for velocities.
        motion: of the unit.
        chance: its stream.
        weather: rain; None: dry air.
    """
    camera = _grid(radar)
    view = look(camera, scene, motion.frame.optical())
    # Equal angles are about equal in likelihood: pixels lie a little closer toward the edge.
    column, row = (chance.random((2, radar.n_rays)).T * (camera.width, camera.height)).T.astype(int)
    right = (column + 0.5 - camera.centre_x) / camera.focal_x
    down = (row + 0.5 - camera.centre_y) / camera.focal_y
    local = np.stack([np.ones_like(right), -right, -down], axis=1)
    lengths = np.linalg.norm(local, axis=1)
    ranges = view.depth[row, column] * lengths
    ways = local / lengths[:, None] @ motion.frame.axes.T
    ratio = _strengths()[view.tags[row, column]] * _fading(radar, ranges, weather)
    found = chance.random(radar.n_rays) < radar.false_alarm ** (1.0 / (1.0 + ratio))
    found &= ranges <= radar.reach
    errors = chance.standard_normal((4, radar.n_rays))
    kept = np.flatnonzero(found)
    ranges, ways, errors = ranges[kept], ways[kept], errors[:, kept]
    instances = view.instances[row, column][kept]
    points = motion.frame.position + ranges[:, None] * ways
    relative = _velocities(snapshot, instances, points) - motion.velocity
    return Detections(
        ranges=np.maximum(ranges + radar.range_error * errors[0], 0.0),
        azimuths=np.arctan2(local[kept, 1], local[kept, 0])
        + math.radians(radar.azimuth_error) * errors[1],
        elevations=np.arcsin(local[kept, 2] / lengths[kept])
        + math.radians(radar.elevation_error) * errors[2],
        velocities=np.einsum("ni,ni->n", relative, ways) + radar.velocity_error * errors[3],
        tags=view.tags[row, column][kept],
        instances=instances,
    )


def _fading(radar: Radar, ranges: Floats, weather: Weather | None) -> Floats:
    """A car's signal over noise at these ranges `(n,)` [m]; 0 where there is nothing."""
    clear = (radar.even_range / ranges) ** 4
    rain = 0.0 if weather is None else weather.radar_extinction
    return clear if rain == 0.0 else clear * np.exp(-2.0 * rain * ranges)


def _velocities(snapshot: Snapshot, instances: npt.NDArray[np.int32], points: Floats) -> Floats:
    """Of points `(n, 3)` [m] on actors; 0 for what has no instance [m/s]."""
    if not len(snapshot.actors):
        return np.zeros_like(points)
    rows = np.searchsorted(snapshot.actors, instances) % len(snapshot.actors)
    arm = points - snapshot.positions[rows]
    rate = snapshot.yaw_rates[rows]
    around = np.stack([-rate * arm[:, 1], rate * arm[:, 0], 0.0 * rate], axis=1)
    return np.where(instances[:, None] > 0, snapshot.velocities[rows] + around, 0.0)


@lru_cache(maxsize=16)
def _grid(radar: Radar) -> Camera:
    """The rays that there are, as a camera's pixels."""
    focal = 1.0 / math.tan(math.radians(_CELL))
    width, height = (
        max(round(2.0 * focal * math.tan(math.radians(angle) / 2.0)), 1)
        for angle in (radar.view_across, radar.view_up)
    )
    return Camera(
        width=width,
        height=height,
        focal_x=0.5 * width / math.tan(math.radians(radar.view_across) / 2.0),
        focal_y=0.5 * height / math.tan(math.radians(radar.view_up) / 2.0),
        centre_x=0.5 * width,
        centre_y=0.5 * height,
        far=radar.reach,
    )


@cache
def _strengths() -> Floats:
    """How strongly each tag answers, relative to a car `(n_tags,)`."""
    content = asset("driving/sensors/echoes")
    by_tag = np.full(len(Tag), float(content["others"]))
    for name, value in content["echoes"].items():
        by_tag[Tag[name.upper()]] = value
    by_tag[Tag.SKY] = 0.0
    return by_tag
