"""Where people may walk, as the client's own navigation reads it: one tile of Detour's.

The client runs Detour (recastnavigation, zlib licence; `DetourNavMesh.h`, version 7 of tiles) on a
file that it asks the server for: CARLA's header `MSET`, then tiles. Ours is one tile without
bounding volumes, so each query looks at all polygons. Detour's y points up and its z is CARLA's y.
"""

from __future__ import annotations

import struct
from enum import IntEnum

import numpy as np
import numpy.typing as npt

MOST_POLYGONS = 0x7FFE  # neighbours are counted from 1 in 15 bits
MOST_VERTICES = 0xFFFE
MOST_CORNERS = 6  # of a polygon: DT_VERTS_PER_POLYGON

_SET_MAGIC, _SET_VERSION = int.from_bytes(b"MSET"), 1
_TILE_MAGIC, _TILE_VERSION = int.from_bytes(b"DNAV"), 7
# Magic, version, number of tiles; origin, width, depth, most tiles, most polygons.
_SET_HEAD = struct.Struct("<iii3fffii")
_TILE_HEAD = struct.Struct("<Ii")  # reference, size
_MESH_HEAD = struct.Struct("<5iI9i3f3f3ff")
_LINK_SIZE = 12  # of what the client fills in itself [byte]
# Of CARLA's walkers; the third is what they step over, assumed [m].
_HEIGHT, _RADIUS, _CLIMB = 1.8, 0.3, 0.5

_POLYGON = np.dtype(
    [
        ("first_link", "<u4"),
        ("corners", "<u2", MOST_CORNERS),
        ("neighbours", "<u2", MOST_CORNERS),  # over the edge from each corner, from 1; 0: none
        ("flags", "<u2"),
        ("n_corners", "u1"),
        ("area", "u1"),
    ]
)
_DETAIL = np.dtype(
    [
        ("vertex", "<u4"),
        ("triangle", "<u4"),
        ("n_vertices", "u1"),
        ("n_triangles", "u1"),
        ("pad", "V2"),
    ]
)
# Triangles of a polygon with 3 or 4 corners; the last byte marks edges that are the polygon's.
_FANS = {3: bytes([0, 1, 2, 0x15]), 4: bytes([0, 1, 2, 0x05, 0, 2, 3, 0x14])}


class Area(IntEnum):
    """What a polygon is to people on foot: `NavAreas` of CARLA's client."""

    SIDEWALK = 1
    CROSSWALK = 2
    ROAD = 3


def pack_mesh(
    vertices: npt.NDArray[np.float64],
    polygons: list[tuple[int, ...]],
    areas: npt.NDArray[np.uint8],
) -> bytes:
    """The file of a net.

    Args:
        vertices: in CARLA's frame. (n, 3) [m]
        polygons: rows of 3 or 4 of them each, counter-clockwise seen from above; convex.
        areas: Area of each polygon. (m,)
    """
    places = vertices[:, [0, 2, 1]].astype("<f4")
    low, high = places.min(axis=0), places.max(axis=0)
    records = _records(polygons, areas)
    fans = b"".join(_FANS[len(polygon)] for polygon in polygons)
    details = np.zeros(len(polygons), _DETAIL)
    counts = records["n_corners"].astype(np.int64) - 2
    details["n_triangles"], details["triangle"] = counts, np.cumsum(counts) - counts
    n_links = int(records["n_corners"].sum())
    head = _MESH_HEAD.pack(
        _TILE_MAGIC, _TILE_VERSION, 0, 0, 0, 0,
        len(polygons), len(vertices), n_links, len(polygons), 0, len(fans) // 4, 0, 0,
        len(polygons), _HEIGHT, _RADIUS, _CLIMB, *low, *high, 1.0,
    )  # fmt: skip
    links = bytes(n_links * _LINK_SIZE)
    tile = head + places.tobytes() + records.tobytes() + links + details.tobytes() + fans
    width, depth = float(high[0] - low[0]), float(high[2] - low[2])
    first = _SET_HEAD.pack(_SET_MAGIC, _SET_VERSION, 1, *low, width, depth, 1, len(polygons))
    return first + _TILE_HEAD.pack(_reference(len(polygons)), len(tile)) + tile


def _reference(n_polygons: int) -> int:
    """Of the first tile, in its first life: Detour keeps that number above those of polygons."""
    return 1 << (n_polygons - 1).bit_length()


def _records(polygons: list[tuple[int, ...]], areas: npt.NDArray[np.uint8]) -> npt.NDArray[np.void]:
    records = np.zeros(len(polygons), _POLYGON)
    over: dict[tuple[int, int], int] = {}  # whose edge it is, from corner to corner
    for row, polygon in enumerate(polygons):
        records["corners"][row, : len(polygon)] = polygon
        for start, end in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
            over.setdefault((start, end), row)
    for row, polygon in enumerate(polygons):
        for edge, (start, end) in enumerate(zip(polygon, (*polygon[1:], polygon[0]), strict=True)):
            records["neighbours"][row, edge] = over.get((end, start), -1) + 1
    records["n_corners"] = [len(polygon) for polygon in polygons]
    records["area"] = areas
    # `SamplePolyFlags` of CARLA's client: one bit an area.
    records["flags"] = np.uint16(1) << areas.astype(np.uint16)
    return records
