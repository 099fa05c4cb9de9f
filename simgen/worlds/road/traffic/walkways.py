"""Where people walk: sidewalks, and crosswalks between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.worlds.road.furniture import PlacedObject, objects
from simgen.worlds.road.network import SIDEWALKS, RoadNetwork
from simgen.worlds.road.offsets import offsets_of
from simgen.worlds.road.traffic.approaches import Approaches, axis_of
from simgen.worlds.road.traffic.tracks import Tracks, tracks_of

CROSSING = np.dtype(
    [
        ("crosswalk", "i8"),  # its number among those of the map
        ("track", "i8", (2,)),  # the sidewalk at each end
        ("at", "f8", (2,)),  # the place on it [m]
        ("x", "f8", (2,)),  # of both ends [m]
        ("y", "f8", (2,)),
        ("z", "f8", (2,)),
        ("along", "f8", (2,)),  # both ends on the crosswalk's axis [m]
        # Left of each sidewalk's direction is toward the second end: 1, or toward the first: -1.
        ("left", "f8", (2,)),
        ("light", "i8"),  # of the vehicles that cross it, -1: none
    ]
)


@dataclass(frozen=True, kw_only=True)
class Walkways:
    """A map as people on foot see it."""

    tracks: Tracks
    crossings: npt.NDArray[np.void]  # CROSSING (n,)
    # Crossings by sidewalk: those of track i begin at `offsets[i]` of `rows`.
    offsets: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]

    @property
    def arrays(self) -> tuple[Any, ...]:
        """As `kernels.walking` takes it."""
        return self.tracks.arrays, self.crossings, self.offsets, self.rows


def walkways_of(network: RoadNetwork, approaches: Approaches) -> Walkways | None:
    """Sidewalks and crosswalks; None for a map without sidewalks."""
    if not network.wanted(SIDEWALKS).any():
        return None
    tracks = tracks_of(network, SIDEWALKS)
    found = [
        crossing
        for number, thing in enumerate(objects(network, {"crosswalk"}))
        if (crossing := _crossing(tracks, network, number, thing, approaches)) is not None
    ]
    crossings = np.array(found, CROSSING)
    ends = crossings["track"].ravel()
    counts = np.bincount(ends, minlength=len(tracks.records))
    return Walkways(
        tracks=tracks,
        crossings=crossings,
        offsets=offsets_of(counts),
        rows=np.argsort(ends, kind="stable") // 2,
    )


def _crossing(
    tracks: Tracks, network: RoadNetwork, number: int, thing: PlacedObject, approaches: Approaches
) -> tuple[object, ...] | None:
    """A row of CROSSING; None where a crosswalk lacks a sidewalk at one end."""
    lanes = network.lanes[tracks.records["lane"]]
    s, ends = thing.object.s, {}
    here = (lanes["road"] == thing.road) & (lanes["s_start"] <= s) & (s <= lanes["s_end"])
    for track in np.flatnonzero(here):
        ends[float(lanes["side"][track])] = int(track)
    if len(ends) < 2:
        return None
    sides = [ends[1.0], ends[-1.0]]
    at = [tracks.at(track, s, network) for track in sides]
    places = np.array([_place(tracks, track, way) for track, way in zip(sides, at, strict=True)])
    toward = places[1, :2] - places[0, :2]
    left = np.sign(toward[1] * np.cos(places[:, 3]) - toward[0] * np.sin(places[:, 3]))
    start, axis, _ = axis_of(thing)
    along = (places[:, :2] - start) @ axis
    over = approaches.crosswalks[approaches.crosswalks[:, 0] == number, 1].astype(np.int64)
    light = int(approaches.records["light"][over].max(initial=-1))
    ends_at = places[:, :3].T.tolist()
    return number, sides, at, *ends_at, along.tolist(), left.tolist(), light


def _place(tracks: Tracks, track: int, at: float) -> npt.NDArray[np.float64]:
    """x, y, z [m] and yaw [rad] in the middle of a sidewalk."""
    record = tracks.records[track]
    nodes = tracks.nodes[record["first"] : record["first"] + record["n_nodes"]]
    return np.array([np.interp(at, nodes[:, 0], nodes[:, column]) for column in (1, 2, 3, 4)])
