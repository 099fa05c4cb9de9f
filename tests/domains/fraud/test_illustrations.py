"""A bank in pictures: each chapter shows what the tables hold."""

import re
from datetime import datetime, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from simgen.core import Source, build
from simgen.domains.fraud import DOMAIN, RetailBank
from simgen.pipeline.generate import generate
from simgen.pipeline.portray import portray

START = datetime(2024, 3, 1)  # noqa: DTZ001 - local time, as in the tables
CAMPAIGN, TESTED, USED, TAKEN = 1, 2, 3, 4  # event_id


def source(**tables):
    """Tables made by hand, as an illustration asks them."""
    connection = duckdb.connect()
    for name, rows in tables.items():
        connection.register(name, pa.Table.from_pylist(rows))
    return Source(
        parameters={},
        ask=lambda sql: connection.sql(sql).to_arrow_table(),
        read=lambda _path: b"",
        choices={},
    )


def payment(number, hours=0.0, **given):
    """A genuine payment of 20 EUR, but for what is given."""
    usual = {
        "card_id": 7,
        "customer_id": 70,
        "amount": 20.0,
        "approved": True,
        "channel": "ecommerce",
        "label": False,
        "event_kind": "",
        "event_id": 0,
        "weight": 1.0,
    }
    at = START + timedelta(hours=hours)
    return {"transaction_id": number, "at": at, **usual, **given}


def fraud(number, kind, hours=0.0, **given):
    return payment(number, hours, label=True, event_kind=kind, **given)


def drawn(place, **tables):
    """The plots of one chapter."""
    return DOMAIN.illustrations["fraud"][place].plot({"bank": source(**tables)})


def test_rates_are_weighted_to_nature():
    """A fraud that was drawn twice as often as in nature counts half."""
    rows = [payment(number, hours=12, amount=5.0) for number in range(99)]
    rows += [fraud(200 + n, "card_not_present", 3, amount=500.0, weight=0.5) for n in range(2)]
    by_hour, by_amount = drawn(0, transactions=rows)
    share = by_hour.curves[0]

    assert (share.y[3], share.y[12]) == (1000.0, 0.0)
    assert np.isnan(share.y[5])
    assert share.low[12] == pytest.approx(0.0, abs=1e-9)
    assert share.high[12] == pytest.approx(1000 * 1.96**2 / (99 + 1.96**2))
    assert by_hour.curves[1].y[0] == pytest.approx(10.0)
    bars = {one.name: one for one in by_amount.bars}
    assert [by_amount.rows[row] for row in bars["card not present"].row] == ["to 1,000 EUR"]
    assert bars["card not present"].stop.tolist() == [1000.0]
    assert not len(bars["account takeover"].row)


def test_a_ring_is_shown_card_by_card():
    """The card that was used stands first; a block that never came is not drawn."""
    events = [
        {"event_id": CAMPAIGN, "kind": "testing_campaign", "caused_by": 0},
        {"event_id": TESTED, "kind": "card_testing", "caused_by": CAMPAIGN},
        {"event_id": TESTED + 10, "kind": "card_testing", "caused_by": CAMPAIGN},
        {"event_id": USED, "kind": "card_not_present", "caused_by": TESTED},
        {"event_id": TAKEN, "kind": "card_not_present", "caused_by": 0},
    ]
    rows = [
        fraud(1, "card_testing", 0, event_id=TESTED + 10, card_id=8, approved=False, amount=1.0),
        fraud(2, "card_testing", 1, event_id=TESTED, card_id=9, amount=1.0),
        fraud(3, "card_not_present", 49, event_id=USED, card_id=9, amount=60.0),
        fraud(4, "card_not_present", 50, event_id=TAKEN, card_id=5),
    ]
    cards = [
        {"card_id": 8, "blocked_at": None},
        {"card_id": 9, "blocked_at": START + timedelta(hours=48.5)},
        {"card_id": 5, "blocked_at": None},
    ]
    (plot,) = drawn(1, transactions=rows, events=events, cards=cards)
    bars = {one.name: (one.row.tolist(), one.start.tolist()) for one in plot.bars}

    assert list(plot.rows) == ["9", "8"]
    assert bars["test declined"] == ([1], [0.0])
    assert bars["test approved"] == ([0], [pytest.approx(1 / 24)])
    assert bars["use approved"] == ([0], [pytest.approx(49 / 24)])
    assert bars["card blocked"] == ([0], [pytest.approx(48.5 / 24)])
    assert "Of the cards 1 were used afterwards, until day 2, for 60 EUR." in plot.alt


def test_a_takeover_is_shown_step_by_step():
    """The customer's own acts stand above the stranger's, and when the bank knew is marked."""
    events = [
        {
            "event_id": TAKEN,
            "onset_at": START,
            "ended_at": START + timedelta(hours=20),
            "observed_at": START + timedelta(hours=24),
        }
    ]
    ours = {"customer_id": 70, "event_id": TAKEN, "action": "login", "successful": True}
    sessions = [
        {**ours, "at": START},
        {**ours, "at": START + timedelta(hours=2), "event_id": 0},
        {**ours, "at": START + timedelta(hours=90), "event_id": 0},
        {**ours, "at": START + timedelta(hours=3), "customer_id": 71, "event_id": 0},
    ]
    transfer = {"channel": "transfer", "event_id": TAKEN, "amount": 500.0}
    rows = [
        payment(1, 5),
        fraud(2, "account_takeover", 19, **transfer),
        fraud(3, "account_takeover", 20, **transfer, approved=False),
    ]
    (plot,) = drawn(2, transactions=rows, sessions=sessions, events=events)
    bars = {one.name: (one.row.tolist(), one.start.tolist()) for one in plot.bars}

    assert list(plot.rows) == [
        "customer: login",
        "customer: ecommerce",
        "stranger: login",
        "stranger: transfer",
    ]
    assert bars["accepted"] == ([2, 0, 1, 3], [0.0, 2.0, 5.0, 19.0])
    assert bars["refused"] == ([3], [20.0])
    assert plot.marks == [("the bank knows", 24.0)]
    assert plot.title.startswith("500 EUR leave an account; the bank knows 1.0 days after")


def test_delays_are_counted_from_the_payment():
    """What is recorded as genuine, or never, is not known; what was known before is so at once."""
    rows = [
        fraud(1, "card_not_present", weight=2.0),
        fraud(2, "card_not_present"),
        fraud(3, "card_not_present"),
        fraud(4, "account_takeover", 10),
        payment(5),
    ]
    labels = [
        {"transaction_id": 1, "observed_label": True, "observed_at": START + timedelta(days=3)},
        {"transaction_id": 2, "observed_label": False, "observed_at": START},
        {"transaction_id": 4, "observed_label": True, "observed_at": START},
    ]
    (plot,) = drawn(3, transactions=rows, observed_labels=labels)
    curves = {one.name: (one.x.tolist(), one.y.tolist()) for one in plot.curves}

    assert curves["card not present"] == ([0.0, 3.0, 60.0], [0.0, 0.5, 0.5])
    assert curves["account takeover"] == ([0.0, 0.0, 60.0], [0.0, 1.0, 1.0])
    assert "card not present: 0% within a day, 50% within 60" in plot.alt


def test_a_bank_without_payments_shows_no_rates():
    """A day of a single customer may be one without."""
    connection = duckdb.connect()
    connection.register("transactions", pa.Table.from_pylist([payment(1)]).slice(0, 0))
    empty = Source(
        parameters={}, ask=lambda sql: connection.sql(sql).to_arrow_table(), read=bytes, choices={}
    )

    assert DOMAIN.illustrations["fraud"][0].plot({"bank": empty}) == []


def test_a_bank_without_crimes_shows_rates_alone():
    """There is no chapter where there is nothing to show."""
    tables = {
        "transactions": [payment(1)],
        "events": [
            {
                "event_id": 1,
                "kind": "new_phone",
                "caused_by": 0,
                "onset_at": START,
                "ended_at": START,
                "observed_at": START,
            }
        ],
        "cards": [{"card_id": 7, "blocked_at": START}],
        "sessions": [
            {"at": START, "customer_id": 70, "event_id": 0, "action": "login", "successful": True}
        ],
        "observed_labels": [
            {"transaction_id": 9, "observed_label": True, "observed_at": START},
        ],
    }

    assert [len(drawn(place, **tables)) for place in range(4)] == [2, 0, 0, 0]


def test_a_generated_bank_is_portrayed(tmp_path):
    """A small one, twice: titles tell the two apart, and every drawing is put into words."""
    testing = {"typologies": {"card_testing": {"rate": 5.0}}}
    bank = build(RetailBank, {**RetailBank.small, "n_customers": 400, "n_days": 60, **testing})
    made = {
        name: generate(bank, out=tmp_path / name, seed=seed, difficulty=False, quiet=True)
        for seed, name in ((1, "one"), (2, "two"))
    }
    text = portray(made, out=tmp_path / "page").read_text()

    for told in ("By hour of the day, one", "By amount, two", "A ring tests"):
        assert told in text
    assert len(re.findall(r"as genuine, or never", text)) == 2
