"""A simulated world that was never written to disk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from simgen.core import Batch, Scenario, Streams, Table
from simgen.pipeline.defects import named
from simgen.storage.queries import connected
from simgen.storage.reader import Dataset

if TYPE_CHECKING:
    import duckdb
    import pyarrow.dataset  # noqa: TC004 - imported where it is used: it brings pandas


class MemoryDataset(Dataset):
    """A data set that lives in memory: it has tables, and no parts."""

    def __init__(self, tables: Mapping[str, pa.Table], schemas: Mapping[str, Table]) -> None:
        self._tables, self._schemas = tables, schemas
        self.manifest: dict[str, Any] = {"tables": {name: {"parts": []} for name in tables}}

    @property
    def label(self) -> str:
        """Where it lies."""
        return "memory"

    def schema(self, name: str) -> Table:
        """The table's columns with their types, units, meanings and roles."""
        return self._schemas[name]

    def parts(self, name: str) -> list[str]:
        """None."""
        del name
        return []

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection with each table as a view of the same name."""
        connection = connected()
        for name, rows in self._tables.items():
            connection.from_arrow(rows).create_view(name)
        return connection

    def _arrow(self, name: str) -> pyarrow.dataset.Dataset:
        import pyarrow.dataset  # noqa: PLC0415 - as in `Dataset`

        return pyarrow.dataset.dataset(self._tables[name])


def simulate_in_memory(scenario: Scenario[Any], streams: Streams) -> MemoryDataset:
    """The whole world of a scenario, block after block, as `generate` would write it.

    Raises:
        RunError: a third party's scenario raises an error.
    """
    schemas = {table.name: table for table in scenario.tables}
    batches: dict[str, list[pa.RecordBatch]] = {name: [] for name in schemas}
    with named(scenario, f"a simulation of {type(scenario).__name__}"):
        shared = scenario.prepare(streams.child("shared"))
        for block in scenario.blocks():
            for made in scenario.simulate(block, shared, streams.child("blocks")):
                if isinstance(made, Batch):  # raw files are not kept
                    batches[made.table].append(made.rows)
        tables = {
            name: pa.Table.from_batches(batches[name], table.schema)
            for name, table in schemas.items()
        }
    return MemoryDataset(tables, schemas)
