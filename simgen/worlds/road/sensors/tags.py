"""What things are, and how well they send light back."""

from __future__ import annotations

from enum import IntEnum
from functools import cache

import numpy as np
import numpy.typing as npt

from simgen.core import asset
from simgen.worlds.road.mesh import Surface


class Tag(IntEnum):
    """CARLA's semantic tags, as of 0.9.14."""

    NONE = 0
    ROAD = Surface.ROAD
    SIDEWALK = Surface.SIDEWALK
    BUILDING = 3
    WALL = 4
    FENCE = 5
    POLE = 6
    TRAFFIC_LIGHT = 7
    TRAFFIC_SIGN = 8
    VEGETATION = 9
    TERRAIN = Surface.TERRAIN
    SKY = 11
    PEDESTRIAN = 12
    RIDER = 13
    CAR = 14
    TRUCK = 15
    BUS = 16
    TRAIN = 17
    MOTORCYCLE = 18
    BICYCLE = 19
    STATIC = 20
    DYNAMIC = 21
    OTHER = 22
    WATER = 23
    ROAD_LINE = Surface.ROAD_LINE
    GROUND = 25
    BRIDGE = 26
    RAIL_TRACK = 27
    GUARD_RAIL = 28


@cache
def reflectances() -> npt.NDArray[np.float64]:
    """Share of a laser's light that each tag sends back at right angles `(n_tags,)`."""
    content = asset("driving/sensors/reflectances")
    by_tag = np.full(len(Tag), float(content["others"]))
    for name, value in content["reflectances"].items():
        by_tag[Tag[name.upper()]] = value
    by_tag.setflags(write=False)
    return by_tag
