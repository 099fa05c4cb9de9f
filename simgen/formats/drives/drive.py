"""One episode as its sensors recorded it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.worlds.road.sensors import Frame

EGO = 1  # actor who carries the sensors, in every episode

ACTOR = np.dtype(
    [
        ("at", "i8"),  # [us]
        ("actor_id", "i8"),
        ("kind", "U32"),  # of assets/driving/actors.yaml
        ("x", "f8"),  # of the middle of its box's floor [m]
        ("y", "f8"),
        ("z", "f8"),
        ("yaw", "f8"),  # [rad]
        ("pitch", "f8"),
        ("velocity_x", "f8"),  # [m/s]
        ("velocity_y", "f8"),
        ("speed", "f8"),
        ("acceleration", "f8"),  # along its way [m/s2]
        ("length", "f8"),  # [m]
        ("width", "f8"),
        ("height", "f8"),
    ]
)
MARK = np.dtype(
    [
        ("at", "i8"),  # [us]
        ("sensor", "U64"),
        ("actor_id", "i8"),
        ("n_points", "i8"),  # 0 for a camera
        ("n_pixels", "i8"),  # 0 but for a camera
        ("left", "f8"),  # of the whole actor, also beside the picture [pixel]
        ("top", "f8"),
        ("right", "f8"),
        ("bottom", "f8"),
        ("visible_left", "f8"),  # of what is seen; NaN: nothing [pixel]
        ("visible_top", "f8"),
        ("visible_right", "f8"),
        ("visible_bottom", "f8"),
        ("truncation", "f8"),  # share of the whole box beside the picture
        ("occlusion", "f8"),  # share of the actor in the picture that others hide
    ]
)
Records = npt.NDArray[np.void]


def pose_of(actor: np.void) -> Frame:
    """The middle of an actor's box's floor, x forward, from a record of ACTOR."""
    place = [actor["x"], actor["y"], actor["z"]]
    return Frame.turned(place, yaw=float(actor["yaw"]), pitch=float(actor["pitch"]))


@dataclass(frozen=True, kw_only=True)
class Rawfile:
    """A raw file of a data set."""

    path: str  # below the data set's folder
    n_bytes: int


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A reading that was taken."""

    at: int  # [us] since 1970
    frame: Frame  # of the sensor in the world, x forward
    files: Mapping[str, Rawfile]  # by what of the reading they hold


@dataclass(frozen=True, kw_only=True)
class Happening:
    """An event of an episode, by the oracle."""

    kind: str
    after: float  # the episode's beginning [s]
    severity: float
    actor: int  # who did it, or whom the ego met; 0: nobody, or it is not said


@dataclass(frozen=True, kw_only=True)
class Drive:
    """An episode; times are microseconds since 1970."""

    number: int
    date: str  # of its beginning: 2024-01-31
    map: str
    planned: str  # by somebody; "" if nothing
    happened: tuple[Happening, ...]  # in order of time
    readings: Mapping[str, tuple[Taken, ...]]  # by sensor, in order of time
    actors: Mapping[int, Records]  # ACTOR, by time
    marks: Mapping[tuple[str, int], Records]  # MARK, by sensor and time
    yaw_rates: Mapping[int, float]  # of the ego by time [rad/s]

    def ego(self, at: int) -> Any:
        """Who carries the sensors, at one time: a record of ACTOR."""
        rows = self.actors[at]
        return rows[rows["actor_id"] == EGO][0]

    def others(self, at: int) -> Records:
        """Everybody else."""
        rows = self.actors[at]
        found: Records = rows[rows["actor_id"] != EGO]
        return found

    def marks_of(self, sensor: str, at: int) -> Records:
        """What a reading has of actors; empty if it has none."""
        return self.marks.get((sensor, at), np.zeros(0, MARK))
