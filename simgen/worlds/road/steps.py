"""What holds along a lane from some s to the next: speed limits and road marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simgen.kernels.arrays import Floats, Integers
from simgen.worlds.road.kernels.steps import steps_of
from simgen.worlds.road.offsets import offsets_of
from simgen.worlds.road.opendrive.document import OpenDrive, RoadMark
from simgen.worlds.road.tables import outward


@dataclass(frozen=True, kw_only=True)
class Steps:
    """A step function of s for each lane."""

    offsets: Integers  # the rows of lane i begin at `offsets[i]` (n_lanes + 1,)
    table: Floats  # start [m] and value (m, 2)

    def at(self, lane: Integers, s: Floats, *, default: float) -> Floats:
        """The values at (lane, s) `(n,)`; `default` before the first step."""
        out = np.empty(len(lane))
        steps_of(self.offsets, self.table, lane, s, default, out)
        return out


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What is painted on both edges of each lane; the steps' values are rows in `kinds`."""

    kinds: tuple[RoadMark, ...]
    inner: Steps
    outer: Steps


def limits_of(document: OpenDrive) -> Steps:
    """The speed limit [m/s] of each lane: its own, or else its road's."""
    steps: list[list[tuple[float, float]]] = []
    for place in outward(document):
        of_lane = [(limit.start + place.section.s, limit.speed) for limit in place.lane.limits]
        of_road = [(about.s, about.speed) for about in place.road.types]
        steps.append(of_lane or of_road)
    return _packed(steps)


def marks_of(document: OpenDrive) -> Marks:
    """The marks of all lanes: a lane's inner edge bears those of its inner neighbour."""
    kinds: dict[RoadMark, int] = {}
    inner: list[list[tuple[float, float]]] = []
    outer: list[list[tuple[float, float]]] = []
    for place in outward(document):
        lanes, here = place.section.lanes, place.lane
        neighbour = lanes[lanes[0].id - here.id + (1 if here.id > 0 else -1)]
        for steps, lane in ((inner, neighbour), (outer, here)):
            steps.append(
                [
                    (mark.start + place.section.s, kinds.setdefault(mark, len(kinds)))
                    for mark in lane.marks
                ]
            )
    return Marks(kinds=tuple(kinds), inner=_packed(inner), outer=_packed(outer))


def _packed(steps: Sequence[Sequence[tuple[float, float]]]) -> Steps:
    rows = [step for of_lane in steps for step in of_lane]
    return Steps(
        offsets=offsets_of(len(of_lane) for of_lane in steps),
        table=np.array(rows, np.float64).reshape(-1, 2),
    )
