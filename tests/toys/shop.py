"""A small simulated shop, and a file such as ULB's to compare it with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from simgen.core import (
    CATEGORY,
    TIMESTAMP,
    Batch,
    Block,
    Field,
    Role,
    Scenario,
    Streams,
    Table,
    parameter,
    record_labels,
    timestamps,
)

CHANNELS = ("card_present", "ecommerce", "atm", "transfer")
TRANSACTIONS = Table(
    "transactions",
    "Payments.",
    (
        Field("transaction_id", pa.int64(), "", "Which.", Role.KEY),
        Field("at", TIMESTAMP, "", "When.", Role.TIME),
        Field("customer_id", pa.int64(), "", "Who.", Role.REFERENCE),
        Field("merchant_id", pa.int64(), "", "Where.", Role.REFERENCE),
        Field("merchant_category", CATEGORY, "", "What.", categories=("media", "other")),
        Field("channel", CATEGORY, "", "How.", categories=CHANNELS),
        Field("amount", pa.float64(), "EUR", "How much."),
        Field("approved", pa.bool_(), "", "Whether it went through."),
        *record_labels(("theft",), ("theft",)),
    ),
    entity="customer_id",
)


@dataclass(frozen=True, kw_only=True)
class Shop(Scenario[None]):
    """Customers pay; thieves pay more, by night."""

    version: ClassVar[int] = 1
    tables: ClassVar[tuple[Table, ...]] = (TRANSACTIONS,)

    n_rows: int = parameter(4_000, minimum=1, doc="Payments.")
    n_thefts: int = parameter(200, minimum=0, doc="Thefts among them.")

    def blocks(self) -> Sequence[Block]:
        """One block."""
        return [Block(0, 100)]

    def prepare(self, streams: Streams) -> None:
        """Nothing is shared."""

    def simulate(
        self,
        block: Block,  # noqa: ARG002 - there is one
        shared: None,  # noqa: ARG002 - as prepared
        streams: Streams,
    ) -> Iterator[Batch]:
        """Payments at random, in time order."""
        chance, n = streams.generator("payments"), self.n_rows
        label = chance.permutation(np.arange(n) < self.n_thefts)
        day = np.sort(chance.integers(0, 100, n)) * 86_400.0
        hour = np.where(label, chance.uniform(0, 6, n), chance.uniform(8, 24, n))
        yield TRANSACTIONS.batch(
            {
                "transaction_id": np.arange(n),
                "at": timestamps("2024-01-01", day + hour * 3_600),
                "customer_id": chance.integers(0, 300, n),
                "merchant_id": chance.integers(0, 3, n),
                "merchant_category": chance.integers(0, 2, n),
                "channel": chance.integers(0, 2, n),
                "amount": np.round(chance.lognormal(3.0 + label, 1.0), 2),
                "approved": np.ones(n, bool),
                "label": label,
                "event_kind": label.astype(int),
                "event_id": label.astype(int),
                "lookalike_of": np.zeros(n, int),
                "weight": np.ones(n),
            }
        )


def card_file(path, n_rows=2_000, rare_share=0.1, **changes):
    """A file with the columns of ULB's."""
    chance = Streams(2).generator("cards")
    label = chance.random(n_rows) < rare_share
    hour = np.where(label, chance.uniform(0, 6, n_rows), chance.uniform(8, 24, n_rows))
    columns = {
        "Time": (hour * 3_600).astype(int),
        "Amount": np.round(chance.lognormal(3.0 + label, 1.0), 2),
        "Class": label.astype(np.int8),
        "in_random_sample": ~label,
        **{f"V{place}": chance.normal(3.0 * label, 1.0) for place in range(1, 29)},
    }
    columns = {
        name: values for name, values in {**columns, **changes}.items() if values is not None
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)
    return path
