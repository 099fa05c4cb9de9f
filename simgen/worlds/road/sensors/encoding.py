"""Readings as the bytes of files: NumPy arrays, and pictures by Pillow."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.worlds.road.sensors.camera import Camera, View
from simgen.worlds.road.sensors.gnss import Fix
from simgen.worlds.road.sensors.imu import Inertial
from simgen.worlds.road.sensors.kernels.returns import pack_points
from simgen.worlds.road.sensors.lidar import Sweep
from simgen.worlds.road.sensors.observing import Reading
from simgen.worlds.road.sensors.obstacles import Obstacle
from simgen.worlds.road.sensors.pillow import pillow
from simgen.worlds.road.sensors.radar import Detections
from simgen.worlds.road.sensors.skins import appearance
from simgen.worlds.road.sensors.tags import Tag

_RUNS = 3  # zlib's Z_RLE, for pictures of few values: two thirds of the time, a third of the bytes
_QUALITY = 95  # of JPEG: noise below what a camera's own would be; assumed

POINT = np.dtype(
    [
        ("x", "<f4"),  # forward, left and up from the unit [m]
        ("y", "<f4"),
        ("z", "<f4"),
        ("intensity", "<f4"),  # 0 to 1
        ("time", "<f4"),  # since the turn began [s]
        ("channel", "<u2"),
        ("tag", "u1"),
        ("instance", "<i4"),  # the actor's number; 0: none
    ]
)
DETECTION = np.dtype(
    [
        ("range", "<f4"),  # [m]
        ("azimuth", "<f4"),  # to the left [rad]
        ("elevation", "<f4"),  # upward [rad]
        ("velocity", "<f4"),  # along the ray, positive: away [m/s]
        ("tag", "u1"),
        ("instance", "<i4"),
    ]
)
FIX = np.dtype([("latitude", "<f8"), ("longitude", "<f8"), ("height", "<f8")])  # [deg, deg, m]
INERTIAL = np.dtype([("specific_force", "<f8", 3), ("angular_rate", "<f8", 3)])  # [m/s2, rad/s]
OBSTACLE = np.dtype([("actor", "<i8"), ("distance", "<f8")])  # [m]


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """The content of one file."""

    part: str  # what of the reading it holds: points, colour, depth, ...
    suffix: str  # npy, jpg or png
    content: bytes


def encode(reading: Reading) -> Iterator[Encoded]:
    """The files of a reading: one, and for a camera one for each thing that it `sees`.

    `np.load` reads .npy files; their fields are those of `POINT` and the like. Tags are a picture
    of tags' numbers with a palette; instances are grey, of 8 bits or 16 as they need. Depth and
    flow are 32-bit floats, normals 16-bit.

    Raises:
        RequestError: Pillow is missing, or a number does not fit into its picture.
    """
    content = reading.content
    if isinstance(content, View):
        assert isinstance(reading.sensor.unit, Camera)
        yield from _pictures(content, reading.sensor.unit.sees)
        return
    part, rows = _rows(content)
    yield Encoded(part=part, suffix="npy", content=_saved(rows))


def _rows(
    content: Sweep | Detections | Fix | Inertial | Obstacle,
) -> tuple[str, npt.NDArray[np.void]]:
    match content:
        case Sweep():
            return "points", _sweep(content)
        case Detections():
            rows = np.empty(len(content.ranges), DETECTION)
            rows["range"], rows["azimuth"] = content.ranges, content.azimuths
            rows["elevation"], rows["velocity"] = content.elevations, content.velocities
            rows["tag"], rows["instance"] = content.tags, content.instances
            return "detections", rows
        case Fix():
            return "fix", np.array((content.latitude, content.longitude, content.height), FIX)
        case Inertial():
            return "motion", np.array((content.specific_force, content.angular_rate), INERTIAL)
        case Obstacle():
            return "obstacle", np.array((content.actor, content.distance), OBSTACLE)


def _sweep(sweep: Sweep) -> npt.NDArray[np.void]:
    rows = np.empty(len(sweep.points), POINT)
    pack_points(sweep.columns, rows)
    return rows


def sweep_of(content: bytes) -> Sweep:
    """A turn from the bytes of its file."""
    rows = np.load(io.BytesIO(content), allow_pickle=False)
    return Sweep(
        points=np.stack([rows[name] for name in "xyz"], axis=1),
        intensities=rows["intensity"],
        channels=rows["channel"],
        times=rows["time"],
        tags=rows["tag"],
        instances=rows["instance"],
    )


def image_of(content: bytes) -> npt.NDArray[np.uint8]:
    """A picture from the bytes of its file: (h, w, 3), or (h, w) for tags and instances."""
    return np.asarray(pillow().open(io.BytesIO(content)))


def _pictures(view: View, parts: tuple[str, ...]) -> Iterator[Encoded]:
    for part in parts:
        match part:
            case "colour":
                yield Encoded(part=part, suffix="jpg", content=_jpeg(view.colour))
            case "tags":
                yield Encoded(part=part, suffix="png", content=_png(view.tags, palette=True))
            case "instances":
                yield Encoded(part=part, suffix="png", content=_png(_small(view.instances)))
            case "depth":
                yield _array(part, view.depth, np.float32)
            case "normals":
                yield _array(part, view.normals, np.float16)
            case "flow":
                yield _array(part, view.flow, np.float32)


def _array(part: str, values: npt.NDArray[np.float32] | None, kind: type) -> Encoded:
    assert values is not None
    return Encoded(part=part, suffix="npy", content=_saved(values.astype(kind)))


def _saved(values: npt.NDArray[np.generic]) -> bytes:
    """As `np.save` writes it, but copied once, not three times: sweeps are large."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(values))
    return b"".join((file.getvalue(), np.ascontiguousarray(values).data))


def _small(numbers: npt.NDArray[np.int32]) -> npt.NDArray[np.uint8 | np.uint16]:
    """In 8 bits if they fit: written in half the time; in 16 otherwise."""
    most = int(numbers.max(initial=0))
    if most > np.iinfo(np.uint16).max:
        raise RequestError(
            f"actor {most}: a picture of instances holds numbers up to 65,535; open the world "
            "anew, or leave `instances` out of `sees`"
        )
    return numbers.astype(np.uint8 if most <= np.iinfo(np.uint8).max else np.uint16)


def _jpeg(colour: npt.NDArray[np.uint8] | None) -> bytes:
    assert colour is not None
    file = io.BytesIO()
    pillow().fromarray(colour).save(file, format="JPEG", quality=_QUALITY)
    return file.getvalue()


def _png(numbers: npt.NDArray[np.uint8 | np.uint16], *, palette: bool = False) -> bytes:
    image, file = pillow().fromarray(numbers), io.BytesIO()
    if palette:
        image.putpalette(tag_palette().ravel().tolist())
    image.save(file, format="PNG", compress_level=1, compress_type=_RUNS)
    return file.getvalue()


@cache
def tag_palette() -> npt.NDArray[np.uint8]:
    """The colour of each tag `(n_tags, 3)`, for pictures."""
    colours = appearance()["palette"]
    named = [colours.get(tag.name.lower(), colours["others"]) for tag in Tag]
    return np.array([list(bytes.fromhex(colour[1:])) for colour in named], np.uint8)
