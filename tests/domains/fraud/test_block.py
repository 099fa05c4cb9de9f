import numpy as np
import pytest

from simgen.core import Block, RunError, build
from simgen.domains.fraud import RetailBank
from simgen.domains.fraud.block import EVENT_IDS_PER_CUSTOMER, FIRST_EVENT_ID, check_ids
from simgen.domains.fraud.schema import LOOKALIKE_KINDS, RARE_KINDS

SIZE = {"n_customers": 120, "n_days": 60, "customers_per_block": 40}
KEYED = ["at", "amount", "merchant_id", "channel", "entry_mode", "device_id", "payee_id"]


def test_the_same_seed_gives_the_same_rows_in_any_order_of_blocks(simulate_blocks):
    """Any worker may take any block at any time."""
    bank = build(RetailBank, SIZE | {"prevalence": 0.02})

    assert simulate_blocks(bank) == simulate_blocks(bank, order=-1)


def test_events_without_ids_of_their_own_are_refused():
    """In one line that says how many there may be; the largest id is exact in float64."""
    most = 10 * EVENT_IDS_PER_CUSTOMER
    check_ids(Block(0, 10), most, FIRST_EVENT_ID - 1)

    with pytest.raises(RunError, match=r"10,000,001 events of customers, .* 10,000,000 only"):
        check_ids(Block(0, 10), most + 1, 0)
    with pytest.raises(RunError, match="1,000,000,000 breaches and campaigns"):
        check_ids(Block(0, 10), 0, FIRST_EVENT_ID)
    assert FIRST_EVENT_ID + 10_000_000 * EVENT_IDS_PER_CUSTOMER < 2**53


def test_another_seed_gives_other_rows(simulate_blocks):
    """In every block and every table that depends on chance."""
    bank = build(RetailBank, SIZE | {"prevalence": 0.02})
    ours, others = simulate_blocks(bank), simulate_blocks(bank, seed=8)

    for block, tables in ours.items():
        for name, rows in tables.items():
            assert rows != others[block][name] or not len(rows), name


@pytest.fixture(scope="module")
def uneventful():
    """Parameters of a bank where nothing happens but routine."""
    return {
        "n_customers": 120,
        "n_days": 91,
        "typologies": {kind: {"rate": 0.0} for kind in RARE_KINDS},
        "lookalikes": {kind: {"rate": 0.0} for kind in LOOKALIKE_KINDS[:-1]},
        "bank": {"mistaken_dispute_rate": 0.0},
        "shared_device_share": 0.0,
    }


def test_routine_is_keyed_by_customer(simulate, uneventful):
    """How customers are cut into blocks changes none of their ordinary payments and logins.

    It does change what is drawn block by block: households, bills, subscriptions, lives, crimes.
    """
    columns, tables = ["customer_id", *KEYED], []
    for size in (20, 120):
        world = simulate(customers_per_block=size, **uneventful)
        rows = world.transactions.query("merchant_category != 'subscription'")
        tables.append(rows.sort_values(["customer_id", "at"])[columns].reset_index(drop=True))

    assert tables[0].equals(tables[1])


def test_customers_are_keyed_by_customer(simulate, uneventful):
    """Nor who they are."""
    first, second = (
        simulate(customers_per_block=size, **uneventful).customers for size in (20, 120)
    )

    assert first.equals(second)


def test_distances_are_keyed_by_customer(simulate, uneventful):
    """Nor how far a cash machine is."""
    first, second = (
        simulate(customers_per_block=size, **uneventful)
        .transactions.query("channel == 'atm'")
        .sort_values(["customer_id", "at"])["distance_from_home"]
        .to_numpy()
        for size in (20, 120)
    )

    np.testing.assert_array_equal(first, second)


def test_fraud_moves_no_ordinary_payment(simulate):
    """The same customers ask for the same payments whatever criminals do to them.

    What they ask for is dropped only while their card is blocked or gone.
    """
    calm, wild = (
        simulate(**SIZE, prevalence=prevalence).transactions.query("event_kind == ''")
        for prevalence in (0.001, 0.05)
    )
    columns = ["customer_id", *KEYED]
    both = calm[columns].merge(wild[columns], on=columns)

    assert len(both) > 0.99 * len(wild)
    assert len(wild) > 0.9 * len(calm)


@pytest.mark.parametrize(
    "values",
    [
        {},
        # On the third of the month a bill is booked, the only thing that happens.
        {"start_date": "2000-01-03", "purchase_rate": 1e-3, "cash_rate": 1e-3}
        | {"transfer_rate": 1e-3, "prevalence": 1e-3},
    ],
    ids=["ordinary", "without payments"],
)
def test_the_smallest_block_is_whole(simulate_blocks, values):
    """One customer and one day give every table, most of them empty."""
    bank = build(RetailBank, {"n_customers": 1, "n_days": 1} | values)
    ((_, tables),) = simulate_blocks(bank).items()

    assert set(tables) == {table.name for table in RetailBank.tables}
    assert len(tables["customers"]) == len(tables["accounts"]) == 1
