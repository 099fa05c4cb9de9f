"""The values of a sample's rows, as the metrics take them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from simgen.core import RequestError, first_line
from simgen.metrics import Sample
from simgen.pipeline.references import SampleView

_OPTIONAL = {"at": "numeric", "kind": "categorical", "subgroup": "categorical", "fitted": "flag"}


def sample_of(view: SampleView, rows: pa.Table) -> Sample:
    """The rows of a view as the metrics take them.

    Raises:
        RequestError: a column is not of its kind, or a weight is no number that can weigh.
    """
    scored = [column for column in view.columns if column.scored]
    values = {column.name: column_values(rows, column.name, column.kind) for column in scored}
    given = {name: getattr(view, name) for name in _OPTIONAL}
    optional = {
        name: column_values(rows, column, _OPTIONAL[name])
        for name, column in given.items()
        if column in rows.column_names
    }
    return Sample(
        numeric={c.name: values[c.name] for c in scored if c.kind == "numeric"},
        categorical={c.name: values[c.name] for c in scored if c.kind == "categorical"},
        label=column_values(rows, view.label, "flag") if view.label else None,
        entity=codes_of(rows, view.entity)
        if view.entity and view.entity in rows.column_names
        else None,
        weight=_weights(view, rows),
        **optional,
    )


def _weights(view: SampleView, rows: pa.Table) -> Any:
    weights = column_values(rows, "weight", "numeric")
    odd = ~(weights >= 0.0)
    if odd.any():
        raise RequestError(
            f"sample {view.name} has the weight {weights[odd][0]:g} in {np.count_nonzero(odd)} of "
            f"{len(weights)} rows: weigh each by 0 or more"
        )
    return weights


def column_values(rows: pa.Table, name: str, kind: str) -> Any:
    """A column as an array `(n,)` of its kind: "numeric", "flag" or "categorical".

    Raises:
        RequestError: it is not of that kind, or holds infinite numbers.
    """
    column, wanted = rows[name], pa.string() if kind == "categorical" else pa.float64()
    if kind == "flag":
        return np.asarray(column.to_numpy(), bool)
    try:
        found = column.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        reason = first_line(error)
        raise RequestError(
            f"column {name!r} holds {column.type}, and is to be {kind}: correct its SQL ({reason})"
        ) from None
    if kind == "categorical":
        return np.asarray(pyarrow.compute.fill_null(found, "").to_pylist(), str)
    values = found.to_numpy()
    if np.isinf(values).any():
        raise RequestError(f"column {name!r} holds infinite numbers: make them NULL in its SQL")
    return values


def codes_of(rows: pa.Table, name: str) -> Any:
    """Numbers of a column's values in the order in which they first come `(n,)`."""
    codes = rows[name].combine_chunks().dictionary_encode().indices
    return codes.to_numpy(zero_copy_only=False)
