"""Back from tables to what was there: snapshots of an episode, labels in a picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import Source
from simgen.worlds.base import Snapshot
from simgen.worlds.road.labels import ImageBoxes

_ACTORS = """
SELECT actor_id, kind::VARCHAR AS kind, x, y, z, yaw, pitch, velocity_x, velocity_y, length, width,
    height, dense_rank() OVER (ORDER BY "at") - 1 AS frame, epoch("at") AS time
FROM actors WHERE episode_id = {episode} ORDER BY "at", actor_id
"""
_BOXES = """
SELECT boxes.* FROM boxes JOIN sensor_files USING (episode_id, sensor, "at")
WHERE path = $path AND n_pixels IS NOT NULL ORDER BY actor_id
"""


def snapshots(source: Source, episode: int) -> Iterator[Snapshot]:
    """The world in each frame, without accelerations and turning: those are not written down."""
    rows = source.ask(_ACTORS.format(episode=episode))
    frame = rows["frame"].to_numpy()
    starts = np.flatnonzero(np.diff(frame, prepend=-1))
    for begin, end in zip(starts, [*starts[1:], len(frame)], strict=True):
        yield _snapshot(rows.slice(begin, end - begin), int(frame[begin]))


def _snapshot(rows: pa.Table, frame: int) -> Snapshot:
    flat = np.zeros(len(rows))
    return Snapshot(
        frame=frame,
        time=rows["time"][0].as_py(),
        actors=rows["actor_id"].to_numpy(),
        names=tuple(rows["kind"].to_pylist()),
        positions=_columns(rows, "x", "y", "z"),
        rotations=np.column_stack([_columns(rows, "yaw", "pitch"), flat]),
        velocities=np.column_stack([_columns(rows, "velocity_x", "velocity_y"), flat]),
        accelerations=np.zeros((len(rows), 3)),
        yaw_rates=flat,
        sizes=_columns(rows, "length", "width", "height"),
        collisions=(),
    )


def image_boxes_of(source: Source, path: str) -> ImageBoxes:
    """The labels of the picture in a raw file."""
    rows = source.ask(_BOXES, {"path": path})
    edges = ("left", "top", "right", "bottom")
    return ImageBoxes(
        sensor=rows["sensor"][0].as_py() if len(rows) else "",
        actors=rows["actor_id"].to_numpy(),
        whole=_columns(rows, *edges),
        visible=_columns(rows, *(f"visible_{edge}" for edge in edges)),
        n_pixels=rows["n_pixels"].to_numpy(),
        truncation=rows["truncation"].to_numpy(),
        occlusion=rows["occlusion"].to_numpy(),
    )


def _columns(rows: pa.Table, *names: str) -> npt.NDArray[np.float64]:
    """Columns side by side; NaN for null `(n, k)`."""
    return np.column_stack([rows[name].to_numpy().astype(np.float64) for name in names])
