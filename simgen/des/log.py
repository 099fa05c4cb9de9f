"""Event log: rows written one by one, handed out as batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from simgen.core import TIMESTAMP, Batch, Field, Table, timestamps


class EventLog:
    """Rows of a table, as processes write them.

    Categories are given by name, instants as seconds since the start of `start_date`, and None
    where there is nothing.
    """

    def __init__(self, table: Table, start_date: str) -> None:
        self._table = table
        self._start_date = start_date
        self._names = frozenset(table.names)
        self._rows: list[dict[str, Any]] = []

    def add(self, **row: Any) -> None:
        """Append a row; TypeError if columns are missing or unknown."""
        if row.keys() != self._names:
            odd = sorted(row.keys() ^ self._names)
            raise TypeError(f"table {self._table.name}: missing or unknown columns {odd}")
        self._rows.append(row)

    def batch(self) -> Batch:
        """The rows added since the last batch, in order.

        Raises:
            ValueError: a category is unknown, a value is not of its column's type, or None
                stands in a column that is not nullable.
        """
        rows, self._rows = self._rows, []
        columns = {
            field.name: self._column(field, [row[field.name] for row in rows])
            for field in self._table.fields
        }
        return self._table.batch(columns)

    def _column(self, field: Field, values: list[Any]) -> Any:
        if field.categories:
            codes = {name: code for code, name in enumerate(field.categories)} | {None: -1}
            if odd := set(values) - codes.keys():
                raise ValueError(f"{self._table.name}.{field.name}: no category is called {odd}")
            return np.array([codes[value] for value in values], np.int32)
        if field.type == TIMESTAMP:
            # NumPy takes None for NaN.
            return timestamps(self._start_date, values)
        # Given the type, Arrow would cut 1.5 to 1 without a word; a cast refuses.
        column = pa.array(values, from_pandas=field.nullable)
        return column if column.type == field.type else column.cast(field.type)
