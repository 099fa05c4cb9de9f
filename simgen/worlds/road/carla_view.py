"""The nearest lane by CARLA's own rule, for whoever must answer as CARLA does.

CARLA 0.9.16 measures to chords that may lie metres beside their lane, between ends of 32 bits, and
skips s at a chord's end: `RoadNetwork.project` is exact, `CarlaView.project` what `get_waypoint`
says. Where two chords are the same one, CARLA's answer hangs on the order of its tree; any is given
here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Floats
from simgen.worlds.road.index import MAX_CHORDS, grid_of
from simgen.worlds.road.kernels.coarse import coarse_chords_of
from simgen.worlds.road.kernels.nearest import nearest_chords_of
from simgen.worlds.road.network import DRIVING, NOWHERE, RoadNetwork, Waypoints
from simgen.worlds.road.opendrive.document import PieceKind, Road


@dataclass(frozen=True, kw_only=True)
class CarlaView:
    """A network with CARLA's chords; made by `carla_view`."""

    network: RoadNetwork
    grid: tuple[Any, ...]  # as `kernels.nearest` takes it

    def project(self, points: Floats, kinds: Collection[str] | None = DRIVING) -> Waypoints:
        """What CARLA takes for the nearest place on a lane to each point `(n, 3)` [m].

        The frame is the map's, not CARLA's left-handed one. A point that is not finite, or a map
        without such a lane, gives NOWHERE.
        """
        lane, s = np.empty(len(points), np.int64), np.empty(len(points))
        points = np.asarray(points, np.float32).astype(np.float64)
        finite = np.isfinite(points.sum(axis=1))
        asked = np.where(finite[:, None], points, 0.0)
        nearest_chords_of(self.grid, self.network.wanted(kinds), asked, lane, s)
        lane[~finite], s[~finite] = NOWHERE, np.nan
        return Waypoints(lane=lane, s=s)


def carla_view(network: RoadNetwork) -> CarlaView:
    """The network as CARLA looks for lanes.

    Raises:
        RequestError: the map's lanes need too many chords.
    """
    straight = _straight(network)
    lengths = network.lanes["s_end"] - network.lanes["s_start"]
    room = min(int((lengths + 2.0).sum()) + 1, MAX_CHORDS)
    chords, owner = np.empty((room, 8)), np.empty(room, np.int64)
    count = coarse_chords_of(network.roads.arrays, network.tables.arrays, straight, chords, owner)
    grid = grid_of(network.tables.arrays, chords[:count].copy(), owner[:count].copy())
    return CarlaView(network=network, grid=grid)


def _straight(network: RoadNetwork) -> npt.NDArray[np.bool_]:
    """Which lanes CARLA takes for straight `(n_lanes,)`: it looks at line and elevation only."""
    roads = network.document.roads
    level = [all(cubic.c == cubic.d == 0.0 for cubic in road.elevations) for road in roads]
    return np.array(
        [
            level[lane["road"]] and _is_line(roads[lane["road"]], lane["s_start"], lane["s_end"])
            for lane in network.lanes
        ],
        np.bool_,
    )


def _is_line(road: Road, start: float, end: float) -> bool:
    """Whether one line holds a lane from start to end [m]."""
    pieces = [piece for piece in road.pieces if piece.s <= start] or list(road.pieces[:1])
    piece = pieces[-1]
    within = piece.s <= start and start + (end - start) <= piece.s + piece.length
    return piece.kind is PieceKind.LINE and within
