"""A till whose free parameters and truth a test knows: payments, some of them fraudulent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from simgen.core import (
    CATEGORY,
    TIMESTAMP,
    Batch,
    Block,
    Field,
    Parameters,
    Role,
    Scenario,
    Streams,
    Table,
    parameter,
    record_labels,
    timestamps,
)

TRANSACTIONS = Table(
    "transactions",
    "Payments.",
    (
        Field("transaction_id", pa.int64(), "", "Which.", Role.KEY),
        Field("at", TIMESTAMP, "", "When.", Role.TIME),
        Field("customer_id", pa.int64(), "", "Who.", Role.REFERENCE),
        Field("channel", CATEGORY, "", "How.", categories=("card_present", "ecommerce")),
        Field("amount", pa.float64(), "EUR", "How much."),
        Field("approved", pa.bool_(), "", "Whether approved."),
        *record_labels(("fraud",), ("fraud",)),
    ),
    entity="customer_id",
)


@dataclass(frozen=True, kw_only=True)
class Thieves(Parameters):
    """Who is not who they say."""

    share: float = parameter(
        0.1, doc="Of payments.", minimum=0.0, maximum=1.0, plausible=(0.02, 0.4), scale="log"
    )
    boldness: float = parameter(0.0, doc="Nothing comes of it.", plausible=(-1.0, 1.0))


@dataclass(frozen=True, kw_only=True)
class Till(Scenario[None]):
    """Amounts are log-normal; thieves pay twice as much."""

    version: ClassVar[int] = 1
    tables: ClassVar[tuple[Table, ...]] = (TRANSACTIONS,)

    n_payments: int = parameter(1_000, doc="Payments.", minimum=1)
    log_amount: float = parameter(3.0, doc="Median amount, logarithm.", plausible=(1.0, 5.0))
    spread: float = parameter(1.0, doc="Of log amounts.", minimum=0.0)
    thieves: Thieves = parameter(Thieves, doc="Thieves.")

    def blocks(self) -> Sequence[Block]:
        """One."""
        return [Block(0, self.n_payments)]

    def prepare(self, streams: Streams) -> None:
        """Nothing."""
        del streams

    def simulate(self, block: Block, shared: None, streams: Streams) -> Iterator[Batch]:
        """Draw the payments."""
        del shared
        n, chance = block.stop, streams.generator("till")
        label = chance.random(n) < self.thieves.share
        amount = np.exp(self.log_amount + np.log(2) * label + self.spread * chance.normal(size=n))
        yield TRANSACTIONS.batch(
            {
                "transaction_id": np.arange(n),
                "at": timestamps("2024-01-01", np.sort(86_400.0 * chance.random(n))),
                "customer_id": np.arange(n),
                "channel": np.zeros(n, int),
                "amount": np.round(amount, 2),
                "approved": np.ones(n, bool),
                "label": label,
                "event_kind": label.astype(int),
                "event_id": label.astype(int),
                "lookalike_of": np.zeros(n, int),
                "weight": np.ones(n),
            }
        )
