"""Settlement of flows written by hand."""

import numpy as np
import pytest

from simgen.domains.fraud.flows import (
    BILL,
    BLOCK,
    CARD_GONE,
    CASH,
    FLOW,
    POSTING,
    PURCHASE,
    REFUND,
    REISSUE,
    SALARY,
    SAVINGS,
    STATEMENT,
    TRANSFER,
)
from simgen.domains.fraud.kernels.settlement import open_accounts, settle
from simgen.domains.fraud.schema import Decline, Entry, Posting

DAY = 86_400.0  # [s]
APPROVED = Decline.NONE
BEFORE = 100_000  # opening balance [cent]


def flow(kind, day, cents=0, **more):
    """A flow of customer 0."""
    rest = {"entry": Entry.CHIP_AND_PIN, "code": -1, "merchant": -1} | more
    return {"flow": kind, "at": day * DAY, "cents": cents, **rest}


def settled(*flows, overdraft=50_000, card_limit=200_000, insists=False, with_rows=False):
    """Codes of payments, how often the card of each was replaced, postings, balance, taken."""
    rows = np.zeros(len(flows), FLOW)
    for row, values in zip(rows, flows, strict=True):
        for name, value in values.items():
            row[name] = value
    amounts = (np.array([x], np.int64) for x in (BEFORE, overdraft, card_limit))
    accounts = open_accounts(*amounts, insists)
    payments, replaced = np.empty(len(rows), FLOW), np.empty(len(rows), np.int8)
    postings = np.empty(2 * len(rows), POSTING)
    taken, refundable, earlier = np.zeros(9, np.int64), np.full(9, -1), np.empty(len(rows), int)
    n, m = settle(rows, accounts, payments, replaced, postings, taken, refundable, earlier)
    about = ["kind", "cents", "row"] if with_rows else ["kind", "cents"]
    return (
        [Decline(code) for code in payments["code"][:n]],
        replaced[:n].tolist(),
        [(Posting(kind), *rest) for kind, *rest in postings[about][:m].tolist()],
        int(accounts["balance"][0]),
        taken.tolist(),
    )


def test_salary_and_bills_move_the_account():
    """In and out; a bill may exceed what is there, within the overdraft."""
    _, _, postings, balance, _ = settled(flow(SALARY, 1, 5_000), flow(BILL, 2, 120_000))

    assert postings == [(Posting.SALARY, 5_000), (Posting.BILL, -120_000)]
    assert balance == BEFORE + 5_000 - 120_000


@pytest.mark.parametrize(
    ("due", "kind"),
    [
        (lambda cents: [flow(BILL, 1, cents)], Posting.BILL),
        (lambda cents: [flow(PURCHASE, 1, cents), flow(STATEMENT, 2)], Posting.CARD_STATEMENT),
    ],
    ids=["bills", "statements"],
)
def test_savings_pay_what_is_due_beyond_the_overdraft(due, kind):
    """To the cent: what is missing to leave the account at 0."""
    *_, within, _ = settled(*due(BEFORE + 50_000), overdraft=50_000)
    _, _, postings, beyond, _ = settled(*due(BEFORE + 50_001), overdraft=50_000)

    assert within == -50_000
    assert postings == [(Posting.SAVINGS, 50_001), (kind, -BEFORE - 50_001)]
    assert beyond == 0


def test_purchases_are_owed_until_the_statement():
    """The account moves with the statement, by what was approved since the last one."""
    _, _, postings, balance, _ = settled(
        flow(PURCHASE, 1, 3_000),
        flow(PURCHASE, 2, 4_000, code=Decline.INCORRECT_PIN),
        flow(STATEMENT, 3),
        flow(PURCHASE, 4, 500),
        flow(STATEMENT, 5),
    )

    assert postings == [(Posting.CARD_STATEMENT, -3_000), (Posting.CARD_STATEMENT, -500)]
    assert balance == BEFORE - 3_500


def test_a_card_is_declined_beyond_its_limit():
    """To the cent, and works again after the statement."""
    codes, *_ = settled(
        flow(PURCHASE, 1, 9_999),
        flow(PURCHASE, 1, 1),
        flow(PURCHASE, 1, 1),
        flow(STATEMENT, 2),
        flow(PURCHASE, 3, 10_000),
        card_limit=10_000,
    )

    assert codes == [APPROVED, APPROVED, Decline.EXCEEDS_LIMIT, APPROVED]


@pytest.mark.parametrize("kind", [CASH, TRANSFER])
def test_the_overdraft_is_the_bound_of_what_can_be_taken_out(kind):
    """To the cent."""
    codes, _, _, balance, _ = settled(
        flow(kind, 1, 90_000), flow(kind, 2, 60_001), flow(kind, 2, 60_000), overdraft=50_000
    )

    assert codes == [APPROVED, Decline.INSUFFICIENT_FUNDS, APPROVED]
    assert balance == -50_000


@pytest.mark.parametrize(("kind", "limit"), [(CASH, 100_000), (TRANSFER, 1_000_000)])
def test_a_day_has_a_limit(kind, limit):
    """To the cent; the next day begins anew, and what was declined does not count."""
    codes, *_ = settled(
        flow(kind, 1.1, limit - 1),
        flow(kind, 1.2, 2),
        flow(kind, 1.3, 1),
        flow(kind, 1.4, 1),
        flow(kind, 2.0, limit),
        flow(kind, 3.0, 6_000_000),  # whatever else forbids it
        overdraft=5_000_000,
    )

    assert codes == [APPROVED, Decline.EXCEEDS_LIMIT] * 3


def test_a_blocked_card_is_not_used_by_its_owner():
    """Only what is on file is still charged, in vain; the new card is the next."""
    codes, replaced, *_ = settled(
        flow(PURCHASE, 1, 100),
        flow(BLOCK, 2),
        flow(PURCHASE, 3, 100),
        flow(CASH, 3, 1_000),
        flow(PURCHASE, 3, 200, entry=Entry.CARD_ON_FILE),
        flow(REISSUE, 4),
        flow(PURCHASE, 5, 100),
    )

    assert codes == [APPROVED, Decline.RESTRICTED_CARD, APPROVED]
    assert replaced == [0, 0, 1]


def test_some_try_a_blocked_card_once():
    """In vain, and each card that is blocked anew."""
    codes, replaced, *_ = settled(
        flow(BLOCK, 1),
        flow(PURCHASE, 2, 100),
        flow(CASH, 2, 1_000),
        flow(REISSUE, 3),
        flow(PURCHASE, 4, 100),
        flow(BLOCK, 5),
        flow(CASH, 6, 1_000),
        flow(PURCHASE, 6, 100),
        insists=True,
    )

    assert codes == [Decline.RESTRICTED_CARD, APPROVED, Decline.RESTRICTED_CARD]
    assert replaced == [0, 1, 1]


def test_nobody_tries_a_card_that_is_gone():
    """Blocked or not, it is in a thief's hands; its number still is in the owner's head."""
    codes, *_ = settled(
        flow(CARD_GONE, 1),
        flow(BLOCK, 1),
        flow(PURCHASE, 2, 100, entry=Entry.CONTACTLESS),
        flow(PURCHASE, 2, 100, entry=Entry.WEB),
        insists=True,
    )

    assert codes == [Decline.RESTRICTED_CARD]


def test_an_impostor_is_told_that_the_card_is_blocked():
    """The attempt is recorded and declined, whatever else is wrong with it."""
    codes, *_, taken = settled(
        flow(BLOCK, 1),
        flow(PURCHASE, 2, 100, impostor=1, event=3, entry=Entry.WEB),
        flow(CASH, 2, 100, impostor=1, event=3, code=Decline.SUSPECTED_FRAUD),
    )

    assert codes == [Decline.RESTRICTED_CARD, Decline.RESTRICTED_CARD]
    assert taken[3] == 0


def test_a_blocked_card_does_not_stop_transfers():
    """They are made from the account."""
    codes, *_ = settled(flow(BLOCK, 1), flow(TRANSFER, 2, 100, entry=Entry.ONLINE_BANKING))

    assert codes == [APPROVED]


def test_who_lost_the_card_still_knows_its_number():
    """No till, no cash machine; online works; the thief's payments too."""
    codes, replaced, *_ = settled(
        flow(CARD_GONE, 1),
        flow(PURCHASE, 2, 100, entry=Entry.CONTACTLESS),
        flow(CASH, 2, 1_000),
        flow(PURCHASE, 2, 100, entry=Entry.WEB),
        flow(PURCHASE, 2, 100, entry=Entry.CONTACTLESS, impostor=1, event=1),
        flow(BLOCK, 3),
        flow(REISSUE, 4),
        flow(PURCHASE, 5, 100, entry=Entry.CONTACTLESS),
    )

    assert codes == [APPROVED, APPROVED, APPROVED]
    assert replaced == [0, 0, 1]


def test_a_theft_takes_a_share_in_full_tens():
    """Of the balance at that instant, in full ten euros."""
    _, _, postings, balance, taken = settled(
        flow(TRANSFER, 1, share=0.555, impostor=1, event=2, entry=Entry.ONLINE_BANKING)
    )

    assert postings == [(Posting.TRANSFER, -55_000)]
    assert balance == BEFORE - 55_000
    assert taken[2] == 55_000


def test_nobody_steals_from_an_empty_account():
    """Nor less than ten euros: such an attempt is left out."""
    theft = flow(TRANSFER, 2, share=0.9, impostor=1, event=2, entry=Entry.ONLINE_BANKING)
    poor = [flow(BILL, 1, BEFORE + 10), theft, flow(SALARY, 2, 10 + 1_110), theft]

    assert settled(*poor)[0] == []
    assert settled(*poor, flow(SALARY, 2, 2), theft)[0] == [APPROVED]


def test_each_payment_is_refunded_by_itself():
    """Under its number, whoever made it; what took nothing, or was of another event, is not."""
    flows = (
        flow(PURCHASE, 1, 700, impostor=1, event=4),
        flow(PURCHASE, 1, 900, event=5),
        flow(PURCHASE, 1, 0, impostor=1, event=4),
        flow(TRANSFER, 2, 300, impostor=1, event=4, entry=Entry.ONLINE_BANKING),
        flow(REFUND, 3, event=4),
        flow(REFUND, 4, event=5),
    )
    *_, postings, balance, taken = settled(*flows, with_rows=True)

    assert postings == [
        (Posting.TRANSFER, -300, 3),
        (Posting.REFUND, 300, 3),
        (Posting.REFUND, 700, 0),
        (Posting.REFUND, 900, 1),
    ]
    assert balance == BEFORE + 1_600
    assert (taken[4], taken[5]) == (1_000, 0)


def test_money_is_refunded_once():
    """All that impostors got of the event, no more, no matter how often it is asked for."""
    _, _, postings, _, taken = settled(
        flow(PURCHASE, 1, 700, impostor=1, event=4),
        flow(PURCHASE, 1, 300, impostor=1, event=4, code=Decline.CVV_MISMATCH),
        flow(REFUND, 2, event=4),
        flow(REFUND, 3, event=4),
        flow(PURCHASE, 4, 50, impostor=1, event=4),
        flow(REFUND, 5, event=4),
    )

    assert postings == [(Posting.REFUND, 700), (Posting.REFUND, 50)]
    assert taken[4] == 750


def test_savings_restore_the_usual_balance():
    """Large deviations are swept to or from savings, small ones stay."""
    _, _, postings, balance, _ = settled(
        flow(SALARY, 1, 29_999), flow(SAVINGS, 2), flow(SALARY, 3, 1), flow(SAVINGS, 4)
    )

    assert postings[-1] == (Posting.SAVINGS, -30_000)
    assert len(postings) == 3
    assert balance == BEFORE


def test_a_declined_payment_moves_nothing():
    """Whatever the reason."""
    reasons = [code for code in Decline if code != APPROVED]
    codes, _, postings, balance, _ = settled(*(flow(CASH, 1, 100, code=code) for code in reasons))

    assert codes == reasons
    assert postings == []
    assert balance == BEFORE
