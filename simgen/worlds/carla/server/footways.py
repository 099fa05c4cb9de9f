"""A map as people on foot see it, for the client's navigation: sidewalks, crosswalks, roads.

Sections of roads that have a sidewalk are cut into rungs, and each lane between two rungs is one
polygon. Neighbours share the ends of their rungs, so who stands on one may go over to the next.
Inside of junctions there are sidewalks alone: lanes cross each other there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from simgen.kernels.arrays import Floats
from simgen.worlds.carla.frames import MIRROR
from simgen.worlds.carla.protocol.navmesh import MOST_POLYGONS, MOST_VERTICES, Area, pack_mesh
from simgen.worlds.road import SIDEWALKS, RoadNetwork, Waypoints
from simgen.worlds.road.furniture import objects

_RUNG = 4.0  # between rungs, at most; assumed [m]
_WELD = 0.05  # corners nearer than this are one; assumed [m]
_MOST_NEAR = 16  # corners so near to each other, on the average
_LEAST = 0.3  # between a crosswalk's edge and a rung beside it [m]


@dataclass(frozen=True, kw_only=True)
class Footways:
    """Convex polygons, counter-clockwise seen from above in the world's frame."""

    vertices: Floats  # (n, 3) [m]
    polygons: list[tuple[int, ...]]
    areas: npt.NDArray[np.uint8]  # Area (m,)


_NOTHING = Footways(vertices=np.zeros((0, 3)), polygons=[], areas=np.zeros(0, np.uint8))


def footways(network: RoadNetwork) -> Footways:
    """All that people may walk on.

    Without polygons where a map has no sidewalk, or so much in one place that it can't be meant.
    """
    corners, areas = [np.zeros((0, 4, 3))], [np.zeros(0, np.uint8)]
    for points, kinds in _strips(network):
        # Right and left at one rung, then at the next.
        corners.append(np.stack([points[:-1, 0], points[1:, 0], points[1:, 1], points[:-1, 1]], 1))
        areas.append(kinds)
    quads = np.concatenate(corners)
    if not 0 < len(quads) <= MOST_POLYGONS:
        return _NOTHING
    return _welded(quads, np.concatenate(areas))


def navigation_file(network: RoadNetwork) -> bytes | None:
    """What the client's navigation loads; None if there is no sidewalk, or the map is too large."""
    found = footways(network)
    if not found.polygons or len(found.vertices) > MOST_VERTICES:
        return None
    return pack_mesh(found.vertices * MIRROR, found.polygons, found.areas)


def _strips(network: RoadNetwork) -> Iterator[tuple[Floats, npt.NDArray[np.uint8]]]:
    """Ends of the rungs of a lane, right and left `(n, 2, 3)` [m], and Area between `(n - 1,)`."""
    lanes, is_sidewalk = network.lanes, network.wanted(SIDEWALKS)
    crosswalks = _crosswalks(network)
    for road, section in dict.fromkeys((int(a), int(b)) for a, b in lanes[["road", "section"]]):
        rows = np.flatnonzero((lanes["road"] == road) & (lanes["section"] == section))
        if not is_sidewalk[rows].any():
            continue
        crossed = crosswalks.get(road, [])
        s = _rungs(lanes[rows[0]], crossed)
        middles = 0.5 * (s[1:] + s[:-1])
        at_crosswalk = np.any([(low < middles) & (middles < high) for low, high in crossed], axis=0)
        over = np.where(at_crosswalk, Area.CROSSWALK, Area.ROAD).astype(np.uint8)
        within = bool(network.document.roads[road].junction)
        for row in rows.tolist():
            if is_sidewalk[row]:
                yield _rung_ends(network, row, s), np.full(len(middles), Area.SIDEWALK, np.uint8)
            elif not within:
                yield _rung_ends(network, row, s), np.broadcast_to(over, len(middles))


def _crosswalks(network: RoadNetwork) -> dict[int, list[tuple[float, float]]]:
    """Where crosswalks begin and end along each road [m]."""
    found: dict[int, list[tuple[float, float]]] = {}
    for placed in objects(network, {"crosswalk"}):
        about = placed.object
        cosine, sine = math.cos(about.heading), math.sin(about.heading)
        along = [corner.u * cosine - corner.v * sine for corner in about.outline]
        along = along or [-0.5 * about.length, 0.5 * about.length]
        found.setdefault(placed.road, []).append((about.s + min(along), about.s + max(along)))
    return found


def _rungs(lane: np.void, crossed: list[tuple[float, float]]) -> Floats:
    """Where a section is cut [m]."""
    start, end = float(lane["s_start"]), float(lane["s_end"])
    regular = np.linspace(start, end, max(math.ceil((end - start) / _RUNG), 1) + 1)
    edges = np.array([s for pair in crossed for s in pair if start < s < end])
    if not len(edges):
        return regular
    near = np.abs(regular[1:-1, None] - edges).min(axis=1) < _LEAST
    return np.unique(np.concatenate([regular[[0, -1]], regular[1:-1][~near], edges]))


def _rung_ends(network: RoadNetwork, lane: int, s: Floats) -> Floats:
    inner, outer = network.edges(Waypoints(lane=np.full(len(s), lane), s=s))
    t = np.sort(np.stack([inner, outer], axis=1), axis=1)
    road = np.full(t.size, network.lanes["road"][lane])
    return network.surface(road, np.repeat(s, 2), t.ravel()).points.reshape(-1, 2, 3)


def _welded(corners: Floats, areas: npt.NDArray[np.uint8]) -> Footways:
    """Polygons that share their corners; what has no area is left out."""
    points, rows = np.unique(corners.reshape(-1, 3).round(3), axis=0, return_inverse=True)
    tree = KDTree(points)
    # A map that a client sent may have any number of corners in one place.
    if tree.count_neighbors(tree, _WELD) > _MOST_NEAR * len(points):
        return _NOTHING
    pairs = tree.query_pairs(_WELD, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), pairs.T), shape=(len(points),) * 2)
    n_vertices, owner = connected_components(links, directed=False)
    vertices = np.zeros((n_vertices, 3))
    vertices[owner] = points
    polygons, kept = [], []
    for row, quad in enumerate(owner[rows.ravel()].reshape(-1, 4).tolist()):
        polygon = tuple(dict.fromkeys(quad))
        if len(polygon) > 2:
            polygons.append(polygon)
            kept.append(row)
    return Footways(vertices=vertices, polygons=polygons, areas=areas[kept])
