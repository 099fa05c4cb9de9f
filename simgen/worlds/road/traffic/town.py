"""What traffic needs to know of a map, made once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.worlds.road.network import RoadNetwork
from simgen.worlds.road.offsets import offsets_of
from simgen.worlds.road.traffic.approaches import Approaches, approaches_of
from simgen.worlds.road.traffic.conflicts import Conflicts, conflicts_of
from simgen.worlds.road.traffic.tracks import Tracks, tracks_of
from simgen.worlds.road.traffic.walkways import Walkways, walkways_of


@dataclass(frozen=True, kw_only=True)
class Town:
    """A map as traffic sees it. Plain arrays: it can travel to workers."""

    tracks: Tracks
    conflicts: Conflicts
    approaches: Approaches
    gated: npt.NDArray[np.bool_]  # tracks that need leave (n,)
    # Crosswalks by track: those of track i begin at `crosswalk_offsets[i]` of `crosswalk_rows`.
    crosswalk_offsets: npt.NDArray[np.int64]
    crosswalk_rows: npt.NDArray[np.int64]
    walkways: Walkways | None  # None: nowhere to walk

    @property
    def junctions(self) -> tuple[Any, ...]:
        """As `kernels.routes` takes it."""
        return (
            self.gated, *self.approaches.arrays, self.crosswalk_offsets, self.crosswalk_rows
        )  # fmt: skip


def town_of(network: RoadNetwork) -> Town:
    """The town of a map; RequestError if it has no lane to drive on."""
    return make_town(tracks_of(network), network)


def make_town(tracks: Tracks, network: RoadNetwork | None = None) -> Town:
    """The town of some tracks; without a network they have no junctions, lights or crosswalks."""
    conflicts, approaches = conflicts_of(tracks, network), approaches_of(tracks, network)
    crossed = np.zeros(len(tracks.records), np.bool_)
    owner = np.repeat(np.arange(len(tracks.records)), np.diff(conflicts.offsets))
    crossed[owner[~conflicts.parts]] = True
    over = approaches.crosswalks[:, 1].astype(np.int64)
    counts = np.bincount(over, minlength=len(tracks.records))
    return Town(
        tracks=tracks,
        conflicts=conflicts,
        approaches=approaches,
        gated=crossed,
        crosswalk_offsets=offsets_of(counts),
        crosswalk_rows=np.argsort(over, kind="stable"),
        walkways=walkways_of(network, approaches) if network else None,
    )
