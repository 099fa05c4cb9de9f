"""Shape: what a table is to a residual, declared by whoever knows the world behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import Field, RequestError
from simgen.residual.rows import Columns, Flags, Floats, Indices, Rows

Values = npt.NDArray[Any]
Forward = Callable[[Columns], Values]  # reads its own column and those before it
Inverse = Callable[[Values, Columns], Values]  # free numbers and the columns before, corrected
Derive = Callable[[Columns], Values]
Rule = Callable[[Columns], Values]  # True for each row that obeys


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column that a residual may correct.

    Attributes:
        name: its name.
        categories: its closed vocabulary, neighbours next to each other where they have an order;
            empty for a number.
        whole: whether its free numbers are whole, such as ages and counts; between others a
            corrected value may fall anywhere.
        forward: its free number: one that no other column bounds, such as a vehicle's age in place
            of its year, or a logarithm. The column itself by default.
        inverse: the column from its free number.
        simulated: whether the simulator makes it; if not, it is drawn from what real rows have
            there, given the columns before.
    """

    name: str
    categories: tuple[str, ...] | tuple[bool, ...] | tuple[int, ...] = ()
    whole: bool = False
    forward: Forward | None = None
    inverse: Inverse | None = None
    simulated: bool = True

    def __post_init__(self) -> None:
        if (self.forward is None) != (self.inverse is None):
            raise ValueError(f"column {self.name}: forward and inverse come together")
        if self.categories and self.forward is not None:
            raise ValueError(f"column {self.name}: a category is free as it is")

    @classmethod
    def of(
        cls, declared: Field, *, forward: Forward | None = None, inverse: Inverse | None = None
    ) -> Column:
        """The column that a table's schema declares: vocabulary and wholeness come from there."""
        flag = pa.types.is_boolean(declared.type)
        return cls(
            name=declared.name,
            categories=(False, True) if flag else declared.categories,
            whole=pa.types.is_integer(declared.type) and forward is None,
            forward=forward,
            inverse=inverse,
        )

    @property
    def discrete(self) -> bool:
        """Whether nothing lies between two neighbouring values."""
        return self.whole or bool(self.categories)

    def free(self, columns: Columns) -> Floats:
        """The column's free numbers `(n,)`, codes for a category; RequestError for no such word."""
        values = columns[self.name]
        if not self.categories:
            numbers: Floats = (self.forward(columns) if self.forward else values).astype(np.float64)
            return numbers
        vocabulary = np.asarray(self.categories)
        order = np.argsort(vocabulary, kind="stable")
        place = np.searchsorted(vocabulary[order], values).clip(max=len(order) - 1)
        codes = order[place]
        if odd := [str(value) for value in np.unique(values[vocabulary[codes] != values])][:3]:
            raise RequestError(
                f"column {self.name} holds {odd}, not in its vocabulary {self.categories}"
            )
        free_codes: Floats = codes.astype(np.float64)
        return free_codes

    @property
    def dtype(self) -> np.dtype[Any]:
        """What it is made of where the simulated rows have no such column."""
        if self.categories:
            return np.asarray(self.categories).dtype
        return np.dtype(np.int64 if self.whole else np.float64)

    def restored(self, free: Floats, columns: Columns, dtype: np.dtype[Any]) -> Values:
        """The column `(n,)` from its free numbers and the columns before it."""
        if self.categories:
            words = np.asarray(self.categories)[free.astype(np.int64)]
            return words if dtype.kind == "U" else words.astype(dtype)
        values = self.inverse(free, columns) if self.inverse else free
        return np.rint(values).astype(dtype) if dtype.kind in "iu" else values.astype(dtype)


@dataclass(frozen=True, kw_only=True, eq=False)
class Free:
    """Rows in their free parametrisation.

    Attributes:
        values: free numbers `(n, d)`, a column each, in causal order; NaN where a row has none.
        label: whether each row belongs to the rare class `(n,)`; all False without a label.
        entity: whom each row is about `(n,)`, as numbers from 0.
        weight: how many rows of nature each row stands for `(n,)`.
    """

    values: Floats
    label: Flags
    entity: Indices
    weight: Floats

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
        )


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A table's columns, label, entities and rules.

    Columns of the rows that are not named here belong to the row and travel along unchanged.

    Attributes:
        columns: what may be corrected, causes before effects.
        label: the column of flags that is never changed, the cause of all others; "" for none.
        entity: the column that says whom a row is about; "" if every row stands alone.
        derived: columns that follow from the others, computed in this order.
        rules: what every row obeys, as functions with a name and a docstring.
    """

    columns: tuple[Column, ...]
    label: str = ""
    entity: str = ""
    derived: Mapping[str, Derive] = field(default_factory=lambda: MappingProxyType({}))
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        names = [*self.names, *self.derived, *filter(None, (self.label, self.entity))]
        if len(set(names)) < len(names) or not self.columns:
            raise ValueError(f"a shape needs columns, each with one part to play: got {names}")
        if self.completed != self.names[len(self.names) - len(self.completed) :]:
            raise ValueError("columns that the simulator does not make come last")

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
        wanted = [*names, *self.derived, *filter(None, (self.label, self.entity))]
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
        label = rows.columns[self.label] if self.label else np.zeros(rows.n_rows, np.bool_)
        whom = rows.columns[self.entity] if self.entity else np.arange(rows.n_rows)
        entity = np.unique(whom, return_inverse=True)[1].astype(np.int64)
        return Free(values=values, label=label, entity=entity, weight=rows.weight)

    def restore(self, values: Floats, rows: Rows) -> Rows:
        """The rows with their columns made from free numbers `(n, d)`, and what follows of them."""
        columns = dict(rows.columns)
        for column, free in zip(self.columns, values.T, strict=True):
            own = rows.columns.get(column.name)
            dtype = column.dtype if own is None else own.dtype
            columns[column.name] = column.restored(free, columns, dtype)
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
                }
                for column in self.columns
            ],
            "label": self.label,
            "entity": self.entity,
            "derived": list(self.derived),
            "rules": [_name(rule) for rule in self.rules],
        }


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__name__", type(function).__name__))
