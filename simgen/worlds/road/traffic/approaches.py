"""Where vehicles wait: stop lines, lights, signs and crosswalks, by track."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Floats
from simgen.worlds.road.furniture import PlacedObject, objects, signal_effects
from simgen.worlds.road.network import RoadNetwork
from simgen.worlds.road.opendrive.signal_types import (
    LIGHTS,
    PEDESTRIAN_LIGHT,
    STOP_SIGN,
    YIELD_SIGN,
)
from simgen.worlds.road.traffic.tracks import Tracks

GOVERNING_LIGHTS = LIGHTS - {PEDESTRIAN_LIGHT}
BEFORE_CROSSWALK = 1.0  # where the stop line lies; RMS-2: 1 m at least [m]
BEFORE_JUNCTION = 1.0  # where it lies without a crosswalk or light; assumption [m]
SAME_LEVEL = 2.0  # of a track and a crosswalk, below which it lies on it; assumption [m]
NEAR_END = 15.0  # a signal this near to a track's end is for the junction there; assumption [m]

APPROACH = np.dtype(
    [
        ("stop", "f8"),  # of vehicles' fronts, from the start of the track [m]
        ("light", "i8"),  # group of lights that switch together, -1: none
        ("sign", "i8"),  # 0: none, 1: give way, 2: stop
    ]
)


@dataclass(frozen=True, kw_only=True)
class Approaches:
    """What holds at the end of each track, and crosswalks over tracks."""

    records: npt.NDArray[np.void]  # APPROACH (n,)
    # Groups of one junction follow each other: number within the junction, and how many (n, 2).
    phases: npt.NDArray[np.int64]
    # Crosswalk, track, start, end [m], and where it meets the crosswalk's axis [m] (m, 5).
    crosswalks: Floats

    @property
    def arrays(self) -> tuple[Any, ...]:
        """As kernels take it."""
        return self.records, self.crosswalks


def approaches_of(tracks: Tracks, network: RoadNetwork | None = None) -> Approaches:
    """Stop lines and what governs them; without a network there is nothing to wait for."""
    records = np.zeros(len(tracks.records), APPROACH)
    records["light"] = -1
    records["stop"] = tracks.records["length"] - BEFORE_JUNCTION
    if network is None:
        nothing = np.zeros((0, 2), np.int64)
        return Approaches(records=records, phases=nothing, crosswalks=np.zeros((0, 5)))
    phases = _signals(records, tracks, network)
    crosswalks = crosswalks_of(tracks, network)
    for _, track, start, _, _ in crosswalks:
        row = int(track)
        if start > 0.5 * tracks.records["length"][row]:
            records["stop"][row] = min(records["stop"][row], start - BEFORE_CROSSWALK)
    return Approaches(records=records, phases=phases, crosswalks=crosswalks)


def _signals(
    records: npt.NDArray[np.void], tracks: Tracks, network: RoadNetwork
) -> npt.NDArray[np.int64]:
    """Write lights and signs into approaches; gives the phases of all groups of lights."""
    group_of, phases = _groups(network)
    kinds = {signal.id: signal.type for road in network.document.roads for signal in road.signals}
    rows = {
        (int(lane["road"]), int(lane["id"]), int(lane["section"])): row
        for row, lane in enumerate(network.lanes)
    }
    track_of = tracks.of_lane
    for effect in signal_effects(network):
        sections = network.document.roads[effect.road].sections
        section = max(k for k, one in enumerate(sections) if one.s <= max(effect.s, 0.0))
        for lane in effect.lanes:
            track = track_of.get(rows.get((effect.road, lane, section), -1))
            if track is None or not _faces(network, tracks, track, effect.orientation):
                continue
            place = tracks.at(track, effect.s, network)
            if tracks.records["length"][track] - place > NEAR_END:
                continue
            kind = kinds.get(effect.signal, "")
            if kind in GOVERNING_LIGHTS and effect.signal in group_of:
                records["light"][track] = group_of[effect.signal]
                records["stop"][track] = min(records["stop"][track], place)
            elif kind in {STOP_SIGN, YIELD_SIGN}:
                records["sign"][track] = 2 if kind == STOP_SIGN else 1
    return phases


def _faces(network: RoadNetwork, tracks: Tracks, track: int, orientation: str) -> bool:
    along = network.lanes["direction"][tracks.records["lane"][track]] > 0
    return orientation == "none" or (orientation == "+") == bool(along)


def _groups(network: RoadNetwork) -> tuple[dict[str, int], npt.NDArray[np.int64]]:
    """The group of each light, and (number within its junction, how many there are)."""
    junctions = [set(junction.controllers) for junction in network.document.junctions]
    group_of: dict[str, int] = {}
    phases: list[tuple[int, int]] = []
    seen: dict[int, int] = {}
    for controller in network.document.controllers:
        home = next((k for k, ids in enumerate(junctions) if controller.id in ids), None)
        total = 1 if home is None else len(junctions[home])
        number = 0 if home is None else seen.setdefault(home, 0)
        if home is not None:
            seen[home] += 1
        for signal in controller.signals:
            group_of[signal] = len(phases)
        phases.append((number, total))
    return group_of, np.array(phases, np.int64).reshape(-1, 2)


def crosswalks_of(tracks: Tracks, network: RoadNetwork) -> Floats:
    """Where crosswalks lie over tracks: rows of `Approaches.crosswalks`."""
    found = []
    for number, thing in enumerate(objects(network, {"crosswalk"})):
        start, axis, length = axis_of(thing)
        for track in range(len(tracks.records)):
            record = tracks.records[track]
            nodes = tracks.nodes[record["first"] : record["first"] + record["n_nodes"]]
            off = nodes[:, 1:3] - start
            along = off @ axis
            aside = off[:, 1] * axis[0] - off[:, 0] * axis[1]
            level = np.abs(nodes[:, 3] - thing.z) < SAME_LEVEL
            within = level & (along > 0.0) & (along < length) & (np.abs(aside) < _half(thing))
            if within.any():
                # The nodes lie a metre apart.
                low, high = nodes[within, 0].min() - 1.0, nodes[within, 0].max() + 1.0
                found.append((number, track, max(low, 0.0), high, float(along[within].mean())))
    return np.array(found, np.float64).reshape(-1, 5)


def axis_of(thing: PlacedObject) -> tuple[Floats, Floats, float]:
    """Where walking over a crosswalk begins, its direction, and how far it leads [m].

    It leads along the longer side of its outline.
    """
    corners = thing.corners[:4, :2]
    middles = 0.5 * (corners + np.roll(corners, -1, axis=0))
    first, second = middles[2] - middles[0], middles[3] - middles[1]
    if np.linalg.norm(first) >= np.linalg.norm(second):
        start, axis = middles[0], first
    else:
        start, axis = middles[1], second
    length = float(np.linalg.norm(axis))
    return start, axis / length, length


def _half(thing: PlacedObject) -> float:
    """Half of a crosswalk's width [m]."""
    corners = thing.corners[:4, :2]
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    return 0.5 * float(min(sides[0], sides[1]))
