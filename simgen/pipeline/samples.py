"""Taking the samples that a reference compares, from its file and from a data set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute

from simgen.core import RequestError
from simgen.metrics import Sample
from simgen.pipeline.references import Reference, SampleView
from simgen.storage.reader import Dataset

_OPTIONAL = {"at": "numeric", "kind": "categorical", "subgroup": "categorical", "fitted": "flag"}


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One sample of both sides, with the columns that are shown but not scored apart."""

    view: SampleView
    real: Sample
    synthetic: Sample
    shown: Mapping[str, tuple[Any, Any]]  # values `(n,)` of the real and the synthetic rows

    def columns(self, name: str) -> tuple[Any, Any]:
        """The values of a column, scored or not, on both sides."""
        if name in self.shown:
            return self.shown[name]
        real, synthetic = (
            side.numeric[name] if name in side.numeric else side.categorical[name]
            for side in (self.real, self.synthetic)
        )
        return real, synthetic


def take_samples(reference: Reference, dataset: Dataset) -> list[Pair]:
    """The samples of both sides, in the reference's order.

    Raises:
        RequestError: the file is not there or not what its description says, or the data set
            lacks a table that a view needs.
    """
    reference.check_file()
    with dataset.connect() as simulated, duckdb.connect() as real:
        # Read by PyArrow: DuckDB would take a folder called [x] for a pattern.
        real.from_arrow(pyarrow.parquet.read_table(reference.path)).create_view("reference")
        values = _parameters(reference, simulated)
        pairs = []
        for view in reference.samples:
            synthetic_rows = _simulated_rows(reference, view, simulated, values)
            real_rows = _real_rows(reference, view, real, values)
            pairs.append(_pair(reference, view, real_rows, synthetic_rows))
    return pairs


def _parameters(reference: Reference, simulated: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in reference.parameters.items():
        if isinstance(value, str):
            row = _run(
                simulated, value, {}, f"reference {reference.name} needs a table"
            ).to_pylist()
            values[name] = next(iter(row[0].values()))
        else:
            values[name] = value
        if values[name] is None:
            raise RequestError(
                f"reference {reference.name}: the data set gives no {name}: "
                "it has no rows to compare, simulate more"
            )
    return values


def _simulated_rows(
    reference: Reference,
    view: SampleView,
    connection: duckdb.DuckDBPyConnection,
    values: Mapping[str, Any],
) -> pa.Table:
    wrong = f"the data set does not fit reference {reference.name}"
    rows = _run(connection, view.derived or reference.view(view), values, wrong)
    _keep(connection, view.name, rows)
    return rows


def _real_rows(
    reference: Reference,
    view: SampleView,
    connection: duckdb.DuckDBPyConnection,
    values: Mapping[str, Any],
) -> pa.Table:
    wrong = f"reference {reference.name}: {reference.path} is not the file described"
    weighted = f"SELECT *, {view.weight} AS weight FROM ({view.real})"  # noqa: S608 - our own file
    rows = _run(connection, view.derived or weighted, values, wrong)
    if len(rows) == 0:
        raise RequestError(f"reference {reference.name}: 0 rows of {reference.path} are left")
    _keep(connection, view.name, rows)
    if view.label and len(classes := rows[view.label].unique()) == 1:
        raise RequestError(
            f"reference {reference.name}: every row of {reference.path} has "
            f"{view.label} = {str(classes[0]).lower()}: both classes are needed"
        )
    return rows


def _run(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any], wrong: str
) -> pa.Table:
    """The rows of a query, in an order that depends on nothing but the rows."""
    # With more threads, sums of floats would depend on who adds first.
    connection.execute("SET threads = 1")
    used = {name: values[name] for name in set(re.findall(r"\$(\w+)", sql)) & set(values)}
    try:
        return connection.sql(sql, params=used or None).order("ALL").to_arrow_table()
    except (duckdb.CatalogException, duckdb.BinderException, duckdb.ConversionException) as error:
        reason = str(error).partition("\n")[0]
        raise RequestError(f"{wrong}: {reason}") from None


def _keep(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Make the rows readable as `samples.<name>` for the samples derived from them."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS samples")
    connection.register("rows_just_taken", rows)
    connection.execute(f'CREATE TABLE samples."{name}" AS FROM rows_just_taken')
    connection.unregister("rows_just_taken")


def _pair(reference: Reference, view: SampleView, real: pa.Table, synthetic: pa.Table) -> Pair:
    both = {column.name for column in view.columns} | {view.label, view.entity, view.at, "weight"}
    needed = {"real": both | {view.kind, view.subgroup, view.fitted}, "simulated": both}
    for side, rows in (("real", real), ("simulated", synthetic)):
        if absent := sorted(needed[side] - {"", *rows.column_names}):
            raise RequestError(
                f"reference {reference.name}: the {side} side of sample {view.name} lacks the "
                f"columns {', '.join(absent)}: correct its SQL"
            )
    shown = {
        column.name: (
            _values(real, column.name, column.kind),
            _values(synthetic, column.name, column.kind),
        )
        for column in view.columns
        if not column.scored
    }
    return Pair(
        view=view, real=_sample(view, real), synthetic=_sample(view, synthetic), shown=shown
    )


def _sample(view: SampleView, rows: pa.Table) -> Sample:
    scored = [column for column in view.columns if column.scored]
    values = {column.name: _values(rows, column.name, column.kind) for column in scored}
    given = {name: getattr(view, name) for name in _OPTIONAL}
    optional = {
        name: _values(rows, column, _OPTIONAL[name])
        for name, column in given.items()
        if column in rows.column_names
    }
    return Sample(
        numeric={c.name: values[c.name] for c in scored if c.kind == "numeric"},
        categorical={c.name: values[c.name] for c in scored if c.kind == "categorical"},
        label=_values(rows, view.label, "flag") if view.label else None,
        entity=_entities(rows[view.entity])
        if view.entity and view.entity in rows.column_names
        else None,
        weight=_values(rows, "weight", "numeric"),
        **optional,
    )


def _values(rows: pa.Table, name: str, kind: str) -> Any:
    column = rows[name]
    if kind == "numeric":
        return column.cast(pa.float64()).to_numpy()
    if kind == "flag":
        return np.asarray(column.to_numpy(), bool)
    return np.asarray(pyarrow.compute.fill_null(column.cast(pa.string()), "").to_pylist(), str)


def _entities(column: pa.ChunkedArray) -> Any:
    return column.combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
