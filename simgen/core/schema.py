"""Table schemas: the one place a column's type, unit, meaning and role are written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core.batch import Batch

CATEGORY = pa.dictionary(pa.int32(), pa.string())
TIMESTAMP = pa.timestamp("us")


class Role(StrEnum):
    """What a column is to a model."""

    KEY = "key"  # identifies the row
    REFERENCE = "reference"  # names a row of another table
    TIME = "time"  # when the row happened
    FEATURE = "feature"  # an input
    LABEL = "label"  # what is to be predicted
    WEIGHT = "weight"  # how much of nature the row stands for
    ORACLE = "oracle"  # known to the simulator alone: never an input


@dataclass(frozen=True)
class Field:
    """A column.

    `unit` is "" for ids, labels, flags and categories. `categories`, for columns of type
    `CATEGORY`, is the closed vocabulary that the column's codes point into.
    """

    name: str
    type: pa.DataType
    unit: str
    doc: str
    role: Role = Role.FEATURE
    nullable: bool = False
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.categories) != (self.type == CATEGORY):
            raise ValueError(
                f"column {self.name}: CATEGORY columns, and only they, have categories"
            )

    @cached_property
    def arrow(self) -> pa.Field:
        """The Arrow field, with unit, meaning and role as its metadata."""
        about = {"unit": self.unit, "doc": self.doc, "role": self.role.value}
        if self.categories:
            about["categories"] = json.dumps(self.categories)
        return pa.field(self.name, self.type, nullable=self.nullable, metadata=about)

    @cached_property
    def _dictionary(self) -> pa.Array:
        return pa.array(self.categories, pa.string())

    def array(self, values: Any) -> pa.Array:
        """An Arrow array of this column's type from NumPy values, or from codes of its categories.

        A code of -1, a NaN and a NaT become null where the column is nullable.

        Raises:
            TypeError: an Arrow array is of another type.
            IndexError: a code lies beyond the categories.
        """
        if isinstance(values, pa.Array):
            if values.type != self.type:
                raise TypeError(f"column {self.name}: declared {self.type}, got {values.type}")
            return values
        values = np.asarray(values)
        if self.categories:
            codes = values.astype(np.int32, copy=False)
            self._check_codes(codes)
            absent = codes < 0 if self.nullable else np.False_
            indices = null_where(absent, codes)
            # Arrow's own check looks at one code after the other.
            return pa.DictionaryArray.from_arrays(indices, self._dictionary, safe=False)
        if self.nullable and self.type == pa.float64() and values.dtype == np.float64:
            return null_where(np.isnan(values), values)
        return pa.array(values, self.type)

    def _check_codes(self, codes: npt.NDArray[np.int32]) -> None:
        """IndexError if one lies beyond the categories; below 0 is null where nulls may be."""
        # Seen as unsigned, one below 0 is the largest of all.
        seen = codes if self.nullable else codes.view(np.uint32)
        if codes.size and seen.max() >= len(self.categories):
            raise IndexError(
                f"column {self.name}: codes are out of bounds, 0 to {len(self.categories) - 1}"
            )


def null_where(absent: Any, values: Any) -> pa.Array:
    """An Arrow array of numbers `(n,)` that is null where `absent` `(n,)` is true.

    Shares the memory of `values`, which must not change any more; `pa.array` with a mask would
    copy them one by one.
    """
    values = np.ascontiguousarray(values)
    n_absent = int(np.count_nonzero(absent))
    valid = pa.py_buffer(np.packbits(~absent, bitorder="little")) if n_absent else None
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(values)], n_absent)


@dataclass(frozen=True)
class Table:
    """A named, ordered set of columns.

    `entity` names the column whose values must never be split between a training and a test
    set (a customer, a machine, an episode); "" where the rows have none.
    """

    name: str
    doc: str
    fields: tuple[Field, ...]
    entity: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(field.name for field in self.fields)

    @property
    def is_record(self) -> bool:
        """Whether the rows carry the label contract, and so are what models are trained on."""
        return "label" in self.names

    @property
    def time(self) -> str:
        """The name of the first time column, or "" if there is none."""
        return next((field.name for field in self.fields if field.role is Role.TIME), "")

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema."""
        about = {"name": self.name, "doc": self.doc, "entity": self.entity}
        return pa.schema([field.arrow for field in self.fields], metadata=about)

    @classmethod
    def from_arrow(cls, schema: pa.Schema) -> Table:
        """The table whose Arrow schema this is, read back from a Parquet file of ours."""
        about = {key.decode(): value.decode() for key, value in schema.metadata.items()}
        return cls(about["name"], about["doc"], tuple(map(_field, schema)), about["entity"])

    def field(self, name: str) -> Field:
        """The column called `name`; KeyError if there is none."""
        if name not in self.names:
            raise KeyError(f"table {self.name} has no column {name!r}: it has {self.names}")
        return self.fields[self.names.index(name)]

    def batch(self, columns: Mapping[str, Any]) -> Batch:
        """A batch of this table from one array `(n,)` per column, in any order.

        Raises:
            TypeError: columns are missing, unknown or of another type.
            ValueError: columns differ in length, or one that is not nullable holds a null.
            IndexError: a code lies beyond its column's categories.
        """
        if set(columns) != set(self.names):
            odd = sorted(set(columns) ^ set(self.names))
            raise TypeError(f"table {self.name}: missing or unknown columns {odd}")
        arrays = [field.array(columns[field.name]) for field in self.fields]
        if len({len(array) for array in arrays}) > 1:
            raise ValueError(f"table {self.name}: columns differ in length")
        batch = Batch(self.name, pa.RecordBatch.from_arrays(arrays, schema=self.schema))
        self.validate(batch.rows)
        return batch

    def validate(self, rows: pa.RecordBatch | pa.Table) -> None:
        """Raise unless names, order, types and absence of nulls are the declared ones."""
        if not rows.schema.equals(self.schema):
            raise TypeError(f"table {self.name}: declared\n{self.schema}\ngot\n{rows.schema}")
        for field in self.fields:
            if not field.nullable and rows.column(field.name).null_count:
                raise ValueError(f"table {self.name}: column {field.name} holds nulls")


def _field(column: pa.Field) -> Field:
    about = {key.decode(): value.decode() for key, value in column.metadata.items()}
    return Field(
        column.name,
        column.type,
        about["unit"],
        about["doc"],
        Role(about["role"]),
        column.nullable,
        tuple(json.loads(about.get("categories", "[]"))),
    )
