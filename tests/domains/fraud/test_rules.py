"""Each rule holds in a whole block, and fails when one value is changed."""

import numpy as np
import pyarrow as pa
import pytest

from simgen.core import build
from simgen.domains.fraud import RetailBank, rules


@pytest.fixture(scope="module")
def tables(simulate_blocks):
    """A block whose customers are not the bank's first ones."""
    bank = build(RetailBank, {"n_customers": 80, "customers_per_block": 40, "prevalence": 0.02})
    return list(simulate_blocks(bank).values())[1]


def changed(tables, table, column, change, where=None):
    """The tables with the values of one column changed in one row."""
    rows = tables[table]
    values = rows[column].to_numpy().copy()
    row = np.flatnonzero(where(rows))[0] if where else len(values) // 2
    values[row] = change(values[row])
    place = rows.schema.get_field_index(column)
    array = pa.array(values, rows.schema.field(place).type)
    return tables | {table: rows.set_column(place, rows.schema.field(place), array)}


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_holds_in_a_block(tables, rule):
    """As simulated."""
    assert np.all(rule(tables))


@pytest.mark.parametrize(
    ("rule", "table", "column", "change"),
    [
        (rules.ledger_balances_to_the_cent, "ledger", "amount", lambda x: x + 0.01),
        (rules.ledger_balances_to_the_cent, "ledger", "balance", lambda x: x - 0.01),
        (rules.ledger_balances_to_the_cent, "accounts", "closing_balance", lambda x: x + 0.01),
        (rules.ledger_balances_to_the_cent, "accounts", "opening_balance", lambda x: x + 0.01),
        (rules.accounts_keep_their_overdraft, "ledger", "balance", lambda _: -1e9),
        (rules.accounts_keep_their_overdraft, "accounts", "overdraft_limit", lambda _: -1e9),
        (rules.event_ids_are_the_blocks_own, "events", "event_id", lambda x: x + 10**9),
        (rules.event_ids_are_the_blocks_own, "events", "event_id", lambda _: 1),
        (rules.approved_means_no_decline_code, "transactions", "approved", lambda x: not x),
        (rules.amounts_are_not_negative, "transactions", "amount", lambda _: -0.01),
    ],
)
def test_fails_when_a_value_is_changed(tables, rule, table, column, change):
    """A cent too much, a payment approved and declined, a sum below zero, another's id."""
    assert not np.all(rule(changed(tables, table, column, change)))


def test_no_two_events_share_an_id(tables):
    """The id of another event of the block breaks the rule."""
    (other,) = tables["events"]["event_id"].to_numpy()[:1]
    broken = changed(tables, "events", "event_id", lambda _: other)

    assert not np.all(rules.event_ids_are_the_blocks_own(broken))


def test_a_label_needs_an_event(tables):
    """A payment labelled without an event breaks the rule."""
    broken = changed(
        tables,
        "transactions",
        "label",
        lambda _: True,
        lambda rows: rows["event_id"].to_numpy() == 0,
    )

    assert not np.all(rules.fraud_belongs_to_an_event(broken))


def test_a_lookalike_has_no_label(tables):
    """A look-alike labelled as fraud breaks the rule."""
    broken = changed(
        tables,
        "transactions",
        "label",
        lambda _: True,
        lambda rows: np.array(rows["lookalike_of"].to_pylist()) != "",
    )

    assert not np.all(rules.fraud_belongs_to_an_event(broken))


def test_a_bank_without_records_obeys(simulate_blocks):
    """Empty tables break no rule."""
    bank = build(RetailBank, {"n_customers": 1, "n_days": 1, "purchase_rate": 0.001})
    (tables,) = simulate_blocks(bank).values()

    assert all(np.all(rule(tables)) for rule in rules.RULES)
