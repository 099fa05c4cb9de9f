"""What flows between stages: batches, and the raw files that rows of a batch name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

import pyarrow as pa


class Batch(NamedTuple):
    """Rows of one table."""

    table: str
    rows: pa.RecordBatch


@dataclass(frozen=True)
class RawFile:
    """A file beside the tables, such as a picture; a row of a table names it by its path."""

    path: str  # below the data set, with forward slashes, within the folder `raw`
    content: bytes

    @cached_property
    def sha256(self) -> str:
        """Digest of the content, hexadecimal."""
        return sha256(self.content).hexdigest()
