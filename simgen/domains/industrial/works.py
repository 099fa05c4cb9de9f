"""What scenarios with ageing machines and a crew that writes notes have in common."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgen.core import Scenario, Streams, first_day, parameter

Days = tuple[float, ...]  # daily means of the halls' temperature [degree Celsius]


def weather(mean: float, n_days: int, streams: Streams) -> Days:
    """The halls' daily temperatures around their mean, which all blocks share: weather persists.

    Two days more than are simulated, as hours between two days lie between their means.
    """
    memory, deviation = 0.8, 4.0  # from day to day; [K]; assumptions
    rng = streams.generator("weather")
    fresh = deviation * math.sqrt(1.0 - memory * memory)
    value, days = deviation * rng.standard_normal(), []
    for _ in range(n_days + 2):
        days.append(mean + value)
        value = memory * value + fresh * rng.standard_normal()
    return tuple(days)


@dataclass(frozen=True, kw_only=True)
class Works(Scenario[Days]):
    """Machines whose components age from their table's lives, from a first day on."""

    start_date: str = parameter("2024-01-01", doc="First day, as YYYY-MM-DD.")
    typing_error_share: float = parameter(
        0.02,
        doc="Share of a note's letters that are mistyped. Assumption.",
        minimum=0.0,
        maximum=1.0,
    )
    ageing: float = parameter(
        1.0,
        doc="How much faster all components age than in their table: harsh service. 1 is as there.",
        above=0.0,
        maximum=10_000.0,
        plausible=(0.2, 50.0),
        scale="log",
    )
    growing: float = parameter(
        1.0,
        doc="How much longer defects grow than in the component table, in equivalent hours.",
        above=0.0,
        maximum=10_000.0,
        plausible=(0.2, 5.0),
        scale="log",
    )
    first_age: float = parameter(
        20_000.0,
        doc="Highest age of a component at the start, in hours of its table; ages are uniform. "
        "Assumption.",
        unit="h",
        minimum=0.0,
        maximum=1e6,
    )

    def check(self) -> None:
        """Refuse a first day that is no date."""
        first_day(self.start_date)
