"""Taking the samples that a reference compares, from its file and from a data set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute

from simgen.core import RequestError, first_line
from simgen.metrics import Sample
from simgen.pipeline.flags import flags
from simgen.pipeline.references import Reference, SampleView
from simgen.pipeline.rules import obeyed
from simgen.pipeline.sealed import UNFIT, check_machine
from simgen.pipeline.values import column_values, sample_of
from simgen.storage.queries import connected
from simgen.storage.reader import Dataset


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
            lacks a table that a view needs, or rows.
    """
    taken = list(take_rows(reference, dataset))
    for view, _, rows in taken:
        if not len(rows):
            raise RequestError(
                f"{dataset.label} has 0 rows of the sample {view.name} of reference "
                f"{reference.name}: simulate more, or longer"
            )
    real = {view.name: rows for view, rows, _ in taken}
    simulated = {view.name: rows for view, _, rows in taken}
    return [_pair(reference, view, real, simulated) for view, _, _ in taken]


def take_rows(
    reference: Reference, dataset: Dataset
) -> Iterator[tuple[SampleView, pa.Table, pa.Table]]:
    """Each sample's view with the rows of the real and of the simulated side.

    Where a residual that was fitted to the sample made the data set, the simulated rows are those
    it corrected.

    Raises:
        RequestError: as `take_samples`.
    """
    reference.check_file()
    with dataset.connect() as simulated, connected() as real:
        # Read by PyArrow: DuckDB would take a folder called [x] for a pattern.
        real.from_arrow(pyarrow.parquet.read_table(reference.path)).create_view("reference")
        values = view_parameters(reference, simulated)
        for view in reference.samples:
            synthetic_rows = _simulated_rows(reference, view, dataset, simulated, values)
            real_rows = _real_rows(reference, view, real, values)
            yield _as_made(reference, view, dataset, synthetic_rows), real_rows, synthetic_rows


def _corrected_table(manifest: Mapping[str, Any], reference: Reference, view: SampleView) -> str:
    """The table of a data set that holds the sample as corrected; "" if it has none."""
    held = manifest.get("residual") or {}
    fits = held.get("reference") == reference.name and held.get("sample") == view.name
    return str(held["table"]) if fits else ""


def view_parameters(
    reference: Reference,
    simulated: duckdb.DuckDBPyConnection,
    otherwise: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """The values that the reference's SQL names, from the simulated tables where they follow.

    Args:
        reference: the reference.
        simulated: where its SQL finds the simulated tables.
        otherwise: values by name, for those that the tables don't give.

    Raises:
        RequestError: the tables lack what the SQL needs, or give no value.
    """
    values: dict[str, Any] = {}
    for name, value in reference.parameters.items():
        if isinstance(value, str):
            row = run_view(
                simulated, value, {}, f"reference {reference.name} needs a table"
            ).to_pylist()
            values[name] = next(iter(row[0].values())) if row else None
        else:
            values[name] = value
        if values[name] is None:
            values[name] = otherwise.get(name)
        if values[name] is None:
            raise RequestError(
                f"reference {reference.name}: the data set gives no {name}: "
                "it has no rows to compare, simulate more"
            )
    return values


def _as_made(
    reference: Reference, view: SampleView, dataset: Dataset, rows: pa.Table
) -> SampleView:
    """The view without the columns that only a residual would have made."""
    columns = tuple(c for c in view.columns if c.simulated or c.name in rows.column_names)
    held = dataset.manifest.get("residual") or {}
    fitted = view.fitted if held.get("reference") == reference.name else ""
    return replace(view, columns=columns, fitted=fitted)


def _simulated_rows(
    reference: Reference,
    view: SampleView,
    dataset: Dataset,
    connection: duckdb.DuckDBPyConnection,
    values: Mapping[str, Any],
) -> pa.Table:
    wrong = (
        f"the data set does not fit reference {reference.name}, which needs one of the domain "
        f"{reference.domain}"
    )
    if corrected := _corrected_table(dataset.manifest, reference, view):
        sql = f'FROM "{corrected}"'
    else:
        sql = view.derived or reference.view(view)
    rows = _flagged(reference, view, run_view(connection, sql, values, wrong))
    keep_sample(connection, view.name, rows)
    return rows


def _real_rows(
    reference: Reference,
    view: SampleView,
    connection: duckdb.DuckDBPyConnection,
    values: Mapping[str, Any],
) -> pa.Table:
    wrong = f"reference {reference.name}: {reference.path} is not the file described"
    weighted = f"SELECT *, {view.weight} AS weight FROM ({view.real})"  # noqa: S608 - our own file
    rows = run_view(connection, view.derived or weighted, values, wrong)
    if len(rows) == 0:
        raise RequestError(f"reference {reference.name}: 0 rows of {reference.path} are left")
    rows = _flagged(reference, view, rows)
    keep_sample(connection, view.name, rows)
    if view.label not in {"", *rows.column_names}:
        raise RequestError(
            f"reference {reference.name}: sample {view.name} has no column {view.label} for its "
            "label: name one of its SQL"
        )
    if view.label and len(classes := rows[view.label].unique()) == 1:
        raise RequestError(
            f"reference {reference.name}: every row of {reference.path} has "
            f"{view.label} = {str(classes[0]).lower()}: both classes are needed"
        )
    return rows


def _flagged(reference: Reference, view: SampleView, rows: pa.Table) -> pa.Table:
    """The rows with their flags as booleans; RequestError if one is no flag."""
    for name in (view.label, view.fitted):
        if name in rows.column_names:
            named = f"reference {reference.name}: column {name!r} of sample {view.name}"
            place = rows.column_names.index(name)
            rows = rows.set_column(place, name, flags(rows[name], named))
    return rows


def run_view(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any], wrong: str
) -> pa.Table:
    """The rows of a query, in an order that depends on nothing but the rows.

    Args:
        connection: where the query finds its tables.
        sql: the query.
        values: of the parameters that it may name.
        wrong: what to say if it fails.

    Raises:
        RequestError: it fails.
        RunError: the machine has no space, memory or files left for it.
    """
    # With more threads, sums of floats would depend on who adds first.
    connection.execute("SET threads = 1")
    used = {name: values[name] for name in set(re.findall(r"\$(\w+)", sql)) & set(values)}
    try:
        return connection.sql(sql, params=used or None).order("ALL").to_arrow_table()
    except UNFIT as error:
        check_machine(error)
        reason = first_line(error)
        raise RequestError(f"{wrong}: {reason}") from None


def keep_sample(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Make the rows readable as `samples.<name>` for the samples derived from them."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS samples")
    connection.register("rows_just_taken", rows)
    connection.execute(f'CREATE TABLE samples."{name}" AS FROM rows_just_taken')
    connection.unregister("rows_just_taken")


def _pair(
    reference: Reference,
    view: SampleView,
    real_samples: Mapping[str, pa.Table],
    simulated_samples: Mapping[str, pa.Table],
) -> Pair:
    real, synthetic = real_samples[view.name], simulated_samples[view.name]
    both = {column.name for column in view.columns} | {view.label, view.entity, view.at, "weight"}
    both |= set(view.key)
    needed = {"real": both | {view.kind, view.subgroup, view.fitted}, "simulated": both}
    for side, rows in (("real", real), ("simulated", synthetic)):
        if absent := sorted(needed[side] - {"", *rows.column_names}):
            raise RequestError(
                f"reference {reference.name}: the {side} side of sample {view.name} lacks the "
                f"columns {', '.join(absent)}: correct its SQL"
            )
    shown = {
        column.name: (
            column_values(real, column.name, column.kind),
            column_values(synthetic, column.name, column.kind),
        )
        for column in view.columns
        if not column.scored
    }
    real_obeys, obeys = (
        obeyed(reference, view, samples) for samples in (real_samples, simulated_samples)
    )
    return Pair(
        view=view,
        real=replace(sample_of(view, real), obeys=real_obeys),
        synthetic=replace(sample_of(view, synthetic), obeys=obeys),
        shown=shown,
    )
