"""From what CARLA's sensors send to what a rig's sensors report."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.core import Key, RunError
from simgen.kernels.arrays import Integers
from simgen.worlds.carla.client.fitting import COLOUR, LABELS, CameraFitting, ScannerFitting
from simgen.worlds.carla.client.kernels.returns import keep_returns
from simgen.worlds.carla.client.pipe import Array
from simgen.worlds.carla.frames import MIRROR
from simgen.worlds.carla.protocol.packets import (
    DEPTH_RANGE,
    MOST_DEPTH_CODE,
    N_PICTURED_IDS,
    SEMANTIC_POINT,
)
from simgen.worlds.road.sensors import Lidar, Sweep, View
from simgen.worlds.road.sensors.camera import blank
from simgen.worlds.road.sensors.tags import Tag, reflectances

Heard = Mapping[str, Mapping[str, Array]]

# Only of road users does a number tell an actor; CARLA numbers things of the map, too.
_ACTORS = np.zeros(256, np.bool_)
_ACTORS[[
    Tag.PEDESTRIAN, Tag.RIDER, Tag.CAR, Tag.TRUCK, Tag.BUS, Tag.TRAIN, Tag.MOTORCYCLE,
    Tag.BICYCLE,
]] = True  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who is who: the server's ids, ascending, and the run's numbers `(n,)`."""

    ids: Integers
    numbers: Integers

    @staticmethod
    def of(numbers: Mapping[int, int]) -> Cast:
        """From numbers by id.

        Raises:
            RunError: two actors would be one in pictures.
        """
        ids = np.array(sorted(numbers), np.int64)
        if len(np.unique(ids % N_PICTURED_IDS)) < len(ids):
            raise RunError(
                "two actors have the same id in CARLA's pictures, which hold 16 bits of it: start "
                "the server anew"
            )
        return Cast(ids=ids, numbers=np.array([numbers[int(k)] for k in ids], np.int64))

    def find(self, ids: Integers, tags: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
        """The run's numbers; 0 where there is no actor of ours."""
        rows = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        there = (self.ids[rows] == ids) & _ACTORS[tags]
        return np.where(there, self.numbers[rows], 0).astype(np.int32)

    def in_pictures(self) -> npt.NDArray[np.int32]:
        """The run's numbers by a pixel's first two bytes, 0 where there is no actor `(65536,)`.

        Blue is the upper byte of an id and comes first, green the lower one.
        """
        short = self.ids % N_PICTURED_IDS
        found = np.zeros(N_PICTURED_IDS, np.int32)
        found[(short & 0xFF) << 8 | short >> 8] = self.numbers
        return found


def view_of(fitting: CameraFitting, heard: Heard, cast: Cast) -> View:
    """A picture, with what the camera `sees` alone."""
    camera, (left, top) = fitting.camera, fitting.corner
    view = blank(camera)
    view.depth.fill(np.inf)
    view.tags.fill(Tag.NONE)
    view.instances.fill(0)
    for part in fitting.parts:
        pixels = heard[part.name]["pixels"]
        pixels = pixels[top : top + camera.height, left : left + camera.width]
        if part.blueprint == COLOUR:
            assert view.colour is not None
            view.colour[...] = pixels[..., 2::-1]
        elif part.blueprint == LABELS:
            view.tags[...] = pixels[..., 2]
            numbers = cast.in_pictures()[pixels.view("<u2")[..., 0]]
            np.multiply(numbers, _ACTORS[view.tags], out=view.instances)
        else:
            code = pixels.view(">u4")[..., 0] >> 8  # blue first, red last
            view.depth[...] = code * (DEPTH_RANGE / MOST_DEPTH_CODE)
            view.depth[code == MOST_DEPTH_CODE] = np.inf
    return view


def sweep_of(
    fitting: ScannerFitting, heard: Heard, cast: Cast, *, carrier: int, key: Key, turn: int
) -> Sweep:
    """A turn, with losses and errors drawn here; without points on the carrier.

    Args:
        fitting: of the scanner.
        heard: what its parts reported.
        cast: who is who.
        carrier: the run's number of who carries it.
        key: of this scanner's stream; a ray's chance has (key, turn, ray) for its address. (2,)
        turn: which turn it is.
    """
    lidar = fitting.lidar
    found, channels = _points(fitting, heard)
    # The unit is mounted the other way round: see `fitting`.
    places = found["place"].astype(np.float64) * MIRROR * [-1.0, -1.0, 1.0]
    tags = np.minimum(found["tag"], len(Tag) - 1).astype(np.uint8)
    numbers = cast.find(found["object"].astype(np.int64), tags)
    rays = channels * lidar.n_columns + _columns(fitting, places, channels)
    order = np.argsort(rays, kind="stable")
    order = order[numbers[order] != carrier]
    distances = np.linalg.norm(places, axis=1)
    about = np.stack([distances, found["cosine"], reflectances()[tags]], axis=1)
    kept, values = _kept(lidar, (rays[order], about[order]), key, turn)
    rows = order[kept]
    stretch = (values[:, 0] / distances[rows])[:, None]
    return Sweep(
        points=(places[rows] * stretch).astype(np.float32),
        intensities=values[:, 1].astype(np.float32),
        channels=channels[rows].astype(np.uint16),
        times=(rays[rows] % lidar.n_columns * lidar.column_time).astype(np.float32),
        tags=tags[rows],
        instances=numbers[rows],
    )


def _kept(
    lidar: Lidar, met: tuple[Integers, npt.NDArray[np.float64]], key: Key, turn: int
) -> tuple[Integers, npt.NDArray[np.float64]]:
    """Which rows of `met` come back `(m,)`, and range [m] and intensity of each `(m, 2)`."""
    n = len(met[0])
    rows, values = np.empty(n, np.int64), np.empty((n, 2))
    count = keep_returns(met, lidar.optics, key, turn, (rows, values))
    return rows[:count], values[:count]


def _points(fitting: ScannerFitting, heard: Heard) -> tuple[npt.NDArray[np.void], Integers]:
    """All points, and the channel of each."""
    points, channels = [], []
    for part, run in zip(fitting.parts, fitting.channels, strict=True):
        told = heard[part.name]
        points.append(told["points"].view(SEMANTIC_POINT))
        channels.append(np.repeat(run, told["counts"]))
    return np.concatenate(points), np.concatenate(channels)


def _columns(
    fitting: ScannerFitting, places: npt.NDArray[np.float64], channels: Integers
) -> Integers:
    """The firing of each point, by its direction."""
    lidar = fitting.lidar
    azimuths = np.arctan2(places[:, 1], places[:, 0]) - lidar.offsets[channels]
    firing = np.rint(azimuths * (lidar.n_columns / (2.0 * math.pi))).astype(np.int64)
    return firing % lidar.n_columns
