import numpy as np
import pandas as pd
import pytest

from simgen.domains.fraud.kernels.purchases import GIVES_UP_SHARE, MEDIAN_RETRY_TIME
from simgen.domains.fraud.market import weekly_profile


@pytest.fixture(scope="module")
def purchases(world):
    """Ordinary purchases: no events, no subscriptions, no second tries."""
    rows = world.transactions
    return rows[
        rows["channel"].isin(["card_present", "ecommerce"])
        & (rows["merchant_category"] != "subscription")
        & rows["event_kind"].isin(["", "holiday_travel"])
        & ~rows["decline_code"].isin(["incorrect_pin", "cvv_mismatch"])
    ]


def test_customers_revisit_few_shops(purchases):
    """At 50 to 120 purchases a month mostly 10 to 50 shops, after Krumme et al. (2013).

    And far fewer than purchases over the half-year: returning saturates.
    """
    month = [purchases["customer_id"], purchases["at"].dt.to_period("M")]
    monthly = purchases.groupby(month)["merchant_id"].agg(["size", "nunique"])
    busy = monthly[monthly["size"].between(50, 120)]
    whole = purchases.groupby("customer_id")["merchant_id"].agg(["size", "nunique"])
    frequent = whole[whole["size"] >= 200]

    assert len(busy) > 100
    assert busy["nunique"].between(10, 50).mean() > 0.7
    assert (frequent["nunique"] / frequent["size"]).median() < 0.5


def test_the_favourite_shop_gets_more_than_its_share(purchases):
    """Returning is preferential: the first of a customer's shops is used far above the mean."""
    visits = purchases.groupby(["customer_id", "merchant_id"]).size().rename("n").reset_index()
    each = visits.groupby("customer_id")["n"].agg(["max", "mean", "sum"]).query("sum >= 100")

    assert (each["max"] / each["mean"]).median() > 3.0


def test_purchase_counts_are_over_dispersed(purchases, world):
    """Counts per customer have the gamma-Poisson law's variance: mean + mean^2 / shape."""
    counts = purchases.groupby("customer_id").size()
    counts = counts.reindex(world.customers["customer_id"], fill_value=0)
    mean = counts.mean()

    assert mean == pytest.approx(world.bank.purchase_rate * world.bank.n_days, rel=0.1)
    assert counts.var() == pytest.approx(mean + mean**2 / world.bank.purchase_rate_shape, rel=0.3)


def test_hours_follow_the_profile(purchases):
    """Each hour of the week gets the share of purchases that the profile gives it."""
    at = purchases["at"].dt
    share = np.bincount(24 * at.day_of_week + at.hour, minlength=168) / len(purchases)
    profile = weekly_profile() / 168

    noise = np.sqrt(profile / len(purchases))
    assert np.abs((share - profile) / noise).max() < 6.0
    assert np.mean(((share - profile) / noise) ** 2) == pytest.approx(1.0, abs=0.6)


def test_amounts_follow_the_category(purchases):
    """Electronics cost more than fuel, and fuel more than a bus ride."""
    median = (
        purchases[purchases["amount"] > 0]
        .groupby("merchant_category", observed=True)["amount"]
        .median()
    )

    assert median["digital_goods"] < median["transport"] < median["restaurant"] < median["fuel"]
    assert median["fuel"] < median["electronics"] < median["travel"] * 2.0


def test_a_payment_by_touch_stays_below_the_limit(world):
    """Above 50 EUR the PIN is asked for, from customers and thieves."""
    rows = world.transactions
    touched = rows[rows["entry_mode"] == "contactless"]

    assert (touched["amount"] <= 50.0).all()
    assert touched["label"].any()


@pytest.mark.parametrize(
    ("channel", "code"),
    [("card_present", "incorrect_pin"), ("atm", "incorrect_pin"), ("ecommerce", "cvv_mismatch")],
)
def test_most_slips_are_followed_by_another_try(world, channel, code):
    """Whoever mistypes asks for the same sum again after a time of its own, or gives up."""
    rows = world.transactions[(world.transactions["channel"] == channel)]
    slips = rows[(rows["decline_code"] == code) & (rows["event_kind"] == "")]
    keys = ["customer_id", "amount"]
    later = slips.merge(rows, on=keys, suffixes=("", "_again"))
    gap = later["at_again"] - later["at"]
    is_again = (gap > pd.Timedelta(0)) & (gap < pd.Timedelta("10min"))
    n_again, gap = later.loc[is_again, "transaction_id"].nunique(), gap[is_again]

    assert len(slips) > 10
    assert 1.0 - n_again / len(slips) == pytest.approx(GIVES_UP_SHARE + 0.07, abs=0.15)
    assert gap.nunique() == len(gap)
    assert gap.dt.total_seconds().median() == pytest.approx(MEDIAN_RETRY_TIME, rel=0.5)


def test_cash_and_transfers_stay_within_a_days_limit(world):
    """At most 1,000 EUR of cash and 10,000 EUR of transfers on a day."""
    rows = world.transactions[world.transactions["approved"]]
    day = rows.groupby(["channel", "customer_id", rows["at"].dt.date], observed=True)["amount"]
    most = day.sum().groupby("channel", observed=True).max()

    assert most["atm"] <= 1_000.0
    assert most["transfer"] <= 10_000.0


def test_transfers_go_to_few_payees(world):
    """Ordinary transfers go to at most five payees, the first ones most."""
    ordinary = world.transactions.query("channel == 'transfer' and event_kind == ''")
    payees = ordinary.groupby("customer_id")["payee_id"].agg(["size", "nunique"])

    assert payees["nunique"].max() <= 5


def test_some_payees_are_paid_by_many(world):
    """Landlords and utilities, by ordinary transfers and as new payees; most are one's own."""
    transfers = world.transactions.query("channel == 'transfer' and not label")
    n_customers = transfers.groupby("payee_id")["customer_id"].nunique()
    common = transfers["payee_id"].map(n_customers) > 1
    share = common.groupby(transfers["event_kind"].astype(str)).mean()

    assert n_customers.max() > 10
    assert share[["", "new_payee"]].between(0.2, 0.5).all()


def test_devices_are_few(world):
    """Two or three for almost all that a customer does online."""
    rows = pd.concat([world.transactions, world.sessions])
    rows = rows[rows["device_id"].notna() & ~rows["label"]]
    uses = rows.groupby(["customer_id", "device_id"]).size()
    main = uses.groupby("customer_id").nlargest(3).groupby(level=0).sum()

    assert (main / uses.groupby("customer_id").sum()).median() > 0.9


def test_a_shared_device_is_no_proof_of_fraud(simulate):
    """At the catalogue's prevalence most records on devices of several customers are genuine."""
    rows = simulate(n_customers=1_000, prevalence=0.002).transactions.dropna(subset="device_id")
    n_customers = rows["device_id"].map(rows.groupby("device_id")["customer_id"].nunique())

    assert rows.loc[rows["label"], "device_id"][n_customers > 1].nunique() > 3
    assert rows.loc[n_customers > 1, "label"].mean() < 0.1
    assert rows.loc[n_customers > 4, "label"].mean() < 0.6


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_as_many_customers_share_a_device_as_told(simulate, share):
    """Two to four of one city, and never a phone; less those left over in a city."""
    world = simulate(n_customers=1_000, n_days=60, shared_device_share=share, prevalence=None)
    owners = world.sessions.query("not label").groupby("device_id")["customer_id"]
    shared = [household for household in owners.unique() if len(household) > 1]
    city = world.customers.set_index("customer_id")["home_city"]
    n_sharing = sum(map(len, shared))

    assert n_sharing <= 1_000 * (share + 0.06)
    assert n_sharing >= 1_000 * (0.8 * share - 0.06)
    assert all(2 <= len(household) <= 4 for household in shared)
    assert all(len(set(city[household])) == 1 for household in shared)
