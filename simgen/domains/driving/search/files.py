"""Files of cases: what `simgen search` writes, and the scenario's parameter `cases` reads."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from string import hexdigits
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.fs import FileSystem, FileType

from simgen.core import SEARCH_DIGITS, RequestError
from simgen.domains.driving.search.cases import CASE, KINDS, PLANNED, Cases, Setting
from simgen.kernels.arrays import Floats

_WORDS = {"planned": PLANNED, "kind": KINDS}
_UNITS = {
    "gap": "m", "closing_speed": "m/s", "change_time": "s", "speed": "m/s", "wait": "s", "at": "m",
    "least_time": "s", "least_gap": "m", "hardest_brake": "m/s2", "impact_speed": "m/s",
}  # fmt: skip
_FILE = "cases.parquet"
_DIGITS = range(4, 65)  # of a SHA-256 that may be given
_MOST = 1_000.0  # metres, seconds or metres a second that a case may have


def table_of(
    cases: Cases, weights: Floats, map_name: str, outcomes: Mapping[str, npt.NDArray[Any]]
) -> pa.Table:
    """Cases as a table that `read_cases` reads, and what came of them; infinite becomes null."""
    columns: dict[str, Any] = {
        name: np.array(_WORDS[name])[cases[name]]
        if name in _WORDS
        else np.ascontiguousarray(cases[name])
        for name in CASE.names or ()
    }
    told = {name: pa.array(values, mask=~np.isfinite(values)) for name, values in outcomes.items()}
    table = pa.table({**columns, "weight": weights, **told})
    fields = [
        field.with_metadata({"unit": _UNITS[field.name]}) if field.name in _UNITS else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields, metadata={"map": map_name}))


def read_cases(path: str, setting: Setting) -> tuple[Cases, Floats]:
    """Cases `(n,)` of a Parquet file, or of a folder that `simgen search` wrote, and their weights.

    Either is a path or a `pyarrow.fs` URI, which may end with @ and the first digits of the SHA-256
    that the file must have: 4 or more.

    Raises:
        RequestError: there is no such file, or its cases are of another map or none.
    """
    table = _table(path)
    of_map = (table.schema.metadata or {}).get(b"map", b"").decode()
    if lacks := {*(CASE.names or ()), "weight"} - set(table.column_names):
        raise RequestError(f"cases = {path!r} has no column {min(lacks)}: run simgen search")
    if of_map != setting.map:
        raise RequestError(
            f"cases = {path!r} are of map {of_map!r}, not {setting.map!r}: search again, or give "
            f"map={of_map}"
        )
    cases, weights = cases_from(table, path), table["weight"].to_numpy()
    _check(cases, setting, path)
    if not (np.isfinite(weights) & (weights > 0.0)).all():
        raise RequestError(f"cases = {path!r}: every weight must be a number above 0")
    return cases, weights


def _table(path: str) -> pa.Table:
    name, _, digest = path.rpartition("@")
    is_digest = len(digest) in _DIGITS and set(digest) <= set(hexdigits)
    if not (name and is_digest) or Path(path).exists():
        name, digest = path, ""
    # Parameters stand in manifests, cards and messages. A digest may follow a bucket.
    if "@" in urlsplit(name).netloc or ":" in urlsplit(path).netloc.rpartition("@")[0]:
        raise RequestError(
            "cases names a user in its URI: give credentials by the environment, as for out"
        )
    try:
        content = _content(name)
        # Without threads: a request that is refused ends the process while Arrow's still start,
        # and that can abort it.
        table = pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)
    except (OSError, ValueError) as error:  # Arrow's own for what it can't read is a ValueError
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise RequestError(f"cases = {path!r} can't be read: {reason}: run simgen search") from None
    held = sha256(content).hexdigest()
    if not held.startswith(digest.lower()):
        raise RequestError(
            f"cases = {path!r}: the file's digest is {held[:SEARCH_DIGITS]}: it is another one, so "
            "search again, or give that digest"
        )
    return table


def _content(name: str) -> bytes:
    """The file, or the one of that name in the folder."""
    if "://" not in name:
        place = Path(name)
        return (place / _FILE if place.is_dir() else place).read_bytes()
    filesystem, path = FileSystem.from_uri(name)
    inside = f"{path.rstrip('/')}/{_FILE}"
    is_folder = filesystem.get_file_info(inside).type is FileType.File
    with filesystem.open_input_file(inside if is_folder else path) as file:
        return bytes(file.read())


def cases_from(table: pa.Table, path: str) -> Cases:
    """The cases of a table; RequestError, which names `path`, if they are none."""
    cases = np.zeros(len(table), CASE)
    try:
        for name in CASE.names or ():
            values = table[name].to_pylist()
            cases[name] = (
                [_WORDS[name].index(value) for value in values] if name in _WORDS else values
            )
    except (TypeError, ValueError) as error:
        raise RequestError(f"cases = {path!r}: column {name}: {error}: run simgen search") from None
    return cases


def _check(cases: Cases, setting: Setting, path: str) -> None:
    """Refuse places that the map lacks, and numbers that no search writes."""
    records = setting.town.tracks.records
    known = np.isin(cases["track"], setting.starts)
    track = np.where(known, cases["track"], setting.starts[0])
    beside = (cases["lane"] == records["left"][track]) | (cases["lane"] == records["right"][track])
    for row in np.flatnonzero(~known | ~beside | (cases["lane"] < 0))[:1]:
        raise RequestError(
            f"cases = {path!r}: row {row} begins on lanes that map {setting.map} does not have, "
            "or for a shorter duration: search again"
        )
    speed, length = cases["speed"], records["length"][track]
    bounds: dict[str, tuple[float, Any]] = {
        "gap": (0.0, _MOST), "closing_speed": (0.0, speed), "change_time": (0.1, _MOST),
        "speed": (0.0, _MOST), "wait": (0.0, _MOST), "at": (0.0, length),
    }  # fmt: skip
    for name, (low, high) in bounds.items():
        good = (cases[name] >= low) & (cases[name] <= high)
        for row in np.flatnonzero(~good)[:1]:
            most = np.broadcast_to(high, len(cases))[row]
            raise RequestError(
                f"cases = {path!r}: row {row}: {name} = {cases[name][row]}: must be in "
                f"[{low:g}, {most:g}]"
            )
