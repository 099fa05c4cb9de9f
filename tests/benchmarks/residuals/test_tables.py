"""Rows as Arrow tables and back."""

import numpy as np
import pyarrow as pa

from benchmarks.residuals.tables import BROKEN, broken_share, rows_of, table_of
from simgen.residual import Rows

ROWS = Rows.of(
    {
        "who": np.array([7, 7, 9]),
        "rare": np.array([True, False, False]),
        "kind": np.array(["food", "media", "food"]),
        "price": np.array([1.5, np.nan, 3.0]),
    }
)


def test_rows_survive_the_way_through_a_table():
    """Names, types and values are the same."""
    again = rows_of(table_of(ROWS), ROWS, "who")

    assert list(again.columns) == list(ROWS.columns)
    for name, values in ROWS.columns.items():
        assert again.columns[name].dtype.kind == values.dtype.kind
        np.testing.assert_array_equal(again.columns[name], values)


def test_rows_of_a_method_that_knows_nobody_stand_alone():
    """Without the entity's column every row is somebody of its own; whole numbers are rounded."""
    table = table_of(ROWS, without="who").set_column(0, "rare", pa.array([1.0, 0.0, 1.0]))

    again = rows_of(table, ROWS, "who")

    np.testing.assert_array_equal(again.columns["who"], [0, 1, 2])
    np.testing.assert_array_equal(again.columns["rare"], [True, False, True])


def test_a_table_tells_how_many_rows_were_dropped():
    """Nothing told is nothing dropped."""
    table = table_of(ROWS)

    assert broken_share(table) == 0
    assert broken_share(table.replace_schema_metadata({BROKEN: "0.25"})) == 0.25
