"""One episode: traffic with an ego in it, driven for some seconds and written down."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simgen.domains.driving.safety import time_to_collision
from simgen.kernels.arrays import Floats, Integers
from simgen.worlds.base import Snapshot
from simgen.worlds.road.traffic import Traffic
from simgen.worlds.road.traffic.kernels.neighbours import LOOK


@dataclass(kw_only=True, eq=False)
class Incident:
    """Something that happens to the ego, by the frames in which it does; equal to itself alone."""

    kind: str
    first: int  # frame
    last: int
    other: int = -1  # row of who does it, or whom the ego meets, walkers' last; -1: nobody
    caused_by: Incident | None = None


@dataclass(kw_only=True)
class Script(ABC):
    """What happens in an episode beside what traffic does by itself."""

    traffic: Traffic  # the ego is its first vehicle
    planned: str = ""  # kind of event
    gap: float = np.nan  # at which it begins [m]
    closing_speed: float = np.nan  # [m/s]
    incidents: list[Incident] = field(default_factory=list)

    @property
    def ego(self) -> int:
        """Its row."""
        return 0

    @abstractmethod
    def act(self, frame: int) -> None:
        """Look at the traffic as it is in this frame, and tell it what to do in the next step."""

    def look_back(self, recording: Recording) -> list[Incident]:
        """What can be told only in the end."""
        del recording
        return []


@dataclass(frozen=True, kw_only=True)
class Recording:
    """An episode as it went."""

    script: Script
    cars: npt.NDArray[np.void]  # `cars.CAR` by frame (n_frames, n_cars)
    walkers: npt.NDArray[np.void]  # `walkers.WALKER` by frame (n_frames, n_walkers)
    # Row of the vehicle ahead of the ego, or of who touches it, -1 for nobody (n_frames,); rows
    # of walkers follow the vehicles'.
    lead: Integers
    gap: Floats  # to it, never negative; NaN for nobody (n_frames,) [m]
    touches: npt.NDArray[np.bool_]  # whether the ego and its lead overlap (n_frames,)
    touching: tuple[Integers, ...]  # pairs of rows that overlap, by frame (n, 2)
    limit: Floats  # where the ego drives (n_frames,) [m/s]
    snapshots: tuple[Snapshot, ...]  # of the frames, if they were asked for

    @property
    def ego(self) -> npt.NDArray[np.void]:
        """The ego by frame `(n_frames,)`."""
        found: npt.NDArray[np.void] = self.cars[:, self.script.ego]
        return found

    @property
    def vehicle_ahead(self) -> Integers:
        """The lead, but -1 for who is on foot `(n_frames,)`."""
        return np.where(self.lead < self.cars.shape[1], self.lead, -1)

    @property
    def closing_speed(self) -> Floats:
        """Of the ego above its lead's speed; NaN with nobody ahead `(n_frames,)` [m/s].

        What counts of a walker's speed is what leads the ego's way.
        """
        n_cars, ego = self.cars.shape[1], self.ego
        speed = self.cars["speed"][np.arange(len(self.lead)), self.vehicle_ahead]
        for frame in np.flatnonzero(self.lead >= n_cars):
            walker = self.walkers[frame, self.lead[frame] - n_cars]
            speed[frame] = walker["speed"] * np.cos(walker["yaw"] - ego["yaw"][frame])
        return np.where(self.lead >= 0, ego["speed"] - speed, np.nan)

    @property
    def time_to_collision(self) -> Floats:
        """0 where the ego touches somebody, NaN where it doesn't close in `(n_frames,)` [s]."""
        return np.where(self.touches, 0.0, time_to_collision(self.gap, self.closing_speed))


def record(script: Script, n_frames: int, *, with_snapshots: bool) -> Recording:
    """Let an episode happen; it ends with the ego's road, or in the frame of its collision.

    What would follow a collision is no traffic any more: nothing keeps vehicles apart, and nobody
    who is hit falls.
    """
    traffic, ego = script.traffic, script.ego
    limits = traffic.town.tracks.records["limit"]
    cars = np.empty((n_frames, len(traffic.cars)), traffic.cars.dtype)
    walkers = np.empty((n_frames, len(traffic.walkers)), traffic.walkers.dtype)
    ahead: list[tuple[int, float]] = []
    touches: list[bool] = []
    touching: list[Integers] = []
    limit, snapshots = [], []
    for frame in range(n_frames):
        if not traffic.cars["present"][ego]:
            break
        met = met_by(traffic, ego)
        ahead.append(_ahead(traffic, ego) if met < 0 else (met, 0.0))
        cars[frame], walkers[frame] = traffic.cars, traffic.walkers
        touches.append(met >= 0)
        touching.append(traffic.touching)
        limit.append(float(limits[traffic.cars["track"][ego]]))
        if with_snapshots:
            snapshots.append(traffic.sense())
        if met >= 0:
            break
        script.act(frame)
        traffic.step()
    return Recording(
        script=script,
        cars=cars[: len(ahead)],
        walkers=walkers[: len(ahead)],
        lead=np.array([lead for lead, _ in ahead], np.int64),
        gap=np.array([gap for _, gap in ahead]),
        touches=np.array(touches, np.bool_),
        touching=tuple(touching),
        limit=np.array(limit),
        snapshots=tuple(snapshots),
    )


def met_by(traffic: Traffic, ego: int) -> int:
    """Row of who touches the ego, of several the first; -1 for nobody."""
    pairs = traffic.touching[(traffic.touching == ego).any(axis=1)]
    return int(pairs[0].sum()) - ego if len(pairs) else -1


def _ahead(traffic: Traffic, ego: int) -> tuple[int, float]:
    """Who is ahead of the ego and the gap, NaN for nobody within `LOOK` [m].

    Who comes in from beside may overlap lengthwise before anything touches: then no gap is left.
    """
    lead, gap = traffic.lead(ego)
    return (lead, max(gap, 0.0)) if lead >= 0 and gap <= LOOK else (-1, np.nan)
