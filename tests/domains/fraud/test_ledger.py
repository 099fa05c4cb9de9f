import numpy as np
import pandas as pd
import pytest

from simgen.domains.fraud.ledger import BILL_SHARES, month_starts

DAY = 86_400.0  # [s]


def cents(values):
    return (100.0 * values).round().astype("int64")


@pytest.fixture(scope="module")
def ledger(world):
    """Postings with the account's data, in order."""
    accounts = world.accounts.merge(world.customers[["customer_id", "monthly_income"]])
    return world.ledger.merge(accounts, on="account_id").sort_values(["account_id", "posting_id"])


def test_opening_balance_and_postings_make_the_closing_balance(world):
    """To the cent, for every account."""
    accounts = world.accounts.set_index("account_id")
    moved = cents(world.ledger["amount"]).groupby(world.ledger["account_id"]).sum()
    opening, closing = cents(accounts["opening_balance"]), cents(accounts["closing_balance"])

    pd.testing.assert_series_equal(
        opening.add(moved, fill_value=0).astype("int64"), closing, check_names=False
    )


def test_each_balance_follows_from_the_one_before(ledger):
    """The running balance is the opening balance plus all postings so far, to the cent."""
    running = cents(ledger["amount"]).groupby(ledger["account_id"]).cumsum()

    np.testing.assert_array_equal(
        cents(ledger["opening_balance"]) + running, cents(ledger["balance"])
    )


def test_a_card_statement_takes_what_was_paid_by_card_since_the_last(world):
    """All approved purchases, no others, to the cent; later ones are still owed."""
    statements = world.ledger[world.ledger["kind"] == "card_statement"]
    purchases = world.transactions.query("approved and channel in ('card_present', 'ecommerce')")
    taken = cents(statements.set_index(["account_id", "at"])["amount"])
    rows = pd.concat(
        [
            purchases[["account_id", "at"]].assign(cents=cents(purchases["amount"]), ends=0),
            statements[["account_id", "at"]].assign(cents=0, ends=1),
        ]
    ).sort_values(["account_id", "at"], kind="stable")
    ends = rows.groupby("account_id")["ends"]
    rows["statement"] = ends.cumsum() - rows["ends"]
    closed = rows["statement"] < ends.transform("sum")
    owed = rows[closed].groupby(["account_id", "statement"])["cents"].sum()

    assert len(statements) > 5 * len(world.accounts)
    np.testing.assert_array_equal(owed.to_numpy(), -taken.sort_index().to_numpy())


def test_a_purchase_is_declined_for_its_limit_alone_beyond_it(world):
    """Of what is owed since the last statement, to the cent."""
    purchases = world.transactions.query("channel in ('card_present', 'ecommerce')")
    statements = world.ledger[world.ledger["kind"] == "card_statement"]
    rows = pd.concat([purchases.assign(ends=0), statements.assign(ends=1, amount=0.0)])
    rows = rows.sort_values(["account_id", "at"], kind="stable").reset_index(drop=True)
    asked, month = cents(rows["amount"]), rows.groupby("account_id")["ends"].cumsum()
    taken = asked.where(rows["approved"] == True, 0)  # noqa: E712 - null of statements
    owed = taken.groupby([rows["account_id"], month]).cumsum() - taken
    limits = world.cards.drop_duplicates("account_id").set_index("account_id")["monthly_limit"]
    is_beyond = owed + asked > cents(rows["account_id"].map(limits))
    codes = rows["decline_code"]

    assert (codes == "exceeds_limit").sum() > 50
    assert is_beyond[codes == "exceeds_limit"].all()
    assert not is_beyond[codes == ""].any()


def test_accounts_stay_within_the_overdraft(ledger):
    """What the customer asks for, and bills and statements, for which savings are drawn on."""
    asked = ledger[ledger["kind"].isin(["cash_withdrawal", "transfer"])]

    assert (ledger["balance"] >= -ledger["overdraft_limit"]).all()
    assert (asked["balance"] < 0.0).any()


@pytest.mark.parametrize("channel", ["atm", "transfer"])
def test_few_are_declined_for_want_of_money(world, channel):
    """Some per cent of withdrawals and transfers, not every tenth."""
    codes = world.transactions.query("channel == @channel and not label")["decline_code"]

    assert 0.003 < (codes == "insufficient_funds").mean() < 0.05


def test_every_approved_withdrawal_and_transfer_is_booked_once(world):
    """At the instant it was asked for, with its amount; declined ones are not."""
    payments = world.transactions.query("approved and channel in ('atm', 'transfer')")
    booked = world.ledger.query("kind != 'refund'").dropna(subset="transaction_id")
    pairs = payments.merge(booked, on="transaction_id", suffixes=("", "_booked"))

    assert len(pairs) == len(payments) == len(booked)
    assert (cents(pairs["amount"]) == -cents(pairs["amount_booked"])).all()
    assert (pairs["account_id"] == pairs["account_id_booked"]).all()
    np.testing.assert_array_equal(pairs["at"], pairs["at_booked"])


def test_a_salary_comes_once_a_month(ledger):
    """The customer's income, in every month of the half-year."""
    salaries = ledger[ledger["kind"] == "salary"]
    per_month = pd.crosstab(salaries["account_id"], salaries["at"].dt.month)

    assert (per_month == 1).all(axis=None)
    assert per_month.shape == (ledger["account_id"].nunique(), 6)
    assert (salaries["amount"] == salaries["monthly_income"]).all()


def test_bills_come_every_month(ledger):
    """The same ones each month, a part of the income."""
    bills = ledger[ledger["kind"] == "bill"]
    per_month = bills.groupby(["account_id", bills["at"].dt.month])["amount"].agg(["size", "sum"])
    share = -bills["amount"].sum() / bills["monthly_income"].sum() * len(BILL_SHARES)

    assert (per_month["size"] == len(BILL_SHARES)).all()
    assert per_month["sum"].groupby("account_id").nunique().eq(1).all()
    assert share == pytest.approx(BILL_SHARES.sum(), rel=0.05)


def test_a_refund_pays_back_one_payment(world):
    """To its account, whole, once, and after the bank took it for fraud."""
    refunds = world.ledger[world.ledger["kind"] == "refund"]
    pairs = refunds.merge(world.transactions, on="transaction_id", suffixes=("", "_paid"))
    views = world.events.set_index("event_id").loc[pairs["event_id"], "observed_label"]

    assert len(pairs) == len(refunds) > 50
    assert pairs["transaction_id"].is_unique
    assert pairs["approved"].all()
    assert (views == True).all()  # noqa: E712 - may be null
    assert (cents(pairs["amount"]) == cents(pairs["amount_paid"])).all()
    assert (pairs["account_id"] == pairs["account_id_paid"]).all()
    assert (pairs["at"] > pairs["at_paid"]).all()


def test_a_subscription_is_charged_every_month_at_one_price(world):
    """To the card on file, at the same shop, on the same day of the month."""
    charges = world.transactions.query(
        "merchant_category == 'subscription' and entry_mode == 'card_on_file' and not label"
        " and event_kind == ''"
    )
    months = (charges["at"].dt.month - 1).groupby([charges["customer_id"], charges["merchant_id"]])
    regular = months.nunique() == 6

    assert regular.mean() > 0.7
    assert charges.groupby("merchant_id")["amount"].nunique().le(2).all()


def test_some_services_are_subscribed_to_by_many(world):
    """By Zipf's law: the first by as many as the others' ranks leave it."""
    rows = world.transactions.query(
        "merchant_category == 'subscription' and entry_mode == 'card_on_file' and at < '2024-02-01'"
    )
    shops = world.merchants.loc[world.merchants["category"] == "subscription", "merchant_id"]
    first = (rows["merchant_id"] == shops.min()).mean()
    share = 1.0 / np.sum(1.0 / np.arange(1, len(shops) + 1))

    assert first == pytest.approx(share, abs=5.0 * np.sqrt(share * (1.0 - share) / len(rows)))


@pytest.mark.parametrize(
    ("start", "n_days", "days"),
    [
        ("2024-01-01", 31, [0]),
        ("2024-01-01", 32, [0, 31]),
        ("2024-02-15", 20, [-14, 15]),
        ("2023-12-31", 2, [-30, 1]),
    ],
)
def test_months_are_those_that_the_horizon_touches(start, n_days, days):
    """The first may have begun before it; none begins at its end or later."""
    assert [first / DAY for first in month_starts(start, n_days)] == days
