import pandas as pd
import pytest

from simgen.domains.fraud.schema import RARE_KINDS

CARD_KINDS = ("card_testing", "lost_or_stolen_card", "card_not_present")


def rare(world):
    return world.events[world.events["kind"].isin(RARE_KINDS)]


def test_a_blocked_card_pays_nothing(world):
    """No payment is approved between block and reissue."""
    used = world.cards_used
    late = used[used["at"] > used["blocked_at"]]

    assert len(late) > 50
    assert not late["approved"].any()
    assert (late["decline_code"] == "restricted_card").all()


def test_a_reissued_card_is_used_from_then_on(world):
    """The old id before, the new one after; nobody pays with a card not yet issued."""
    used = world.cards_used
    reissued = used[used["replaces"].notna()]
    old, new = set(reissued["replaces"]), set(reissued["card_id"])

    assert (used["at"] >= used["issued_at"]).all()
    assert len(new) > 0.8 * world.cards["replaces"].notna().sum()
    assert old <= set(world.cards.loc[world.cards["blocked_at"].notna(), "card_id"])


def test_a_card_replaces_a_blocked_one_of_the_same_customer(world):
    """Days after the block, on average as many as the bank says."""
    cards = world.cards
    pairs = cards.dropna(subset="replaces").merge(
        cards, left_on="replaces", right_on="card_id", suffixes=("", "_old")
    )
    days = (pairs["issued_at"] - pairs["blocked_at_old"]).dt.total_seconds() / 86_400.0

    assert len(pairs) == cards["replaces"].notna().sum() > 50
    assert (pairs["customer_id"] == pairs["customer_id_old"]).all()
    assert (days > 0.0).all()
    assert days.mean() == pytest.approx(world.bank.bank.reissue_time, rel=0.2)


def test_a_case_blocks_a_card_once(world):
    """Whose only fraud was stopped by the bank does not lose the new card when reporting it."""
    cases = rare(world)
    cases = cases[cases["kind"].isin(CARD_KINDS)]
    disputes = world.events[world.events["kind"] == "mistaken_dispute"]
    n_cases = pd.concat([cases, disputes]).groupby("entity_id").size()
    blocked = world.cards[world.cards["blocked_at"].notna()]
    n_blocked = blocked.groupby("customer_id").size()

    assert (n_blocked <= n_cases.reindex(n_blocked.index, fill_value=0)).all()


def test_the_bank_learns_of_fraud_late_in_part_and_at_times_wrongly(world):
    """Its view comes after the onset, never for some, and is wrong for a few of the others."""
    known = rare(world).dropna(subset="observed_at")
    lag = (known["observed_at"] - known["onset_at"]).dt.total_seconds() / 86_400.0

    assert (lag > 0.0).all()
    assert lag.median() > 1.0
    assert lag.quantile(0.95) > 14.0
    assert 0.05 < 1.0 - len(known) / len(rare(world)) < 0.5
    assert 0.002 < 1.0 - known["observed_label"].mean() < 0.15


def test_the_bank_rejects_some_true_reports(world):
    """As many as told, in error: the customer's view was right."""
    reported = rare(world).query("observed_reason == 'customer_report'")["observed_label"]
    share = world.bank.bank.wrongly_rejected_share

    assert 1.0 - reported.astype(bool).mean() == pytest.approx(
        share, abs=4.0 * (share / len(reported)) ** 0.5
    )
    assert not reported.astype(bool).all()


def test_money_comes_back_whoever_found_the_fraud(world):
    """Victims of a case that the bank's alert confirmed are refunded like those who report."""
    harmed = world.events[world.events["severity"] > 0.0]
    only = harmed.groupby("entity_id")["event_id"].transform("size") == 1
    reported = harmed["onset_at"] < "2024-04-01"  # long enough ago to be settled within the data
    refunds = world.ledger[world.ledger["kind"] == "refund"].merge(world.accounts, on="account_id")
    for reason in ("bank_alert", "customer_report"):
        found = (harmed["observed_reason"] == reason) & (harmed["observed_label"] == True)  # noqa: E712 - may be null
        victims = harmed.loc[only & reported & found, "entity_id"]
        assert len(victims) > 5
        assert victims.isin(refunds["customer_id"]).mean() > 0.5, reason


def test_money_comes_back_hours_to_days_after_the_decision(world):
    """After a time of its own for every case."""
    refunds = world.ledger[world.ledger["kind"] == "refund"]
    pairs = refunds.merge(world.transactions, on="transaction_id", suffixes=("", "_paid"))
    pairs = pairs.drop_duplicates("event_id")
    decided = world.events.set_index("event_id").loc[pairs["event_id"], "observed_at"].to_numpy()
    hours = (pairs["at"] - decided).dt.total_seconds() / 3600.0

    assert len(hours) > 50
    assert hours.nunique() > 0.9 * len(hours)
    assert hours.median() == pytest.approx(8.0, rel=0.4)


def test_some_genuine_payments_are_taken_for_fraud(simulate):
    """Customers dispute payments of their own, and the bank believes a part of them."""
    policy = {"mistaken_dispute_rate": 20.0}
    world = simulate(n_customers=800, customers_per_block=400, prevalence=0.002, bank=policy)
    disputes = world.events[world.events["kind"] == "mistaken_dispute"]
    believed = disputes["observed_label"].dropna().astype(bool)
    payments = world.transactions[world.transactions["event_kind"] == "mistaken_dispute"]

    assert len(disputes) == pytest.approx(20.0 * 0.8 * 182 / 30.4375, rel=0.4)
    assert 0.2 < believed.mean() < 0.6
    assert not payments["label"].any()
    assert payments["channel"].eq("ecommerce").all()


def test_what_is_disputed_was_paid(simulate):
    """Every mistaken dispute is about a payment that took money."""
    policy = {"mistaken_dispute_rate": 100.0}
    world = simulate(n_customers=800, n_days=91, prevalence=0.002, bank=policy)
    disputes = world.events[world.events["kind"] == "mistaken_dispute"]
    payments = world.transactions[world.transactions["event_kind"] == "mistaken_dispute"]

    assert set(disputes["event_id"]) == set(payments["event_id"])
    assert payments["approved"].all()
    assert (payments["amount"] > 0.0).all()


def test_who_is_believed_is_paid_back(simulate):
    """The payment disputed, whole, right or wrong; who is not believed gets nothing."""
    policy = {"mistaken_dispute_rate": 20.0}
    world = simulate(n_customers=800, customers_per_block=400, prevalence=0.002, bank=policy)
    payments = world.transactions[world.transactions["event_kind"] == "mistaken_dispute"]
    views = payments.merge(world.observed_labels, on="transaction_id")
    views = views[views["observed_at"] < world.ledger["at"].max() - pd.Timedelta("10D")]
    refunds = world.ledger[world.ledger["kind"] == "refund"]
    pairs = views.merge(refunds, on="transaction_id", suffixes=("", "_back"), how="left")

    assert len(pairs) == len(views) > 30
    assert pairs.loc[pairs["observed_label"], "amount_back"].equals(
        pairs.loc[pairs["observed_label"], "amount"].rename("amount_back")
    )
    assert pairs.loc[~pairs["observed_label"], "amount_back"].isna().all()


def test_customers_report_what_they_paid(world):
    """Declined tries and verified cards of a reported case are linked to the report."""
    seen = world.observed_labels.merge(world.transactions, on="transaction_id")
    took = seen["approved"] & (seen["amount"] > 0.0)
    reason = seen["observed_reason"].astype(str)

    assert (reason == "customer_report").sum() > 100
    assert took[reason == "customer_report"].all()
    assert (reason == "linked_to_report").sum() > 20
    assert not took[reason == "linked_to_report"].any()
    assert set(seen.loc[reason == "linked_to_report", "event_id"]) <= set(
        world.events.loc[world.events["observed_reason"] == "customer_report", "event_id"]
    )


def test_observed_labels_are_wrong_in_both_directions(world):
    """Payments: frauds taken for genuine, genuine ones suspected, frauds never seen."""
    seen = world.observed_labels.merge(world.transactions, on="transaction_id")
    rejected = seen["label"] & ~seen["observed_label"]
    alarms = ~seen["label"] & (seen["observed_reason"] == "bank_alert")
    frauds = world.transactions.query("label")

    assert rejected.any()
    assert alarms.any()
    assert (~frauds["transaction_id"].isin(seen["transaction_id"])).mean() > 0.05
    assert (seen["observed_at"] > seen["at"]).all()
    assert world.observed_labels["transaction_id"].is_unique


def test_the_bank_judges_a_payment_as_it_judges_its_event(world):
    """A payment of an event that the bank formed a view of carries that view."""
    views = world.observed_labels.merge(
        world.transactions[["transaction_id", "event_id", "label"]], on="transaction_id"
    )
    views = views[views["label"]].merge(world.events, on="event_id", suffixes=("", "_event"))

    assert len(views) > 100
    assert (views["observed_label"] == views["observed_label_event"].astype(bool)).all()
    assert (views["observed_at"] == views["observed_at_event"]).all()


def test_suspicion_falls_on_fraud_and_on_genuine_payments(world):
    """Monitoring declines some of both."""
    suspected = world.transactions.query("decline_code == 'suspected_fraud'")

    assert suspected["label"].any()
    assert (~suspected["label"]).any()


@pytest.fixture(scope="module")
def unwatched(simulate):
    """A bank without monitoring whose customers report nothing."""
    typologies = {kind: {"unreported_share": 1.0} for kind in RARE_KINDS}
    return simulate(
        n_customers=400,
        n_days=91,
        prevalence=0.02,
        bank={"monitoring_share": 0.0},
        typologies=typologies,
    )


@pytest.mark.parametrize("kind", RARE_KINDS)
def test_a_bank_that_looks_away_never_learns(unwatched, kind):
    """Without monitoring and reports there is no view of any kind of fraud."""
    cases = unwatched.events[unwatched.events["kind"] == kind]
    payments = unwatched.transactions[unwatched.transactions["label"]]

    assert len(cases) > 2
    assert cases["observed_at"].isna().all()
    assert not (payments["decline_code"] == "suspected_fraud").any()


def test_alerts_come_sooner_than_reports(world):
    """The bank's own alerts take minutes to hours, customers' disputes take days."""
    known = rare(world).query("kind == 'card_not_present'").dropna(subset="observed_at")
    hours = (known["observed_at"] - known["detectable_at"]).dt.total_seconds() / 3_600.0
    median = hours.groupby(known["observed_reason"], observed=True).median()

    assert median["bank_alert"] < 48.0 < median["customer_report"]
