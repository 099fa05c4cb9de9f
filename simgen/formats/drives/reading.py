"""Episodes out of a data set's tables, one at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from simgen.core import RequestError
from simgen.formats.base import Recorded
from simgen.formats.drives.drive import (
    ACTOR,
    MARK,
    Drive,
    Happening,
    Rawfile,
    Records,
    Taken,
)
from simgen.worlds.road.sensors import Frame

NEEDS: Mapping[str, tuple[str, ...]] = {
    "episodes": ("episode_id", "at", "map", "planned"),
    "events": ("entity_id", "kind", "onset_at", "severity"),
    "frames": ("episode_id", "at", "yaw_rate"),
    "actors": ("episode_id", *ACTOR.names),  # type: ignore[misc]
    "boxes": ("episode_id", *MARK.names),  # type: ignore[misc]
    "sensor_files": (
        "episode_id", "at", "sensor", "part", "path", "n_bytes", "x", "y", "z", "yaw", "pitch",
        "roll",
    ),
    "sensors": (
        "episode_id", "place", "sensor", "kind", "x", "y", "z", "yaw", "pitch", "roll", "rate",
        "parameters",
    ),
}  # fmt: skip
_FILES = 'epoch_us("at") AS at, sensor, part, path, n_bytes, x, y, z, yaw, pitch, roll'


def drive_numbers(source: Recorded) -> list[int]:
    """The episodes that have readings, in order.

    Raises:
        RequestError: none has.
    """
    rows = source.ask("SELECT DISTINCT episode_id FROM sensor_files ORDER BY ALL")
    numbers: list[int] = rows["episode_id"].to_pylist()
    if not numbers:
        raise RequestError(
            f"{source.label} holds no reading of a sensor: generate it with "
            "scenario.sensors=nuscenes or another rig"
        )
    return numbers


def n_training(numbers: Sequence[int], val_share: float) -> int:
    """How many of the first drives are for training: the last share, rounded up, is not.

    Unless all are asked for validation, the first is for training, however few there are.
    """
    n_left = len(numbers) - math.ceil(val_share * len(numbers))
    return max(n_left, 1) if val_share < 1.0 else 0


def read_drive(source: Recorded, number: int) -> Drive:
    """One episode."""
    about = _rows(source, "episodes", number, '"at" AS began, map, planned')[0]
    return Drive(
        number=number,
        date=f"{about['began']:%Y-%m-%d}",
        map=str(about["map"]),
        planned=str(about["planned"] or ""),
        happened=_happened(source, number),
        readings=_readings(_rows(source, "sensor_files", number, _FILES, ", sensor, part")),
        actors=_by_time(_records(source, "actors", number, ACTOR)),
        marks=_by_reading(_records(source, "boxes", number, MARK)),
        yaw_rates=_yaw_rates(source, number),
    )


def _happened(source: Recorded, number: int) -> tuple[Happening, ...]:
    """The events of an episode; old data sets don't say who did them."""
    actor = "actor_id" if "actor_id" in source.columns["events"] else "0"
    rows = source.ask(
        f'SELECT kind, severity, {actor} AS actor, epoch(onset_at - episodes."at") AS after '  # noqa: S608 - a number
        "FROM events JOIN episodes ON entity_id = episode_id "
        f"WHERE entity_id = {number} ORDER BY onset_at, kind"
    ).to_pylist()
    return tuple(Happening(**row) for row in rows)


def _ask(source: Recorded, table: str, number: int, columns: str, order: str) -> pa.Table:
    return source.ask(
        f"SELECT {columns} FROM {table} "  # noqa: S608 - names are ours, the number is one
        f'WHERE episode_id = {number} ORDER BY {table}."at"{order}'
    )


def _rows(
    source: Recorded, table: str, number: int, columns: str, order: str = ""
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _ask(source, table, number, columns, order).to_pylist()
    return rows


def _yaw_rates(source: Recorded, number: int) -> dict[int, float]:
    rows = _rows(source, "frames", number, 'epoch_us("at") AS at, yaw_rate')
    return {row["at"]: row["yaw_rate"] for row in rows}


def _records(source: Recorded, table: str, number: int, kind: np.dtype[np.void]) -> Records:
    """The columns of a record array; what is null is 0 in an integer and NaN in a float."""
    assert kind.names is not None
    columns = ", ".join(_column(name, kind) for name in kind.names)
    found = _ask(source, table, number, columns, ", actor_id")
    records = np.empty(found.num_rows, kind)
    for name in kind.names:
        records[name] = found[name].to_numpy()
    return records


def _column(name: str, kind: np.dtype[np.void]) -> str:
    if name == "at":
        return 'epoch_us("at") AS at'
    match kind[name].kind:
        case "i":
            return f'coalesce("{name}", 0) AS "{name}"'
        case "U":
            return f'CAST("{name}" AS VARCHAR) AS "{name}"'
        case _:
            return f'"{name}"'


def _readings(rows: list[dict[str, Any]]) -> dict[str, tuple[Taken, ...]]:
    """By sensor; the files of a reading are rows that share its time."""
    found: dict[str, list[Taken]] = {}
    files: dict[str, Rawfile] = {}
    for row in rows:
        taken = found.setdefault(row["sensor"], [])
        if not taken or taken[-1].at != row["at"]:
            files = {}
            angles = {name: row[name] for name in ("yaw", "pitch", "roll")}
            frame = Frame.turned([row["x"], row["y"], row["z"]], **angles)
            taken.append(Taken(at=row["at"], frame=frame, files=files))
        files[row["part"]] = Rawfile(path=row["path"], n_bytes=row["n_bytes"])
    return {sensor: tuple(taken) for sensor, taken in found.items()}


def _by_time(records: Records) -> dict[int, Records]:
    return {int(rows["at"][0]): rows for rows in _runs(records, records["at"].tolist())}


def _by_reading(records: Records) -> dict[tuple[str, int], Records]:
    records = records[np.lexsort((records["sensor"], records["at"]))]
    keys = list(zip(records["sensor"].tolist(), records["at"].tolist(), strict=True))
    return {(str(r["sensor"][0]), int(r["at"][0])): r for r in _runs(records, keys)}


def _runs(records: Records, keys: list[Any]) -> Iterator[Records]:
    """The rows of each key, which lie together."""
    starts = [row for row, key in enumerate(keys) if row == 0 or key != keys[row - 1]]
    for start, stop in pairwise([*starts, len(keys)]):
        yield records[start:stop]
