"""Lanes as CARLA looks for the nearest of them: by few chords, some of which lie far beside."""

from __future__ import annotations

import math
from typing import Any

from numba import njit

from simgen.worlds.road.kernels.curves import cubic_at, line_at
from simgen.worlds.road.kernels.rounded import rounded_at

# CARLA 0.9.16, LibCarla/source/carla/road/Map.cpp, CreateRtree: in bends a chord ends after the
# first metre over which the lane has turned by more than 1.8 degrees, or after 100 m; a lane on
# one straight line is one chord, however its width changes.
TURN = math.pi / 100.0  # [rad]
LONGEST = 100.0  # [m]
STEP = 1.0  # [m]
END = 1e-6  # left out at a lane's end [m]
START = 100.0 * 2.0**-52  # left out where traffic enters; beyond 256 m, rounding makes it 0 [m]


@njit(cache=True, error_model="numpy")
def _forward(roads: Any, lanes: Any, lane: int, s: float) -> tuple[float, float, float]:
    """Where CARLA thinks a lane leads: slopes are taken for angles, and bends' width is not."""
    curves, profiles = roads
    records, width_offsets, widths, shift_offsets, shifts = lanes
    record = records[lane]
    _, _, heading = line_at(curves, record.road, s)
    _, climb = cubic_at(profiles[0], profiles[1], record.road, s)
    _, drift = cubic_at(shift_offsets, shifts, record.road, s)
    for k in range(record.first, lane + 1):
        _, slope = cubic_at(width_offsets, widths, k, s)
        drift += record.side * slope * (0.5 if k == lane else 1.0)
    yaw = heading + drift
    return math.cos(climb) * math.cos(yaw), math.cos(climb) * math.sin(yaw), math.sin(climb)


@njit(cache=True, error_model="numpy")
def _add(roads: Any, lanes: Any, lane: int, s: float, end: float, row: Any) -> None:
    """Fill one row: x, y, z, s at the start, then at the end."""
    row[0], row[1], row[2] = rounded_at(roads, lanes, lane, s)
    row[4], row[5], row[6] = rounded_at(roads, lanes, lane, end)
    row[3], row[7] = s, end


@njit(cache=True, error_model="numpy", forceinline=True)
def _bounds(record: Any) -> tuple[float, float]:
    """The s from where to where CARLA drives on a lane [m, m]."""
    far = record.s_start + (record.s_end - record.s_start)  # which may round away from s_end
    if record.direction > 0.0:
        return record.s_start + START, far - END
    return far - START, record.s_start + END


@njit(cache=True, error_model="numpy")
def _cut(roads: Any, lanes: Any, lane: int, out: Any, owner: Any, count: int) -> int:
    """Cut a bent lane from where its traffic enters; gives the number of rows, -1: no room."""
    record = lanes[0][lane]
    s, last = _bounds(record)
    here, ahead = s, _forward(roads, lanes, lane, s)
    while True:
        left = abs(last - s)
        if count == len(out):
            return -1
        if left < END:
            _add(roads, lanes, lane, here, s, out[count])
            owner[count] = lane
            return count + 1
        s += record.direction * min(STEP, left)
        now = _forward(roads, lanes, lane, s)
        cosine = ahead[0] * now[0] + ahead[1] * now[1] + ahead[2] * now[2]
        if math.acos(min(cosine, 1.0)) > TURN or abs(s - here) > LONGEST:
            _add(roads, lanes, lane, here, s, out[count])
            owner[count] = lane
            count += 1
            here, ahead = s, now


@njit(cache=True, error_model="numpy", nogil=True)
def coarse_chords_of(roads: Any, lanes: Any, straight: Any, out: Any, owner: Any) -> int:
    """CARLA's chords of all lanes, in the direction of traffic: as `nearest.chords_of`."""
    count = 0
    for lane in range(len(lanes[0])):
        record = lanes[0][lane]
        if record.s_end - record.s_start < 2.0 * END:
            continue
        if count == len(out):
            return -1
        if straight[lane]:
            start, end = _bounds(record)
            _add(roads, lanes, lane, start, end, out[count])
            owner[count] = lane
            count += 1
        else:
            count = _cut(roads, lanes, lane, out, owner, count)
            if count < 0:
                return -1
    return count
