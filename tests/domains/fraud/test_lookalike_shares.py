"""How often and how much of what look-alikes of fraud do."""

import numpy as np
import pandas as pd
import pytest

DAY = pd.Timedelta("1D")


def close_to(share, n):
    """A share of n independent ones, to five deviations."""
    return pytest.approx(share, abs=5.0 * np.sqrt(share * (1.0 - share) / n))


def median_of(median, spread, n):
    """The median of n log-normal numbers, to five deviations."""
    return pytest.approx(median, rel=np.expm1(5.0 * spread * np.sqrt(np.pi / 2.0 / n)))


def of_kind(world, kind):
    """Events of a kind, and their payments and sessions."""
    return (
        world.events[world.events["kind"] == kind],
        world.transactions[world.transactions["event_kind"] == kind],
        world.sessions[world.sessions["event_kind"] == kind],
    )


def test_a_customer_lives_through_one_thing_at_a_time(world):
    """What begins, begins after the end of the last."""
    lived = world.events.query("lookalike_of != '' and kind != 'mistaken_dispute'")
    lived = lived.sort_values(["entity_id", "onset_at"])
    earlier = lived.groupby("entity_id")["ended_at"].shift()
    both = earlier.notna()

    assert both.sum() > 500
    assert (lived["onset_at"] >= earlier)[both].all()


def test_trips_are_as_long_as_told(world):
    """In the mean, gamma of shape 3."""
    trips, _, _ = of_kind(world, "holiday_travel")
    days = (trips["ended_at"] - trips["onset_at"]) / DAY
    mean = world.bank.lookalikes.holiday_travel.mean_days

    assert days.mean() == pytest.approx(mean, rel=5.0 / np.sqrt(3 * len(days)))


def test_who_is_abroad_buys_online_as_ever(world):
    """About as large a part of all purchases as at home."""
    bought = world.transactions.query(
        "channel in ('card_present', 'ecommerce') and merchant_category != 'subscription'"
    )
    bought = bought[bought["event_kind"].isin(["", "holiday_travel"])].sort_values("at")
    trips, _, _ = of_kind(world, "holiday_travel")
    trips = trips.assign(customer_id=trips["entity_id"].astype("int64")).sort_values("onset_at")
    spans = trips[["customer_id", "onset_at", "ended_at"]]
    rows = pd.merge_asof(bought, spans, left_on="at", right_on="onset_at", by="customer_id")
    is_away = rows["at"] < rows["ended_at"]
    share = (rows["channel"] == "ecommerce").groupby(is_away).mean()

    assert is_away.sum() > 1_000
    assert share[True] == pytest.approx(share[False], rel=0.25)


@pytest.mark.parametrize(
    ("action", "name"),
    [("password_reset", "password_reset_share"), ("change_contact", "contact_change_share")],
)
def test_a_new_phone_brings_as_much_news_as_told(world, action, name):
    """A new password, a new number or address."""
    events, _, sessions = of_kind(world, "new_phone")
    n_news = sessions.loc[sessions["action"] == action, "event_id"].nunique()
    share = getattr(world.bank.lookalikes.new_phone, name)

    assert n_news / len(events) == close_to(share, len(events))


def test_few_seem_to_be_abroad_who_are_not(world):
    """A roaming phone, a private network: three in a hundred."""
    sessions = world.sessions[world.sessions["event_kind"].isin(["new_phone", "new_payee"])]
    countries = sessions.groupby("event_id")["country"]

    assert countries.nunique().eq(1).all()
    assert (countries.first() != "DE").mean() == close_to(0.03, len(countries))


def test_transfers_to_new_payees_are_as_large_as_told(world):
    """In the median, in full five euros."""
    _, sent, _ = of_kind(world, "new_payee")
    told = world.bank.lookalikes.new_payee.median_amount

    assert sent["amount"].median() == median_of(told, 1.1, len(sent))
    assert ((sent["amount"] % 5.0 == 0.0) | (sent["amount"] == 1.0)).all()


def test_what_goes_with_a_large_purchase_costs_a_fifth(world):
    """In the median, and is bought by one in five."""
    _, bought, _ = of_kind(world, "large_purchase")
    amounts = bought.sort_values("at").groupby("event_id")["amount"]
    second = amounts.nth(1)
    told = 0.2 * world.bank.lookalikes.large_purchase.median_amount

    assert len(second) / amounts.ngroups == close_to(0.2, amounts.ngroups)
    assert second.median() == median_of(told, 0.7, len(second))


def test_as_many_sign_ups_are_mistyped_as_told(world):
    """Of those that are tried; most are tried again at once."""
    _, tried, _ = of_kind(world, "subscription_burst")
    tried = tried.sort_values(["event_id", "at"])
    wrong = tried["decline_code"] == "cvv_mismatch"
    again = wrong & (tried["merchant_id"] == tried["merchant_id"].shift(-1))
    n_sign_ups = len(tried) - again.sum()
    told = world.bank.lookalikes.subscription_burst.mistyped_share

    assert wrong.sum() / n_sign_ups == close_to(told, n_sign_ups)
    assert again.sum() / wrong.sum() == close_to(0.82, wrong.sum())
