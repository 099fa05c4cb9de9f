"""Features of the past, on tables small enough to work them out by hand."""

import math

import pyarrow as pa
import pytest

from simgen.core import CATEGORY, TIMESTAMP, Field, Role, Table, timestamps
from simgen.metrics import history_features

HOUR, DAY = 3_600.0, 86_400.0  # [s]

PAYMENTS = Table(
    "payments",
    "Payments, by hand.",
    (
        Field("payment_id", pa.int64(), "", "Key.", Role.KEY),
        Field("at", TIMESTAMP, "", "When.", Role.TIME),
        Field("customer_id", pa.int64(), "", "Who.", Role.REFERENCE),
        Field(
            "shop_id", pa.int64(), "", "Where; null for transfers.", Role.REFERENCE, nullable=True
        ),
        Field("country", CATEGORY, "", "In which country.", categories=("here", "there")),
        Field("amount", pa.float64(), "EUR", "How much.", nullable=True),
        Field("declined", pa.bool_(), "", "Whether it was declined."),
        Field("label", pa.bool_(), "", "Rare.", Role.LABEL),
    ),
    entity="customer_id",
)

# seconds, customer, shop (-1: none), country, amount, declined
ROWS = [
    (0.0, 1, 10, 0, 10.0, True),
    (0.5 * HOUR, 1, 10, 0, 30.0, False),
    (0.5 * HOUR, 1, 20, 1, 99.0, True),  # at the same instant: neither is the other's past
    (2.0 * HOUR, 2, 20, 0, 5.0, False),
    (1.0 * DAY, 1, 10, 0, math.nan, False),
    (30.0 * DAY, 1, -1, 0, 60.0, False),
]


def table(order=tuple(range(6))):
    rows = [ROWS[place] for place in order]
    seconds, customers, shops, countries, amounts, declines = map(list, zip(*rows, strict=True))
    columns = {
        "payment_id": list(order),
        "at": timestamps("2024-01-01", seconds),
        "customer_id": customers,
        "shop_id": pa.array([None if shop < 0 else shop for shop in shops], pa.int64()),
        "country": countries,
        "amount": amounts,
        "declined": declines,
        "label": [False] * len(rows),
    }
    return pa.Table.from_batches([PAYMENTS.batch(columns).rows])


EXPECTED = {
    "customer_id_time_since": [None, 0.5 * HOUR, 0.5 * HOUR, None, 23.5 * HOUR, 29 * DAY],
    "customer_id_n_before": [0, 1, 1, 0, 3, 4],
    "customer_id_n_1h": [0, 1, 1, 0, 0, 0],
    "customer_id_n_24h": [0, 1, 1, 0, 3, 0],
    "customer_id_declined_n_24h": [0, 1, 1, 0, 2, 0],
    "customer_id_declined_share_before": [None, 1, 1, None, 2 / 3, 0.5],
    "customer_id_amount_sum_24h": [0, 10, 10, 0, 139, 0],
    "customer_id_amount_to_mean": [None, 3, 9.9, None, None, 60 / (139 / 3)],
    "customer_id_amount_to_max": [None, 3, 9.9, None, None, 60 / 99],
    "shop_id_n_before": [0, 1, 0, 1, 2, None],
    "shop_id_time_since": [None, 0.5 * HOUR, None, 1.5 * HOUR, 23.5 * HOUR, None],
    "shop_id_amount_to_mean": [None, 3, None, 5 / 99, None, None],
    "shop_id_to_entity_n_before": [0, 1, 0, 0, 2, None],
    "shop_id_to_entity_time_since": [None, 0.5 * HOUR, None, None, 23.5 * HOUR, None],
    "shop_id_n_new_before": [0, 1, 1, 0, 2, 2],
    "shop_id_n_new_24h": [0, 1, 1, 0, 2, 0],
    "shop_id_n_entities_before": [0, 1, 0, 1, 1, None],
    "country_to_entity_n_before": [0, 1, 0, 0, 2, 3],
    "country_n_new_before": [0, 1, 1, 0, 2, 2],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_values_by_hand(name):
    """Each family of features has the values worked out on paper."""
    assert history_features(table(), PAYMENTS)[name].to_pylist() == pytest.approx(EXPECTED[name])


def test_the_order_of_rows_does_not_matter():
    """Features follow their record, in whatever order the records lie."""
    order = [4, 0, 3, 5, 2, 1]
    straight = history_features(table(), PAYMENTS)
    assert history_features(table(order), PAYMENTS).equals(straight.take(pa.array(order)))


def test_the_future_does_not_matter():
    """Taking away later records changes nothing before them."""
    whole, part = (history_features(table(range(n)), PAYMENTS) for n in (6, 4))
    assert part.equals(whole.slice(0, 4))


def test_label_and_key_give_no_features():
    """What is no input has no history either."""
    names = history_features(table(), PAYMENTS).column_names
    assert not [name for name in names if "label" in name or "payment_id" in name]


def test_no_rows_give_no_features():
    """An empty table has empty features."""
    assert len(history_features(table().slice(0, 0), PAYMENTS)) == 0


def test_a_table_without_time_has_no_history():
    """The caller is told, not given nonsense."""
    timeless = Table(
        "shops", "Shops.", (Field("shop_id", pa.int64(), "", "Key.", Role.KEY),), entity="shop_id"
    )
    with pytest.raises(ValueError, match="no history"):
        history_features(pa.table({"shop_id": [1]}), timeless)
