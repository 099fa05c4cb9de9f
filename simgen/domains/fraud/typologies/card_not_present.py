"""Card not present: breached numbers, sold and used in online shops.

Stages: a merchant leaks the numbers used there (the common point of purchase); some time later a
buyer of the number shops until the card is declined twice; the customer notices on the statement.
Look-alikes: `large_purchase`, `mistaken_dispute`.

Numbers that name no source are assumptions.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import simpy

from simgen.core import DAY, HOUR, parameter
from simgen.domains.fraud.chance import Weighted, pick
from simgen.domains.fraud.prices import at_shop, small
from simgen.domains.fraud.schema import Entry
from simgen.domains.fraud.typologies.base import Typology, cases_per_month, never_reported

if TYPE_CHECKING:
    from simgen.domains.fraud.criminals import Crimes
    from simgen.domains.fraud.underworld import Campaign

SHOPS = Weighted(  # what can be resold; assumption
    {
        "electronics": 0.26,
        "fashion": 0.24,
        "household": 0.12,
        "digital_goods": 0.20,
        "travel": 0.08,
        "media": 0.10,
    }
)
PROBES = (0, 1, 76, 77, 100, 100, 100, 100, 100, 100, 100)  # wanted [cent]; ULB's
TRIES = 8  # numbers a buyer looks at before taking one from elsewhere
GIFT_CARD = 9_999  # [cent], the most frequent larger fraud amount of ULB's 2013 data
GIFT_CARD_SHARE = 0.1  # of purchases where prices vary


@dataclass(frozen=True, kw_only=True)
class CardNotPresent(Typology):
    """Numbers leaked by a merchant or phished, used in online shops until declined."""

    kind: ClassVar[str] = "card_not_present"

    # UK Finance, Annual Fraud Report 2025: 2.6 million remote purchase cases in 2024, among some 55
    # million adults (derived: 3.9 a month per 1000).
    rate: float = cases_per_month(3.9, "Card numbers misused.", plausible=(0.8, 20.0))
    mean_purchases: float = parameter(
        1.5, doc="Mean number of purchases tried with a number.", minimum=1.0, maximum=100.0
    )
    breached_share: float = parameter(
        0.7,
        doc="Share of numbers from a breached merchant, while one has some that work; the "
        "rest is phished.",
        minimum=0.0,
        maximum=1.0,
    )
    breaches_per_year: float = parameter(
        8.0, doc="Merchants that leak numbers.", unit="1/year", minimum=0.0, maximum=1_000.0
    )
    probe_share: float = parameter(
        0.25,
        doc="Share of buyers who first try the number with a tiny sum.",
        minimum=0.0,
        maximum=1.0,
        plausible=(0.05, 0.95),
    )
    # The same report: just under 400 million GBP, some 154 GBP or 182 EUR a case (derived). This
    # and the number of purchases are assumptions that together bring the mean loss near it.
    amount_factor: float = parameter(
        0.75,
        doc="Amounts relative to the shop's median basket.",
        above=0.0,
        maximum=100.0,
        plausible=(0.3, 3.0),
        scale="log",
    )
    report_time: float = parameter(
        6.0, doc="Median time until the customer reports.", unit="day", above=0.0
    )
    unreported_share: float = never_reported(0.18)

    @property
    def typical_payments(self) -> float:
        """See `Typology.typical_payments`."""
        return 0.95 * self.mean_purchases + self.probe_share

    def commit(
        self, crimes: Crimes, campaign: Campaign | None
    ) -> Generator[simpy.Event, Any, None]:
        """Take a number from a breach in use, or any, and shop with it."""
        del campaign
        breaches, now = crimes.underworld.breaches_in_use(crimes.env.now), crimes.env.now
        if breaches and crimes.rng.random() < self.breached_share:
            breach = pick(crimes.rng, breaches)
            leaks = crimes.visits.leaks(breach, before=now)
            for _ in range(min(len(leaks), TRIES)):
                customer, stolen_at = crimes.visits.of(pick(crimes.rng, leaks))
                # Numbers that no longer work when they are sold harm nobody.
                if (
                    crimes.bank.is_current(customer, stolen_at)
                    and not crimes.bank.blocked[customer]
                ):
                    cause = breach.event_id
                    yield from self.shop(crimes, customer, cause, stolen_at, ring=cause)
                    return
        yield from self.shop(crimes, crimes.a_customer(), 0, now, ring=0)

    def shop(
        self, crimes: Crimes, customer: int, caused_by: int, stolen_at: float, *, ring: int
    ) -> Generator[simpy.Event, Any, None]:
        """Use the number until it is declined twice; `ring` is who sold it, 0 if nobody.

        The number of a card that has been replaced meanwhile is good for nothing: no event.
        """
        rng, env = crimes.rng, crimes.env
        if not crimes.bank.is_current(customer, stolen_at):
            return
        event = crimes.diary.event(
            self.kind, customer, env.now, caused_by=caused_by, stolen_at=stolen_at
        )
        crimes.bank.await_report(
            customer, event, self.report_time * DAY, unreported_share=self.unreported_share
        )
        # One buyer in two belongs to a ring, whose devices are seen with several victims.
        device = crimes.new_device(ring=ring if rng.random() < 0.5 else 0)
        merchant, n_declined = -1, 0
        if rng.random() < self.probe_share:
            seller = pick(rng, crimes.market.online_merchants("digital_goods"))
            cents = small(rng, crimes.market, seller, pick(rng, PROBES))
            n_declined += not crimes.spend(customer, event, seller, cents, device=device)
            yield env.timeout(rng.exponential(0.2 * HOUR))
        for _ in range(int(rng.geometric(1.0 / self.mean_purchases))):
            if merchant < 0 or rng.random() < 0.55:
                shop = SHOPS.draw(rng)
                merchant = pick(rng, crimes.market.online_merchants(shop))
            cents = self._cents(crimes, merchant)
            entry = Entry.WEB
            passed = crimes.spend(customer, event, merchant, cents, entry=entry, device=device)
            n_declined += not passed
            if n_declined == 2:
                return
            yield env.timeout(rng.lognormal(np.log(0.4 * HOUR), 1.6))

    def _cents(self, crimes: Crimes, merchant: int) -> int:
        is_fixed = crimes.market.fixed_price[merchant] > 0
        if not is_fixed and crimes.rng.random() < GIFT_CARD_SHARE:
            return GIFT_CARD
        return at_shop(crimes.rng, crimes.market, merchant, self.amount_factor)
