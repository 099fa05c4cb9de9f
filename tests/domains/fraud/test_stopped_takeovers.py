"""What a takeover can't do once the bank has blocked online banking."""

import numpy as np
import pytest

from simgen.core import Streams, build
from simgen.domains.fraud import RetailBank
from simgen.domains.fraud.block import _crimes, _lives
from simgen.domains.fraud.flows import FLOW
from simgen.domains.fraud.schema import Action
from simgen.domains.fraud.typologies.account_takeover import AccountTakeover


@pytest.fixture
def crimes():
    """Criminals in a small bank in which nothing has happened yet."""
    bank = build(RetailBank, {"n_customers": 20, "n_days": 90, "n_merchants": 1_000})
    streams, (block,) = Streams(7), bank.blocks()
    shared = bank.prepare(streams)
    lives = _lives(bank, block, shared.market, streams, streams)
    return _crimes(bank, lives, shared.underworld, np.empty(0, FLOW), streams)


def takeovers(crimes):
    return [event for event in crimes.diary.events if event.kind == AccountTakeover.kind]


def test_nobody_breaks_in_where_nobody_can_log_in(crimes):
    """The attempt leaves no event."""
    crimes.bank.online_blocked[:] = True
    crimes.env.process(AccountTakeover().commit(crimes, None))
    crimes.env.run()

    assert takeovers(crimes) == []


@pytest.mark.parametrize("blocked", [False, True])
def test_who_is_locked_out_sends_nothing(crimes, blocked):
    """Though the new payee was added in time."""
    crimes.env.process(AccountTakeover().commit(crimes, None))
    while not (crimes.diary.sessions()["impostor"] & _adds_payee(crimes)).any():
        crimes.env.step()
    crimes.bank.online_blocked[:] = blocked
    crimes.env.run()

    assert len(takeovers(crimes)) == 1
    assert (crimes.diary.n_frauds == 0) == blocked


@pytest.mark.parametrize("action", [Action.LOGIN, Action.ENROL_DEVICE])
def test_who_is_locked_out_gets_no_further(crimes, action):
    """Whoever found out of which case: nothing more is done in the customer's name."""
    crimes.env.process(AccountTakeover().commit(crimes, None))
    while not (crimes.diary.sessions()["action"] == int(action)).any():
        crimes.env.step()
    n_steps = len(crimes.diary.sessions())
    crimes.bank.online_blocked[:] = True
    crimes.env.run()

    assert len(crimes.diary.sessions()) == n_steps


def _adds_payee(crimes):
    return crimes.diary.sessions()["action"] == int(Action.ADD_PAYEE)
