"""The two things a user would write instead of simgen's retail bank.

`numpy_generator` draws independent columns, vectorised, and writes the same two record tables in
the same types; nothing interacts: no ledger, no habits, no blocked cards. `simpy_generator` is the
textbook event model: a process per customer, a dictionary per record, pandas at the end.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import simpy

from simgen.core import DAY, Table, timestamps
from simgen.domains.fraud.schema import SESSIONS, TRANSACTIONS

N_MERCHANTS = 6_000


def numpy_generator(n_transactions: int, n_sessions: int, out: Path, n_days: int = 182) -> int:
    """Write both tables with independent columns; returns the number of labelled records."""
    rng = np.random.default_rng(0)
    _write(TRANSACTIONS, _transactions(rng, n_transactions, n_days), out)
    _write(SESSIONS, _sessions(rng, n_sessions, n_days), out)
    return n_transactions + n_sessions


def _times(rng: np.random.Generator, n: int, n_days: int) -> np.ndarray:
    hours = np.sin(np.linspace(0.0, np.pi, 24)) + 0.2
    day, hour = rng.integers(0, n_days, n), rng.choice(24, n, p=hours / hours.sum())
    return timestamps("2024-01-01", np.sort(day * DAY + 3_600.0 * (hour + rng.random(n))))


def _transactions(rng: np.random.Generator, n: int, n_days: int) -> dict[str, object]:
    customer = rng.integers(0, 8_000, n)
    channel = rng.choice(4, n, p=[0.5, 0.38, 0.06, 0.06])
    till, transfer = channel == 0, channel == 3
    fraud = rng.random(n) < 0.002
    declined = rng.random(n) < 0.02
    merchant = (N_MERCHANTS * rng.random(n) ** 2).astype(np.int64)
    category = np.random.default_rng(1).integers(0, 13, N_MERCHANTS)[merchant]
    kind = np.where(fraud, rng.integers(1, 5, n), 0)
    return {
        "transaction_id": np.arange(1, n + 1),
        "at": _times(rng, n, n_days),
        "customer_id": customer,
        "account_id": customer + 10_000_000,
        "card_id": pa.array((customer + 1_000_000) * 100, mask=transfer),
        "merchant_id": pa.array(merchant, mask=channel > 1),
        "merchant_category": category,
        "country": np.where(rng.random(n) < 0.05, rng.integers(1, 13, n), 0),
        "channel": channel,
        "entry_mode": rng.integers(0, 5, n),
        "amount": np.round(rng.lognormal(3.1 + 0.5 * fraud, 1.6), 2),
        "approved": ~declined,
        "decline_code": np.where(declined, rng.integers(1, 8, n), 0),
        "device_id": pa.array(rng.integers(0, 2**48, n), mask=till | (channel == 2)),
        "payee_id": pa.array(rng.integers(0, 2**40, n), mask=~transfer),
        "distance_from_home": np.where(till, np.round(rng.exponential(8.0, n), 2), np.nan),
        "label": fraud,
        "event_kind": kind,
        "event_id": np.where(fraud, np.arange(n), 0),
        "lookalike_of": np.zeros(n, np.int64),
        "weight": np.where(fraud, 0.3, 1.0),
    }


def _sessions(rng: np.random.Generator, n: int, n_days: int) -> dict[str, object]:
    customer, fraud = rng.integers(0, 8_000, n), rng.random(n) < 0.001
    return {
        "session_id": np.arange(1, n + 1),
        "at": _times(rng, n, n_days),
        "customer_id": customer,
        "action": np.where(rng.random(n) < 0.95, 0, rng.integers(0, 5, n)),
        "successful": rng.random(n) > 0.03,
        "device_id": rng.integers(0, 2**48, n),
        "country": np.where(rng.random(n) < 0.05, rng.integers(1, 13, n), 0),
        "label": fraud,
        "event_kind": np.where(fraud, 4, 0),
        "event_id": np.where(fraud, np.arange(n), 0),
        "lookalike_of": np.zeros(n, np.int64),
        "weight": np.where(fraud, 0.3, 1.0),
    }


def _write(table: Table, columns: dict[str, object], out: Path) -> None:
    rows = table.batch(columns).rows
    pq.write_table(pa.Table.from_batches([rows]), out / f"{table.name}.parquet")


def simpy_generator(n_customers: int, n_days: int, out: Path) -> int:
    """Write one table from an event model in plain SimPy; returns the number of records."""
    rng, env = np.random.default_rng(0), simpy.Environment()
    records: list[dict[str, object]] = []

    def customer(number: int) -> simpy.events.ProcessGenerator:
        balance = 2_000.0
        while True:
            yield env.timeout(rng.exponential(DAY))
            fraud = rng.random() < 0.002
            amount = round(float(rng.lognormal(3.1 + 0.5 * fraud, 1.6)), 2)
            approved = amount < balance
            balance += 60.0 - amount * approved
            records.append(
                {
                    "transaction_id": len(records),
                    "at": env.now,
                    "customer_id": number,
                    "merchant_id": int(N_MERCHANTS * rng.random() ** 2),
                    "channel": ("card_present", "ecommerce", "atm")[rng.integers(3)],
                    "amount": amount,
                    "approved": approved,
                    "label": fraud,
                }
            )

    for number in range(n_customers):
        env.process(customer(number))
    env.run(until=n_days * DAY)
    frame = pd.DataFrame(records)
    frame["at"] = timestamps("2024-01-01", frame["at"])
    frame.to_parquet(out / "records.parquet")
    return len(records)
