"""The road's surface as labelled triangles, for sensors and pictures.

Lanes are strips between their edges, cut where the centre line bends by more than the sagitta of
`kernels.nearest`; marks are strips a little above them. Ground beside the road is not covered:
OpenDRIVE says nothing about it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Floats, Integers
from simgen.worlds.road.network import RoadNetwork, Waypoints
from simgen.worlds.road.opendrive.document import RoadMark
from simgen.worlds.road.tables import LanePlace, outward

MARK_WIDTH = 0.12  # where the file says none: a narrow mark of RMS-1 (1993), Germany [m]
DASH, GAP = 3.0, 6.0  # of broken marks; in towns, RMS-1 (1993) [m]
DOUBLE_GAP = 0.12  # between two marks side by side; RMS-1 (1993) [m]
MARK_LIFT = 0.01  # over the lane, so that a ray meets the mark first; assumption [m]
_DASH_POINTS = 5  # along a dash


class Surface(IntEnum):
    """What a triangle is: CARLA's semantic tags."""

    ROAD = 1
    SIDEWALK = 2
    TERRAIN = 10
    ROAD_LINE = 24


_NOT_ROAD = {
    "sidewalk": Surface.SIDEWALK,
    "walking": Surface.SIDEWALK,
    "curb": Surface.SIDEWALK,
    "median": Surface.TERRAIN,
    "border": Surface.TERRAIN,
    "none": Surface.TERRAIN,
}


@dataclass(frozen=True, kw_only=True)
class Mesh:
    """Triangles, counter-clockwise seen from above."""

    vertices: Floats  # (n, 3) [m]
    triangles: Integers  # rows in `vertices` (m, 3)
    labels: npt.NDArray[np.uint8]  # Surface (m,)


def road_mesh(network: RoadNetwork) -> Mesh:
    """All lanes and the marks on them."""
    vertices, triangles, labels = [np.zeros((0, 3))], [np.zeros((0, 3), np.int64)], []
    n_vertices = 0
    for points, label in _strips(network):
        n_strips, n_rows = points.shape[:2]
        strip = _triangles(n_strips, n_rows) + n_vertices
        vertices.append(points.reshape(-1, 3))
        triangles.append(strip)
        labels.append(np.full(len(strip), label, np.uint8))
        n_vertices += n_strips * n_rows * 2
    return Mesh(
        vertices=np.concatenate(vertices),
        triangles=np.concatenate(triangles),
        labels=np.concatenate([np.zeros(0, np.uint8), *labels]),
    )


def _triangles(n_strips: int, n_rows: int) -> Integers:
    """Of ladders whose rungs are (right, left) vertices, row by row."""
    first = np.arange(n_rows - 1) * 2
    pair = np.stack(
        [
            np.stack([first, first + 2, first + 1], axis=1),
            np.stack([first + 1, first + 2, first + 3], axis=1),
        ],
        axis=1,
    )
    ladders = np.arange(n_strips)[:, None, None, None] * (2 * n_rows)
    return np.asarray((pair[None] + ladders).reshape(-1, 3), np.int64)


def _strips(network: RoadNetwork) -> Iterator[tuple[Floats, int]]:
    """Strips `(n, rows, 2, 3)` with right and left edge, and their label."""
    cuts = _cuts(network)
    for lane, place in enumerate(outward(network.document)):
        s = cuts[place.road_number, place.section_number]
        label = _NOT_ROAD.get(place.lane.type, Surface.ROAD)
        inner, outer = network.edges(_on(lane, s))
        edges = np.sort(np.stack([inner, outer], axis=1), axis=1)
        # From right to left: that is inward to outward on the left side alone.
        heights = _heights(place, s)[:, :: 1 if place.lane.id > 0 else -1]
        yield _raised(network, place.road_number, s[None], edges[None], heights[None]), label
        if abs(place.lane.id) == 1 and _bears_centre(place):
            centre = next(other for other in place.section.lanes if other.id == 0)
            yield from _marks(network, lane, place, centre.marks, s, inner_edge=True)
        yield from _marks(network, lane, place, place.lane.marks, s, inner_edge=False)


def _bears_centre(place: LanePlace) -> bool:
    """Whether the marks of the centre lane are drawn with this innermost lane, not its opposite."""
    return place.lane.id < 0 or place.section.lanes[-1].id == 0


def _cuts(network: RoadNetwork) -> dict[tuple[int, int], Floats]:
    """Where sections are cut [m]: at the chords of their most winding lane."""
    chords, owner = network.grid[3], network.grid[4]
    order = np.argsort(owner, kind="stable")
    bounds = np.searchsorted(owner[order], np.arange(len(network.lanes) + 1))
    cuts: dict[tuple[int, int], Floats] = {}
    for lane, record in enumerate(network.lanes):
        rows = chords[order[bounds[lane] : bounds[lane + 1]]]
        s = np.append(rows[:, 3], record["s_end"])
        key = (int(record["road"]), int(record["section"]))
        if len(s) > len(cuts.get(key, ())):
            cuts[key] = s
    return cuts


def _on(lane: int, s: Floats) -> Waypoints:
    return Waypoints(lane=np.full(s.size, lane), s=s.ravel())


def _heights(place: LanePlace, s: Floats) -> Floats:
    """Heights of the inner and outer edge over the road `(n, 2)` [m]: kerbs."""
    heights = np.zeros((len(s), 2))
    for start, inner, outer in place.lane.heights:
        heights[s >= start + place.section.s] = inner, outer
    return heights


def _raised(network: RoadNetwork, road: int, s: Floats, t: Floats, lift: Floats) -> Floats:
    """Points `(n, rows, 2, 3)` at s `(n, rows)`, t `(n, rows, 2)`, lifted by as many metres."""
    both = np.broadcast_to(s[..., None], t.shape)
    poses = network.surface(np.full(t.size, road), both.ravel(), t.ravel())
    points = poses.points.reshape(*t.shape, 3)
    points[..., 2] += lift
    return points


def _marks(
    network: RoadNetwork,
    lane: int,
    place: LanePlace,
    marks: tuple[RoadMark, ...],
    cuts: Floats,
    *,
    inner_edge: bool,
) -> Iterator[tuple[Floats, int]]:
    """The strips of one edge's marks."""
    starts = [mark.start + place.section.s for mark in marks]
    ends = [*starts, float(cuts[-1])][1:]
    for mark, start, end in zip(marks, starts, ends, strict=True):
        parts = mark.kind.split()
        if end - start < MARK_LIFT or parts[0] not in {"solid", "broken"}:
            continue
        width = mark.width or MARK_WIDTH
        for number, part in enumerate(parts):
            # The first of two is the left one.
            shift = (0.5 * (len(parts) - 1) - number) * (width + DOUBLE_GAP)
            s = _dashes(start, end) if part == "broken" else _between(cuts, start, end)
            inner, outer = network.edges(_on(lane, s))
            middle = (inner if inner_edge else outer).reshape(s.shape) + shift
            t = middle[..., None] + np.array([-0.5, 0.5]) * width
            points = _raised(network, place.road_number, s, t, np.full(t.shape, MARK_LIFT))
            yield points, Surface.ROAD_LINE


def _dashes(start: float, end: float) -> Floats:
    """The s of dashes `(n, points)` [m]."""
    n_dashes = max(math.ceil((end - start - GAP) / (DASH + GAP)), 1)
    first = start + np.arange(n_dashes) * (DASH + GAP)
    return np.minimum(first[:, None] + np.linspace(0.0, DASH, _DASH_POINTS), end)


def _between(cuts: Floats, start: float, end: float) -> Floats:
    inside = cuts[(cuts > start) & (cuts < end)]
    return np.concatenate([[start], inside, [end]])[None]
