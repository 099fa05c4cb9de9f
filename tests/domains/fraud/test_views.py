"""What the views make of small tables written by hand."""

import duckdb
import pandas as pd
import pytest

from simgen.domains.fraud import DOMAIN

START = pd.Timestamp("2024-03-01")


def payment(day=0.0, **values):
    """A genuine purchase of customer 1 at media shop 5, a day after the start."""
    return {
        "transaction_id": 0,
        "at": START + pd.Timedelta(days=day),
        "customer_id": 1,
        "merchant_id": 5,
        "merchant_category": "media",
        "channel": "ecommerce",
        "amount": 10.0,
        "approved": True,
        "label": False,
        "event_kind": "",
        "event_id": 0,
        "lookalike_of": "",
        "weight": 1.0,
    } | values


def view(name, *payments, **values):
    """The view's rows of these payments, with values of its parameters."""
    rows = pd.DataFrame([row | {"transaction_id": n} for n, row in enumerate(payments, start=1)])
    with duckdb.connect() as connection:
        connection.register("transactions", rows)
        return connection.execute(DOMAIN.view(name), values or None).df()


def histories(*payments):
    """The view of purchases at media shops, by customer and day."""
    rows = view("cdnow", payment(customer_id=9), *payments, cohort_days=10, horizon_days=30)
    return rows[rows["customer_id"] != 9].sort_values(["buyer", "day"])


def test_a_processor_sees_approved_card_payments():
    """In shops and online; no cash, no transfer, nothing that was declined."""
    channels = ["card_present", "ecommerce", "atm", "transfer"]
    asked = [payment(channel=channel, approved=ok) for ok in (True, False) for channel in channels]

    assert set(view("ulb_creditcard", *asked)["transaction_id"]) == {1, 2}


def test_a_processor_knows_the_hour_of_the_day():
    """With its fraction, whatever the day."""
    rows = view("ulb_creditcard", payment(0.0), payment(12.5), payment(3.0 + 1.0 / 3.0))

    assert rows.sort_values("transaction_id")["hour"].tolist() == pytest.approx([0.0, 12.0, 8.0])


def test_approved_payments_of_any_channel_are_viewed():
    """With all their columns, and their time in hours."""
    asked = [payment(channel="atm"), payment(0.5), payment(approved=False)]
    rows = view("payments", *asked).sort_values("transaction_id")

    assert rows["transaction_id"].tolist() == [1, 2]
    assert rows["at"].diff().tolist()[1] == pytest.approx(12.0)
    assert set(rows) == set(payment())


def test_a_log_has_one_row_for_a_customers_day_at_a_shop():
    """With the sum, the days since the last, and the number of the purchase."""
    rows = histories(
        payment(1.1, amount=3.0),
        payment(1.9, amount=4.0),
        payment(5.0),
        payment(5.0, merchant_id=6),
        payment(7.0, merchant_id=6, event_kind="large_purchase", event_id=3),
    )

    assert rows["buyer"].tolist() == ["1/5", "1/5", "1/6", "1/6"]
    assert rows["day"].tolist() == [1, 5, 5, 7]
    assert rows["amount"].tolist() == [7.0, 10.0, 10.0, 10.0]
    assert rows["gap_days"].fillna(0).tolist() == [0, 4, 0, 2]
    assert rows["purchase_number"].tolist() == [1, 2, 1, 2]
    assert rows["event_kind"].tolist() == ["", "", "", "large_purchase"]


@pytest.mark.parametrize(
    "change",
    [
        {"label": True},
        {"approved": False},
        {"amount": 0.0},
        {"channel": "card_present"},
        {"merchant_category": "fashion"},
    ],
    ids=str,
)
def test_a_log_holds_what_customers_bought_at_the_shop(change):
    """Not what a thief bought, what was declined, or what verified a card."""
    assert len(histories(payment(1.0))) == 1
    assert histories(payment(1.0, **change)).empty


def test_a_log_follows_those_who_begin_early_to_its_end():
    """By shop: who begins late at another is no newcomer there in time."""
    rows = histories(payment(9.0), payment(29.9), payment(30.0), payment(10.0, merchant_id=6))

    assert rows["buyer"].tolist() == ["1/5", "1/5"]
    assert rows["day"].tolist() == [9, 29]


def test_amounts_of_a_log_are_multiples_of_its_median():
    """Of all its rows."""
    rows = histories(payment(1.0, amount=5.0), payment(2.0, amount=20.0))

    assert rows["relative_amount"].tolist() == [0.5, 2.0]
