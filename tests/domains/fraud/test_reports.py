"""When customers report a fraud, and what the bank's alerts add to that."""

import numpy as np
import pandas as pd
import pytest

from simgen.domains.fraud.schema import RARE_KINDS

SIZE = {"n_customers": 1_000, "n_days": 30, "n_merchants": 1_000, "purchase_rate": 0.4}
AT_ONCE = {"dispute_time": 1e-6, "review_time": 1e-6, "mistaken_dispute_rate": 0.0}
HOUR, DAY = pd.Timedelta("1h"), pd.Timedelta("1D")
SPREAD = 1.1  # deviation of the logarithm of the time until a report


@pytest.fixture(scope="module")
def reported(simulate):
    """A bank whose customers report every fraud, and which decides at once."""
    rates = {"card_testing": 10.0} | dict.fromkeys(RARE_KINDS[1:], 100.0)
    return simulate(
        **SIZE,
        typologies={kind: {"rate": rate, "unreported_share": 0.0} for kind, rate in rates.items()},
        bank=AT_ONCE | {"monitoring_share": 0.0},
    )


@pytest.mark.parametrize(
    ("kind", "unit"),
    [
        ("card_testing", DAY),
        ("lost_or_stolen_card", HOUR),
        ("card_not_present", DAY),
        ("account_takeover", HOUR),
    ],
)
def test_customers_report_after_the_time_told(reported, kind, unit):
    """Its median, in its unit, within five deviations; a takeover's begins with the drain."""
    cases = reported.events.query("kind == @kind and observed_at.notna()").set_index("event_id")
    begins = cases["onset_at"]
    if kind == "account_takeover":
        drains = reported.sessions.query("label and action == 'add_payee'")
        begins = drains.groupby("event_id")["at"].min()
    times = (cases["observed_at"] - begins).dropna()
    told = getattr(reported.bank.typologies, kind).report_time * unit
    room = 5.0 * SPREAD * np.sqrt(np.pi / 2.0 / len(times))

    assert len(times) > 50
    assert np.log(times.median() / told) == pytest.approx(0.0, abs=room)


def test_reports_after_the_end_are_known_too(reported):
    """The data set ends, the bank goes on: a late report is no fraud that nobody found."""
    cases = reported.events.query("kind == 'card_testing'")
    end = pd.Timestamp(reported.bank.start_date) + reported.bank.n_days * DAY

    assert cases["observed_at"].notna().mean() > 0.9
    assert (cases["observed_at"] > end).sum() > 20


def test_a_transfer_that_monitoring_stops_is_looked_into(simulate):
    """Whoever reports nothing: the alert alone makes the takeover known."""
    silent = {kind: {"rate": 0.0} for kind in RARE_KINDS}
    takeovers = {"account_takeover": {"rate": 100.0, "unreported_share": 1.0}}
    world = simulate(
        **SIZE,
        typologies=silent | takeovers,
        bank=AT_ONCE | {"monitoring_share": 0.2, "alert_recall": 1.0},
    )
    stopped = world.transactions.query("label and decline_code == 'suspected_fraud'")
    passed = world.transactions.query("label and decline_code != 'suspected_fraud'")
    known = world.events.query("kind == 'account_takeover'").dropna(subset="observed_at")

    assert stopped["event_id"].nunique() > 20
    assert set(stopped["event_id"]) <= set(known["event_id"])
    assert set(passed["event_id"]) - set(known["event_id"])


def test_few_investigators_make_alerts_wait(simulate):
    """As many customers as told share one; where that is few, nobody waits for him."""
    hours = []
    for n_served in (10, 1_000):
        policy = {"customers_per_investigator": n_served, "review_time": 24.0 * 60.0}
        world = simulate(**SIZE | {"n_customers": 300}, prevalence=0.1, bank=policy)
        alerts = world.events.query("observed_reason == 'bank_alert'")
        hours.append((alerts["observed_at"] - alerts["detectable_at"]).median() / HOUR)

    assert hours[0] < 48.0
    assert hours[1] > 5.0 * hours[0]


def test_a_false_alarm_is_cleared_within_hours(world):
    """Five minutes and a log-normal time of three hours after the payment, in the median."""
    views = world.observed_labels.merge(world.transactions, on="transaction_id")
    cleared = views.query("observed_reason == 'bank_alert' and not label")
    hours = (cleared["observed_at"] - cleared["at"]) / HOUR
    room = 5.0 * np.sqrt(np.pi / 2.0 / len(hours))

    assert len(hours) > 40
    assert np.log((hours.median() - 5.0 / 60.0) / 3.0) == pytest.approx(0.0, abs=room)
