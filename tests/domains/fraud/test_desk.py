"""What the bank's people decide of one case, whatever comes first."""

from types import SimpleNamespace

import numpy as np
import pytest
import simpy

from simgen.core import DAY, HOUR
from simgen.des import MonitoredResource
from simgen.domains.fraud.bank import Bank, BankPolicy
from simgen.domains.fraud.diary import Diary
from simgen.domains.fraud.flows import REFUND

CARD_KINDS = ("card_testing", "lost_or_stolen_card", "card_not_present")


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
    )
    return SimpleNamespace(bank=bank, env=env, event=diary.event(kind, 0, HOUR), diary=diary)


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
