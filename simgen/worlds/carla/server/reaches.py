"""Where lights and signs act: the lanes before them, and the box over those that clients see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.worlds.carla.frames import MIRROR, frame_of, vector_of
from simgen.worlds.carla.protocol.types import BoundingBox, Transform
from simgen.worlds.road import DRIVING, RoadNetwork, Waypoints
from simgen.worlds.road.furniture import SignalEffect, signal_effects

# How far before the place of a light or sign a vehicle's front comes under it; assumed [m].
REACH = 6.0
SAMPLE = 0.5  # between places there [m]
_HEIGHT = 1.0  # of the box, over and under the road; assumed [m]


@dataclass(frozen=True, kw_only=True)
class Reaches:
    """Places on lanes from each signal's back against the traffic, and whose they are."""

    places: Waypoints  # (n,)
    signals: npt.NDArray[np.str_]  # ids (n,)

    def box(self, network: RoadNetwork, signal: str, transform: Transform) -> BoundingBox:
        """The least box over a signal's lanes, in its own frame; empty if it is for no lane."""
        places = self.places[np.flatnonzero(self.signals == signal)]
        if not len(places):
            return BoundingBox()
        poses = network.poses(places)
        ahead = np.stack([np.cos(poses.yaw), np.sin(poses.yaw), np.zeros(len(places))], axis=1)
        left = np.stack([-ahead[:, 1], ahead[:, 0], ahead[:, 2]], axis=1)
        half = 0.5 * network.widths(places)[:, None]
        corners = np.concatenate(
            [
                poses.points + along * SAMPLE * ahead + aside * half * left + [0.0, 0.0, up]
                for along in (-1.0, 1.0)
                for aside in (-1.0, 1.0)
                for up in (-_HEIGHT, _HEIGHT)
            ]
        )
        own = frame_of(transform)
        seen = (corners - own.position) @ own.axes
        low, high = seen.min(axis=0), seen.max(axis=0)
        extent = 0.5 * (high - low)
        return BoundingBox(
            location=vector_of(0.5 * (low + high)), extent=vector_of(extent * MIRROR)
        )


def reaches(network: RoadNetwork) -> Reaches:
    """Of all signals of a map."""
    rows, stops, signs = [], [], []
    for effect in signal_effects(network):
        for row in _lanes(network, effect):
            rows.append(row)
            stops.append(effect.s)
            signs.append(effect.signal)
    here = Waypoints(lane=np.array(rows, np.int64), s=np.array(stops, np.float64))
    lanes, places, owners = [here.lane], [here.s], [np.array(signs, np.str_)]
    if len(here):
        for number in range(1, round(REACH / SAMPLE) + 1):
            back = network.walk(here, number * SAMPLE, against=True)
            lanes.append(back.waypoints.lane)
            places.append(back.waypoints.s)
            owners.append(owners[0][back.origin])
    return Reaches(
        places=Waypoints(lane=np.concatenate(lanes), s=np.concatenate(places)),
        signals=np.concatenate(owners),
    )


def _lanes(network: RoadNetwork, effect: SignalEffect) -> list[int]:
    """Rows of the lanes whose traffic obeys."""
    lanes = network.lanes
    chosen = (
        (lanes["road"] == effect.road)
        & np.isin(lanes["id"], effect.lanes)
        & (lanes["s_start"] <= effect.s)
        & (effect.s <= lanes["s_end"])
        & network.wanted(DRIVING)
    )
    if effect.orientation in {"+", "-"}:
        chosen &= lanes["direction"] == (1 if effect.orientation == "+" else -1)
    return [int(row) for row in np.flatnonzero(chosen)]
