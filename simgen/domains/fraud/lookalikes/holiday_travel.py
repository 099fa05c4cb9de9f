"""A holiday: cards used abroad, far from home, as if lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from simgen.core import DAY, parameter
from simgen.domains.fraud.diary import Trip
from simgen.domains.fraud.lookalikes.base import LookAlike, events_per_year
from simgen.domains.fraud.market import destinations

if TYPE_CHECKING:
    from simgen.domains.fraud.customers import Lives


@dataclass(frozen=True, kw_only=True)
class HolidayTravel(LookAlike):
    """A trip abroad: shopping at the tills and cash machines of another country for some days."""

    kind: ClassVar[str] = "holiday_travel"
    resembles: ClassVar[str] = "lost_or_stolen_card"

    rate: float = events_per_year(1.2)
    mean_days: float = parameter(
        8.0, doc="Mean length of a trip (gamma, shape 3).", unit="day", above=0.0, maximum=90.0
    )

    def happen(self, lives: Lives, customer: int) -> float:
        """Leave; the payments made there are the kernels' part."""
        now, stay = lives.now, DAY * lives.rng.gamma(3.0, self.mean_days / 3.0)
        place = destinations().draw(lives.rng)
        event = lives.diary.event(self.kind, customer, now, lookalike_of=self.resembles)
        event.ended_at = now + stay
        lives.trips.append(Trip(customer, now, now + stay, place, event.index))
        return stay
