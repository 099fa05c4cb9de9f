"""Shape: what a table is to a residual, declared by whoever knows the world behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from simgen.core import RequestError
from simgen.kernels.arrays import Flags, Floats
from simgen.residual.column import Column as Column, Values
from simgen.residual.histories import History
from simgen.residual.rows import Columns, Indices, Rows

Derive = Callable[[Columns], Values]
Rule = Callable[[Columns], Values]  # True for each row that obeys


@dataclass(frozen=True, kw_only=True, eq=False)
class Free:
    """Rows in their free parametrisation.

    Attributes:
        values: free numbers `(n, d)`, a column each, in causal order; NaN where a row has none.
        label: whether each row belongs to the rare class `(n,)`; all False without a label.
        entity: whom each row is about `(n,)`, as numbers from 0.
        weight: how many rows of nature each row stands for `(n,)`.
        columns: the columns as they came, each `(n,)`.
        past: in a history, position and earlier values `(n, p)`; else `(n, 0)`.
    """

    values: Floats
    label: Flags
    entity: Indices
    weight: Floats
    columns: Columns
    past: Floats

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return len(self.label)

    def take(self, rows: Indices | Flags) -> Free:
        """The given rows, by index or by mask."""
        return Free(
            values=self.values[rows],
            label=self.label[rows],
            entity=self.entity[rows],
            weight=self.weight[rows],
            columns={name: values[rows] for name, values in self.columns.items()},
            past=self.past[rows],
        )

    def causes(self, place: int, column: Column) -> Floats:
        """What the column at a place in the causal order answers to, but the label `(n, c)`."""
        return np.column_stack([self.values[:, :place], column.caused(self.columns), self.past])


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A table's columns, label, entities and rules.

    Columns of the rows that are not named here belong to the row and travel along unchanged.

    Attributes:
        columns: what may be corrected, causes before effects.
        label: the column of flags that is never changed, the cause of all others; "" for none.
        entity: the column that says whom a row is about; "" if every row stands alone.
        order: the column that puts the rows of an entity in order, as a history in which earlier
            rows are causes of later ones; never changed; "" for none.
        derived: columns that follow from the others, computed in this order.
        rules: what every row obeys, as functions with a name and a docstring.
    """

    columns: tuple[Column, ...]
    label: str = ""
    entity: str = ""
    order: str = ""
    derived: Mapping[str, Derive] = field(default_factory=lambda: MappingProxyType({}))
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        names = [*self.names, *self.derived, *self._fixed]
        if len(set(names)) < len(names) or not self.columns:
            raise ValueError(f"a shape needs columns, each with one part to play: got {names}")
        if self.completed != self.names[len(self.names) - len(self.completed) :]:
            raise ValueError("columns that the simulator does not make come last")
        if (self.order and not self.entity) or (any(self.lags) and not self.order):
            raise ValueError("a history has an entity, and an order where a column has lags")

    @property
    def _fixed(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.label, self.entity, self.order)))

    @property
    def lags(self) -> tuple[int, ...]:
        """How many earlier values of each column are causes."""
        return tuple(column.lags for column in self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns that may be corrected, in causal order."""
        return tuple(column.name for column in self.columns)

    @property
    def completed(self) -> tuple[str, ...]:
        """The names of the columns that the simulator does not make."""
        return tuple(column.name for column in self.columns if not column.simulated)

    def check(self, rows: Rows, whose: str, *, complete: bool = True) -> None:
        """Raise RequestError unless the rows have every column of the shape, of its kind.

        Args:
            rows: the rows.
            whose: how an error calls them.
            complete: whether they must have the columns that the simulator does not make.
        """
        columns = [column for column in self.columns if complete or column.simulated]
        names = [column.name for column in columns]
        wanted = [*names, *self.derived, *self._fixed]
        if missing := [name for name in wanted if name not in rows.columns]:
            raise RequestError(f"the {whose} rows lack {missing}: they have {sorted(rows.columns)}")
        if self.label and rows.columns[self.label].dtype != np.bool_:
            raise RequestError(f"the label {self.label} of the {whose} rows is no column of flags")
        for column in columns:
            kind = rows.columns[column.name].dtype.kind
            if kind not in ("Ubiu" if column.categories else "fiub"):
                raise RequestError(
                    f"column {column.name} of the {whose} rows has type "
                    f"{rows.columns[column.name].dtype}: give "
                    f"{'strings, flags or codes' if column.categories else 'numbers'}"
                )
        if self.order:
            self._check_histories(rows, whose)

    def _check_histories(self, rows: Rows, whose: str) -> None:
        if rows.columns[self.order].dtype.kind not in "iufM":
            raise RequestError(
                f"the order {self.order} of the {whose} rows has no order: number it"
            )
        if self.label:
            pairs = np.column_stack(
                [np.unique(rows.columns[self.entity], return_inverse=True)[1], self._labels(rows)]
            )
            if len(np.unique(pairs, axis=0)) > pairs[:, 0].max() + 1:
                raise RequestError(
                    f"the label {self.label} of the {whose} rows differs within a history: give "
                    f"all rows of an entity its label"
                )

    def free(self, rows: Rows) -> Free:
        """The rows in their free parametrisation; RequestError where they have none."""
        absent = np.full(rows.n_rows, np.nan)
        values = np.column_stack(
            [
                column.free(rows.columns) if column.name in rows.columns else absent
                for column in self.columns
            ]
        )
        if np.isinf(values).any():
            odd = [
                name for name, free in zip(self.names, values.T, strict=True) if any(np.isinf(free))
            ]
            raise RequestError(f"columns {odd} have infinite free numbers: mend their forward")
        label = self._labels(rows)
        whom = rows.columns[self.entity] if self.entity else np.arange(rows.n_rows)
        entity = np.unique(whom, return_inverse=True)[1].astype(np.int64)
        history = self.history(entity, rows.columns)
        return Free(
            values=values,
            label=label,
            entity=entity,
            weight=rows.weight,
            columns=rows.columns,
            past=history.past(values, np.arange(rows.n_rows)),
        )

    def _labels(self, rows: Rows) -> Flags:
        return rows.columns[self.label] if self.label else np.zeros(rows.n_rows, np.bool_)

    def history(self, entity: Indices, columns: Columns) -> History:
        """The history of rows about these entities; each stands alone where there is no order."""
        if not self.order:
            entity = np.arange(len(entity))
            return History.of(entity, np.zeros(len(entity)), ())
        return History.of(entity, columns[self.order].astype(np.float64), self.lags)

    def restore(self, values: Floats, rows: Rows) -> Rows:
        """The rows with their columns made from free numbers `(n, d)`, and what follows of them."""
        columns = dict(rows.columns)
        for column, free in zip(self.columns, values.T, strict=True):
            columns[column.name] = column.restored(free, columns)
        for name, derive in self.derived.items():
            made, dtype = np.asarray(derive(columns)), rows.columns[name].dtype
            columns[name] = made if dtype.kind == made.dtype.kind == "U" else made.astype(dtype)
        return Rows(columns=columns, weight=rows.weight)

    def obeys(self, rows: Rows) -> Mapping[str, Flags]:
        """For each rule by name, whether each row obeys it `(n,)`."""
        return {
            _name(rule): np.broadcast_to(np.asarray(rule(rows.columns), np.bool_), rows.n_rows)
            for rule in self.rules
        }

    def plain(self) -> dict[str, Any]:
        """The shape as JSON would hold it; functions by their names."""
        return {
            "columns": [
                {
                    "name": column.name,
                    "categories": list(column.categories),
                    "whole": column.whole,
                    "free": _name(column.forward) if column.forward else "",
                    "simulated": column.simulated,
                    "causes": [_name(cause) for cause in column.causes],
                    "lags": column.lags,
                }
                for column in self.columns
            ],
            "label": self.label,
            "entity": self.entity,
            "order": self.order,
            "derived": list(self.derived),
            "rules": [_name(rule) for rule in self.rules],
        }


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__name__", type(function).__name__))
