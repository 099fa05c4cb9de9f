"""The journal: one line per finished block, written after its parts, so a run can be resumed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from simgen.storage.folders import Folder
from simgen.storage.layout import JOURNAL


@dataclass(frozen=True, kw_only=True)
class Labels:
    """What a record table's rows sum to."""

    n_positives: int
    weight_sum: float
    positive_weight_sum: float
    n_by_kind: dict[str, int]  # records by `event_kind`, "" left out


@dataclass(frozen=True, kw_only=True)
class Part:
    """A written file: the rows of one table from one block."""

    table: str
    path: str  # relative to the data set
    n_rows: int
    n_bytes: int
    sha256: str
    labels: Labels | None  # None if the table's rows carry no labels


@dataclass(frozen=True, kw_only=True)
class RawList:
    """A written list of a block's raw files, with their digests."""

    path: str  # relative to the data set
    n_files: int
    n_bytes: int  # of the files
    sha256: str  # of the list


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A finished block."""

    block: int  # its place in the scenario's `blocks()`
    parts: tuple[Part, ...]
    raw: RawList | None = None  # None if the block has no raw files
    simulate_time: float  # [s]
    write_time: float  # [s], checks, encoding and storage

    @property
    def n_rows(self) -> int:
        """The rows of all tables."""
        return sum(part.n_rows for part in self.parts)


# By annotation; JSON may hold a whole number of seconds.
_TYPES: dict[str, Any] = {"int": int, "float": int | float, "str": str, "dict[str, int]": dict}


def append_entry(folder: Folder, entry: Entry) -> None:
    """Journal a block whose parts are durable."""
    folder.append(JOURNAL, entry.block, json.dumps(asdict(entry)))


def read_journal(folder: Folder) -> dict[int, Entry]:
    """The journalled blocks by number; a damaged line counts as not written."""
    entries: dict[int, Entry] = {}
    for line in folder.lines(JOURNAL):
        try:
            entry = _entry(json.loads(line))
        except (ValueError, TypeError, KeyError, RecursionError):
            continue  # the block is made again
        entries[entry.block] = entry
    return entries


def _entry(line: Any) -> Entry:
    parts = tuple(
        _made(Part, {**part, "labels": _made(Labels, part["labels"]) if part["labels"] else None})
        for part in line["parts"]
    )
    raw = _made(RawList, line["raw"]) if line["raw"] else None
    entry: Entry = _made(Entry, {**line, "parts": parts, "raw": raw})
    return entry


def _made(kind: type[Any], values: Any) -> Any:
    """A piece of an entry; TypeError if it is not of this kind."""
    made = kind(**values)
    for field in fields(kind):
        wanted = _TYPES.get(str(field.type))
        if wanted and not isinstance(getattr(made, field.name), wanted):
            raise TypeError(f"{field.name} is no {field.type}")
    return made
