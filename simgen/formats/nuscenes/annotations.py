"""Boxes: one row an actor and sample, and one an actor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.formats.drives import Drive, pose_of, quaternion
from simgen.formats.nuscenes.tokens import Tokens, chained
from simgen.formats.nuscenes.vocabulary import attribute, category, visibility
from simgen.kernels.arrays import Floats


@dataclass(frozen=True, kw_only=True)
class Key:
    """A sample: its time, and the readings that belong to it."""

    token: str
    at: int  # [us]
    # Sensor and time [us] of each.
    scanners: Sequence[tuple[str, int]]
    radars: Sequence[tuple[str, int]]
    cameras: Sequence[tuple[str, int]]


@dataclass(kw_only=True)
class _Seen:
    """What a sample's readings have of one actor."""

    n_scanned: int = 0
    n_echoes: int = 0
    n_pixels: int = 0
    shown: float = 0.0  # area of its boxes in pictures [pixel]
    hidden: float = 0.0  # of that, behind others [pixel]

    @property
    def visible_share(self) -> float | None:
        """By all cameras together; None if it is in no picture."""
        return 1.0 - self.hidden / self.shown if self.shown > 0.0 else None


def label_rows(
    drive: Drive, keys: Sequence[Key], tokens: Tokens, origin: Floats, *, least_points: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of `sample_annotation` and `instance` of a drive; who is seen has one in each sample.

    Args:
        drive: the drive.
        keys: its samples.
        tokens: of the data set.
        origin: what is taken from our places `(3,)` [m].
        least_points: of scanners and radars, on who is seen in a sample; 0: a pixel will do.
    """
    tracks: dict[int, list[dict[str, Any]]] = {}
    kinds: dict[int, str] = {}
    for key in keys:
        seen = _seen(drive, key, least_points)
        for actor in drive.others(key.at):
            number = int(actor["actor_id"])
            if number in seen:
                row = {
                    "token": tokens.of("sample_annotation", drive.number, key.at, number),
                    "sample_token": key.token,
                    "instance_token": tokens.of("instance", drive.number, number),
                    **_box(actor, origin),
                    **_told(actor, seen[number], tokens),
                }
                tracks.setdefault(number, []).append(row)
                kinds[number] = str(actor["kind"])
    instances = [
        _instance(rows, tokens.of("instance", drive.number, number), kinds[number], tokens)
        for number, rows in tracks.items()
    ]
    return [row for rows in tracks.values() for row in rows], instances


def _instance(
    rows: Sequence[dict[str, Any]], token: str, kind: str, tokens: Tokens
) -> dict[str, Any]:
    """Chain an actor's rows; gives its own."""
    chain = chained([row["token"] for row in rows])
    for row, (_, before, after) in zip(rows, chain, strict=True):
        row.update(prev=before, next=after)
    return {
        "token": token,
        "category_token": tokens.of("category", category(kind)),
        "nbr_annotations": len(rows),
        "first_annotation_token": rows[0]["token"],
        "last_annotation_token": rows[-1]["token"],
    }


def _seen(drive: Drive, key: Key, least_points: int) -> Mapping[int, _Seen]:
    """The actors that sensors have so many points of; for 0, those of whom they have anything."""
    found: dict[int, _Seen] = {}
    for count, readings in (("n_scanned", key.scanners), ("n_echoes", key.radars)):
        for sensor, at in readings:
            for mark in drive.marks_of(sensor, at):
                one = found.setdefault(int(mark["actor_id"]), _Seen())
                setattr(one, count, getattr(one, count) + int(mark["n_points"]))
    for sensor, at in key.cameras:
        for mark in drive.marks_of(sensor, at):
            one = found.setdefault(int(mark["actor_id"]), _Seen())
            whole = (mark["right"] - mark["left"]) * (mark["bottom"] - mark["top"])
            shown = float(whole * (1.0 - mark["truncation"]))
            one.n_pixels += int(mark["n_pixels"])
            one.shown += shown
            one.hidden += shown * float(mark["occlusion"])
    return {
        number: one
        for number, one in found.items()
        if one.n_scanned + one.n_echoes >= least_points
        and one.n_scanned + one.n_echoes + one.n_pixels
    }


def _box(actor: np.void, origin: Floats) -> dict[str, Any]:
    frame = pose_of(actor)
    centre = frame.position + 0.5 * float(actor["height"]) * frame.axes[:, 2] - origin
    return {
        "translation": centre.tolist(),
        "size": [float(actor[name]) for name in ("width", "length", "height")],
        "rotation": quaternion(frame),
    }


def _told(actor: np.void, seen: _Seen, tokens: Tokens) -> dict[str, Any]:
    about = attribute(str(actor["kind"]), float(actor["speed"]))
    return {
        "visibility_token": visibility(seen.visible_share),
        "attribute_tokens": [] if about is None else [tokens.of("attribute", about)],
        "num_lidar_pts": seen.n_scanned,
        "num_radar_pts": seen.n_echoes,
    }
