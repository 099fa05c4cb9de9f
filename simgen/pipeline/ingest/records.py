"""A user's labelled records, such as payments, with simgen's names, units and instants."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from simgen.core import RequestError
from simgen.pipeline.catalogue import load_scenario
from simgen.pipeline.flags import flags
from simgen.pipeline.ingest.files import (
    Instants,
    Source,
    column,
    instants,
    names,
    numbers,
    read_table,
)
from simgen.pipeline.ingest.telemetry import Channel
from simgen.pipeline.ingest.units import convert
from simgen.pipeline.ingest.write import compared


def read_records(
    source: Source,
    columns: Mapping[str, Channel],
    *,
    scenario: str,
    entity: str,
    at: str,
    label: str,
    how: Instants | None = None,
) -> pa.Table:
    """Records that happen one by one, such as payments, and are labelled already.

    Args:
        source: a CSV or Parquet file, or a table.
        columns: by the name of simgen's column.
        scenario: whose records they are to be held against.
        entity: the column that names whom a record is about.
        at: the column with the instant.
        label: the column that says which records are rare: true and false, or 1 and 0.
        how: how instants are written.

    Returns:
        The entity, called as in the scenario's records, `at` (UTC), the columns, null where they
        are empty, and `label`; by entity and time.

    Raises:
        RequestError: the file is not there, or is not what these say.
    """
    how = how or Instants()
    _, table = compared(scenario, type(load_scenario(scenario)))
    rows = read_table(source, texts=(entity,), times=(at,), how=how)
    found = {table.entity: names(rows, entity), "at": instants(rows, at, how)}
    if taken := sorted({*found, "label"} & set(columns)):
        raise RequestError(f"a column can't be called {taken[0]!r}: that is one already")
    for name, about in columns.items():
        values = convert(
            numbers(rows, about.source), about.unit, about.wanted or about.unit, f"column {name}"
        )
        found[name] = pa.array(values, from_pandas=True)
    found["label"] = flags(column(rows, label), f"column {label!r}")
    return pa.table(found).sort_by([(table.entity, "ascending"), ("at", "ascending")])
