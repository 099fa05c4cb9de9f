"""Table schemas: the one place a column's type, unit, meaning and role are written."""

from __future__ import annotations

import json
import re
from collections import Counter
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

# A table's name is that of a folder and of a view in SQL.
TABLE_NAME = re.compile(r"\w[\w.-]*")
_TAKEN = ("raw", "manifest.json", "croissant.json", "readme.md")  # by what lies beside the tables


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

        A code of -1, a NaN and a NaT become null where the column is nullable. An Arrow array is
        taken as it is, but words in another order get the codes of the categories.

        Raises:
            TypeError: an Arrow array is of another type, or codes are no numbers.
            ValueError: values have another shape than `(n,)` or do not fit the type, a code is
                not whole, a word is none of the categories, or there are nulls where none may be.
            IndexError: a code lies beyond the categories.
        """
        made = self._made(values)
        self._refuse_nulls(made)
        return made

    def _made(self, values: Any) -> pa.Array:
        if isinstance(values, pa.Array):
            if values.type != self.type:
                raise TypeError(f"column {self.name}: declared {self.type}, got {values.type}")
            return self._recoded(values) if self.categories else values
        values = np.asarray(values)
        if values.ndim != 1:
            raise ValueError(f"column {self.name}: values have the shape {values.shape}, not (n,)")
        if self.categories:
            return self._coded(self._whole(values))
        if self.nullable and self.type == pa.float64() and values.dtype == np.float64:
            return null_where(np.isnan(values), values)
        try:
            return pa.array(values, self.type, from_pandas=self.nullable)
        except (pa.ArrowException, OverflowError) as error:
            raise ValueError(f"column {self.name}: {error}") from error

    def _recoded(self, values: pa.DictionaryArray) -> pa.DictionaryArray:
        """The same words as codes of the categories; ValueError if one is none of them."""
        if values.dictionary.equals(self._dictionary):
            return values
        places = {word: place for place, word in enumerate(self.categories)}
        codes = pa.array([places.get(word) for word in values.dictionary.to_pylist()], pa.int32())
        indices = codes.take(values.indices)
        if indices.null_count > values.null_count:
            odd = values.filter(indices.is_null()).drop_null()[0].as_py()
            raise ValueError(f"column {self.name}: {odd!r} is none of {list(self.categories)}")
        return pa.DictionaryArray.from_arrays(indices, self._dictionary)

    def _whole(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Codes as whole numbers `(n,)`, -1 for NaN."""
        if values.dtype.kind in "bui":
            return values
        if values.dtype.kind != "f":
            raise TypeError(f"column {self.name}: codes of categories are meant, got {values[:1]}")
        codes = np.where(np.isnan(values), -1.0, values)
        odd = codes[codes != np.trunc(codes)]
        if odd.size:
            raise ValueError(f"column {self.name}: {odd[0]} is no code, which is a whole number")
        return np.clip(codes, -1.0, len(self.categories)).astype(np.int64)

    def _coded(self, codes: npt.NDArray[Any]) -> pa.DictionaryArray:
        """IndexError if one lies beyond the categories; below 0 is null where nulls may be."""
        # Seen as unsigned, one below 0 is the largest of all.
        seen = codes if self.nullable else codes.view(f"u{codes.itemsize}")
        if codes.size and seen.max() >= len(self.categories):
            raise IndexError(
                f"column {self.name}: codes are out of bounds, 0 to {len(self.categories) - 1}"
            )
        absent = codes < 0 if self.nullable else np.False_
        indices = null_where(absent, codes.astype(np.int32, copy=False))
        # Arrow's own check looks at one code after the other.
        return pa.DictionaryArray.from_arrays(indices, self._dictionary, safe=False)

    def validate(self, values: pa.Array | pa.ChunkedArray) -> None:
        """ValueError unless nulls, vocabulary and numbers of this type are as declared."""
        self._refuse_nulls(values)
        for chunk in values.chunks if isinstance(values, pa.ChunkedArray) else (values,):
            if self.categories and len(chunk) and not chunk.dictionary.equals(self._dictionary):
                raise ValueError(
                    f"column {self.name}: its codes point into {chunk.dictionary.to_pylist()}, "
                    f"not into {list(self.categories)}: Table.batch makes them do so"
                )
            if len(chunk) and not self.nullable and pa.types.is_floating(self.type):
                self._validate_numbers(chunk.to_numpy())

    def _refuse_nulls(self, values: pa.Array | pa.ChunkedArray) -> None:
        if not self.nullable and values.null_count:
            raise ValueError(f"column {self.name} holds nulls, and is not nullable")

    def _validate_numbers(self, numbers: npt.NDArray[np.floating]) -> None:
        least = numbers.min()  # NaN if one is: quicker than to look at each
        if np.isnan(least):
            raise ValueError(f"column {self.name} holds NaN, and is not nullable")
        if self.role is Role.WEIGHT and not (least >= 0.0 and np.isfinite(numbers.max())):
            raise ValueError(f"column {self.name} holds weights that are negative or infinite")


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

    def __post_init__(self) -> None:
        if not TABLE_NAME.fullmatch(self.name) or self.name.casefold() in _TAKEN:
            raise ValueError(
                f"table {self.name!r}: a name has letters, digits and _, after the first also . "
                f"and -; {', '.join(_TAKEN)} are taken"
            )
        if twice := [name for name, n_times in Counter(self.names).items() if n_times > 1]:
            raise ValueError(f"table {self.name}: columns are declared twice: {twice}")
        if self.entity and self.entity not in self.names:
            raise ValueError(
                f"table {self.name}: its entity {self.entity!r} is no column: it has {self.names}"
            )

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

        Numbers are looked at once, when all rows of a block are there: see `validate`.

        Raises:
            TypeError: columns are missing, unknown or of another type.
            ValueError: columns differ in length, or values do not fit one (`Field.array`).
            IndexError: a code lies beyond its column's categories.
        """
        if set(columns) != set(self.names):
            odd = sorted(set(columns) ^ set(self.names))
            raise TypeError(f"table {self.name}: missing or unknown columns {odd}")
        arrays = [field.array(columns[field.name]) for field in self.fields]
        if len({len(array) for array in arrays}) > 1:
            raise ValueError(f"table {self.name}: columns differ in length")
        return Batch(self.name, pa.RecordBatch.from_arrays(arrays, schema=self.schema))

    def validate(self, rows: pa.RecordBatch | pa.Table) -> None:
        """Raise unless the rows are as declared.

        Raises:
            TypeError: columns have other names, types or another order.
            ValueError: one that is not nullable holds a null or a NaN, codes point into another
                vocabulary, or a weight is negative or infinite.
        """
        if not rows.schema.equals(self.schema):
            raise TypeError(f"table {self.name}: declared\n{self.schema}\ngot\n{rows.schema}")
        for field in self.fields:
            try:
                field.validate(rows.column(field.name))
            except ValueError as error:
                raise ValueError(f"table {self.name}: {error}") from None


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
