"""Card testing: a ring tries stolen or guessed numbers with tiny sums and sells what works.

Stages: a campaign of hours to two days at a few little-known online merchants; for each card one
to three probes, of which many fail on the card code and some are repeated; numbers that pass are
sold and used as in `card_not_present`, caused by the test. Look-alike: `subscription_burst`.

Sources: probes of 1 to 2 USD and decline codes as the tell-tale: Visa and ACFE (2025), as told in
the trade press. The shares below are assumptions.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import simpy

from simgen.core import DAY, MINUTE, parameter
from simgen.domains.fraud.chance import pick
from simgen.domains.fraud.flows import UNDECIDED
from simgen.domains.fraud.kernels.purchases import MEDIAN_RETRY_TIME, RETRY_SPREAD
from simgen.domains.fraud.prices import small
from simgen.domains.fraud.schema import Decline
from simgen.domains.fraud.typologies.base import Typology, cases_per_month, never_reported

if TYPE_CHECKING:
    from simgen.domains.fraud.criminals import Crimes
    from simgen.domains.fraud.underworld import Campaign

PROBES = (0, 0, 100, 100, 100, 100, 100, 76, 77, 179)  # wanted [cent]; ULB's most frequent
GUESSES_AGAIN_SHARE = 0.3  # of probes with a wrong code: the same sum with another code


@dataclass(frozen=True, kw_only=True)
class CardTesting(Typology):
    """Campaigns in which a ring probes card numbers with tiny online payments."""

    kind: ClassVar[str] = "card_testing"
    in_campaigns: ClassVar[bool] = True

    # So that about two in five frauds take 2 EUR or less, as in ULB's 2013 data; assumption.
    rate: float = cases_per_month(0.25, "Campaigns that touch the bank's cards.")
    cards_per_campaign: float = parameter(
        8.0, doc="Mean number of the bank's cards in a campaign.", above=0.0, maximum=1e6
    )
    probes_per_card: tuple[int, int] = parameter(
        (1, 3), doc="Fewest and most probes of a card.", minimum=1, maximum=50, is_range=True
    )
    wrong_code_share: float = parameter(
        0.45, doc="Share of probes with a wrong card code.", minimum=0.0, maximum=1.0
    )
    sold_share: float = parameter(
        0.25, doc="Share of cards that pass and are sold.", minimum=0.0, maximum=1.0
    )
    report_time: float = parameter(
        25.0,
        doc="Median time until the customer reports a probe. Assumption.",
        unit="day",
        above=0.0,
    )
    unreported_share: float = never_reported(0.6)

    @property
    def cases_rate(self) -> float:
        """Cards tested, per 1000 customers and month."""
        return self.rate * self.cards_per_campaign

    @property
    def typical_payments(self) -> float:
        """See `Typology.typical_payments`."""
        return sum(self.probes_per_card) / 2 + 0.7 * self.sold_share * 2.0

    def commit(
        self, crimes: Crimes, campaign: Campaign | None
    ) -> Generator[simpy.Event, Any, None]:
        """Probe one card of the campaign; sell it if it works."""
        assert campaign is not None
        rng, env, customer = crimes.rng, crimes.env, crimes.a_customer()
        event = crimes.diary.event(self.kind, customer, env.now, caused_by=campaign.event_id)
        crimes.bank.await_report(
            customer, event, self.report_time * DAY, unreported_share=self.unreported_share
        )
        device, works, repeats = crimes.new_device(ring=campaign.event_id), False, False
        for _ in range(int(rng.integers(self.probes_per_card[0], self.probes_per_card[1] + 1))):
            if not repeats:
                merchant = pick(rng, campaign.merchants)
                cents = small(rng, crimes.market, merchant, pick(rng, PROBES))
            wrong = rng.random() < self.wrong_code_share
            works |= crimes.spend(
                customer,
                event,
                merchant,
                cents,
                device=device,
                suspicion=0.6,
                code=int(Decline.CVV_MISMATCH) if wrong else UNDECIDED,
            )
            repeats = wrong and rng.random() < GUESSES_AGAIN_SHARE
            retry_time = MEDIAN_RETRY_TIME * rng.lognormal(0.0, RETRY_SPREAD)
            yield env.timeout(retry_time if repeats else rng.exponential(4 * MINUTE))
        buyer = crimes.typologies.card_not_present
        if works and buyer.rate > 0.0 and rng.random() < self.sold_share:
            yield env.timeout(rng.exponential(4 * DAY))
            cause = crimes.diary.event_id(event)
            ring = campaign.event_id
            yield from buyer.shop(crimes, customer, cause, event.stolen_at, ring=ring)
