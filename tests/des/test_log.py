from datetime import datetime

import pyarrow as pa
import pytest

from simgen.core import CATEGORY, TIMESTAMP, Field, Role, Table
from simgen.des import EventLog

VISITS = Table(
    "visits",
    "Visits to a desk.",
    (
        Field("visit_id", pa.int64(), "", "Identifies the visit.", Role.KEY),
        Field("came_at", TIMESTAMP, "", "Arrival.", Role.TIME),
        Field("left_at", TIMESTAMP, "", "Departure; null if still there.", nullable=True),
        Field("reason", CATEGORY, "", "Why.", nullable=True, categories=("", "loan", "cash")),
        Field("amount", pa.float64(), "EUR", "How much; null if none.", nullable=True),
    ),
)
ROW = {"visit_id": 1, "came_at": 1.5, "left_at": None, "reason": "cash", "amount": 20.0}


@pytest.fixture
def log():
    return EventLog(VISITS, "2024-01-01")


def test_rows_become_typed_columns(log):
    """Seconds become instants, names categories, and None null."""
    log.add(**ROW)
    log.add(visit_id=2, came_at=2.0, left_at=86_400.0, reason=None, amount=None)
    batch = log.batch()

    assert batch.table == "visits"
    assert batch.rows.schema.equals(VISITS.schema)
    assert batch.rows.to_pylist() == [
        {
            "visit_id": 1,
            "came_at": datetime(2024, 1, 1, 0, 0, 1, 500_000),  # noqa: DTZ001 - no zones in tables
            "left_at": None,
            "reason": "cash",
            "amount": 20.0,
        },
        {
            "visit_id": 2,
            "came_at": datetime(2024, 1, 1, 0, 0, 2),  # noqa: DTZ001 - as above
            "left_at": datetime(2024, 1, 2),  # noqa: DTZ001 - as above
            "reason": None,
            "amount": None,
        },
    ]


def test_seconds_count_from_the_start_date():
    """Whichever it is."""
    log = EventLog(VISITS, "2023-02-27")
    log.add(**(ROW | {"came_at": 2 * 86_400.0}))

    assert log.batch().rows["came_at"].to_pylist() == [datetime(2023, 3, 1)]  # noqa: DTZ001


def test_a_batch_holds_what_came_since_the_last(log):
    """Rows are handed out once."""
    log.add(**ROW)
    first = log.batch()
    log.add(**(ROW | {"visit_id": 2}))

    assert first.rows["visit_id"].to_pylist() == [1]
    assert log.batch().rows["visit_id"].to_pylist() == [2]


def test_no_rows_are_an_empty_batch(log):
    """A log without rows gives a batch without rows, of the table's schema."""
    rows = log.batch().rows

    assert rows.num_rows == 0
    assert rows.schema.equals(VISITS.schema)


@pytest.mark.parametrize("row", [{"visit_id": 1}, ROW | {"colour": "red"}])
def test_columns_must_be_the_tables(log, row):
    """A missing or an unknown column is an error where the row is written."""
    with pytest.raises(TypeError, match="missing or unknown columns"):
        log.add(**row)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reason": "robbery"}, "no category is called .'robbery'"),
        ({"visit_id": None}, "column visit_id holds nulls"),
        ({"came_at": None}, "column came_at holds nulls"),
        ({"visit_id": 1.5}, "1.5"),
        ({"amount": "much"}, "much"),
    ],
)
def test_values_must_be_their_columns(log, change, message):
    """A value that its column can't hold is an error that names it."""
    log.add(**(ROW | change))

    with pytest.raises(ValueError, match=message):
        log.batch()
