"""Rows as Arrow tables and back, whatever a method made of the types."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.residual import Rows

BROKEN = b"broken_share"  # of a table's metadata: rows dropped for a broken rule over rows made


def table_of(rows: Rows, *, without: str = "") -> pa.Table:
    """The columns, but not `without`; their weight is left behind, as it is 1."""
    columns = {name: values for name, values in rows.columns.items() if name != without}
    return pa.table({name: pa.array(values) for name, values in columns.items()})


def rows_of(table: pa.Table, like: Rows, entity: str) -> Rows:
    """The table as rows with the columns and types that `like` has, each of weight 1.

    A table without the column `entity` knows nobody: every row is somebody of its own.
    """
    columns: dict[str, npt.NDArray[Any]] = {}
    for name, known in like.columns.items():
        if name == entity and name not in table.column_names:
            columns[name] = np.arange(table.num_rows)
        else:
            columns[name] = _values(table[name], known.dtype)
    return Rows.of(columns)


def broken_share(table: pa.Table) -> float:
    """Rows that a method dropped because they broke a rule, over rows made; 0 if it tells none."""
    return float((table.schema.metadata or {}).get(BROKEN, 0))


def _values(column: pa.ChunkedArray, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    values: npt.NDArray[Any] = column.to_numpy()
    if dtype.kind == "U":
        return values.astype(str)
    if dtype.kind in "iu":
        return np.rint(values.astype(np.float64)).astype(dtype)
    return values.astype(dtype)
