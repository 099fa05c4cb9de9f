"""Writing parts: the rows of one table from one block each."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache

import numpy as np
import pyarrow as pa

from simgen.core import Table
from simgen.storage.folders import Folder
from simgen.storage.journal import Labels, Part
from simgen.storage.layout import part_path
from simgen.storage.parquet import encode

_N_WRITERS = 4  # parts written at once: while one waits for the disk, others encode


def write_parts(
    folder: Folder, tables: Sequence[Table], block: int, rows: dict[str, pa.Table]
) -> tuple[Part, ...]:
    """Write a part of each table, several at once; returns them in the order of the tables.

    Args:
        folder: where they go.
        tables: what the rows belong to.
        block: whose rows they are.
        rows: by the table's name; taken out one by one, so that what is written needs no memory.

    Raises:
        RunError: the folder can't take a part; none is under way any more then.
    """
    writers = _writers()
    parts = [
        writers.submit(lambda table: write_part(folder, table, block, rows.pop(table.name)), table)
        for table in tables
    ]
    wait(parts)
    return tuple(part.result() for part in parts)


@cache
def _writers() -> ThreadPoolExecutor:
    """Threads that stay: Arrow keeps memory by thread, and clears what comes from others' anew."""
    return ThreadPoolExecutor(_N_WRITERS, "write")


if hasattr(os, "register_at_fork"):  # a fork has none of its parent's threads
    os.register_at_fork(after_in_child=_writers.cache_clear)


def write_part(folder: Folder, table: Table, block: int, rows: pa.Table) -> Part:
    """Encode, digest and store the rows; RunError if the folder can't take them."""
    path = part_path(table.name, block)
    stored = folder.fill(path, lambda sink: encode(table, rows, sink))
    return Part(
        table=table.name,
        path=path,
        n_rows=rows.num_rows,
        n_bytes=stored.n_bytes,
        sha256=stored.sha256,
        labels=_labels(table, rows) if table.is_record else None,
    )


def _labels(table: Table, rows: pa.Table) -> Labels:
    positive = rows["label"].to_numpy()
    weight = rows["weight"].to_numpy()
    kinds = table.field("event_kind").categories
    codes = rows["event_kind"].combine_chunks().indices.to_numpy()
    # Most records belong to no event: those of the first kind, "", need not be counted.
    n_by_kind = np.bincount(codes[codes > 0], minlength=len(kinds)).tolist()
    return Labels(
        n_positives=int(np.count_nonzero(positive)),
        weight_sum=float(weight.sum()),
        positive_weight_sum=float(weight[positive].sum()),
        n_by_kind={kind: n for kind, n in zip(kinds, n_by_kind, strict=True) if kind},
    )
