"""A burst of trial subscriptions: small sums at several new merchants, as if a card were tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from simgen.core import DAY, HOUR, MINUTE, parameter
from simgen.domains.fraud.chance import pick
from simgen.domains.fraud.kernels.amounts import TRIAL_PRICES
from simgen.domains.fraud.kernels.purchases import (
    GIVES_UP_SHARE,
    MEDIAN_RETRY_TIME,
    RETRY_SPREAD,
)
from simgen.domains.fraud.lookalikes.base import LookAlike, events_per_year
from simgen.domains.fraud.schema import Decline, Entry

if TYPE_CHECKING:
    from simgen.domains.fraud.customers import Lives

SERVICES = ("digital_goods", "subscription", "media")
VERIFICATION_SHARE = 0.2  # of sign-ups: 0 EUR; the others cost a trial price; assumption
EVENING = (18, 22)  # hours in which bursts begin; assumption
BETWEEN_SERVICES = 12 * MINUTE  # mean, from one sign-up to the next; assumption [s]


@dataclass(frozen=True, kw_only=True)
class SubscriptionBurst(LookAlike):
    """Sign-ups for several services in one evening; some verify the card with 0 EUR."""

    kind: ClassVar[str] = "subscription_burst"
    resembles: ClassVar[str] = "card_testing"

    rate: float = events_per_year(0.6)
    n_services: tuple[int, int] = parameter(
        (2, 5), doc="Fewest and most services.", minimum=1, maximum=50, is_range=True
    )
    mistyped_share: float = parameter(
        0.06, doc="Share of first tries with a wrong card code.", minimum=0.0, maximum=1.0
    )

    def happen(self, lives: Lives, customer: int) -> float:
        """Wait for the evening and sign up, one service after the other."""
        rng, now = lives.rng, _evening(lives)
        if now >= lives.diary.horizon:
            return 0.0
        event = lives.diary.event(self.kind, customer, now, lookalike_of=self.resembles)
        device = lives.web_device(customer)
        for _ in range(int(rng.integers(self.n_services[0], self.n_services[1] + 1))):
            category = pick(rng, SERVICES)
            merchant = pick(rng, lives.market.online_merchants(category))
            cents = 0 if rng.random() < VERIFICATION_SHARE else pick(rng, TRIAL_PRICES)
            if rng.random() < self.mistyped_share:
                lives.diary.purchase(
                    now,
                    customer,
                    merchant,
                    cents,
                    entry=Entry.WEB,
                    device=device,
                    event=event,
                    code=Decline.CVV_MISMATCH,
                )
                if rng.random() < GIVES_UP_SHARE:
                    now += rng.exponential(BETWEEN_SERVICES)
                    continue
                now += MEDIAN_RETRY_TIME * rng.lognormal(0.0, RETRY_SPREAD)
            lives.diary.purchase(
                now, customer, merchant, cents, entry=Entry.WEB, device=device, event=event
            )
            now += rng.exponential(BETWEEN_SERVICES)
        return now - lives.now


def _evening(lives: Lives) -> float:
    """Now if it is evening, otherwise an instant of the next evening [s]."""
    now, (begins, ends) = lives.now, EVENING
    hour = now % DAY / HOUR
    if begins <= hour < ends:
        return now
    today = now - now % DAY
    return today + DAY * (hour >= ends) + HOUR * float(lives.rng.uniform(begins, ends))
