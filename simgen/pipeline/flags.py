"""Labels and other flags of a user's rows: booleans or the numbers 0 and 1, and nothing else."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from simgen.core import RequestError


def is_number(kind: pa.DataType) -> bool:
    """Whether a column of this type holds numbers."""
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def flags(column: pa.Array | pa.ChunkedArray, named: str) -> pa.Array | pa.ChunkedArray:
    """A column as booleans; `named` says which it is.

    Raises:
        RequestError: a value is missing, or is neither true, false, 1 nor 0: what is meant by a
            text, or by a 2, nobody can guess.
    """
    missing = pc.is_null(column, nan_is_null=True)
    if n_missing := pc.sum(missing).as_py():
        raise RequestError(
            f"{named} is empty in {n_missing} of {len(column)} rows: leave out the rows for which "
            "it is not known"
        )
    if pa.types.is_boolean(column.type):
        return column
    wrong = column
    if is_number(column.type):
        values = column.cast(pa.float64(), safe=False)
        wrong = column.filter(pc.invert(pc.or_(pc.equal(values, 0.0), pc.equal(values, 1.0))))
    if len(wrong):
        raise RequestError(
            f"{named} says {wrong[0].as_py()!r}: write true or false, or the numbers 1 and 0"
        )
    return column.cast(pa.float64()).cast(pa.bool_())
