"""Invariants: what must hold in every block of a driving scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Tables = Mapping[str, pa.Table]
Verdict = Any  # booleans, one for each row that was looked at

_ASIDE = 5.0  # faster than this nobody moves across his lane [m/s]
_OFF_MOUNT = 1e-6  # rounding of a sensor's place [m]


def _column(table: pa.Table, name: str) -> Any:
    return table[name].to_numpy()


def measures_follow_from_gap(tables: Tables) -> Verdict:
    """Time to collision, headway and required deceleration are what gap and speeds make them."""
    frames = tables["frames"]
    gap, closing, speed = (_column(frames, name) for name in ("gap", "closing_speed", "speed"))
    time, headway, needed = (
        _column(frames, name) for name in ("time_to_collision", "headway", "required_deceleration")
    )
    room = np.maximum(gap, 0.0)
    return (
        (np.isnan(time) | np.isclose(time * closing, room))
        & (np.isnan(headway) | np.isclose(headway * speed, room))
        & (np.isnan(needed) | np.isclose(needed * 2.0 * room, np.maximum(closing, 0.0) ** 2))
    )


def ego_is_actor_one(tables: Tables) -> Verdict:
    """The instruments and the poses agree about the ego."""
    frames, actors = tables["frames"], tables["actors"]
    mine = _column(actors, "actor_id") == 1
    same = len(frames) == np.count_nonzero(mine)
    return np.array(
        [
            same and np.array_equal(_column(frames, name), _column(actors, name)[mine])
            for name in ("at", "episode_id", "speed", "acceleration")
        ]
    )


def nobody_jumps(tables: Tables) -> Verdict:
    """From one row to the next an actor goes no further than its speed allows."""
    actors = tables["actors"]
    episode, who, at = (_column(actors, name) for name in ("episode_id", "actor_id", "at"))
    order = np.lexsort((at, who, episode))
    x, y, speed = (_column(actors, name)[order] for name in ("x", "y", "speed"))
    same = (np.diff(episode[order]) == 0) & (np.diff(who[order]) == 0)
    step = np.diff(at[order]) / np.timedelta64(1, "s")
    most = (np.maximum(speed[1:], speed[:-1]) + _ASIDE) * step
    return ~same | (np.hypot(np.diff(x), np.diff(y)) <= most + 1e-6)


def hazards_cover_their_consequences(tables: Tables) -> Verdict:
    """What a hazard causes begins not before it and ends not after it."""
    events = tables["events"]
    names = ("event_id", "caused_by", "onset_at", "ended_at")
    numbers, causes, onset, end = (_column(events, name) for name in names)
    row = {int(number): k for k, number in enumerate(numbers)}
    return np.array(
        [
            cause == 0 or (onset[row[cause]] <= onset[k] and end[k] <= end[row[cause]])
            for k, cause in enumerate(causes.tolist())
        ],
        np.bool_,
    )


def sensors_ride_on_the_ego(tables: Tables) -> Verdict:
    """Each reading was taken where its sensor is mounted on the ego, as the ego then stood."""
    files, mounts, actors = (tables[name] for name in ("sensor_files", "sensors", "actors"))
    ego = actors.filter(pc.equal(actors["actor_id"], 1))
    carrier, mount = _rows(files, ego, "at"), _rows(files, mounts, "sensor")
    known = (carrier >= 0) & (mount >= 0)
    if not known.all():
        return known
    x, y, z = (_column(mounts, name)[mount] for name in "xyz")
    yaw, pitch = (_column(ego, name)[carrier] for name in ("yaw", "pitch"))
    ahead = x * np.cos(pitch) - z * np.sin(pitch)
    offset = {
        "x": ahead * np.cos(yaw) - y * np.sin(yaw),
        "y": ahead * np.sin(yaw) + y * np.cos(yaw),
        "z": x * np.sin(pitch) + z * np.cos(pitch),
    }
    off = [_column(ego, k)[carrier] + offset[k] - _column(files, k) for k in offset]
    return np.abs(off).max(axis=0) < _OFF_MOUNT


def _rows(table: pa.Table, there: pa.Table, name: str) -> Any:
    """The rows of `there` of each row's episode and value of a column `(n,)`; -1: there is none."""
    own, others = (
        zip(_column(one, "episode_id").tolist(), _column(one, name).tolist(), strict=True)
        for one in (table, there)
    )
    known = {key: row for row, key in enumerate(others)}
    return np.array([known.get(key, -1) for key in own], np.int64)


RULES = (
    measures_follow_from_gap,
    ego_is_actor_one,
    nobody_jumps,
    hazards_cover_their_consequences,
    sensors_ride_on_the_ego,
)
