"""Lanes as tracks: what traffic drives and walks on, sampled in the direction of travel.

A place on a track is the distance driven from its start. Tracks of one section of a road share
the s of their nodes, so that node k of a lane lies beside node k of its neighbour.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.kernels.arrays import Floats, Integers
from simgen.worlds.road.network import DRIVING, NOWHERE, RoadNetwork, Waypoints
from simgen.worlds.road.offsets import offsets_of
from simgen.worlds.road.traffic.kernels.routes import AWAY, BEFORE_BENDS, ENDS, ONWARD

TRACK = np.dtype(
    [
        ("lane", "i8"),  # row in `RoadNetwork.lanes`
        ("first", "i8"),  # of its nodes
        ("n_nodes", "i8"),
        ("length", "f8"),  # driven from end to end [m]
        ("usable", "f8"),  # of that, before it is too narrow [m]
        ("limit", "f8"),  # speed limit [m/s]
        ("turn", "f8"),  # from end to end, positive over the oncoming lane [rad]
        ("left", "i8"),  # the track beside it that leads the same way, -1: none
        ("right", "i8"),
        ("leads", "i8"),  # ONWARD, AWAY or ENDS
        ("junction", "b1"),  # within one
    ]
)
# Driven [m]; x, y, z [m]; yaw, not wrapped, and pitch [rad]; pace [m/s].
NODE_COLUMNS = 7
LATERAL = 2.5  # acceleration sideways that drivers put up with in bends; assumption [m/s2]
MAX_NODES = 2_000_000  # 112 MB
# Of a lane that ends while others go on; trucks are 2.55 m wide. Assumption [m].
NARROWEST = 2.75
UNSAID_LIMIT = 50.0 / 3.6  # where the map says nothing: a town's; assumption [m/s]
NO_LIMIT = 130.0 / 3.6  # where there is none: the advisory speed of German motorways [m/s]


@dataclass(frozen=True, kw_only=True)
class Tracks:
    """All lanes of some types, with their followers."""

    records: npt.NDArray[np.void]  # TRACK (n,)
    nodes: Floats  # NODE_COLUMNS (m, 7)
    next_offsets: Integers  # the followers of track i begin at `next_offsets[i]` (n + 1,)
    nexts: Integers
    previous_offsets: Integers
    previous: Integers

    @property
    def arrays(self) -> tuple[Any, ...]:
        """As kernels take it."""
        return (
            self.records, self.nodes, self.next_offsets, self.nexts, self.previous_offsets,
            self.previous,
        )  # fmt: skip

    @property
    def of_lane(self) -> dict[int, int]:
        """The track of each lane."""
        return {int(lane): track for track, lane in enumerate(self.records["lane"])}

    def at(self, track: int, s: float, network: RoadNetwork) -> float:
        """How far from a track's start lies the s of its road [m]."""
        record, lane = self.records[track], network.lanes[self.records[track]["lane"]]
        share = (s - lane["s_start"]) / (lane["s_end"] - lane["s_start"])
        share = share if lane["direction"] > 0 else 1.0 - share
        place = min(max(share, 0.0), 1.0) * (record["n_nodes"] - 1)
        driven = self.nodes[record["first"] : record["first"] + record["n_nodes"], 0]
        return float(np.interp(place, np.arange(len(driven)), driven))


def tracks_of(
    network: RoadNetwork, kinds: Collection[str] = DRIVING, *, node_step: float = 1.0
) -> Tracks:
    """The tracks of a map's lanes of some types; nodes lie at most `node_step` [m of s] apart.

    Raises:
        RequestError: there is no such lane, or the map is too large.
    """
    lanes = np.flatnonzero(network.wanted(kinds))
    if not len(lanes):
        raise RequestError(f"map {network.document.name} has no lane of type {', '.join(kinds)}")
    counts = _counts(network, lanes, node_step)
    waypoints = _waypoints(network, lanes, counts)
    nodes = _nodes(network, waypoints, counts)
    records = _records(network, lanes, counts, nodes)
    row_of = np.full(len(network.lanes) + 1, NOWHERE)
    row_of[lanes] = np.arange(len(lanes))
    for side, left in (("left", True), ("right", False)):
        records[side] = _beside(network, lanes, row_of, left=left)
    nexts = _chosen(network.successors.offsets, network.successors.lanes, lanes, row_of)
    previous = _chosen(network.predecessors.offsets, network.predecessors.lanes, lanes, row_of)
    records["leads"] = _leads(records, np.diff(nexts[0]))
    records["usable"] = _usable(records, nodes[:, 0], network.widths(waypoints))
    return Tracks(
        records=records,
        nodes=nodes,
        next_offsets=nexts[0],
        nexts=nexts[1],
        previous_offsets=previous[0],
        previous=previous[1],
    )


def ring(circumference: float, n_lanes: int = 1, limit: float = NO_LIMIT) -> Tracks:
    """Level circular lanes that lead into themselves, counter-clockwise, the outermost first.

    All are driven as if they were as long as the first: what theory says of a ring road has no
    curves.
    """
    n_nodes = max(int(circumference), 8) + 1
    angle = np.linspace(0.0, 2.0 * math.pi, n_nodes)
    radius = circumference / (2.0 * math.pi)
    records = np.zeros(n_lanes, TRACK)
    nodes = np.zeros((n_lanes, n_nodes, NODE_COLUMNS))
    lane = np.arange(n_lanes)
    nodes[:, :, 0] = angle * radius
    inner = radius - 3.75 * lane[:, None]
    nodes[:, :, 1], nodes[:, :, 2] = inner * np.cos(angle), inner * np.sin(angle)
    nodes[:, :, 4] = angle + 0.5 * math.pi
    nodes[:, :, 6] = math.inf
    records["lane"], records["first"], records["n_nodes"] = lane, lane * n_nodes, n_nodes
    records["length"], records["usable"], records["limit"] = circumference, circumference, limit
    records["left"] = np.where(lane + 1 < n_lanes, lane + 1, -1)
    records["right"] = lane - 1
    itself = np.arange(n_lanes + 1), lane
    return Tracks(
        records=records,
        nodes=nodes.reshape(-1, NODE_COLUMNS),
        next_offsets=itself[0],
        nexts=itself[1],
        previous_offsets=itself[0],
        previous=itself[1],
    )


def _counts(network: RoadNetwork, lanes: Integers, node_step: float) -> Integers:
    """How many nodes each lane has; RequestError if they are too many."""
    about = network.lanes[lanes]
    parts = np.ceil((about["s_end"] - about["s_start"]) / node_step)
    counts: Integers = np.maximum(parts, 2).astype(np.int64) + 1
    if counts.sum() > MAX_NODES:
        raise RequestError(
            f"map {network.document.name} has {counts.sum():,} m of lanes; traffic takes at most "
            f"{MAX_NODES:,}: cut the map"
        )
    return counts


def _records(
    network: RoadNetwork, lanes: Integers, counts: Integers, nodes: Floats
) -> npt.NDArray[np.void]:
    """The tracks, but for what lies beside them and where they lead."""
    records = np.zeros(len(lanes), TRACK)
    records["lane"], records["n_nodes"] = lanes, counts
    records["first"] = np.cumsum(counts) - counts
    last = records["first"] + counts - 1
    records["length"] = nodes[last, 0]
    records["turn"] = nodes[last, 4] - nodes[records["first"], 4]
    roads = [network.document.roads[road] for road in network.lanes["road"][lanes]]
    records["turn"] *= [-1.0 if road.left_hand else 1.0 for road in roads]
    records["junction"] = [road.junction != "" for road in roads]
    records["limit"] = _limits(network, lanes)
    return records


def _waypoints(network: RoadNetwork, lanes: Integers, counts: Integers) -> Waypoints:
    """Where the nodes are."""
    about = network.lanes[lanes]
    number = _numbers(counts)
    share = number / np.repeat(counts - 1, counts)
    start = np.where(about["direction"] > 0, about["s_start"], about["s_end"])
    stop = np.where(about["direction"] > 0, about["s_end"], about["s_start"])
    s = np.repeat(start, counts) + share * np.repeat(stop - start, counts)
    return Waypoints(lane=np.repeat(lanes, counts), s=s)


def _numbers(counts: Integers) -> Integers:
    """Of each node on its track."""
    numbers: Integers = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return numbers


def _nodes(network: RoadNetwork, waypoints: Waypoints, counts: Integers) -> Floats:
    poses, number = network.poses(waypoints), _numbers(counts)
    nodes = np.empty((len(number), NODE_COLUMNS))
    nodes[:, 1:4], nodes[:, 5] = poses.points, poses.pitch
    steps = np.linalg.norm(np.diff(nodes[:, 1:4], axis=0, prepend=nodes[:1, 1:4]), axis=1)
    steps[number == 0] = 0.0
    driven = np.cumsum(steps)
    nodes[:, 0] = driven - np.repeat(driven[number == 0], counts)
    turns = np.diff(poses.yaw, prepend=poses.yaw[0])
    turns[number == 0] = 0.0
    turned = np.cumsum(np.remainder(turns + math.pi, 2.0 * math.pi) - math.pi)
    begin = number == 0
    nodes[:, 4] = turned + np.repeat(poses.yaw[begin] - turned[begin], counts)
    nodes[:, 6] = _pace(nodes, counts)
    return nodes


def _pace(nodes: Floats, counts: Integers) -> Floats:
    """How fast bends let one drive at each node, with those that follow on the track [m/s]."""
    bend = np.diff(nodes[:, 4], append=0.0) / np.maximum(np.diff(nodes[:, 0], append=1.0), 1e-6)
    last = np.cumsum(counts) - 1
    bend[last] = bend[last - 1]
    squared = LATERAL / np.maximum(np.abs(bend), 1e-6)
    for first, stop in zip(last - counts + 1, last, strict=True):
        # Each node allows what can be braked from until every later one.
        room = 2.0 * BEFORE_BENDS * nodes[first : stop + 1, 0]
        later = np.minimum.accumulate((squared[first : stop + 1] + room)[::-1])[::-1]
        squared[first : stop + 1] = later - room
    return np.sqrt(squared)


def _limits(network: RoadNetwork, lanes: Integers) -> Floats:
    """The limit in the middle of each lane [m/s]."""
    about = network.lanes[lanes]
    middle = 0.5 * (about["s_start"] + about["s_end"])
    said = network.speed_limits(Waypoints(lane=lanes, s=middle))
    said = np.where(np.isnan(said), UNSAID_LIMIT, said)
    return np.clip(said, 1.0, NO_LIMIT)


def _beside(network: RoadNetwork, lanes: Integers, row_of: Integers, *, left: bool) -> Integers:
    there = network.beside(network.entries(lanes), left=left).lane
    same = network.lanes["direction"][there] == network.lanes["direction"][lanes]
    return np.where((there != NOWHERE) & same, row_of[there], NOWHERE)


def _chosen(
    offsets: Integers, linked: Integers, lanes: Integers, row_of: Integers
) -> tuple[Integers, Integers]:
    """The links between lanes that are tracks."""
    found = [row_of[linked[offsets[lane] : offsets[lane + 1]]] for lane in lanes]
    kept = [rows[rows != NOWHERE] for rows in found]
    return offsets_of(map(len, kept)), np.concatenate([np.zeros(0, np.int64), *kept])


def _leads(records: npt.NDArray[np.void], n_nexts: Integers) -> Integers:
    """Whether a track goes on; one that doesn't leads away unless a neighbour goes on."""
    leads = np.where(n_nexts > 0, ONWARD, AWAY)
    for side in ("left", "right"):
        beside = records[side]
        for track in np.flatnonzero(leads == AWAY):
            there = beside[track]
            while there != NOWHERE and leads[track] == AWAY:
                if n_nexts[there]:
                    leads[track] = ENDS
                there = beside[there]
    return leads


def _usable(records: npt.NDArray[np.void], driven: Floats, widths: Floats) -> Floats:
    """How far each track can be driven: one that ends, up to where it becomes too narrow [m]."""
    usable: Floats = records["length"].copy()
    for track in np.flatnonzero(records["leads"] == ENDS):
        first, count = records[track]["first"], records[track]["n_nodes"]
        narrow = widths[first : first + count] < NARROWEST
        if narrow[-1] and not narrow.all():
            usable[track] = driven[first + np.flatnonzero(~narrow)[-1]]
    return usable
