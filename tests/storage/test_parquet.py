"""What a part's bytes say to whoever reads them."""

import io

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from toys.coin import FLIPS, Coin

from simgen.core import Streams, Table
from simgen.storage import parquet


def encode(table, rows):
    """The file's bytes."""
    sink = pa.BufferOutputStream()
    parquet.encode(table, rows, sink)
    return sink.getvalue()


@pytest.fixture
def rows():
    scenario, streams = Coin(), Streams(3)
    block = scenario.blocks()[0]
    batches = scenario.simulate(block, {"table_height": 1.0}, streams)
    flips = [rows for name, rows in batches if name == "flips"]
    return pa.Table.from_batches(flips).combine_chunks()


def test_rows_and_column_meanings_come_back(rows):
    """What is read is what was written, units, roles, meanings and categories included."""
    found = pq.read_table(pa.BufferReader(encode(FLIPS, rows)))

    assert found.equals(rows, check_metadata=True)
    assert Table.from_arrow(found.schema) == FLIPS


def test_the_same_rows_give_the_same_bytes(rows):
    """Neither the clock nor the way the rows lie in memory shows in the bytes."""
    elsewhere = pa.Table.from_pylist(rows.to_pylist(), rows.schema)

    assert encode(FLIPS, rows) == encode(FLIPS, rows)
    assert pq.read_table(pa.BufferReader(encode(FLIPS, elsewhere))).to_pylist() == rows.to_pylist()


def test_pandas_and_duckdb_read_the_file_without_simgen(rows, tmp_path):
    """The chosen encodings are ones that other readers know."""
    path = tmp_path / "part.parquet"
    path.write_bytes(encode(FLIPS, rows))

    frame = pd.read_parquet(io.BytesIO(path.read_bytes()))
    relation = duckdb.read_parquet(str(path))
    ((height, flip_id, side),) = relation.aggregate(
        "sum(height), sum(flip_id), max(side)"
    ).fetchall()

    assert frame["height"].sum() == pytest.approx(height)
    assert frame["flip_id"].sum() == flip_id
    assert side == "tails"


def test_queries_can_skip_by_keys_and_times(rows):
    """Keys and instants have statistics; measurements, which nobody ranges over, have none."""
    group = pq.read_metadata(pa.BufferReader(encode(FLIPS, rows))).row_group(0)
    known = {
        group.column(i).path_in_schema: group.column(i).is_stats_set
        for i in range(group.num_columns)
    }

    assert known["flip_id"]
    assert known["flipped_at"]
    assert not known["height"]


def test_no_rows_make_a_file_with_columns():
    """An empty table is a table all the same."""
    content = encode(FLIPS, FLIPS.schema.empty_table())

    assert pq.read_table(pa.BufferReader(content)).schema.equals(FLIPS.schema)
