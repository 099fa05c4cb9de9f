"""What a block's simulation came to, before it is written as tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.core import Key, timestamps
from simgen.domains.fraud.market import Market
from simgen.domains.fraud.population import Population
from simgen.domains.fraud.underworld import Underworld
from simgen.kernels.arrays import Integers

Rows = npt.NDArray[np.void]


@dataclass(frozen=True)
class World:
    """What the records are about."""

    start_date: str
    population: Population
    market: Market
    underworld: Underworld
    cash_machine_key: Key  # of the stream that says how far they are
    is_first: bool  # whether this block also tells what belongs to no customer

    def instants(self, seconds: npt.ArrayLike) -> npt.NDArray[np.datetime64]:
        """Timestamps `(n,)` from seconds since the start."""
        return timestamps(self.start_date, seconds)


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What became of a block's flows."""

    noted: Rows  # flows from the diary, among them what happened to cards
    payments: Rows  # in time order, decided
    n_replaced: npt.NDArray[np.int16]  # of the card of each payment
    postings: Rows
    taken: Integers  # by event, what impostors got (events + 1,) [cent]
    balance: Integers  # (customers,) [cent]
