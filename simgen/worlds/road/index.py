"""A grid over the map that finds the lane next to a point."""

from __future__ import annotations

from typing import Any

import numpy as np

from simgen.core import RequestError
from simgen.kernels.arrays import Floats, Integers
from simgen.worlds.road.kernels.nearest import chords_of, fill_grid

MAX_CHORDS = 1_000_000  # 72 MB; a town of CARLA has some ten thousand
_SQUARE = 10.0  # side of the grid's squares, unless they become too many [m]
_MAX_SQUARES = 1_000_000
_MAX_MEMBERS = 16_000_000  # entries of chords in squares: 128 MB
_MAX_PLACE = 1e8  # [m]


def lane_grid(roads: tuple[Any, ...], lanes: tuple[Any, ...]) -> tuple[Any, ...]:
    """The grid as `kernels.nearest` takes it: frame, starts, members, chords, owner.

    Raises:
        RequestError: the map needs too many chords, leaves the plane, or crosses it too often.
    """
    return grid_of(lanes, *_chords(roads, lanes))


def grid_of(lanes: tuple[Any, ...], chords: Floats, owner: Integers) -> tuple[Any, ...]:
    """The grid of any chords of lanes: rows as `kernels.nearest.chords_of` gives them.

    Raises:
        RequestError: they leave the plane, or cross it too often.
    """
    if not (np.abs(chords) < _MAX_PLACE).all():
        lane = lanes[0][owner[np.argmax(~(np.abs(chords) < _MAX_PLACE).all(axis=1))]]
        raise RequestError(
            f"lane {lane['id']} of the road number {lane['road'] + 1} leads more than "
            f"{_MAX_PLACE:g} m away; correct its geometry, elevation or widths"
        )
    ends = chords[:, [0, 1, 4, 5]].reshape(-1, 2) if len(chords) else np.zeros((1, 2))
    low, high = ends.min(axis=0), ends.max(axis=0)
    width, height = np.maximum(high - low, 1.0)
    side = max(_SQUARE, float(np.sqrt(width * height / _MAX_SQUARES)), width / 1e4, height / 1e4)
    frame = (float(low[0]), float(low[1]), side, int(width / side) + 1, int(height / side) + 1)
    starts = np.zeros(frame[3] * frame[4] + 1, np.int64)
    n_members = fill_grid(chords, frame, _MAX_MEMBERS, starts, np.zeros(0, np.int64))
    if n_members > _MAX_MEMBERS:
        raise RequestError(
            "lanes run to and fro over the whole map; look for widths, offsets or headings that "
            "are too large"
        )
    starts = np.cumsum(starts)
    members = np.empty(n_members, np.int64)
    fill_grid(chords, frame, _MAX_MEMBERS, starts[:-1].copy(), members)
    return frame, starts, members, chords, owner


def _chords(roads: tuple[Any, ...], lanes: tuple[Any, ...]) -> tuple[Any, Any]:
    capacity = 65_536  # enough for most maps
    while True:
        chords, owner = np.empty((capacity, 8)), np.empty(capacity, np.int64)
        count = chords_of(roads, lanes, chords, owner)
        if count >= 0:
            return chords[:count].copy(), owner[:count].copy()
        if capacity >= MAX_CHORDS:
            raise RequestError(
                f"the map's lanes need more than {MAX_CHORDS} chords; cut it, or look for lanes "
                "that are too long or too winding"
            )
        capacity = min(8 * capacity, MAX_CHORDS)
