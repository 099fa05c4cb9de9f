"""A loose foot: multiples of the turn grow and the machine rattles, while the bearing is sound."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import simpy

from simgen.core import DAY, parameter
from simgen.domains.industrial.lookalikes.base import YEAR, LookAlike, events_per_year

if TYPE_CHECKING:
    from simgen.domains.industrial.hall import Hall, Machine


@dataclass(frozen=True, kw_only=True)
class Looseness(LookAlike):
    """A bolt of the foot works loose, until somebody tightens it."""

    kind: ClassVar[str] = "looseness"
    resembles: ClassVar[str] = "inner_race_spall"

    rate: float = events_per_year(2.5)
    mean_time: float = parameter(
        6.0,
        doc="Mean time until the crew tightens it unasked. Assumption.",
        unit="day",
        above=0.0,
        maximum=365.0,
    )
    rattle: float = parameter(
        0.5,
        doc="Strike of a turn of the loose machine. Assumption.",
        unit="g",
        minimum=0.0,
        maximum=100.0,
    )
    swing: float = parameter(
        2.5, doc="Multiples of the turn over the usual. Assumption.", minimum=1.0, maximum=20.0
    )
    ageing: float = parameter(
        1.5, doc="How much faster the bearing ages meanwhile. Assumption.", minimum=1.0, maximum=20
    )

    def come_and_go(self, hall: Hall, machine: Machine) -> Generator[simpy.Event, Any, None]:
        """The SimPy process of one machine's foot."""
        while self.rate > 0.0:
            yield hall.env.timeout(machine.rng.exponential(YEAR / self.rate))
            event = hall.begin(machine, self.kind, lookalike_of=self.resembles)
            machine.loose = event
            yield hall.env.timeout(machine.rng.exponential(self.mean_time * DAY))
            hall.end(event)
