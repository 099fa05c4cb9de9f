"""No flag that anybody can raise on single records is a proof of fraud."""

import pandas as pd
import pytest

RETRY = pd.Timedelta("10min")


@pytest.fixture(scope="module")
def payments(world):
    """Payments in order of time, with the cents, and whether they are repeated soon."""
    rows = world.transactions.sort_values("at").copy()
    rows["cents"] = rows["amount"].mul(100).round().astype(int)
    same = rows.fillna({"merchant_id": -1}).groupby(["customer_id", "merchant_id", "cents"])["at"]
    rows["is_repeated"] = (same.shift(-1) - rows["at"]) < RETRY
    return rows


@pytest.mark.parametrize("code", ["incorrect_pin", "cvv_mismatch"])
def test_a_slip_that_is_not_repeated_is_no_proof(payments, code):
    """Customers give up too, and thieves repeat too."""
    slips = payments[payments["decline_code"] == code]
    repeated = slips["is_repeated"].groupby(slips["label"]).mean()

    assert slips.loc[~slips["is_repeated"], "label"].mean() < 0.9
    assert repeated[False] < 0.85
    assert repeated[True] > 0.1


def test_a_price_that_a_shop_seldom_asks_is_no_proof(payments):
    """At shops of fixed prices, thieves pay amounts that customers pay there."""
    digital = payments[payments["merchant_category"] == "digital_goods"]
    usual = digital.groupby("merchant_id")["cents"].agg(lambda cents: cents.mode()[0])
    times = digital["cents"] / digital["merchant_id"].map(usual)
    is_off = ~times.isin([1.0, 2.0]) & ~digital["cents"].isin([0, 1])

    assert digital.loc[is_off, "label"].any()
    assert digital.loc[is_off, "label"].mean() < 0.3


def test_a_payment_by_touch_of_fifty_euros_is_no_proof(payments):
    """Thieves stay below the limit as customers do, and seldom exactly on it."""
    taps = payments[payments["entry_mode"] == "contactless"]

    assert (taps["cents"] == 5_000).sum() > 20
    assert taps.loc[taps["cents"] == 5_000, "label"].sum() <= 0.1 * taps["label"].sum()


def test_no_combination_of_codes_is_a_proof(world):
    """How a payment was made and declined; a login or more, from where, with success.

    There are some twenty times as many frauds here as in nature.
    """
    sessions = world.sessions.assign(
        is_login=world.sessions["action"] == "login", abroad=world.sessions["country"] != "DE"
    )
    for rows, keys in (
        (world.transactions, ["channel", "entry_mode", "decline_code"]),
        (sessions, ["is_login", "successful", "abroad"]),
    ):
        found = rows.groupby(keys, observed=True)["label"].agg(["sum", "mean"])
        proofs = found[(found["sum"] >= 10) & (found["mean"] > 0.97)]
        assert proofs.empty, proofs
