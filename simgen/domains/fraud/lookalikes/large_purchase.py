"""One large purchase: a sum far above the customer's habit, as if the card number were stolen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from simgen.core import MINUTE, RequestError, parameter
from simgen.domains.fraud.chance import pick
from simgen.domains.fraud.lookalikes.base import LookAlike, events_per_year
from simgen.domains.fraud.market import SOLD_ONLINE
from simgen.domains.fraud.prices import of_sum
from simgen.domains.fraud.schema import Entry

if TYPE_CHECKING:
    from simgen.domains.fraud.customers import Lives


@dataclass(frozen=True, kw_only=True)
class LargePurchase(LookAlike):
    """Furniture, a computer, a flight: one or two large payments at a shop never visited."""

    kind: ClassVar[str] = "large_purchase"
    resembles: ClassVar[str] = "card_not_present"

    rate: float = events_per_year(1.3)
    median_amount: float = parameter(
        420.0,
        doc="Median of the sum (log-normal, deviation 0.7).",
        unit="EUR",
        above=0.0,
        maximum=100_000.0,
    )
    shops: tuple[str, ...] = parameter(
        ("electronics", "household", "travel", "fashion"),
        doc="Categories of shop.",
        choices=SOLD_ONLINE,
    )

    def check(self) -> None:
        """Refuse a purchase at no shop."""
        if not self.shops:
            raise RequestError(
                f"shops = [] leaves nowhere to buy: name one of {', '.join(SOLD_ONLINE)}"
            )

    def happen(self, lives: Lives, customer: int) -> float:
        """Buy, and now and then buy what goes with it."""
        rng, now = lives.rng, lives.now
        event = lives.diary.event(self.kind, customer, now, lookalike_of=self.resembles)
        shops = lives.market.online_merchants(pick(rng, self.shops))
        merchant, device = pick(rng, shops), lives.web_device(customer)
        median = self.median_amount
        for _ in range(1 + (rng.random() < 0.2)):
            cents = of_sum(rng, median, 0.7)
            lives.diary.purchase(
                now, customer, merchant, cents, entry=Entry.WEB, device=device, event=event
            )
            now += rng.exponential(15 * MINUTE)
            median = 0.2 * self.median_amount
        return now - lives.now
