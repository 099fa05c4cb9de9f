"""What flows between stages: batches, and the raw files that rows of a batch name."""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa


class Batch(NamedTuple):
    """Rows of one table."""

    table: str
    rows: pa.RecordBatch


class RawFile(NamedTuple):
    """A file beside the tables, such as a picture; a row of a table names it by its path."""

    path: str  # below the data set, with forward slashes, within the folder `raw`
    content: bytes
