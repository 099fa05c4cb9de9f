"""The tables of the retail bank: every column's type, unit, meaning and role."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from simgen.core import CATEGORY, TIMESTAMP, Field, Role, Table, events_table, record_labels
from simgen.domains.fraud.codes import (
    Action as Action,
    Channel as Channel,
    Decline as Decline,
    Entry as Entry,
    Posting as Posting,
    names,
)
from simgen.domains.fraud.market import CATEGORIES, COUNTRIES

RARE_KINDS = ("card_testing", "lost_or_stolen_card", "card_not_present", "account_takeover")
LOOKALIKE_KINDS = (
    "holiday_travel",
    "new_phone",
    "large_purchase",
    "subscription_burst",
    "new_payee",
    "mistaken_dispute",
)
CAUSE_KINDS = ("merchant_breach", "testing_campaign")
KINDS = RARE_KINDS + LOOKALIKE_KINDS + CAUSE_KINDS

OBSERVED_REASONS = ("customer_report", "bank_alert")
LINKED = "linked_to_report"

_LABELS = record_labels(KINDS, RARE_KINDS)
_REFERENCE, _TIME = Role.REFERENCE, Role.TIME
_CLOCK = "local standard time, no clock changes"

CUSTOMERS = Table(
    "customers",
    "The bank's customers.",
    (
        Field("customer_id", pa.int64(), "", "Identifies the customer.", Role.KEY),
        Field("age", pa.int32(), "years", "Age at the start."),
        Field("monthly_income", pa.float64(), "EUR/month", "Net salary or pension."),
        Field("home_city", pa.int32(), "", "Which city the customer lives in; 1 is the largest."),
        Field("home_x", pa.float64(), "km", "East of the country's south-west corner."),
        Field("home_y", pa.float64(), "km", "North of the country's south-west corner."),
    ),
    entity="customer_id",
)

ACCOUNTS = Table(
    "accounts",
    "Current accounts, one per customer.",
    (
        Field("account_id", pa.int64(), "", "Identifies the account.", Role.KEY),
        Field("customer_id", pa.int64(), "", "Whose it is.", _REFERENCE),
        Field("opening_balance", pa.float64(), "EUR", "Balance at the start."),
        Field("overdraft_limit", pa.float64(), "EUR", "How far the balance may fall below zero."),
        Field(
            "closing_balance",
            pa.float64(),
            "EUR",
            "Balance at the end: known only then, no input.",
            Role.ORACLE,
        ),
    ),
    entity="customer_id",
)

CARDS = Table(
    "cards",
    "Payment cards, settled once a month from the current account.",
    (
        Field("card_id", pa.int64(), "", "Identifies the card.", Role.KEY),
        Field("customer_id", pa.int64(), "", "Whose it is.", _REFERENCE),
        Field("account_id", pa.int64(), "", "The account that settles it.", _REFERENCE),
        Field("monthly_limit", pa.float64(), "EUR/month", "Most that may be owed at a time."),
        Field("issued_at", TIMESTAMP, "", "When it became usable.", _TIME),
        Field(
            "blocked_at",
            TIMESTAMP,
            "",
            "When the bank blocked it; null if not. Known only from then on, no input.",
            Role.ORACLE,
            nullable=True,
        ),
        Field(
            "replaces",
            pa.int64(),
            "",
            "The blocked card it replaces; null if the first.",
            _REFERENCE,
            nullable=True,
        ),
    ),
    entity="customer_id",
)

MERCHANTS = Table(
    "merchants",
    "Where cards are used.",
    (
        Field("merchant_id", pa.int64(), "", "Identifies the merchant.", Role.KEY),
        Field("category", CATEGORY, "", "What it sells.", categories=CATEGORIES),
        Field("country", CATEGORY, "", "Where it is registered.", categories=COUNTRIES),
        Field("online", pa.bool_(), "", "Whether it sells online only."),
        Field("x", pa.float64(), "km", "East, as homes; null online and abroad.", nullable=True),
        Field("y", pa.float64(), "km", "North, as homes; null online and abroad.", nullable=True),
    ),
)

TRANSACTIONS = Table(
    "transactions",
    "Every payment asked for: by card, at a cash machine, by transfer; approved or declined.",
    (
        Field("transaction_id", pa.int64(), "", "Identifies the payment.", Role.KEY),
        Field("at", TIMESTAMP, "", f"When it was asked for, {_CLOCK}.", _TIME),
        Field("customer_id", pa.int64(), "", "Whose account or card is charged.", _REFERENCE),
        Field("account_id", pa.int64(), "", "The account charged in the end.", _REFERENCE),
        Field(
            "card_id", pa.int64(), "", "The card; null for a transfer.", _REFERENCE, nullable=True
        ),
        Field(
            "merchant_id",
            pa.int64(),
            "",
            "The merchant; null for cash and transfers.",
            _REFERENCE,
            nullable=True,
        ),
        Field(
            "merchant_category",
            CATEGORY,
            "",
            "What the merchant sells, or cash or transfer.",
            categories=CATEGORIES,
        ),
        Field("country", CATEGORY, "", "Where the other side is.", categories=COUNTRIES),
        Field("channel", CATEGORY, "", "Where it was made.", categories=names(Channel)),
        Field("entry_mode", CATEGORY, "", "How it was entered.", categories=names(Entry)),
        Field("amount", pa.float64(), "EUR", "What was asked for; 0 verifies a card."),
        Field("approved", pa.bool_(), "", "Whether the issuer approved."),
        Field(
            "decline_code",
            CATEGORY,
            "",
            'Why it did not; "" if it did.',
            categories=names(Decline, empty=Decline.NONE),
        ),
        Field(
            "device_id",
            pa.int64(),
            "",
            "The device it was made with; null at a till or cash machine.",
            _REFERENCE,
            nullable=True,
        ),
        Field(
            "payee_id",
            pa.int64(),
            "",
            "Who receives a transfer; null otherwise.",
            _REFERENCE,
            nullable=True,
        ),
        Field(
            "distance_from_home",
            pa.float64(),
            "km",
            "From the customer's home to the till or cash machine; null elsewhere.",
            nullable=True,
        ),
        *_LABELS,
    ),
    entity="customer_id",
)

SESSIONS = Table(
    "sessions",
    "What was done in online banking, by the customer or by someone posing as one.",
    (
        Field("session_id", pa.int64(), "", "Identifies the action.", Role.KEY),
        Field("at", TIMESTAMP, "", f"When, {_CLOCK}.", _TIME),
        Field("customer_id", pa.int64(), "", "In whose name.", _REFERENCE),
        Field("action", CATEGORY, "", "What was done.", categories=names(Action)),
        Field("successful", pa.bool_(), "", "Whether it was accepted."),
        Field("device_id", pa.int64(), "", "The device it was done with.", _REFERENCE),
        Field("country", CATEGORY, "", "Where the device seemed to be.", categories=COUNTRIES),
        *_LABELS,
    ),
    entity="customer_id",
)

LEDGER = Table(
    "ledger",
    "Every movement of a current account: opening balance plus amounts is the closing balance.",
    (
        Field("posting_id", pa.int64(), "", "Identifies the entry.", Role.KEY),
        Field("at", TIMESTAMP, "", f"When it was booked, {_CLOCK}.", _TIME),
        Field("account_id", pa.int64(), "", "The account.", _REFERENCE),
        Field("kind", CATEGORY, "", "What it is.", categories=names(Posting)),
        Field(
            "amount", pa.float64(), "EUR", "Into the account if positive, out of it if negative."
        ),
        Field("balance", pa.float64(), "EUR", "Of the account, after the entry."),
        Field(
            "transaction_id",
            pa.int64(),
            "",
            "The payment booked, or paid back by a refund; null if none.",
            _REFERENCE,
            nullable=True,
        ),
    ),
    entity="account_id",
)

OBSERVED_LABELS = Table(
    "observed_labels",
    "What the bank came to record about single payments: late, incomplete, at times wrong.",
    (
        Field("transaction_id", pa.int64(), "", "The payment.", _REFERENCE),
        Field("customer_id", pa.int64(), "", "Whose it is.", _REFERENCE),
        Field("observed_at", TIMESTAMP, "", "When the bank decided.", _TIME),
        Field(
            "observed_label", pa.bool_(), "", "Whether it took the payment for fraud.", Role.LABEL
        ),
        Field(
            "observed_reason",
            CATEGORY,
            "",
            "What made it look: the customer's report of a payment that took money, or an alert of "
            "its own. linked_to_report: of a reported case, but declined or of 0 EUR.",
            Role.ORACLE,
            categories=(*OBSERVED_REASONS, LINKED),
        ),
    ),
    entity="customer_id",
)


def _events() -> Table:
    """The oracle of the contract, with whom or what an event happened to told apart."""
    table = events_table(KINDS, RARE_KINDS, OBSERVED_REASONS)
    customer = replace(
        table.field("entity_id"),
        doc="The customer it happened to; null for what happened to a merchant.",
        nullable=True,
    )
    merchant = Field(
        "merchant_id",
        pa.int64(),
        "",
        "The merchant it happened to, the first if there are several; null for a customer.",
        _REFERENCE,
        nullable=True,
    )
    fields = (customer if field.name == "entity_id" else field for field in table.fields)
    return replace(table, fields=(*fields, merchant))


EVENTS = _events()

TABLES = (
    CUSTOMERS,
    ACCOUNTS,
    CARDS,
    MERCHANTS,
    TRANSACTIONS,
    SESSIONS,
    LEDGER,
    OBSERVED_LABELS,
    EVENTS,
)
