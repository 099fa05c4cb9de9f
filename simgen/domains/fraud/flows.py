"""Flows: what happens to a customer's money and card, in the one order of time.

A flow is a row of dtype FLOW, whether it came from a kernel or from a SimPy process. `settle`
walks through a block's flows once and turns payments into decisions and movements into postings.
"""

from __future__ import annotations

import numpy as np

PURCHASE, CASH, TRANSFER = 0, 1, 2  # payments: these become transactions
PAYMENTS = (PURCHASE, CASH, TRANSFER)
SALARY, BILL, STATEMENT, SAVINGS, REFUND = 3, 4, 5, 6, 7  # of the account
BLOCK, REISSUE, CARD_GONE = 8, 9, 10  # of the card

UNDECIDED = -1

FLOW = np.dtype(
    [
        ("at", np.float64),  # since the start [s]
        ("device", np.int64),  # 0: none
        ("payee", np.int64),  # 0: none
        ("cents", np.int32),
        ("customer", np.int32),  # within the block
        ("merchant", np.int32),  # -1: none
        ("event", np.int32),  # within the block; 0: none
        ("place", np.int32),  # of a cash machine abroad; 0: at home
        ("share", np.float32),  # if > 0: of the balance, instead of `cents`
        ("flow", np.int8),
        ("entry", np.int8),  # Entry
        ("code", np.int8),  # Decline or UNDECIDED
        ("impostor", np.int8),  # 1: not by the customer
    ],
    align=True,
)

SESSION = np.dtype(
    [
        ("at", np.float64),  # since the start [s]
        ("device", np.int64),
        ("customer", np.int32),  # within the block
        ("event", np.int32),  # within the block; 0: none
        ("place", np.int32),  # 0: at home
        ("action", np.int8),  # Action
        ("successful", np.int8),
        ("impostor", np.int8),
    ],
    align=True,
)

POSTING = np.dtype(
    [
        ("at", np.float64),  # since the start [s]
        ("cents", np.int64),
        ("balance", np.int64),  # afterwards [cent]
        ("row", np.int32),  # the flow booked; -1 if no payment
        ("customer", np.int32),  # within the block
        ("kind", np.int8),  # Posting
    ],
    align=True,
)
