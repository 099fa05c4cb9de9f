"""The thirteen tables, written row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from simgen.formats.base import Target
from simgen.formats.rows import JsonRows, json_rows

TABLES = (
    "attribute", "calibrated_sensor", "category", "ego_pose", "instance", "log", "map", "sample",
    "sample_annotation", "sample_data", "scene", "sensor", "visibility",
)  # fmt: skip


@dataclass(frozen=True)
class Tables:
    """All tables, open for more rows."""

    files: Mapping[str, JsonRows]

    def add(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows at the end of a table."""
        self.files[table].add(rows)


@contextmanager
def open_tables(target: Target, folder: str) -> Iterator[Tables]:
    """The tables of a new version."""
    with ExitStack() as stack:
        yield Tables(
            {
                name: stack.enter_context(json_rows(target.path(f"{folder}/{name}.json")))
                for name in TABLES
            }
        )
