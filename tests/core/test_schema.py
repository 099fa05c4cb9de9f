import dataclasses
import math

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


PRICED = Table(
    "priced",
    "Visits whose prices are known, each of which stands for some.",
    (
        *VISITS.fields,
        Field("price", pa.float64(), "EUR", "Asked for."),
        Field("weight", pa.float64(), "", "How many it stands for.", Role.WEIGHT),
    ),
)


def words(*given):
    """Categories in the order in which they come, as Arrow makes them."""
    return pa.array(given).dictionary_encode()


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
        (
            {"door": np.array([0, 2**32])},
            IndexError,
            "column door: codes are out of bounds, 0 to 1",
        ),
        ({"door": np.array([0.9, 1.0])}, ValueError, "column door: 0.9 is no code"),
        ({"door": np.array([np.nan, 1.0])}, IndexError, "out of bounds"),
        ({"way_out": np.array([np.inf, 1.0])}, IndexError, "out of bounds"),
        ({"door": np.array(["front", "back"])}, TypeError, "column door: codes of categories"),
        (
            {"door": words("back", "roof")},
            ValueError,
            r"door: 'roof' is none of \['front', 'back'\]",
        ),
        ({"visit_id": np.array([1.5, 2.0])}, ValueError, "column visit_id: .* truncated"),
        ({"visit_id": np.array([1, 2**70])}, ValueError, "column visit_id: "),
        (
            {"visit_id": np.ones((2, 2), int)},
            ValueError,
            r"visit_id: values have the shape \(2, 2\)",
        ),
        ({"amount": np.ones((2, 2))}, ValueError, r"amount: values have the shape \(2, 2\)"),
        ({"way_out": np.ones((2, 2), int)}, ValueError, r"way_out: values have the shape \(2, 2\)"),
    ],
)
def test_wrong_columns_are_refused(changes, error, message):
    """Names, lengths, shapes, nulls, types, codes and words that do not fit raise an error."""
    with pytest.raises(error, match=message):
        VISITS.batch(columns(**changes))


@pytest.mark.parametrize("made", [np.array, pa.array])
@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("price", [math.nan, 1.0], "table priced: column price holds NaN, and is not nullable"),
        ("weight", [math.nan, 1.0], "column weight holds NaN"),
        ("weight", [1.0, -0.5], "column weight holds weights that are negative or infinite"),
        ("weight", [1.0, math.inf], "column weight holds weights that are negative or infinite"),
    ],
)
def test_wrong_numbers_are_refused(name, values, message, made):
    """NaN where numbers are known, and weights that weigh nothing of nature's."""
    good = columns(price=np.array([-1.0, math.inf]), weight=np.array([0.0, 2.0]))

    PRICED.validate(PRICED.batch(good).rows)
    with pytest.raises(ValueError, match=message):
        PRICED.validate(PRICED.batch(good | {name: made(values)}).rows)


@pytest.mark.parametrize("kind", [pa.float64(), pa.float32(), pa.int64(), pa.int32()])
@pytest.mark.parametrize("given", [np.float64, np.float32])
def test_nan_is_null_in_every_column_of_numbers(kind, given):
    """Whatever the width of the column and of what is given."""
    field = Field("x", kind, "m", "Something.", nullable=True)

    assert field.array(np.array([1.0, np.nan], given)).to_pylist() == [1, None]


def test_codes_may_be_whole_numbers_of_any_type():
    """Floats and truths too; NaN is null where nulls may be."""
    field = VISITS.field("way_out")

    assert field.array([1.0, np.nan]).to_pylist() == ["b", None]
    assert field.array(np.array([1, 0], np.uint8)).to_pylist() == ["b", "a"]
    assert field.array(np.array([True, False])).to_pylist() == ["b", "a"]


def test_words_of_an_arrow_array_keep_their_meaning():
    """In whatever order its dictionary has them, with words that no row has; nulls stay."""
    rows = VISITS.batch(columns(door=words("back", "front"), way_out=words("b", None))).rows
    front = words("roof", "front").slice(1)

    assert rows["door"].to_pylist() == ["back", "front"]
    assert rows["door"].dictionary.to_pylist() == ["front", "back"]
    assert rows["way_out"].to_pylist() == ["b", None]
    assert VISITS.field("door").array(front).to_pylist() == ["front"]


@pytest.mark.parametrize("made", [pa.Table.from_batches, lambda batches: batches[0]])
def test_rows_made_by_hand_have_the_vocabulary(made):
    """Codes that point into other words are refused, in a batch and in a table."""
    rows = VISITS.batch(columns()).rows
    at = VISITS.names.index("door")
    odd = rows.set_column(at, VISITS.field("door").arrow, words("back", "front"))

    with pytest.raises(ValueError, match=r"visits: column door: .* into \['back', 'front'\], not"):
        VISITS.validate(made([odd]))
    VISITS.validate(made([rows]))
    VISITS.validate(made([rows.slice(0, 0)]))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "raw"}, "table 'raw': .* raw, .* are taken"),
        ({"name": "manifest.json"}, "manifest.json, .* are taken"),
        ({"name": "Croissant.JSON"}, "croissant.json, .* are taken"),
        ({"name": "../../escaped"}, r"table '\.\./\.\./escaped': a name has letters, digits"),
        ({"name": "README.md"}, "readme.md are taken"),
        ({"name": ".visits"}, r"table '\.visits': a name has letters, digits"),
        ({"name": ""}, "table '': a name has letters, digits"),
        ({"fields": (*VISITS.fields, VISITS.fields[0])}, r"declared twice: \['visit_id'\]"),
        ({"entity": "custmer_id"}, "its entity 'custmer_id' is no column: it has"),
    ],
)
def test_wrong_tables_are_refused(changes, message):
    """Names that lead out of the data set or are taken, columns twice, an entity that is none."""
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(VISITS, **changes)


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
