"""Settlement: decide every payment and book every movement, in the one order of time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.core import DAY
from simgen.domains.fraud.flows import (
    BILL,
    BLOCK,
    CARD_GONE,
    CASH,
    PURCHASE,
    REFUND,
    REISSUE,
    SALARY,
    SAVINGS,
    STATEMENT,
    TRANSFER,
    UNDECIDED,
)
from simgen.domains.fraud.schema import Decline, Entry, Posting

_APPROVED, _FUNDS = int(Decline.NONE), int(Decline.INSUFFICIENT_FUNDS)
_LIMIT, _RESTRICTED = int(Decline.EXCEEDS_LIMIT), int(Decline.RESTRICTED_CARD)
_TAP, _FILED = int(Entry.CONTACTLESS), int(Entry.CARD_ON_FILE)

_BY_SALARY, _BY_BILL = int(Posting.SALARY), int(Posting.BILL)
_BY_STATEMENT, _BY_CASH = int(Posting.CARD_STATEMENT), int(Posting.CASH_WITHDRAWAL)
_BY_TRANSFER, _BY_SAVINGS = int(Posting.TRANSFER), int(Posting.SAVINGS)
_BY_REFUND = int(Posting.REFUND)

_DAILY_LIMITS = (100_000, 1_000_000)  # cash, transfers [cent]; assumption
_SMALLEST_SWEEP = 30_000  # to or from savings [cent]; assumption
_SMALLEST_THEFT = 1_000  # less is not worth a thief's transfer [cent]; assumption


ACCOUNT = np.dtype(
    [
        ("usual", np.int64),  # the balance that savings restore [cent]
        ("overdraft_limit", np.int64),  # [cent]
        ("card_limit", np.int64),  # [cent]
        ("balance", np.int64),  # [cent]
        ("owed", np.int64),  # on the card, since the last statement [cent]
        ("used", np.int64, 2),  # on the last day of cash, of transfers [cent]
        ("used_on", np.int32, 2),  # those days
        ("n_replaced", np.int16),  # cards before the present one
        ("blocked", np.bool_),  # the card
        ("gone", np.bool_),  # the customer no longer holds the card
        ("insists", np.bool_),  # would try a blocked card once
        ("tried", np.bool_),  # did, with the present card
    ],
    align=True,
)


def open_accounts(opening_balance: Any, overdraft_limit: Any, card_limit: Any, insists: Any) -> Any:
    """Accounts and cards at the start, of dtype ACCOUNT, `(n,)`; arguments `(n,)` [cent].

    `insists` says who would try a blocked card once.
    """
    accounts = np.zeros(len(opening_balance), ACCOUNT)
    accounts["usual"] = accounts["balance"] = opening_balance
    accounts["overdraft_limit"], accounts["card_limit"] = overdraft_limit, card_limit
    accounts["used_on"], accounts["insists"] = -1, insists
    return accounts


@njit(cache=True, error_model="numpy", nogil=True)
def settle(
    rows: Any,
    accounts: Any,
    payments: Any,
    n_replaced_of: Any,
    postings: Any,
    taken: Any,
    refundable: Any,
    earlier: Any,
) -> Any:
    """Walk through all flows once.

    Payments that could not be tried, for want of a card or of money to steal, are left out.

    Args:
        rows: of dtype FLOW, in order of time. (n,)
        accounts: of dtype ACCOUNT, changed in place. (customers,)
        payments: out, of dtype FLOW: the rows that were payments, decided. (n,)
        n_replaced_of: out, how often the card of each payment had been replaced. (n,)
        postings: out, of dtype POSTING, their `row` a number among payments. (2 n,)
        taken: out, what impostors got, by event. (events,) [cent]
        refundable: the last payment of each event that may be paid back; -1 if none. (events,)
        earlier: out, the one before each of those. (n,)

    Returns:
        The numbers of payments and postings.
    """
    n_payments, n_postings = 0, 0
    for k in range(len(rows)):
        row = rows[k]
        account, flow, paid = accounts[row.customer], row.flow, False
        if flow <= TRANSFER:
            payments[n_payments] = row
            row = payments[n_payments]
            if not _can_be_tried(row, account):
                continue
            _decide(row, account)
            paid = row.code == _APPROVED
            if paid and row.event and row.cents:
                earlier[n_payments] = refundable[row.event]
                refundable[row.event] = n_payments
            if paid and row.impostor:
                taken[row.event] += row.cents
            n_replaced_of[n_payments] = account.n_replaced
            n_payments += 1
        elif flow >= BLOCK:
            _handle_card(flow, account)
            continue
        elif flow == REFUND:
            n_postings = _refund(row, account, payments, refundable, earlier, postings, n_postings)
            continue
        moved, kind = _movement(row, paid, account)
        if moved:
            left = account.balance + moved
            if flow in (BILL, STATEMENT) and left < -account.overdraft_limit:
                # Savings pay what the account can't, down to 0; assumption.
                _book(postings[n_postings], account, row, -1, -left, _BY_SAVINGS)
                n_postings += 1
            booked = n_payments - 1 if flow <= TRANSFER else -1
            _book(postings[n_postings], account, row, booked, moved, kind)
            n_postings += 1
    return n_payments, n_postings


@njit(cache=True, error_model="numpy", forceinline=True)
def _book(posting: Any, account: Any, row: Any, booked: Any, moved: Any, kind: Any) -> None:
    account.balance += moved
    posting.at, posting.cents, posting.balance = row.at, moved, account.balance
    posting.row, posting.customer, posting.kind = booked, row.customer, kind


@njit(cache=True, error_model="numpy", forceinline=True)
def _refund(
    row: Any,
    account: Any,
    payments: Any,
    refundable: Any,
    earlier: Any,
    postings: Any,
    n_postings: Any,
) -> Any:
    """Pay back every payment of an event, the last first; returns the number of postings."""
    payment = refundable[row.event]
    while payment >= 0:
        cents = np.int64(payments[payment].cents)
        _book(postings[n_postings], account, row, payment, cents, _BY_REFUND)
        n_postings += 1
        payment = earlier[payment]
    refundable[row.event] = -1
    return n_postings


@njit(cache=True, error_model="numpy", forceinline=True)
def _can_be_tried(row: Any, account: Any) -> Any:
    """Whether there is a card to try with, or money to steal; sets the amount of a theft."""
    if row.flow != TRANSFER and not row.impostor:
        if account.gone and row.entry <= _TAP:
            return False
        if account.blocked and row.entry != _FILED:
            if account.tried or not account.insists:
                return False
            account.tried = True
    if row.share > 0.0:
        row.cents = int(row.share * max(0, account.balance)) // 1_000 * 1_000
        return row.cents >= _SMALLEST_THEFT
    return True


@njit(cache=True, error_model="numpy", forceinline=True)
def _decide(row: Any, account: Any) -> None:
    """Set the payment's code, and use up limits if it is approved."""
    if row.flow != TRANSFER and account.blocked:
        row.code = _RESTRICTED
    if row.flow == PURCHASE:
        if row.code == UNDECIDED:
            beyond = account.owed + row.cents > account.card_limit
            row.code = _LIMIT if beyond else _APPROVED
        if row.code == _APPROVED:
            account.owed += row.cents
        return
    purse, day = 0 if row.flow == CASH else 1, int(row.at // DAY)
    if account.used_on[purse] != day:
        account.used_on[purse], account.used[purse] = day, 0
    if row.code == UNDECIDED:
        row.code = _APPROVED
        if account.balance - row.cents < -account.overdraft_limit:
            row.code = _FUNDS
        if account.used[purse] + row.cents > _DAILY_LIMITS[purse]:
            row.code = _LIMIT
    if row.code == _APPROVED:
        account.used[purse] += row.cents


@njit(cache=True, error_model="numpy", forceinline=True)
def _handle_card(flow: Any, account: Any) -> None:
    if flow == BLOCK:
        account.blocked = True
    elif flow == CARD_GONE:
        account.gone = True
    elif flow == REISSUE:
        account.blocked = False
        account.gone = account.tried = False
        account.n_replaced += 1


@njit(cache=True, error_model="numpy", forceinline=True)
def _movement(row: Any, paid: Any, account: Any) -> Any:
    """What a flow moves into the account [cent], and the kind of posting."""
    flow, cents = row.flow, np.int64(row.cents)
    if flow in (CASH, TRANSFER):
        return (-cents if paid else np.int64(0)), (_BY_CASH if flow == CASH else _BY_TRANSFER)
    if flow == SALARY:
        return cents, _BY_SALARY
    if flow == BILL:
        return -cents, _BY_BILL
    if flow == STATEMENT:
        owed = account.owed
        account.owed = 0
        return -owed, _BY_STATEMENT
    if flow == SAVINGS:
        gap = account.usual - account.balance
        return (gap if abs(gap) >= _SMALLEST_SWEEP else np.int64(0)), _BY_SAVINGS
    return np.int64(0), _BY_SALARY
