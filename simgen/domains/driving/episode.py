"""One episode: traffic with an ego in it, driven for some seconds and written down."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simgen.domains.driving.safety import time_to_collision
from simgen.worlds.base import Snapshot
from simgen.worlds.road.traffic import Traffic

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# What is recorded of a collision: what follows is no traffic any more. Assumption [s].
AFTER_COLLISION = 0.5


@dataclass(kw_only=True)
class Incident:
    """Something that happens to the ego, by the frames in which it does."""

    kind: str
    first: int  # frame
    last: int
    other: int = -1  # row of who does it, -1: nobody
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
    lead: Integers  # row of who is ahead of the ego, -1 for nobody (n_frames,)
    gap: Floats  # to it; NaN for nobody (n_frames,) [m]
    touches: npt.NDArray[np.bool_]  # whether the ego and another overlap (n_frames,)
    limit: Floats  # where the ego drives (n_frames,) [m/s]
    snapshots: tuple[Snapshot, ...]  # of the frames, if they were asked for

    @property
    def ego(self) -> npt.NDArray[np.void]:
        """The ego by frame `(n_frames,)`."""
        found: npt.NDArray[np.void] = self.cars[:, self.script.ego]
        return found

    @property
    def closing_speed(self) -> Floats:
        """By which the gap becomes smaller; NaN with nobody ahead `(n_frames,)` [m/s]."""
        speed = self.cars["speed"][np.arange(len(self.lead)), np.maximum(self.lead, 0)]
        return np.where(self.lead >= 0, self.ego["speed"] - speed, np.nan)

    @property
    def time_to_collision(self) -> Floats:
        """NaN where the ego doesn't close in `(n_frames,)` [s]."""
        return time_to_collision(self.gap, self.closing_speed)


def record(script: Script, n_frames: int, *, with_snapshots: bool) -> Recording:
    """Let an episode happen; the end of the ego's road ends it, and soon a collision does."""
    traffic, ego = script.traffic, script.ego
    limits = traffic.town.tracks.records["limit"]
    cars = np.empty((n_frames, len(traffic.cars)), traffic.cars.dtype)
    walkers = np.empty((n_frames, len(traffic.walkers)), traffic.walkers.dtype)
    ahead: list[tuple[int, float]] = []
    touches: list[bool] = []
    limit, snapshots = [], []
    n_after = max(round(AFTER_COLLISION / traffic.rules.step_time), 1)
    for frame in range(n_frames):
        over = True in touches and frame > touches.index(True) + n_after
        if over or not traffic.cars["present"][ego]:
            break
        lead, gap = traffic.lead(ego)
        ahead.append((lead, gap if lead >= 0 else np.nan))
        cars[frame], walkers[frame] = traffic.cars, traffic.walkers
        touches.append(bool((traffic.touching == ego).any()))
        limit.append(float(limits[traffic.cars["track"][ego]]))
        if with_snapshots:
            snapshots.append(traffic.sense())
        script.act(frame)
        traffic.step()
    return Recording(
        script=script,
        cars=cars[: len(ahead)],
        walkers=walkers[: len(ahead)],
        lead=np.array([lead for lead, _ in ahead], np.int64),
        gap=np.array([gap for _, gap in ahead]),
        touches=np.array(touches, np.bool_),
        limit=np.array(limit),
        snapshots=tuple(snapshots),
    )
