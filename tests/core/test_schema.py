import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, strategies as st

from simgen.core import CATEGORY, TIMESTAMP, Batch, Field, Role, Table

VISITS = Table(
    "visits",
    "Visits to a shop.",
    (
        Field("visit_id", pa.int64(), "", "Identifies the visit.", Role.KEY),
        Field("customer_id", pa.int64(), "", "Who came.", Role.REFERENCE),
        Field("came_at", TIMESTAMP, "", "When.", Role.TIME),
        Field("left_at", TIMESTAMP, "", "Until when; null if unknown.", nullable=True),
        Field("amount", pa.float64(), "EUR", "Money spent; null if unknown.", nullable=True),
        Field("door", CATEGORY, "", "Way in.", categories=("front", "back")),
        Field("way_out", CATEGORY, "", "Null if unknown.", nullable=True, categories=("a", "b")),
    ),
    entity="customer_id",
)
INSTANTS = np.array(["2024-01-01T00:00:00.000001", "2024-01-02"], "datetime64[us]")


def columns(**changes):
    """Two rows of good values, some of them changed."""
    good = {
        "visit_id": np.array([1, 2]),
        "customer_id": np.array([7, 7]),
        "came_at": INSTANTS,
        "left_at": np.array(["NaT", "2024-01-03"], "datetime64[us]"),
        "amount": np.array([np.nan, 12.5]),
        "door": np.array([1, 0]),
        "way_out": np.array([-1, 1]),
    }
    return good | changes


def test_batch_has_the_declared_types():
    """Columns come in any order and leave in the table's, with its types."""
    batch = VISITS.batch(dict(reversed(columns().items())))

    assert isinstance(batch, Batch)
    assert batch.table == "visits"
    assert batch.rows.schema.equals(VISITS.schema, check_metadata=True)


def test_absent_values_become_null():
    """NaN, NaT and code -1 are null in columns that may hold nulls."""
    rows = VISITS.batch(columns()).rows

    assert rows["amount"].to_pylist() == [None, 12.5]
    assert rows["left_at"].null_count == 1
    assert rows["way_out"].to_pylist() == [None, "b"]
    assert rows["door"].to_pylist() == ["back", "front"]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"colour": np.array([1, 2])}, TypeError, "missing or unknown columns .'colour'"),
        ({"amount": np.array([1.0])}, ValueError, "differ in length"),
        ({"came_at": np.array(["NaT", "2024-01-01"], "datetime64[us]")}, ValueError, "came_at"),
        ({"visit_id": np.array([1.5, 2.0])}, ValueError, "1.5"),
        ({"visit_id": pa.array([1, None])}, ValueError, "visit_id"),
        ({"visit_id": pa.array(["1", "2"])}, TypeError, "declared int64, got string"),
        ({"door": np.array([0, 2])}, IndexError, "out of bounds"),
        ({"way_out": np.array([0, 2])}, IndexError, "out of bounds"),
        ({"door": np.array([-1, 0])}, IndexError, "out of bounds"),
    ],
)
def test_wrong_columns_are_refused(changes, error, message):
    """Unknown names, lengths, nulls, types and codes that do not fit the table raise an error."""
    with pytest.raises(error, match=message):
        VISITS.batch(columns(**changes))


def test_missing_column_is_refused():
    """Every column must be given."""
    with pytest.raises(TypeError, match=r"missing or unknown columns \['door'\]"):
        VISITS.batch({name: values for name, values in columns().items() if name != "door"})


def test_other_schema_is_refused():
    """Rows with other columns, or in another order, are not of this table."""
    rows = VISITS.batch(columns()).rows

    VISITS.validate(rows)
    with pytest.raises(TypeError, match="table visits: declared"):
        VISITS.validate(rows.select(["customer_id", "visit_id", *VISITS.names[2:]]))


def test_empty_columns_are_an_empty_batch():
    """No rows are rows too."""
    rows = VISITS.batch({name: values[:0] for name, values in columns().items()}).rows

    assert rows.num_rows == 0
    assert rows.schema.equals(VISITS.schema)


@given(codes=st.lists(st.integers(0, 1)))
def test_categories_are_their_codes(codes):
    """A code is the position of its name in the vocabulary."""
    field = VISITS.field("door")
    assert field.array(codes).to_pylist() == [field.categories[code] for code in codes]


@pytest.mark.parametrize(("kind", "categories"), [(pa.int64(), ("a",)), (CATEGORY, ())])
def test_categories_belong_to_category_columns(kind, categories):
    """Categories on another type, or a category column without any, are refused."""
    with pytest.raises(ValueError, match="have categories"):
        Field("x", kind, "", "Something.", categories=categories)


def test_table_knows_its_columns():
    """Names in order, the first time column, and an error that lists what there is."""
    assert VISITS.names[:3] == ("visit_id", "customer_id", "came_at")
    assert VISITS.time == "came_at"
    assert not VISITS.is_record
    assert VISITS.field("amount").unit == "EUR"
    with pytest.raises(KeyError, match="no column 'price'"):
        VISITS.field("price")


def test_table_comes_back_from_its_schema():
    """Name, meaning, entity and all of every column are in the Arrow schema."""
    assert Table.from_arrow(VISITS.schema) == VISITS


def test_table_and_rows_come_back_from_parquet(tmp_path):
    """A file tells what its columns mean, and holds the rows as they were."""
    batch = VISITS.batch(columns())
    pq.write_table(pa.Table.from_batches([batch.rows]), tmp_path / "visits.parquet")
    back = pq.read_table(tmp_path / "visits.parquet")

    assert Table.from_arrow(back.schema) == VISITS
    VISITS.validate(back)
    assert back.to_pylist() == batch.rows.to_pylist()
