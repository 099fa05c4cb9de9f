"""The store: spares of each kind, ordered one for one, with a lead time."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

import numpy as np
import simpy


class Store:
    """A stock of spares under the policy (S - 1, S): each one taken is ordered again at once.

    By Palm's theorem, with Poisson demand at `rate` the number on order is Poisson with mean
    `rate * mean_lead_time`, whatever the law of the lead time.

    References:
        Palm (1938); Sherbrooke (2004), Optimal Inventory Modeling of Systems, chapter 2.
    """

    def __init__(
        self,
        environment: simpy.Environment,
        kinds: Iterable[str],
        n_spares: int,
        mean_lead_time: float,
        rng: np.random.Generator,
    ) -> None:
        """Fill the shelves.

        Args:
            environment: in which deliveries arrive.
            kinds: of spares.
            n_spares: of each kind, the stock S.
            mean_lead_time: from order to arrival; gamma with shape 4, an assumption. [s]
            rng: for lead times.
        """
        self._environment, self._rng = environment, rng
        self._mean_lead_time = mean_lead_time
        self._stock = {kind: simpy.Container(environment, init=n_spares) for kind in kinds}

    def on_hand(self, kind: str) -> int:
        """How many lie there."""
        return int(self._stock[kind].level)

    def take(self, kind: str) -> Generator[simpy.Event, Any, None]:
        """Order one, and wait until one is there: first come, first served."""
        self._environment.process(self._deliver(kind))
        yield self._stock[kind].get(1)

    def _deliver(self, kind: str) -> Generator[simpy.Event, Any, None]:
        lead = self._rng.gamma(4.0, self._mean_lead_time / 4.0) if self._mean_lead_time else 0.0
        yield self._environment.timeout(lead)
        yield self._stock[kind].put(1)
