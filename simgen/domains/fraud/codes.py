"""What the codes of categories mean, in kernels and in columns."""

from __future__ import annotations

from enum import IntEnum


class Channel(IntEnum):
    """Where a payment is made."""

    CARD_PRESENT = 0
    ECOMMERCE = 1
    ATM = 2
    TRANSFER = 3


class Entry(IntEnum):
    """How the payment was entered."""

    CHIP_AND_PIN = 0
    CONTACTLESS = 1
    WEB = 2
    CARD_ON_FILE = 3
    ONLINE_BANKING = 4


class Decline(IntEnum):
    """Why the issuer declined, after the response codes of ISO 8583 (in brackets)."""

    NONE = 0
    INSUFFICIENT_FUNDS = 1  # (51)
    EXCEEDS_LIMIT = 2  # (61)
    INCORRECT_PIN = 3  # (55)
    CVV_MISMATCH = 4  # (N7)
    DO_NOT_HONOUR = 5  # (05)
    SUSPECTED_FRAUD = 6  # (59)
    RESTRICTED_CARD = 7  # (62)


class Action(IntEnum):
    """What a customer or someone posing as one does in online banking."""

    LOGIN = 0
    PASSWORD_RESET = 1
    ENROL_DEVICE = 2
    CHANGE_CONTACT = 3
    ADD_PAYEE = 4


class Posting(IntEnum):
    """What a ledger entry is."""

    SALARY = 0
    BILL = 1
    CARD_STATEMENT = 2
    CASH_WITHDRAWAL = 3
    TRANSFER = 4
    SAVINGS = 5
    REFUND = 6


def names(kind: type[IntEnum], empty: IntEnum | None = None) -> tuple[str, ...]:
    """The categories of a column whose codes are `kind`'s, `empty` being written as ""."""
    return tuple("" if member is empty else member.name.lower() for member in kind)
