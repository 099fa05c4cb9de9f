"""A rotating laser scanner.

Intensity is Lambert's: reflectance times the cosine of incidence, times exp(-attenuation range).
CARLA's has the last factor alone, though incidence and material matter in real data (arXiv
2404.15774). Losses are CARLA's: a share at random, and a share that falls linearly from that at
zero intensity to none at a limit. All columns of a turn are cast from one place, unless a unit is
`distorted`: then each at its time, while unit and actors go on as fast as when the turn began, the
unit turning about its own axis, actors not.

Fog and rain (`Weather`): light fades by twice the extinction, and drops send some back. In fog
extinction is ln 20 over visibility, and backscatter 0.046 over visibility (Rasshofer, Spies, Spies
2011, Influences of weather phenomena on automotive laser radar systems, Advances in Radio Science
9, 49; as Hahner et al. 2021, arXiv 2108.05249, use them). In rain of R mm/h extinction is
1.076 R^(2/3) dB/km (Carbonneau, Wisely 1998, as quoted for free-space optics), and backscatter is
in the same ratio to it. A pulse is 3 m long (20 ns, as Hahner et al. have). From which power on
drops and things are noticed is assumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import Key, Parameters, RequestError, parameter
from simgen.kernels.arrays import Floats
from simgen.kernels.elementary import exp
from simgen.worlds.road.sensors.kernels.fans import cast_fan
from simgen.worlds.road.sensors.kernels.returns import fill_sweep, report_rays
from simgen.worlds.road.sensors.kernels.sweeping import cast_sweep
from simgen.worlds.road.sensors.poses import Frame
from simgen.worlds.road.sensors.surfaces import Scene
from simgen.worlds.road.sensors.tags import Tag
from simgen.worlds.road.sensors.weather import Weather

_BACKSCATTER = 0.046 / math.log(20.0)  # of extinction; see above [1/sr]
_PULSE = 3.0  # [m]
_FAINT = 4e-4  # as of a hundredth of the light, sent back 5 m away [1/m2]
_DARK = 0.1  # reflectance of what is just seen at `reach`: makers state it for a tenth, or for more

Fan = tuple[tuple[Floats, Floats, Floats], Floats, Floats, npt.NDArray[np.int64]]


@dataclass(frozen=True, kw_only=True)
class Lidar(Parameters):
    """A unit that turns counter-clockwise about its z axis; column 0 looks along x."""

    elevations: tuple[float, ...] = parameter(
        tuple(10.0 - 40.0 * k / 31 for k in range(32)),
        unit="degree",
        minimum=-85.0,
        maximum=85.0,
        doc="of each channel; CARLA's 32 by default",
    )
    azimuth_offsets: tuple[float, ...] = parameter(
        (),
        unit="degree",
        minimum=-90.0,
        maximum=90.0,
        doc="of each channel to the left of its column; empty: none",
    )
    n_columns: int = parameter(1800, minimum=8, maximum=100_000, doc="firings of a turn")
    rotation_rate: float = parameter(10.0, unit="1/s", above=0.0, doc="turns a second")
    reach: float = parameter(100.0, unit="m", above=0.0, maximum=1000.0, doc="longest range")
    nearest: float = parameter(0.5, unit="m", minimum=0.0, doc="shortest range")
    attenuation: float = parameter(
        0.004, unit="1/m", minimum=0.0, doc="of intensity along the range; CARLA's default"
    )
    range_error: float = parameter(
        0.0, unit="m", minimum=0.0, maximum=10.0, doc="standard deviation of a range"
    )
    lost_share: float = parameter(
        0.0, minimum=0.0, maximum=1.0, doc="of all rays, at random; CARLA's default is 0.45"
    )
    weak_lost_share: float = parameter(
        0.4, minimum=0.0, maximum=1.0, doc="of rays without intensity; CARLA's default"
    )
    weak_limit: float = parameter(
        0.1, above=0.0, maximum=1.0, doc="intensity from which none is lost; assumed"
    )
    distorted: bool = parameter(
        False, doc="whether unit and actors move during a turn, which begins at the reading's time"
    )

    def check(self) -> None:
        """Each channel has an elevation, and an offset if any has; ranges are in order."""
        if not 1 <= len(self.elevations) <= 1024:
            raise RequestError(f"a unit has 1 to 1024 channels, not {len(self.elevations)}")
        if self.azimuth_offsets and len(self.azimuth_offsets) != len(self.elevations):
            raise RequestError(
                f"{len(self.azimuth_offsets)} azimuth_offsets for {len(self.elevations)} "
                "elevations: give one a channel, or none"
            )
        if self.nearest >= self.reach:
            raise RequestError(f"nearest = {self.nearest} m must be less than reach")

    @property
    def optics(self) -> tuple[float, ...]:
        """As kernels take them that lose returns."""
        return (
            self.attenuation, self.range_error, self.lost_share, self.weak_lost_share,
            self.weak_limit, self.nearest,
        )  # fmt: skip

    @property
    def offsets(self) -> Floats:
        """Azimuth of each channel beside its column `(c,)` [rad]."""
        return np.deg2rad(self.azimuth_offsets or np.zeros(len(self.elevations)))

    @property
    def column_time(self) -> float:
        """From one column to the next [s]."""
        return 1.0 / (self.rotation_rate * self.n_columns)


@dataclass(frozen=True, kw_only=True)
class Hits:
    """What each ray meets, without loss or error, by channel and column."""

    ranges: Floats  # infinite where nothing is within reach (c, n) [m]
    triangles: npt.NDArray[np.int64]  # of the scene; -1: none (c, n)


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """The returns of one turn, channel by channel."""

    points: npt.NDArray[np.float32]  # in the unit's frame (m, 3) [m]
    intensities: npt.NDArray[np.float32]  # from 0 to 1 (m,)
    channels: npt.NDArray[np.uint16]  # rows of `elevations` (m,)
    times: npt.NDArray[np.float32]  # since the turn began (m,) [s]
    tags: npt.NDArray[np.uint8]  # Tag (m,)
    instances: npt.NDArray[np.int32]  # 0: none (m,)

    @property
    def columns(self) -> tuple[npt.NDArray[Any], ...]:
        """As the kernels take them."""
        return (
            self.points, self.intensities, self.channels, self.times, self.tags, self.instances
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Drift:
    """How a unit and what it sees move during a turn."""

    velocity: Floats  # of the unit (3,) [m/s]
    turning: Floats  # of the unit (3,) [rad/s]
    velocities: Floats  # of each group of the scene's `moving` (k, 3) [m/s]


@lru_cache(maxsize=16)
def directions(lidar: Lidar) -> Floats:
    """Unit vectors of all rays in the unit's frame `(n_channels, n_columns, 3)`, read only."""
    elevations = np.deg2rad(lidar.elevations)[:, None]
    columns = 2.0 * np.pi * np.arange(lidar.n_columns) / lidar.n_columns
    azimuths = columns + lidar.offsets[:, None]
    level = np.cos(elevations)
    up = np.broadcast_to(np.sin(elevations), azimuths.shape)
    rays = np.stack([level * np.cos(azimuths), level * np.sin(azimuths), up], axis=2)
    rays.setflags(write=False)
    return rays


def cast(lidar: Lidar, scene: Scene, pose: Frame) -> Hits:
    """What the rays of one turn meet first."""
    nearness, triangles = _cast(lidar, scene, pose)
    return Hits(ranges=np.where(triangles < 0, np.inf, 1.0 / nearness), triangles=triangles)


def scan(
    lidar: Lidar,
    scene: Scene,
    pose: Frame,
    key: Key,
    turn: int,
    *,
    weather: Weather | None = None,
    drift: Drift | None = None,
) -> Sweep:
    """One turn.

    Args:
        lidar: the unit.
        scene: all that it may see.
        pose: of the unit in the world, when the turn begins.
        key: of this unit's stream; a ray's chance has (key, turn, ray) for its address. (2,)
        turn: which turn it is.
        weather: fog and rain; None: clear air.
        drift: how unit and scene move; None: they stand still for the turn.
    """
    hits = _cast(lidar, scene, pose) if drift is None else _cast_drifting(lidar, scene, pose, drift)
    rays, values = np.empty(hits[0].size, np.int64), np.empty((hits[0].size, 3))
    worlds = tuple((w.corners, w.normals, w.reflectances) for w in (scene.still, scene.moving))
    place = (pose.position, *_velocities(scene, drift), lidar.column_time)
    air = _air(lidar, weather)
    count = report_rays(worlds, place, hits, lidar.optics, air, key, turn, (rays, values))
    return _sweep(lidar, scene, hits[1], (rays[:count], values[:count]))


def _sweep(
    lidar: Lidar,
    scene: Scene,
    triangles: npt.NDArray[np.int64],
    returns: tuple[npt.NDArray[np.int64], Floats],
) -> Sweep:
    """Points with their labels, from what `report_rays` left."""
    n_points = len(returns[0])
    sweep = Sweep(
        points=np.empty((n_points, 3), np.float32),
        intensities=np.empty(n_points, np.float32),
        channels=np.empty(n_points, np.uint16),
        times=np.empty(n_points, np.float32),
        tags=np.empty(n_points, np.uint8),
        instances=np.empty(n_points, np.int32),
    )
    labels = (scene.tags, scene.instances, int(Tag.NONE))
    fill_sweep(directions(lidar), returns, triangles, labels, lidar.column_time, sweep.columns)
    return sweep


def _velocities(scene: Scene, drift: Drift | None) -> tuple[Floats, Floats]:
    """Of the unit, and of all triangles that move, (0, 3) without drift [m/s]."""
    if drift is None:
        return np.zeros(3), np.zeros((0, 3))
    return drift.velocity, np.repeat(drift.velocities, np.diff(scene.moving.starts), axis=0)


def _air(lidar: Lidar, weather: Weather | None) -> tuple[float, float, float, float]:
    """As `report_rays` takes it."""
    thick = 0.0 if weather is None else weather.laser_extinction
    if thick == 0.0:
        return 0.0, 0.0, 0.0, 0.0
    first = max(1.0, lidar.nearest)
    scattered = math.pi * _BACKSCATTER * thick * (1.0 / first - 1.0 / (first + _PULSE))
    soft = float(scattered * exp(-2.0 * thick * first))
    return thick, soft, _FAINT, _DARK / lidar.reach**2


def _cast(lidar: Lidar, scene: Scene, pose: Frame) -> tuple[Floats, npt.NDArray[np.int64]]:
    """One over the range of each ray [1/m], and the triangle it meets, -1 for none."""
    shape = (len(lidar.elevations), lidar.n_columns)
    nearness, numbers = np.full(shape, 1.0 / lidar.reach), np.full(shape, -1, np.int64)
    first, out = 0, (nearness, numbers)
    for world in (scene.still, scene.moving):
        cast_fan(world.arrays, (pose.position, pose.axes), lidar.reach, _fan(lidar), first, out)
        first += len(world.corners)
    return nearness, numbers


@lru_cache(maxsize=16)
def _fan(lidar: Lidar) -> Fan:
    """As `cast_fan` wants it."""
    elevations = np.deg2rad(lidar.elevations)
    order = np.argsort(elevations, kind="stable")
    rays = directions(lidar)
    across, along = (np.ascontiguousarray(rays[..., k]) for k in (0, 1))
    return (across, along, np.sin(elevations)), np.tan(elevations)[order], lidar.offsets, order


def _cast_drifting(
    lidar: Lidar, scene: Scene, pose: Frame, drift: Drift
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """The same, each column at its time."""
    shape = (len(lidar.elevations), lidar.n_columns)
    nearness, numbers = np.full(shape, 1.0 / lidar.reach), np.full(shape, -1, np.int64)
    (across, along, up), slopes, offsets, order = _fan(lidar)
    times = np.arange(lidar.n_columns) * lidar.column_time
    rate = float(drift.turning @ pose.axes[:, 2])
    cosine, sine = np.cos(rate * times), np.sin(rate * times)
    rays = (across * cosine - along * sine, across * sine + along * cosine, up, times)
    step = 2.0 * math.pi / lidar.n_columns + rate * lidar.column_time
    first, out, frame = 0, (nearness, numbers), (pose.position, pose.axes)
    still = np.zeros((len(scene.still.spheres), 3))
    for world, velocities in ((scene.still, still), (scene.moving, drift.velocities)):
        ways = (drift.velocity - velocities) @ pose.axes
        fan = (rays, slopes, offsets, order, step)
        cast_sweep(world.arrays, frame, lidar.reach, ways, fan, first, out)
        first += len(world.corners)
    return nearness, numbers
