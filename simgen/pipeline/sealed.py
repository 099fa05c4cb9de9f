"""SQL that came with a model: it sees rows, and neither files nor the network."""

from __future__ import annotations

import duckdb


def sealed() -> duckdb.DuckDBPyConnection:
    """A DuckDB connection whose queries read what is registered there, and nothing else.

    A model's folder may hold the SQL of its maker's reference, which its user has not read.
    """
    return duckdb.connect(
        config={
            "enable_external_access": "false",
            # The caller's variables, which DuckDB otherwise takes for tables.
            "python_enable_replacements": "false",
        }
    )
