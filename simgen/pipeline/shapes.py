"""A reference's sample as a residual sees it: its shape, and its rows as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import RequestError
from simgen.pipeline.references import Column, Reference, SampleView
from simgen.pipeline.samples import run_view
from simgen.pipeline.sealed import sealed
from simgen.pipeline.values import codes_of, column_values
from simgen.residual import Column as MovedColumn, Correction, Residual, Rows, Shape

Values = npt.NDArray[Any]
BEFORE = "simulated_"  # of a moved column's name, as `SampleView.recomputed` sees it


def sample_shape(reference: Reference, view: SampleView) -> Shape:
    """What a residual must know of the sample: its columns are listed causes first.

    Raises:
        RequestError: no residual can be fitted on it.
    """
    if view.derived:
        raise RequestError(
            f"sample {view.name} of reference {reference.name} follows from the others: "
            f"fit one of {', '.join(fittable(reference))}"
        )
    columns = [column for column in view.columns if column.corrected]
    # Of two groups, the one that the simulator makes comes first.
    columns.sort(key=lambda column: not column.simulated)
    return Shape(
        columns=tuple(map(_moved_column, columns)),
        label=view.label,
        entity=view.entity,
        order=view.order,
        derived={},  # travels to workers, which the default cannot
        rules=tuple(Rule(name, sql) for name, sql in view.rules.items()),
    )


def view_for(kind: type[Residual], view: SampleView) -> SampleView:
    """The sample with the columns that such a residual can correct: all, or what is simulated."""
    columns = tuple(column for column in view.columns if column.simulated or kind.completes)
    return replace(view, columns=columns)


def fittable(reference: Reference) -> tuple[str, ...]:
    """The names of the samples that a residual can be fitted on."""
    return tuple(
        view.name
        for view in reference.samples
        if not view.derived and any(column.corrected for column in view.columns)
    )


def sample_rows(view: SampleView, rows: pa.Table) -> Rows:
    """The rows of a sample as arrays: what the shape names, and no more."""
    columns: dict[str, Values] = {}
    for column in view.columns:
        if column.corrected and column.name in rows.column_names:
            columns[column.name] = column_values(rows, column.name, column.kind)
    if view.label:
        columns[view.label] = column_values(rows, view.label, "flag")
    if view.entity:
        columns[view.entity] = codes_of(rows, view.entity)
    if view.order:
        columns[view.order] = column_values(rows, view.order, "numeric")
    return Rows(columns=columns, weight=column_values(rows, "weight", "numeric"))


def corrected_rows(
    rows: pa.Table,
    view: SampleView,
    shape: Shape,
    correction: Correction,
    values: Mapping[str, Any],
) -> pa.Table:
    """The rows that a residual kept, with the columns as it left them or added them.

    Args:
        rows: the simulated rows of the sample.
        view: the sample.
        shape: what the residual corrected.
        correction: the rows that it made.
        values: of the parameters that the sample's SQL names.
    """
    table = rows.take(pa.array(correction.source))
    before = {}
    for name in shape.names:
        moved = pa.array(correction.rows.columns[name], from_pandas=True)  # NaN is null
        if name in table.column_names:
            before[f"{BEFORE}{name}"] = table[name]
            table = table.set_column(table.column_names.index(name), name, moved)
        else:
            table = table.append_column(name, moved)
    if not view.recomputed:
        return table
    with sealed() as connection:
        for name, column in before.items():
            table = table.append_column(name, column)
        connection.register("corrected", table)
        found = run_view(connection, view.recomputed, values, f"sample {view.name} as corrected")
    return found.select([name for name in table.column_names if name not in before])


def _moved_column(column: Column) -> MovedColumn:
    if column.kind == "categorical" or column.whole:
        return MovedColumn(
            name=column.name,
            categories=column.categories,
            whole=column.whole,
            simulated=column.simulated,
            lags=column.lags,
        )
    log = column.scale == "log"
    return MovedColumn(
        name=column.name,
        forward=Forward(column.name, log),
        inverse=Inverse(log, column.decimals),
        simulated=column.simulated,
        lags=column.lags,
    )


@dataclass(frozen=True)
class Forward:
    """A number's free number: itself, or log(1 + itself), which no bound at 0 holds back.

    Below 0, where sensors at fault may read, the logarithm is mirrored.
    """

    name: str
    log: bool

    @property
    def __name__(self) -> str:
        return "log1p" if self.log else "itself"

    def __call__(self, columns: Mapping[str, Values]) -> Values:
        """The free numbers `(n,)`."""
        values = columns[self.name]
        return np.copysign(np.log1p(np.abs(values)), values) if self.log else values


@dataclass(frozen=True)
class Inverse:
    """Back from the free number, rounded where values have so many decimals and no more."""

    log: bool
    decimals: int | None

    def __call__(self, free: Values, columns: Mapping[str, Values]) -> Values:
        """The column `(n,)`."""
        del columns
        values = np.copysign(np.expm1(np.abs(free)), free) if self.log else free
        return values if self.decimals is None else np.round(values, self.decimals)


@dataclass(frozen=True)
class Rule:
    """A rule written as an SQL condition on the columns of a row; unknown counts as obeyed."""

    name: str
    sql: str

    @property
    def __name__(self) -> str:
        return self.name

    def __call__(self, columns: Mapping[str, Values]) -> Values:
        """True for each row that obeys `(n,)`."""
        with sealed() as connection:
            connection.execute("SET threads = 1")  # rows stay in order
            known = {name: pa.array(values, from_pandas=True) for name, values in columns.items()}
            connection.register("sample", pa.table(known))  # NaN is null
            query = f"SELECT coalesce(({self.sql})::BOOLEAN, true) AS obeys FROM sample"  # noqa: S608 - a file of ours or the user's
            obeys = connection.sql(query).to_arrow_table()["obeys"]
            return np.asarray(obeys.to_numpy(), np.bool_)
