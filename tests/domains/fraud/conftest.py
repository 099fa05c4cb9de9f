"""Small banks, simulated once per session and shared by all tests."""

from functools import cache
from types import SimpleNamespace

import pyarrow as pa
import pytest

from simgen.core import Streams, build
from simgen.domains.fraud import RetailBank

SEED = 7


def blocks_of(bank, seed=SEED, order=1):
    """Each block's tables; `order` -1 simulates the last block first."""
    streams = Streams(seed)
    shared, found = bank.prepare(streams.child("shared")), {}
    for block in bank.blocks()[::order]:
        batches = {table.name: [] for table in bank.tables}
        for name, rows in bank.simulate(block, shared, streams.child("blocks")):
            batches[name].append(rows)
        found[block] = {
            table.name: pa.Table.from_batches(batches[table.name], table.schema)
            for table in bank.tables
        }
    return dict(sorted(found.items()))


@cache
def _world(bank, seed):
    tables = list(blocks_of(bank, seed).values())
    frames = {
        table.name: pa.concat_tables(part[table.name] for part in tables).to_pandas()
        for table in bank.tables
    }
    world = SimpleNamespace(bank=bank, **frames)
    world.cards_used = world.transactions.merge(
        world.cards[["card_id", "issued_at", "blocked_at", "replaces"]], on="card_id"
    )
    return world


@pytest.fixture(scope="session")
def simulate():
    """A function from parameters, as a scenario file gives them, to the world's tables."""
    return lambda seed=SEED, **values: _world(build(RetailBank, values), seed)


@pytest.fixture(scope="session")
def simulate_blocks():
    """A function from a bank to each block's Arrow tables."""
    return blocks_of


@pytest.fixture(scope="session")
def world(simulate):
    """A bank of two blocks over the default half-year, with ten times the default's frauds."""
    return simulate(n_customers=800, customers_per_block=400, prevalence=0.02)


@pytest.fixture(scope="session")
def crowded(simulate):
    """A bank in which nature makes enough cases of every fraud to count them."""
    typologies = {
        "card_testing": {"rate": 4.0},
        "lost_or_stolen_card": {"rate": 20.0},
        "card_not_present": {"rate": 40.0},
        "account_takeover": {"rate": 20.0},
    }
    return simulate(n_customers=1_500, customers_per_block=500, n_days=91, typologies=typologies)
