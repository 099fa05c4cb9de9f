"""Verdicts: of what is recorded, after it, and the same wherever they are told."""

import pytest

from simgen.domains.fraud.schema import RARE_KINDS
from simgen.domains.fraud.underworld import MONTH


def only(kind, **values):
    """Typologies of which one is frequent and the others are off."""
    return {other: {"rate": 0.0} for other in RARE_KINDS if other != kind} | {kind: values}


@pytest.fixture(scope="module")
def hasty(simulate):
    """A bank that decides at once, of many frauds that are reported before they are under way."""
    rates = {"card_testing": 20.0} | dict.fromkeys(RARE_KINDS[1:], 150.0)
    typologies = {kind: {"rate": rate, "report_time": 0.5} for kind, rate in rates.items()}
    typologies["card_testing"]["sold_share"] = 1.0
    typologies["account_takeover"]["sleeper_share"] = 1.0
    return simulate(
        n_customers=500,
        n_days=60,
        n_merchants=1_000,
        typologies=typologies,
        bank={"dispute_time": 1e-3, "review_time": 0.1, "reissue_time": 0.5},
    )


def test_no_verdict_comes_before_the_first_record(hasty):
    """Nor is there one of an event that no record shows: nobody knows of it."""
    seen = hasty.events.dropna(subset="observed_at")

    assert len(seen) > 500
    assert (seen["observed_at"] > seen["detectable_at"]).all()


def test_what_is_paid_back_was_taken_for_fraud(hasty):
    """Who is locked out stays out, so nothing follows the verdict that a refund would pay."""
    refunds = hasty.ledger.query("kind == 'refund'")["transaction_id"]
    positive = hasty.observed_labels.query("observed_label")["transaction_id"]

    assert len(refunds) > 500
    assert set(refunds) <= set(positive)


def test_numbers_of_replaced_cards_are_not_bought(hasty):
    """Tested numbers are sold days later; where a new card has come, there is no event."""
    assert hasty.events.query("kind == 'card_not_present'")["detectable_at"].notna().all()


def test_events_know_of_the_alarms_about_their_payments(world):
    """What was cleared stands with the look-alike, as it does with the payment: the first of it."""
    payments = world.transactions.query("lookalike_of != '' and event_kind != 'mistaken_dispute'")
    alarms = payments.merge(world.observed_labels, on="transaction_id")
    first = alarms.groupby("event_id")["observed_at"].min()
    events = world.events.set_index("event_id")
    told = events.query("lookalike_of != '' and kind != 'mistaken_dispute'").dropna(
        subset="observed_at"
    )

    assert len(first) > 5
    assert told["observed_at"].sort_index().equals(first.sort_index())
    assert (told["observed_reason"] == "bank_alert").all()
    assert (told["observed_label"] == False).all()  # noqa: E712 - objects, as some are null


@pytest.mark.parametrize("kind", ["lost_or_stolen_card", "account_takeover"])
def test_weights_add_up_where_many_customers_cannot_be_robbed(simulate, kind):
    """Thieves find another, so that as many cases come about as are counted."""
    world = simulate(
        n_customers=300, n_days=60, n_merchants=1_000, prevalence=0.2, typologies=only(kind)
    )
    typology = getattr(world.bank.typologies, kind)
    nature = typology.cases_rate * 0.3 * world.bank.horizon / MONTH
    events = world.events.query("kind == @kind")

    assert len(events) > 300
    assert events["weight"].sum() == pytest.approx(nature, rel=1e-9)


def test_nobody_signs_up_twice_at_one_instant(simulate):
    """Who gives up after a mistyped code goes on to the next service later."""
    world = simulate(
        n_customers=300,
        n_days=60,
        n_merchants=1_000,
        lookalikes={"subscription_burst": {"rate": 20.0, "mistyped_share": 1.0}},
    )
    bursts = world.transactions.query("event_kind == 'subscription_burst'")

    assert len(bursts) > 1_000
    assert not bursts.duplicated(["customer_id", "at"]).any()
