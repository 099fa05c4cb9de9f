"""The road network: places on lanes, lanes near places, and the way from lane to lane.

The frame is the map's own: right-handed, x east, y north, z up; metres and radians. Queries take
and give arrays over n points.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.kernels.arrays import Floats, Integers
from simgen.worlds.road.index import lane_grid
from simgen.worlds.road.kernels.lanes import edges_of, poses_of, surfaces_of
from simgen.worlds.road.kernels.nearest import nearest_of
from simgen.worlds.road.kernels.walks import walks_of
from simgen.worlds.road.links import LaneLinks, lane_links
from simgen.worlds.road.opendrive import OpenDrive, read_opendrive
from simgen.worlds.road.steps import Marks, Steps, limits_of, marks_of
from simgen.worlds.road.tables import LaneTables, RoadTables, lane_tables, road_tables

NOWHERE = -1  # the lane of a waypoint that doesn't exist
# Types of lanes, as OpenDRIVE 1.4 and 1.8 call them.
DRIVING = frozenset({"driving"})
SIDEWALKS = frozenset({"sidewalk", "walking"})
MAX_ENDS = 1_000_000  # of the walks of one query
MAX_WALK = 1e5  # [m]
MAX_POINTS = 20_000_000  # of one query: 320 MB


@dataclass(frozen=True, kw_only=True)
class Waypoints:
    """Points on the centre lines of lanes. Queries about NOWHERE answer NaN or NOWHERE."""

    lane: Integers  # row in `RoadNetwork.lanes`; NOWHERE: there is none (n,)
    s: Floats  # along the lane's road (n,) [m]

    def __len__(self) -> int:
        return len(self.lane)

    def __getitem__(self, chosen: Any) -> Waypoints:
        return Waypoints(lane=np.atleast_1d(self.lane[chosen]), s=np.atleast_1d(self.s[chosen]))


@dataclass(frozen=True, kw_only=True)
class Poses:
    """Places and directions."""

    x: Floats  # (n,) [m]
    y: Floats  # (n,) [m]
    z: Floats  # (n,) [m]
    yaw: Floats  # counter-clockwise from x (n,) [rad]
    pitch: Floats  # positive uphill (n,) [rad]
    roll: Floats  # positive: the left side lies higher (n,) [rad]

    @property
    def points(self) -> Floats:
        """x, y and z `(n, 3)` [m]."""
        return np.stack([self.x, self.y, self.z], axis=1)


@dataclass(frozen=True, kw_only=True)
class Nearest:
    """The lanes nearest to points."""

    waypoints: Waypoints  # (n,)
    distance: Floats  # from the point to the lane's centre line, in space; NaN: no lane (n,) [m]
    t: Floats  # of the point's foot across the road, positive to the left of s (n,) [m]
    offset: Floats  # from the centre line to the left of the direction of travel (n,) [m]


@dataclass(frozen=True, kw_only=True)
class Walks:
    """Where walks end: one row per end."""

    origin: Integers  # number of the waypoint where the walk began (m,)
    waypoints: Waypoints  # (m,)


@dataclass(frozen=True, kw_only=True)
class RoadNetwork:
    """A map that answers; made by `read_network` or `make_network`."""

    document: OpenDrive
    roads: RoadTables
    tables: LaneTables
    grid: tuple[Any, ...]  # as `kernels.nearest` takes it
    successors: LaneLinks
    predecessors: LaneLinks
    limits: Steps  # speed limit by lane [m/s]
    marks: Marks

    @property
    def lanes(self) -> npt.NDArray[np.void]:
        """One record per lane: road, section, id, s_start, s_end, direction, ..."""
        return self.tables.records

    def wanted(self, kinds: Collection[str] | None) -> npt.NDArray[np.bool_]:
        """Which lanes are of one of these types `(n_lanes,)`; None: all."""
        known = self.tables.kinds
        chosen = [kinds is None or kind in kinds for kind in known]
        mask: npt.NDArray[np.bool_] = np.array(chosen, np.bool_)[self.lanes["kind"]]
        return mask

    def kind(self, lane: Integers) -> npt.NDArray[np.str_]:
        """The type of each lane, `driving` or another of the standard's words; "" for NOWHERE."""
        names = np.array(self.tables.kinds)[self.lanes["kind"][lane]]
        return np.where(lane == NOWHERE, "", names)

    def surface(self, road: Integers, s: Floats, t: Floats) -> Poses:
        """Places on the surface of roads (rows in `document.roads`), looking along s."""
        out = np.empty((len(road), 6))
        surfaces_of(self.roads.arrays, road, s, t, out)
        return _poses(out)

    def poses(self, waypoints: Waypoints) -> Poses:
        """Where waypoints are, looking in the direction of travel."""
        out = np.empty((len(waypoints), 6))
        poses_of(self.roads.arrays, self.tables.arrays, waypoints.lane, waypoints.s, out)
        return _poses(out)

    def edges(self, waypoints: Waypoints) -> tuple[Floats, Floats]:
        """The t of the lane's inner and outer edge [m]: inner is nearer to the reference line."""
        out = np.empty((len(waypoints), 2))
        edges_of(self.tables.arrays, waypoints.lane, waypoints.s, out)
        return out[:, 0], out[:, 1]

    def widths(self, waypoints: Waypoints) -> Floats:
        """The lane's width [m]."""
        inner, outer = self.edges(waypoints)
        return np.abs(outer - inner)

    def speed_limits(self, waypoints: Waypoints) -> Floats:
        """What the lane, or else its road, allows [m/s]: infinite for no limit, NaN if not said."""
        return self.limits.at(waypoints.lane, waypoints.s, default=math.nan)

    def project(self, points: Floats, kinds: Collection[str] | None = DRIVING) -> Nearest:
        """The lane whose centre line is nearest in space to each point `(n, 3)` [m].

        Where centre lines coincide, as at the mouth of a junction, any of them may be given. A
        point that is not finite, or a map without such a lane, gives NOWHERE.
        """
        lane, found = np.empty(len(points), np.int64), np.empty((len(points), 2))
        roads, lanes = self.roads.arrays, self.tables.arrays
        points = np.ascontiguousarray(points, np.float64)
        finite = np.isfinite(points.sum(axis=1))
        nearest_of(
            roads, lanes, self.grid, self.wanted(kinds), np.where(finite[:, None], points, 0.0),
            np.full(len(points), -1), lane, found,
        )  # fmt: skip
        lane[~finite], found[~finite] = NOWHERE, np.nan
        return self._nearest(points, Waypoints(lane=lane, s=found[:, 0]), found[:, 1])

    def _nearest(self, points: Floats, waypoints: Waypoints, distance: Floats) -> Nearest:
        there = waypoints.lane != NOWHERE
        offset, t = np.full((2, len(points)), np.nan)
        chosen = waypoints[there]
        pose = self.poses(chosen)
        aside = points[there, :2] - np.stack([pose.x, pose.y], axis=1)
        offset[there] = aside[:, 1] * np.cos(pose.yaw) - aside[:, 0] * np.sin(pose.yaw)
        inner, outer = self.edges(chosen)
        t[there] = 0.5 * (inner + outer) + self.lanes["direction"][chosen.lane] * offset[there]
        return Nearest(waypoints=waypoints, distance=distance, t=t, offset=offset)

    def walk(self, waypoints: Waypoints, distance: float, *, against: bool = False) -> Walks:
        """All places `distance` [m of s] further in the direction of travel, or against it.

        Branches that meet again give the same place twice; a lane that ends gives none.

        Raises:
            RequestError: the distance is not in (0, MAX_WALK], or leads to too many places.
        """
        if not 0.0 < distance <= MAX_WALK:
            raise RequestError(f"distance {distance} m: must be in (0, {MAX_WALK:g}]")
        links = self.predecessors if against else self.successors
        capacity = 4 * len(waypoints) + 64
        while True:
            origin, lane = np.empty((2, capacity), np.int64)
            s = np.empty(capacity)
            count = walks_of(
                self.lanes, (links.offsets, links.lanes), (waypoints.lane, waypoints.s),
                distance, -1.0 if against else 1.0, (origin, lane, s),
            )  # fmt: skip
            if count >= 0:
                ends = Waypoints(lane=lane[:count].copy(), s=s[:count].copy())
                return Walks(origin=origin[:count].copy(), waypoints=ends)
            if capacity > MAX_ENDS:
                raise RequestError(
                    f"distance {distance:g} m: leads to more places than the {MAX_ENDS} allowed, "
                    "since lanes branch; ask for a shorter one"
                )
            capacity *= 8

    def beside(self, waypoints: Waypoints, *, left: bool) -> Waypoints:
        """The lane to the left or right, seen in the direction of travel, at the same s.

        Left of the innermost lane lies that of the oncoming traffic. NOWHERE if there is none.
        """
        here = self.lanes[waypoints.lane]
        keeps_right = here["side"] == -here["direction"]
        row = np.where(keeps_right == left, here["inward"], here["outward"])
        return Waypoints(lane=np.where(waypoints.lane == NOWHERE, NOWHERE, row), s=waypoints.s)

    def every(self, distance: float, kinds: Collection[str] | None = DRIVING) -> Waypoints:
        """A waypoint on each lane at every multiple of `distance` [m of s] along its road.

        Raises:
            RequestError: the distance is not positive, or makes more than MAX_POINTS.
        """
        rows = np.flatnonzero(self.wanted(kinds))
        start, end = self.lanes["s_start"][rows], self.lanes["s_end"][rows]
        least = max(float((end - start).sum()) / MAX_POINTS, 1e-6)
        if not least <= distance < math.inf:
            raise RequestError(f"distance {distance} m: must be at least {least:.2g} on this map")
        first = np.ceil(start / distance).astype(np.int64)
        counts = np.maximum(np.ceil(end / distance).astype(np.int64) - first, 0)
        number = np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts)
        return Waypoints(
            lane=np.repeat(rows, counts), s=(np.repeat(first, counts) + number) * distance
        )

    def entries(self, lane: Integers) -> Waypoints:
        """Where the traffic enters lanes."""
        records = self.lanes[lane]
        s = np.where(records["direction"] > 0, records["s_start"], records["s_end"])
        return Waypoints(lane=lane, s=s)

    def topology(self, kinds: Collection[str] | None = DRIVING) -> tuple[Integers, Integers]:
        """Pairs of lanes, the first of which leads into the second `(m,)`, `(m,)`.

        A lane that leads nowhere is paired with itself.
        """
        counts = np.diff(self.successors.offsets)
        ends = np.flatnonzero(counts == 0)
        before = np.concatenate([np.repeat(np.arange(len(counts)), counts), ends])
        after = np.concatenate([self.successors.lanes, ends])
        chosen = self.wanted(kinds)[before]
        return before[chosen], after[chosen]


def read_network(path: Path | str) -> RoadNetwork:
    """The network of an OpenDRIVE file; RequestError as in `read_opendrive` and `make_network`."""
    return make_network(read_opendrive(path))


def make_network(document: OpenDrive) -> RoadNetwork:
    """The network that a document describes.

    Raises:
        RequestError: a reference line jumps, folds, or leads out of the plane.
    """
    try:
        roads, tables = road_tables(document), lane_tables(document)
        grid = lane_grid(roads.arrays, tables.arrays)
    except RequestError as error:
        raise RequestError(f"map {document.name}: {error}") from None
    successors, predecessors = lane_links(document, tables)
    return RoadNetwork(
        document=document,
        roads=roads,
        tables=tables,
        grid=grid,
        successors=successors,
        predecessors=predecessors,
        limits=limits_of(document),
        marks=marks_of(document),
    )


def _poses(out: Floats) -> Poses:
    x, y, z, yaw, pitch, roll = out.T
    return Poses(x=x, y=y, z=z, yaw=yaw, pitch=pitch, roll=roll)
