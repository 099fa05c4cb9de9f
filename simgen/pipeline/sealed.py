"""SQL about what others made: it sees rows, and neither other files nor the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from simgen.core import RequestError, RunError, first_line
from simgen.storage.queries import connected, lack
from simgen.storage.reader import Dataset


class Ask(Protocol):
    """Answers queries."""

    def __call__(self, sql: str, values: dict[str, Any] | None = None) -> pa.Table:
        """The rows of a query with values for the names that it writes as `$name`."""


# What a query raises that does not fit what it asks.
UNFIT = (
    duckdb.ProgrammingError,
    duckdb.DataError,
    duckdb.PermissionException,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    MemoryError,  # Arrow's too
)


def check_machine(error: Exception) -> None:
    """RunError if a query failed for want of space, memory or files, no fault of its own."""
    if lacking := lack(error):
        reason = first_line(error)
        what, _, remedy = lacking.partition(": ")
        raise RunError(f"{what} for a query ({reason}): {remedy}, then try again") from error


def sealed() -> duckdb.DuckDBPyConnection:
    """A DuckDB connection whose queries read what is registered there, and nothing else.

    A model's folder may hold the SQL of its maker's reference, which its user has not read.
    """
    return connected(
        {
            "enable_external_access": "false",
            # The caller's variables, which DuckDB otherwise takes for tables.
            "python_enable_replacements": "false",
        }
    )


@contextmanager
def asked(data: Dataset) -> Iterator[Ask]:
    """SQL over a data set's tables, which reads its own parts and no other file, and writes none.

    A data set may come from somebody else: what its rows hold must do nothing, wherever it ends.
    `Dataset.connect` stays open, for its users' own SQL.

    Raises:
        RequestError: a part is missing or damaged, or a query does not fit the tables.
        RunError: the machine has no space, memory or files left for a query.
    """
    with data.connect() as connection:
        parts = [path for name in data.names for path in data.parts(name)]
        connection.execute("SET allowed_paths = $parts", {"parts": parts})
        for name in ("enable_external_access", "python_enable_replacements"):
            connection.execute(f"SET {name} = false")
        connection.execute("SET lock_configuration = true")

        def ask(sql: str, values: dict[str, Any] | None = None) -> pa.Table:
            try:
                return connection.sql(sql, params=values).to_arrow_table()
            except UNFIT as error:
                check_machine(error)
                reason = first_line(error)
                raise RequestError(
                    f"{data.label}: its tables are not as this simgen writes them ({reason}): "
                    "generate the data set again"
                ) from error

        yield ask
