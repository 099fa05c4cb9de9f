"""Writing one part: the rows of one table from one block."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simgen.core import Table
from simgen.storage.folders import Folder
from simgen.storage.journal import Labels, Part
from simgen.storage.layout import part_path
from simgen.storage.parquet import encode


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
