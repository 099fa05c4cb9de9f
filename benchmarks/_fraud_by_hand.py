"""The two things a user would write instead of simgen's retail bank.

Both write the same two record tables as simgen, in the same columns and types, and each row makes
sense by itself: a till has a place and a distance, a transfer a payee. `numpy_generator` draws
column by column, vectorised; nothing interacts: no ledger, no habits, no blocked cards, no cases.
`simpy_generator` is the textbook event model: a process per customer, a dictionary per record,
pandas at the end.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import simpy

from simgen.core import DAY, Table, timestamps
from simgen.domains.fraud.market import CASH, CATEGORIES, COUNTRIES, SOLD, TRANSFER
from simgen.domains.fraud.schema import SESSIONS, TRANSACTIONS, Action, Channel, Decline, Entry

N_CUSTOMERS = 8_000
N_MERCHANTS = 6_000
FRAUD_SHARE = 0.002
START = "2024-01-01"
HOURS = np.sin(np.linspace(0.0, np.pi, 24)) + 0.2
LOG_MEDIAN = np.linspace(1.0, 4.5, len(CATEGORIES))  # of amounts, by category [log EUR]
CHANNELS = tuple(Channel)  # tills, online shops, cash machines, transfers
CHANNEL_SHARES = (0.5, 0.38, 0.06, 0.06)
ENTRIES = (Entry.CHIP_AND_PIN, Entry.WEB, Entry.CHIP_AND_PIN, Entry.ONLINE_BANKING)


def numpy_generator(n_transactions: int, n_sessions: int, out: Path, n_days: int = 182) -> int:
    """Write both tables with independent rows; returns the number of labelled records."""
    rng = np.random.default_rng(0)
    _write(TRANSACTIONS, _transactions(rng, n_transactions, n_days), out)
    _write(SESSIONS, _sessions(rng, n_sessions, n_days), out)
    return n_transactions + n_sessions


def _who_and_when(rng: np.random.Generator, n: int, n_days: int) -> tuple[np.ndarray, np.ndarray]:
    """Customers, some busier than others, and instants [s], in order of time."""
    busy = rng.gamma(2.0, 1.0, N_CUSTOMERS)
    customer = np.repeat(np.arange(N_CUSTOMERS), rng.multinomial(n, busy / busy.sum()))
    hour = rng.choice(24, n, p=HOURS / HOURS.sum())
    at = DAY * rng.integers(0, n_days, n) + 3_600.0 * (hour + rng.random(n))
    order = np.argsort(at)
    return customer[order], at[order]


def _labels(rng: np.random.Generator, fraud: np.ndarray, kind: np.ndarray) -> dict[str, object]:
    n = len(fraud)
    alike = ~fraud & (rng.random(n) < 0.01)
    return {
        "label": fraud,
        "event_kind": np.where(fraud, kind, np.where(alike, 5, 0)),
        "event_id": np.where(fraud | alike, np.arange(1, n + 1), 0),
        "lookalike_of": np.where(alike, kind, 0),
        "weight": np.where(fraud, 0.3, 1.0),
    }


def _transactions(rng: np.random.Generator, n: int, n_days: int) -> dict[str, object]:
    home_x, home_y = rng.uniform(0.0, 600.0, (2, N_CUSTOMERS))
    shop_x, shop_y = rng.uniform(0.0, 600.0, (2, N_MERCHANTS))
    shop_category = rng.integers(0, len(SOLD), N_MERCHANTS)
    abroad = rng.random(N_MERCHANTS) < 0.05
    shop_country = np.where(abroad, rng.integers(1, len(COUNTRIES), N_MERCHANTS), 0)
    devices = rng.integers(0, 2**48, (N_CUSTOMERS, 2))
    payees = rng.integers(1, 2**40, (N_CUSTOMERS, 5))
    customer, at = _who_and_when(rng, n, n_days)
    channel = rng.choice(4, n, p=CHANNEL_SHARES)
    till, online = channel == Channel.CARD_PRESENT, channel == Channel.ECOMMERCE
    cash, transfer = channel == Channel.ATM, channel == Channel.TRANSFER
    fraud = rng.random(n) < FRAUD_SHARE
    merchant = (N_MERCHANTS * rng.random(n) ** 2).astype(np.int64)
    category = np.where(cash, CASH, np.where(transfer, TRANSFER, shop_category[merchant]))
    amount = np.round(rng.lognormal(LOG_MEDIAN[category] + 0.5 * fraud, 1.2), 2)
    declined = rng.random(n) < np.where(fraud, 0.3, 0.02)
    way = np.hypot(shop_x[merchant] - home_x[customer], shop_y[merchant] - home_y[customer])
    return {
        "transaction_id": np.arange(1, n + 1),
        "at": timestamps(START, at),
        "customer_id": customer,
        "account_id": customer + 10_000_000,
        "card_id": pa.array((customer + 1_000_000) * 100, mask=transfer),
        "merchant_id": pa.array(merchant + 1, mask=cash | transfer),
        "merchant_category": category,
        "country": np.where(till | online, shop_country[merchant], 0),
        "channel": channel,
        "entry_mode": np.where(
            till & (amount <= 50.0), Entry.CONTACTLESS, np.take(ENTRIES, channel)
        ),
        "amount": amount,
        "approved": ~declined,
        "decline_code": np.where(declined, rng.integers(1, len(Decline), n), 0),
        "device_id": pa.array(devices[customer, rng.integers(0, 2, n)], mask=till | cash),
        "payee_id": pa.array(payees[customer, rng.integers(0, 5, n)], mask=~transfer),
        "distance_from_home": np.where(till | cash, np.round(way, 2), np.nan),
        **_labels(rng, fraud, 1 + channel),
    }


def _sessions(rng: np.random.Generator, n: int, n_days: int) -> dict[str, object]:
    devices = rng.integers(0, 2**48, (N_CUSTOMERS, 2))
    customer, at = _who_and_when(rng, n, n_days)
    fraud = rng.random(n) < FRAUD_SHARE
    return {
        "session_id": np.arange(1, n + 1),
        "at": timestamps(START, at),
        "customer_id": customer,
        "action": np.where(rng.random(n) < 0.95, 0, rng.integers(0, len(Action), n)),
        "successful": rng.random(n) > 0.03,
        "device_id": devices[customer, rng.integers(0, 2, n)],
        "country": np.where(rng.random(n) < 0.05, rng.integers(1, len(COUNTRIES), n), 0),
        **_labels(rng, fraud, np.full(n, 4)),
    }


def _write(table: Table, columns: dict[str, object], out: Path) -> None:
    rows = table.batch(columns).rows
    pq.write_table(pa.Table.from_batches([rows]), out / f"{table.name}.parquet")


def simpy_generator(n_customers: int, n_days: int, out: Path) -> int:
    """Write both tables from an event model in plain SimPy; returns the number of records."""
    env, payments, sessions = simpy.Environment(), [], []
    for number in range(n_customers):
        env.process(_pays(env, number, payments))
        env.process(_logs_in(env, number, sessions))
    env.run(until=n_days * DAY)
    for table, records in ((TRANSACTIONS, payments), (SESSIONS, sessions)):
        frame = pd.DataFrame(records)
        frame["at"] = timestamps(START, frame["at"])
        for field in table.fields:
            if field.categories:
                frame[field.name] = pd.Categorical(frame[field.name], field.categories)
        rows = pa.Table.from_pandas(frame, table.schema, preserve_index=False)
        pq.write_table(rows, out / f"{table.name}.parquet")
    return len(payments) + len(sessions)


def _pays(
    env: simpy.Environment, customer: int, records: list[dict[str, object]]
) -> Iterator[simpy.Event]:
    """One customer's payments, from a balance that they use up."""
    rng, balance = random.Random(customer), 2_000.0  # noqa: S311 - faster here than NumPy's
    rate, device = rng.gammavariate(2.0, 0.5), rng.getrandbits(48)
    home = rng.uniform(0.0, 600.0), rng.uniform(0.0, 600.0)
    while True:
        yield env.timeout(rng.expovariate(rate / DAY))
        fraud = rng.random() < FRAUD_SHARE
        amount = round(rng.lognormvariate(3.1 + 0.5 * fraud, 1.2), 2)
        approved = amount < balance
        balance += 60.0 - amount * approved
        number = len(records) + 1
        records.append(
            {
                "transaction_id": number,
                "at": env.now,
                "customer_id": customer,
                "account_id": customer + 10_000_000,
                **_where_and_how(rng, customer, home, device, amount),
                "amount": amount,
                "approved": approved,
                "decline_code": "" if approved else "insufficient_funds",
                "label": fraud,
                "event_kind": "card_not_present" if fraud else "",
                "event_id": number if fraud else 0,
                "lookalike_of": "",
                "weight": 0.3 if fraud else 1.0,
            }
        )


def _where_and_how(
    rng: random.Random, customer: int, home: tuple[float, float], device: int, amount: float
) -> dict[str, object]:
    """Channel, the other side, and what depends on them."""
    (channel,) = rng.choices(CHANNELS, CHANNEL_SHARES)
    till, transfer = channel == Channel.CARD_PRESENT, channel == Channel.TRANSFER
    online, cash = channel == Channel.ECOMMERCE, channel == Channel.ATM
    merchant = int(N_MERCHANTS * rng.random() ** 2)
    category = "cash" if cash else "transfer" if transfer else SOLD[merchant % len(SOLD)]
    entry = Entry.CONTACTLESS if till and amount <= 50.0 else ENTRIES[channel]
    way = math.hypot(merchant % 600 - home[0], merchant // 10 - home[1])
    return {
        "card_id": None if transfer else (customer + 1_000_000) * 100,
        "merchant_id": merchant + 1 if till or online else None,
        "merchant_category": category,
        "country": COUNTRIES[0] if rng.random() < 0.95 else COUNTRIES[1],
        "channel": channel.name.lower(),
        "entry_mode": entry.name.lower(),
        "device_id": device if transfer or online else None,
        "payee_id": rng.getrandbits(40) if transfer else None,
        "distance_from_home": round(way, 2) if till or cash else None,
    }


def _logs_in(
    env: simpy.Environment, customer: int, records: list[dict[str, object]]
) -> Iterator[simpy.Event]:
    """One customer's sessions of online banking."""
    rng = random.Random(-customer - 1)  # noqa: S311 - as above
    device = rng.getrandbits(48)
    while True:
        yield env.timeout(rng.expovariate(0.3 / DAY))
        fraud = rng.random() < FRAUD_SHARE
        records.append(
            {
                "session_id": len(records) + 1,
                "at": env.now,
                "customer_id": customer,
                "action": "login",
                "successful": rng.random() > 0.03,
                "device_id": device,
                "country": COUNTRIES[0] if rng.random() < 0.95 else COUNTRIES[1],
                "label": fraud,
                "event_kind": "account_takeover" if fraud else "",
                "event_id": len(records) + 1 if fraud else 0,
                "lookalike_of": "",
                "weight": 0.3 if fraud else 1.0,
            }
        )
