"""Event log: rows written one by one, handed out as batches."""

from __future__ import annotations

from typing import Any

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
        self._rows: dict[str, list[Any]] = {name: [] for name in table.names}

    def add(self, **row: Any) -> None:
        """Append a row; TypeError if columns are missing or unknown."""
        if row.keys() != self._rows.keys():
            odd = sorted(row.keys() ^ self._rows.keys())
            raise TypeError(f"table {self._table.name}: missing or unknown columns {odd}")
        for name, value in row.items():
            self._rows[name].append(value)

    def batch(self) -> Batch:
        """The rows added since the last batch, in order.

        Raises:
            ValueError: a category is unknown, a value is not of its column's type, or None
                stands in a column that is not nullable.
        """
        rows, self._rows = self._rows, {name: [] for name in self._table.names}
        columns = {
            field.name: self._column(field, rows[field.name]) for field in self._table.fields
        }
        return self._table.batch(columns)

    def _column(self, field: Field, values: list[Any]) -> Any:
        if field.categories:
            if odd := set(values) - {*field.categories, None}:
                raise ValueError(f"{self._table.name}.{field.name}: no category is called {odd}")
            codes = {name: code for code, name in enumerate(field.categories)} | {None: -1}
            return [codes[value] for value in values]
        if field.type == TIMESTAMP:
            seconds = [float("nan") if value is None else value for value in values]
            return timestamps(self._start_date, seconds)
        # Given the type, Arrow would cut 1.5 to 1 without a word; a cast refuses.
        return pa.array(values, from_pandas=field.nullable).cast(field.type)
