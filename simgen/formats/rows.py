"""JSON arrays that are written row by row, so that memory does not grow with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO


@dataclass(frozen=True)
class JsonRows:
    """An array, open for more rows."""

    file: TextIO

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows at the end."""
        for row in rows:
            self.file.write("\n" if self.file.tell() == 1 else ",\n")
            json.dump(row, self.file, allow_nan=False)


@contextmanager
def json_rows(path: Path) -> Iterator[JsonRows]:
    """A new array in a file of its own; it is closed in the end."""
    with path.open("w", encoding="ascii") as file:
        file.write("[")
        yield JsonRows(file)
        file.write("\n]\n")
