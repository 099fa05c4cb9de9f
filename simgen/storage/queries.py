"""Connections of DuckDB, and what fails there for want of something of the machine's."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from simgen.core import RunError

if TYPE_CHECKING:
    import duckdb

# By what the text of an error says, the system's or DuckDB's own.
_LACKS = {
    "No space left": "no space left: free some",
    "Too many open files": "too many open files: close some, or raise the limit (ulimit -n)",
    "Out of Memory Error": "not enough memory: free some",
}


def connected(config: Mapping[str, str] | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in memory.

    Raises:
        RunError: too many files are open. DuckDB would end the process.
    """
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        raise RunError(f"a query can't begin: {lack(error) or error}, then try again") from error
    import duckdb  # noqa: PLC0415 - costs 50 ms that `import simgen` need not pay

    return duckdb.connect(config=dict(config or {}))


def lack(error: Exception) -> str:
    """What the machine lacked, and the remedy; "" where an error says nothing of the kind."""
    if isinstance(error, MemoryError):
        return _LACKS["Out of Memory Error"]
    return next((said for text, said in _LACKS.items() if text in str(error)), "")
