"""Maps: where one can drive, as a picture; and the places that nuScenes counts from its corner."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.formats.drives import network_of
from simgen.worlds.road.mesh import Mesh, Surface, road_mesh
from simgen.worlds.road.sensors.pillow import pillow

PIXEL = 0.1  # side of a pixel, which readers take for granted [m]
# Around the roads: the development kit cuts 57 m to each side of a car out of the picture, and goes
# astray at its edge [m].
_MARGIN = 60.0
_MOST_PIXELS = 1_000_000_000  # held in memory, a byte each
_ROAD = 255


@cache
def _mesh(name: str) -> Mesh:
    return road_mesh(network_of(name))


def location(name: str) -> str:
    """What a map is called in tables: its own name, or that of its file."""
    return Path(name).stem


def corner(name: str) -> npt.NDArray[np.float64]:
    """What is taken from our places to get theirs, which are never negative `(3,)` [m]."""
    low = np.floor(_mesh(name).vertices[:, :2].min(axis=0) - _MARGIN)
    return np.array([low[0], low[1], 0.0])


def mask(name: str) -> bytes:
    """The map as a PNG picture: white where one can drive, north up.

    Raises:
        RequestError: it would be too large for readers that want pixels of 0.1 m.
    """
    image_module = pillow()
    from PIL import ImageDraw  # noqa: PLC0415 - of the extra `av`, as `pillow` has made sure

    mesh = _mesh(name)
    origin = corner(name)[:2]
    high = mesh.vertices[:, :2].max(axis=0) + _MARGIN
    width, height = np.ceil((high - origin) / PIXEL).astype(int).tolist()
    if width * height > _MOST_PIXELS:
        raise RequestError(
            f"map {name}: {width:,} x {height:,} pixels of {PIXEL} m are too many: cut the map"
        )
    image = image_module.new("L", (width, height), 0)
    drawing = ImageDraw.Draw(image)
    places = (mesh.vertices[:, :2] - origin) / PIXEL
    places[:, 1] = height - places[:, 1]
    for corners in places[mesh.triangles[mesh.labels == Surface.ROAD]]:
        drawing.polygon(corners.ravel().tolist(), fill=_ROAD)
    file = io.BytesIO()
    image.save(file, format="PNG", compress_level=1)
    return file.getvalue()
