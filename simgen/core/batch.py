"""Batch: the only thing that flows between stages."""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa


class Batch(NamedTuple):
    """Rows of one table."""

    table: str
    rows: pa.RecordBatch
