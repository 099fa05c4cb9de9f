"""Invariants: what must hold in every block of a retail bank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from simgen.domains.fraud.block import EVENT_IDS_PER_CUSTOMER, FIRST_EVENT_ID

Tables = Mapping[str, pa.Table]
Verdict = Any  # booleans, one for each row that was looked at


def _cents(table: pa.Table, column: str) -> Any:
    return np.rint(table[column].to_numpy() * 100.0).astype(np.int64)


def ledger_balances_to_the_cent(tables: Tables) -> Verdict:
    """The opening balance plus all postings is the closing balance, and each balance on the way."""
    ledger, accounts = tables["ledger"], tables["accounts"]
    account = ledger["account_id"].to_numpy() - accounts["account_id"][0].as_py()
    order = np.argsort(account.astype(np.int16), kind="stable")  # by radix; 5,000 at most
    amount, balance = _cents(ledger, "amount")[order], _cents(ledger, "balance")[order]
    account = account[order]
    opening, closing = _cents(accounts, "opening_balance"), _cents(accounts, "closing_balance")
    before = np.where(np.diff(account, prepend=-1) > 0, opening[account], np.roll(balance, 1))
    last = opening.copy()
    last[account] = balance  # the last posting of an account wins
    return np.concatenate([before + amount == balance, last == closing])


def approved_means_no_decline_code(tables: Tables) -> Verdict:
    """A payment is approved, or it has a decline code."""
    payments = tables["transactions"]
    code = payments["decline_code"].combine_chunks().indices.to_numpy()
    return payments["approved"].to_numpy() == (code == 0)


def amounts_are_not_negative(tables: Tables) -> Verdict:
    """No payment is below 0 EUR."""
    return tables["transactions"]["amount"].to_numpy() >= 0.0


def fraud_belongs_to_an_event(tables: Tables) -> Verdict:
    """A labelled record names its event, and a look-alike is never labelled."""
    payments = tables["transactions"]
    label = payments["label"].to_numpy()
    lookalike = payments["lookalike_of"].combine_chunks().indices.to_numpy() > 0
    return (~label | (payments["event_id"].to_numpy() > 0)) & ~(label & lookalike)


def accounts_keep_their_overdraft(tables: Tables) -> Verdict:
    """No posting leaves an account deeper in the red than its limit allows."""
    ledger, accounts = tables["ledger"], tables["accounts"]
    account = ledger["account_id"].to_numpy() - accounts["account_id"][0].as_py()
    return _cents(ledger, "balance") >= -_cents(accounts, "overdraft_limit")[account]


def event_ids_are_the_blocks_own(tables: Tables) -> Verdict:
    """No two events share an id: those of customers lie in their block's range, others below."""
    events, customers = tables["events"], tables["customers"]["customer_id"].to_numpy()
    ids = events["event_id"].to_numpy()
    block = FIRST_EVENT_ID + EVENT_IDS_PER_CUSTOMER * np.array([customers[0], customers[-1] + 1])
    is_merchants = events["entity_id"].is_null().to_numpy()
    first = np.where(is_merchants, 1, block[0])
    last = np.where(is_merchants, FIRST_EVENT_ID, block[1]) - 1
    return np.concatenate([(first <= ids) & (ids <= last), np.diff(np.sort(ids)) > 0])


RULES = (
    ledger_balances_to_the_cent,
    accounts_keep_their_overdraft,
    approved_means_no_decline_code,
    amounts_are_not_negative,
    fraud_belongs_to_an_event,
    event_ids_are_the_blocks_own,
)
