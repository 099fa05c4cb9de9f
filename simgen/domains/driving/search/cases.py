"""Cases of `driving/cut_in`: what an episode draws before anybody moves.

Both tiers draw them here: the search by the hundred thousand, an episode its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from simgen.kernels.arrays import Floats

if TYPE_CHECKING:
    from simgen.domains.driving.lane_change import LaneChange
    from simgen.worlds.road.traffic import Town

Cases = npt.NDArray[np.void]

N_NORMALS = 5  # standard normal numbers that a case is made of
PLANNED = ("", "lane_change", "cut_in")
KINDS = ("car", "small_car", "van")  # who changes lanes; assumed alike often
# Share of the desired speed that the ego drives at, and of the episode that passes before the
# change begins; where on its track the ego begins. Assumptions.
_SPEED = (0.75, 1.0)
_WAIT = (0.1, 0.5)
_AT = (60.0, 100.0)  # [m]
SLOWEST = 0.3  # of who changes, over the ego's speed; assumption

CASE = np.dtype(
    [
        ("planned", "i8"),  # row in PLANNED
        ("gap", "f8"),  # at which the change begins, bumper to bumper [m]
        ("closing_speed", "f8"),  # by which the ego is the faster [m/s]
        ("change_time", "f8"),  # [s]
        ("speed", "f8"),  # the ego's [m/s]
        ("wait", "f8"),  # until the change begins [s]
        ("track", "i8"),  # the ego's
        ("lane", "i8"),  # the track from which the other comes
        ("kind", "i8"),  # of the other, row in KINDS
        ("at", "f8"),  # of the ego's middle on its track [m]
    ]
)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What cases are drawn for."""

    town: Town
    map: str
    starts: tuple[int, ...]  # tracks on which an episode can begin
    desired: float  # speed of the ego over the limit
    top_speed: float  # that the ego can reach [m/s]
    duration: float  # of an episode [s]


def cases_of(
    law: LaneChange, planned: str, setting: Setting, normals: Floats, uniforms: Floats
) -> Cases:
    """Cases `(n,)` made of standard normal `(n, N_NORMALS)` and of even numbers `(n, 4)`.

    The first say how the change goes, the others where, and who changes lanes.
    """
    cases = np.zeros(len(normals), CASE)
    records = setting.town.tracks.records
    cases["planned"] = PLANNED.index(planned)
    track = np.array(setting.starts)[_pick(uniforms[:, 0], len(setting.starts))]
    left, right = records["left"][track], records["right"][track]
    takes_left = (right < 0) | ((left >= 0) & (uniforms[:, 1] < 0.5))
    share = _SPEED[0] + (_SPEED[1] - _SPEED[0]) * ndtr(normals[:, 3])
    speed = np.minimum(records["limit"][track] * setting.desired * share, setting.top_speed)
    gap, closing, time = law.of(normals)
    cases["gap"], cases["change_time"] = gap, time
    cases["closing_speed"] = np.minimum(closing, (1.0 - SLOWEST) * speed)
    cases["speed"] = speed
    cases["wait"] = (_WAIT[0] + (_WAIT[1] - _WAIT[0]) * ndtr(normals[:, 4])) * setting.duration
    cases["track"], cases["lane"] = track, np.where(takes_left, left, right)
    cases["kind"] = _pick(uniforms[:, 2], len(KINDS))
    cases["at"] = _AT[0] + (_AT[1] - _AT[0]) * uniforms[:, 3]
    return cases


def _pick(uniforms: Floats, n: int) -> npt.NDArray[np.int64]:
    return np.minimum((uniforms * n).astype(np.int64), n - 1)
