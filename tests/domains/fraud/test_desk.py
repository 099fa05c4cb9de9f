"""What the bank's people decide of one case, whatever comes first."""

from types import SimpleNamespace

import numpy as np
import pytest
import simpy

from simgen.core import DAY, HOUR, MINUTE
from simgen.des import MonitoredResource
from simgen.domains.fraud.bank import Bank, BankPolicy
from simgen.domains.fraud.diary import Diary
from simgen.domains.fraud.flows import REFUND
from simgen.domains.fraud.schema import Decline, Entry

CARD_KINDS = ("card_testing", "lost_or_stolen_card", "card_not_present")
N_DESKS = 300


def desk(kind="card_not_present", **policy):
    """A bank of one customer and one investigator, with an event that begins after an hour."""
    env, diary = simpy.Environment(), Diary(horizon=1_000.0 * DAY, first_event_id=1)
    bank = Bank(
        env=env,
        rng=np.random.default_rng(1),
        policy=BankPolicy(**policy),
        diary=diary,
        investigators=MonitoredResource(env),
        blocked=np.zeros(1, np.bool_),
        reissued_at=np.full(1, -np.inf),
        online_blocked=np.zeros(1, np.bool_),
        restored_at=np.full(1, -np.inf),
    )
    event = diary.event(kind, 0, HOUR)
    diary.purchase(HOUR, 0, 0, 1_000, entry=Entry.WEB, device=0, event=event)
    return SimpleNamespace(bank=bank, env=env, event=event, diary=diary)


def desks(kind="card_not_present", **policy):
    """Many such banks, each with a chance of its own."""
    for seed in range(N_DESKS):
        at = desk(kind, **policy)
        at.bank.rng = np.random.default_rng(seed)
        yield at


def n_refunds(at):
    return int((at.diary.flows()["flow"] == REFUND).sum())


def test_who_reports_what_the_bank_knows_changes_nothing():
    """The alert stays the reason, and money comes back once."""
    at = desk(alert_recall=1.0)
    at.bank.alert(0, at.event)
    at.env.run(until=DAY)
    known_at = at.event.observed_at
    at.bank.await_report(0, at.event, HOUR, unreported_share=0.0)
    at.env.run()

    assert (at.event.observed_at, at.event.observed_reason) == (known_at, "bank_alert")
    assert n_refunds(at) == 1


def test_what_an_investigator_let_pass_is_looked_into_again():
    """The next alert is a case of its own; two at a time are one."""
    at = desk(alert_recall=0.0)
    for day in (1, 2):
        for _ in range(2):
            at.bank.alert(0, at.event)
        at.env.run(until=day * DAY)

    assert len(at.bank.investigators.waits) == 2
    assert at.event.observed_at > DAY
    assert at.event.observed_label is False


def test_what_is_disputed_is_not_investigated_beside_it():
    """An alert while a report waits for its decision opens no case."""
    at = desk(alert_recall=1.0, wrongly_rejected_share=0.0)
    at.bank.await_report(0, at.event, 1.0, unreported_share=0.0)
    at.env.run(until=HOUR)
    at.bank.alert(0, at.event)
    at.env.run()

    assert len(at.bank.investigators.waits) == 1
    assert (at.event.observed_label, at.event.observed_reason) == (True, "customer_report")
    assert n_refunds(at) == 1


@pytest.mark.parametrize("blocked", [False, True])
def test_what_a_blocked_card_did_not_pay_is_not_disputed(blocked):
    """The payment was declined: there is nothing to take for fraud."""
    at = desk("mistaken_dispute", mistakenly_believed_share=1.0)
    at.bank.blocked[0] = blocked
    at.env.process(at.bank.mistake(0, at.event))
    at.env.run()

    assert at.event.observed_label is (None if blocked else True)
    assert n_refunds(at) == (0 if blocked else 1)


@pytest.mark.parametrize("rejected", [0.0, 1.0])
def test_a_case_is_decided_once(rejected):
    """An alert is confirmed while the customer's report waits: its decision stands."""
    at = desk(alert_recall=1.0, wrongly_rejected_share=rejected)
    at.bank.alert(0, at.event)
    at.bank.await_report(0, at.event, 1.0, unreported_share=0.0)
    at.env.run(until=200.0 * DAY)

    assert at.event.observed_label
    assert at.event.observed_reason == "bank_alert"
    assert n_refunds(at) == 1


def test_a_dispute_takes_days():
    """As long as the policy says, in the median of many."""
    times = []
    for seed in range(300):
        at = desk(dispute_time=9.0, wrongly_rejected_share=0.0)
        at.bank.rng = np.random.default_rng(seed)
        at.bank.await_report(0, at.event, 1.0, unreported_share=0.0)
        at.env.run()
        times.append(at.event.observed_at / DAY)

    assert np.median(times) == pytest.approx(9.0, rel=0.3)


def test_who_believes_a_mistake_blocks_the_card():
    """As for a fraud; the customer gets a new one."""
    at = desk("mistaken_dispute", mistakenly_believed_share=1.0)
    at.env.process(at.bank.mistake(0, at.event))
    while at.event.observed_label is None:
        at.env.step()

    assert at.bank.blocked[0]
    at.env.run()
    assert not at.bank.blocked[0]


def test_online_access_comes_back():
    """Days after a takeover was reported."""
    at = desk("account_takeover")
    at.bank.await_report(0, at.event, 1.0, unreported_share=0.0)
    at.env.run(until=HOUR)
    assert at.bank.online_blocked[0]

    at.env.run(until=60.0 * DAY)
    assert not at.bank.online_blocked[0]


def test_a_card_that_was_replaced_can_be_lost_again():
    """It is no longer gone."""
    at = desk("lost_or_stolen_card")
    at.bank.lose_card(0)
    assert at.bank.gone == {0}

    at.bank.block(0)
    at.env.run(until=60.0 * DAY)
    assert not at.bank.gone
    assert not at.bank.blocked[0]


def alert(at):
    at.bank.alert(0, at.event)


def report(at):
    at.bank.await_report(0, at.event, 1e-6, unreported_share=0.0)


@pytest.mark.parametrize("begin", [alert, report])
def test_a_review_takes_minutes(begin):
    """As many as the policy says in the mean, of alerts and of reports."""
    minutes = []
    for at in desks(review_time=25.0, dispute_time=1e-9):
        begin(at)
        at.env.run(until=5.0 * DAY)
        minutes.append(at.event.observed_at / MINUTE)

    assert np.mean(minutes) == pytest.approx(25.0, abs=5.0 * 25.0 / np.sqrt(N_DESKS))


def test_one_report_in_twenty_takes_six_times_the_median():
    """Log-normal, deviation 1.1."""
    times = []
    for at in desks():
        at.bank.await_report(0, at.event, HOUR, unreported_share=0.0)
        while not at.bank.blocked[0]:
            at.env.step()
        times.append(np.log(at.env.now / HOUR))

    assert np.median(times) == pytest.approx(0.0, abs=5.0 * 1.1 * np.sqrt(np.pi / 2 / N_DESKS))
    assert np.std(times) == pytest.approx(1.1, abs=5.0 * 1.1 / np.sqrt(2 * N_DESKS))


def test_a_report_blocks_the_card_before_the_bank_decides():
    """Days before."""
    at = desk(dispute_time=9.0)
    report(at)
    at.env.run(until=MINUTE)

    assert at.bank.blocked[0]
    assert at.event.observed_label is None


def test_a_mistake_is_disputed_after_days():
    """Eight in the median, as customers read their statements."""
    days = []
    for at in desks("mistaken_dispute", dispute_time=1e-9):
        at.env.process(at.bank.mistake(0, at.event))
        at.env.run(until=500.0 * DAY)
        days.append((at.event.observed_at - at.event.onset_at) / DAY)

    room = 5.0 * 0.9 * np.sqrt(np.pi / 2.0 / N_DESKS)
    assert np.log(np.median(days) / 8.0) == pytest.approx(0.0, abs=room)


def test_online_banking_stays_blocked_for_two_days():
    """In the mean, from the report of a takeover."""
    days = []
    for at in desks("account_takeover"):
        report(at)
        at.env.run(until=1.0)
        while at.bank.online_blocked[0]:
            at.env.step()
        days.append(at.env.now / DAY)

    assert np.mean(days) == pytest.approx(2.0, abs=5.0 * 2.0 / np.sqrt(N_DESKS))


def test_monitoring_stops_the_share_told_times_the_suspicion():
    """Of payments twice as suspicious twice as many."""
    n, at = 2_000, desk(monitoring_share=0.10)
    for suspicion in (0.0, 0.6, 2.0):
        codes = [at.bank.screen(0, at.event, suspicion) for _ in range(n)]
        share = 0.10 * suspicion
        room = 5.0 * np.sqrt(share * (1.0 - share) / n)

        assert np.mean(np.equal(codes, Decline.SUSPECTED_FRAUD)) == pytest.approx(share, abs=room)
