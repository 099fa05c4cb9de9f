"""Which rows obey the rules of a reference: its conditions and its key."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import numpy as np
import pyarrow as pa

from simgen.core import RequestError, first_line
from simgen.kernels.arrays import Flags
from simgen.pipeline.references import Reference, SampleView
from simgen.pipeline.sealed import sealed

_ROW = "place of the row"  # a space: no reference has such a column


def obeyed(
    reference: Reference, view: SampleView, samples: Mapping[str, pa.Table]
) -> dict[str, Flags]:
    """For each rule of a sample by name, whether each of its rows obeys `(n,)`.

    A rule reads the columns of its row and, as `samples.<name>`, the samples of the same side, such
    as for a foreign key. As for SQL's CHECK, a row for which it is unknown obeys. The rows' key is
    one more rule: no part is null and no other row has the same.

    Args:
        reference: whose rules they are.
        view: the sample whose rows are looked at.
        samples: the rows of every sample of one side, by name.

    Raises:
        RequestError: a rule is no condition on these rows.
    """
    conditions = {name: f"coalesce({rule}, true)" for name, rule in view.rules.items()}
    if view.key:
        quoted = ", ".join(f'"{column}"' for column in view.key)
        present = " AND ".join(f'"{column}" IS NOT NULL' for column in view.key)
        once = f"count(*) OVER (PARTITION BY {quoted}) = 1"
        conditions[f"key {', '.join(view.key)}"] = f"{present} AND {once}"
    if not conditions:
        return {}
    with sealed() as connection:
        connection.execute("CREATE SCHEMA samples")
        for name, rows in samples.items():
            connection.register(f"given as {name}", rows)
            connection.execute(f'CREATE VIEW samples."{name}" AS FROM "given as {name}"')
        place = pa.array(np.arange(len(samples[view.name])))
        connection.register("rows", samples[view.name].append_column(_ROW, place))
        return {
            name: _flags(connection, condition, f"reference {reference.name}: rule {name}")
            for name, condition in conditions.items()
        }


def _flags(connection: duckdb.DuckDBPyConnection, condition: str, what: str) -> Flags:
    sql = f'SELECT ({condition})::BOOLEAN FROM "rows" ORDER BY "{_ROW}"'  # noqa: S608 - our own file
    try:
        found: Flags = connection.sql(sql).fetchnumpy().popitem()[1].astype(np.bool_)
    except duckdb.Error as error:
        reason = first_line(error)
        raise RequestError(f"{what} is no condition on its rows: {reason}: correct it") from None
    return found
