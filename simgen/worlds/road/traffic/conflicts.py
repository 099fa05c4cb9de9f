"""Where tracks of one junction come so near that two vehicles there would touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Floats, Integers
from simgen.worlds.road.network import RoadNetwork
from simgen.worlds.road.offsets import offsets_of
from simgen.worlds.road.traffic.tracks import Tracks

# Between centre lines, below which vehicles may touch: two of 2 m, and what their corners sweep
# in a bend. Assumption; less than the 3.5 m of lanes that run beside each other [m].
CLEARANCE = 3.2
SAME_START = 0.5  # between two starts, below which they are one; assumption [m]


@dataclass(frozen=True, kw_only=True)
class Conflicts:
    """For each track the tracks that it meets; those of track i begin at `offsets[i]`."""

    offsets: Integers  # (n + 1,)
    others: Integers  # tracks (m,)
    spans: Floats  # where both are near: start and end on the track, then on the other (m, 4) [m]
    parts: npt.NDArray[np.bool_]  # both begin as one and part here (m,)

    @property
    def arrays(self) -> tuple[Any, ...]:
        """As kernels take it."""
        return self.offsets, self.others, self.spans, self.parts


def conflicts_of(tracks: Tracks, network: RoadNetwork | None = None) -> Conflicts:
    """All pairs of tracks within a junction that come near each other; none without a network."""
    rows: list[tuple[int, int, float, float, float, float, bool]] = []
    for members in _junctions(tracks, network):
        for i in members:
            for j in members:
                found = _near(tracks, i, j) if i != j else None
                if found:
                    rows.append((i, j, *found, _same_start(tracks, i, j)))
    rows.sort()
    counts = np.bincount([row[0] for row in rows], minlength=len(tracks.records))
    return Conflicts(
        offsets=offsets_of(counts),
        others=np.array([row[1] for row in rows], np.int64),
        spans=np.array([row[2:6] for row in rows], np.float64).reshape(-1, 4),
        parts=np.array([row[6] for row in rows], np.bool_),
    )


def _junctions(tracks: Tracks, network: RoadNetwork | None) -> list[list[int]]:
    """The tracks within each junction."""
    members: dict[str, list[int]] = {}
    for track in np.flatnonzero(tracks.records["junction"]) if network else ():
        assert network is not None
        road = network.lanes["road"][tracks.records["lane"][track]]
        members.setdefault(network.document.roads[road].junction, []).append(int(track))
    return list(members.values())


def _points(tracks: Tracks, track: int) -> Floats:
    first, count = tracks.records["first"][track], tracks.records["n_nodes"][track]
    return tracks.nodes[first : first + count]


def _near(tracks: Tracks, i: int, j: int) -> tuple[float, float, float, float] | None:
    """Where two tracks are near each other, from the first place to the last on each.

    Lanes beside each other on one road are none: they lead the same way, side by side.
    """
    if tracks.records["left"][i] == j or tracks.records["right"][i] == j:
        return None
    here, there = _points(tracks, i), _points(tracks, j)
    apart = np.linalg.norm(here[:, None, 1:4] - there[None, :, 1:4], axis=2)
    near_i, near_j = (apart < CLEARANCE).any(axis=1), (apart < CLEARANCE).any(axis=0)
    if not near_i.any():
        return None
    mine, theirs = here[near_i, 0], there[near_j, 0]
    return float(mine[0]), float(mine[-1]), float(theirs[0]), float(theirs[-1])


def _same_start(tracks: Tracks, i: int, j: int) -> bool:
    first, second = _points(tracks, i)[0], _points(tracks, j)[0]
    return bool(np.linalg.norm(first[1:4] - second[1:4]) < SAME_START)
