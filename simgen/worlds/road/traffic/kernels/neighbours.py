"""Who is where on which track, and who is ahead.

`crowd` is a plain tuple: (starts, members, places). The vehicles on track t are
`members[starts[t]:starts[t + 1]]`, by place. Who changes lanes is on both tracks.
`tracks` is that of `Tracks.arrays`, `conflicts` that of `Conflicts.arrays`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

LOOK = 150.0  # ahead; assumption [m]


@njit(cache=True, error_model="numpy")
def node_of(tracks: Any, track: int, at: float) -> tuple[int, float]:
    """The node of a track before a place, and the share of the way to the next one."""
    records, nodes = tracks[0], tracks[1]
    first, count = records[track].first, records[track].n_nodes
    guess = int(at / records[track].length * (count - 1))
    row = first + min(max(guess, 0), count - 2)
    while row > first and nodes[row, 0] > at:
        row -= 1
    while row < first + count - 2 and nodes[row + 1, 0] < at:
        row += 1
    share = (at - nodes[row, 0]) / (nodes[row + 1, 0] - nodes[row, 0])
    return row, share


@njit(cache=True, error_model="numpy")
def between(tracks: Any, row: int, share: float, column: int) -> float:
    """A column of `Tracks.nodes` between two nodes."""
    nodes = tracks[1]
    return float(nodes[row, column] + share * (nodes[row + 1, column] - nodes[row, column]))


@njit(cache=True, error_model="numpy")
def abreast(tracks: Any, track: int, at: float, other: int) -> float:
    """The place on a track's neighbour that lies beside a place [m]."""
    records = tracks[0]
    row, share = node_of(tracks, track, at)
    return between(tracks, row - records[track].first + records[other].first, share, 0)


@njit(cache=True, error_model="numpy")
def place_on(tracks: Any, track: int, at: float) -> tuple[float, float, float, float, float]:
    """The x, y, z, heading and pitch of a place [m, m, m, rad, rad]."""
    row, share = node_of(tracks, track, at)
    return (
        between(tracks, row, share, 1),
        between(tracks, row, share, 2),
        between(tracks, row, share, 3),
        between(tracks, row, share, 4),
        between(tracks, row, share, 5),
    )


@njit(cache=True, error_model="numpy")
def offset(tracks: Any, car: Any) -> float:
    """How far to the left of its track the one is that it comes from [m]."""
    x, y, _, yaw, _ = place_on(tracks, car.track, car.at)
    at = abreast(tracks, car.track, car.at, car.from_track)
    there_x, there_y, _, _, _ = place_on(tracks, car.from_track, at)
    return (there_y - y) * math.cos(yaw) - (there_x - x) * math.sin(yaw)


@njit(cache=True, error_model="numpy")
def gather(tracks: Any, cars: Any, crowd: Any) -> None:
    """Fill the crowd anew."""
    starts = crowd[0]
    starts[:] = 0
    for i in range(len(cars)):
        if cars[i].present:
            starts[cars[i].track + 1] += 1
            if cars[i].from_track >= 0:
                starts[cars[i].from_track + 1] += 1
    for track in range(len(starts) - 1):
        starts[track + 1] += starts[track]
    filled = np.zeros(len(starts), np.int64)
    for i in range(len(cars)):
        if not cars[i].present:
            continue
        _insert(crowd, filled, cars[i].track, i, cars[i].at)
        beside = cars[i].from_track
        if beside >= 0:
            place = abreast(tracks, cars[i].track, cars[i].at, beside)
            _insert(crowd, filled, beside, i, place)


@njit(cache=True, error_model="numpy")
def _insert(crowd: Any, filled: Any, track: int, who: int, place: float) -> None:
    starts, members, places = crowd
    k = starts[track] + filled[track]
    while k > starts[track] and places[k - 1] > place:
        places[k], members[k] = places[k - 1], members[k - 1]
        k -= 1
    places[k], members[k] = place, who
    filled[track] += 1


@njit(cache=True, error_model="numpy")
def first_beyond(crowd: Any, track: int, place: float) -> int:
    """The entry of the first vehicle beyond a place on a track; the track's stop if none is."""
    starts, _, places = crowd
    low, high = starts[track], starts[track + 1]
    while low < high:
        middle = (low + high) // 2
        if places[middle] > place:
            high = middle
        else:
            low = middle + 1
    return int(low)


@njit(cache=True, error_model="numpy")
def _heeded(cars: Any, crowd: Any, who: int, track: int, k: int, stop: int) -> int:
    """The first entry of a track from k on that a driver takes notice of; `stop` for none.

    Himself he doesn't; those who come in from a lane beside, once they are near enough.
    """
    _, members, _ = crowd
    while k < stop:
        other = cars[members[k]]
        comes_in = other.from_track >= 0 and other.track == track
        comes_in = comes_in and abs(other.aside) > cars[who].heeds
        if members[k] != who and not comes_in:
            return k
        k += 1
    return stop


@njit(cache=True, error_model="numpy")
def _parting(
    conflicts: Any, cars: Any, crowd: Any, who: int, track: int, way: float
) -> tuple[int, float]:
    """Who has just turned off from a track's mouth but still stands in it, and the gap [m].

    `way` [m] is that from the vehicle's middle to the mouth, negative behind it.
    """
    offsets, others, spans, parts = conflicts
    starts, members, places = crowd
    best, lead = np.inf, -1
    for row in range(offsets[track], offsets[track + 1]):
        if not parts[row]:
            continue
        for k in range(starts[others[row]], starts[others[row] + 1]):
            other = members[k]
            tail = places[k] - cars[other].half_length
            if other != who and tail < spans[row, 3] and places[k] > -way:
                gap = way + tail - cars[who].half_length
                if gap < best:
                    best, lead = gap, other
    return lead, best


@njit(cache=True, error_model="numpy")
def ahead_on(
    tracks: Any, conflicts: Any, cars: Any, crowd: Any, who: int, track: int, place: float
) -> tuple[int, float]:
    """Who is ahead on the way from a place, and the gap between both [m]; -1 for nobody.

    The way is the vehicle's plan if the place is on its own track, or else the first follower of
    each track.
    """
    records, next_offsets, nexts = tracks[0], tracks[2], tracks[3]
    starts, members, places = crowd
    planned = track == cars[who].track
    half = cars[who].half_length
    k = _heeded(cars, crowd, who, track, first_beyond(crowd, track, place), starts[track + 1])
    lead, gap = _parting(conflicts, cars, crowd, who, track, -place)
    if k < starts[track + 1]:
        here = places[k] - place - half - cars[members[k]].half_length
        return (members[k], here) if here < gap else (lead, gap)
    way, step = records[track].length - place, 0
    while way < LOOK + half and lead < 0:
        if planned and step < cars[who].n_plan:
            track = cars[who].plan[step]
        elif planned or next_offsets[track] == next_offsets[track + 1]:
            break
        else:
            track = nexts[next_offsets[track]]
        step += 1
        lead, gap = _parting(conflicts, cars, crowd, who, track, way)
        k = _heeded(cars, crowd, who, track, starts[track], starts[track + 1])
        if k < starts[track + 1]:
            here = way + places[k] - half - cars[members[k]].half_length
            if here < gap:
                lead, gap = members[k], here
        way += records[track].length
    return lead, gap


@njit(cache=True, error_model="numpy")
def _still_before(
    tracks: Any, conflicts: Any, cars: Any, crowd: Any, who: int
) -> tuple[int, float]:
    """Who is ahead on the lane that one comes from, until he can be passed; -1 for nobody."""
    car = cars[who]
    place = abreast(tracks, car.track, car.at, car.from_track)
    lead, gap = ahead_on(tracks, conflicts, cars, crowd, who, car.from_track, place)
    apart = abs(offset(tracks, car) - car.aside)
    if lead < 0 or apart > car.half_width + cars[lead].half_width:
        return -1, np.inf
    return lead, gap


# Inlined, as a call would make a step a twentieth slower.
@njit(cache=True, error_model="numpy", inline="always")
def ahead_of(tracks: Any, conflicts: Any, cars: Any, crowd: Any, who: int) -> tuple[int, float]:
    """Who is ahead of a vehicle, and the gap between both [m]; -1 for nobody.

    Who changes lanes looks at both.
    """
    lead, gap = ahead_on(tracks, conflicts, cars, crowd, who, cars[who].track, cars[who].at)
    if cars[who].from_track >= 0:
        other, here = _still_before(tracks, conflicts, cars, crowd, who)
        if here < gap:
            return other, here
    return lead, gap


@njit(cache=True, error_model="numpy")
def behind_on(
    tracks: Any, cars: Any, crowd: Any, who: int, track: int, place: float
) -> tuple[int, float]:
    """Who is behind on a track and the one before it, and the gap [m]; -1 for nobody."""
    records, back_offsets, backs = tracks[0], tracks[4], tracks[5]
    starts, members, places = crowd
    half = cars[who].half_length
    way = 0.0
    k = first_beyond(crowd, track, place) - 1
    while k >= starts[track] and members[k] == who:
        k -= 1
    if k < starts[track]:
        if back_offsets[track] == back_offsets[track + 1]:
            return -1, np.inf
        track = backs[back_offsets[track]]
        way = records[track].length
        k = starts[track + 1] - 1
    if k < starts[track] or members[k] == who:
        return -1, np.inf
    return members[k], way + place - places[k] - half - cars[members[k]].half_length
