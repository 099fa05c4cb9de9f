"""Lost or stolen card: a thief spends fast near where the card was lost, until it is blocked.

Stages: the customer loses the card where he or she is, at home or on a trip; the thief taps small
sums and, having watched the PIN, draws cash; the customer notices within hours. Look-alike:
`holiday_travel`.

Numbers that name no source are assumptions.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import simpy

from simgen.core import HOUR, MINUTE, parameter
from simgen.domains.fraud.chance import Weighted, pick
from simgen.domains.fraud.flows import CASH, UNDECIDED
from simgen.domains.fraud.kernels.purchases import (
    CONTACTLESS_LIMIT,
    MEDIAN_RETRY_TIME,
    RETRY_SPREAD,
)
from simgen.domains.fraud.prices import at_shop
from simgen.domains.fraud.schema import Decline, Entry
from simgen.domains.fraud.typologies.base import Typology, cases_per_month, never_reported

if TYPE_CHECKING:
    from simgen.domains.fraud.criminals import Crimes
    from simgen.domains.fraud.diary import Event
    from simgen.domains.fraud.underworld import Campaign

SHOPS = Weighted(  # assumption
    {
        "groceries": 0.30,
        "fuel": 0.12,
        "electronics": 0.10,
        "fashion": 0.12,
        "restaurant": 0.14,
        "transport": 0.12,
        "pharmacy": 0.10,
    }
)
NOTES = (10_000, 20_000, 20_000, 30_000, 50_000)  # [cent]; assumption
TRIES = 3  # of the PIN, before a card locks
CASH_SHARE = 0.35  # of payments of who knows the PIN
TAP_SHARE = 0.9  # of payments below the limit
BASKETS = 10  # looked at for one that needs no PIN
GUESSES_AGAIN_SHARE = 0.5  # of wrong PINs: the same sum with another PIN


class Basket(NamedTuple):
    """What a thief carries to a till, and how it is paid."""

    merchant: int
    cents: int
    entry: Entry


@dataclass(frozen=True, kw_only=True)
class LostOrStolenCard(Typology):
    """A physical card in a thief's hands for some hours."""

    kind: ClassVar[str] = "lost_or_stolen_card"
    keeps_hours: ClassVar[bool] = True  # cards are lost where they are used, and tills close

    # UK Finance, Annual Fraud Report 2023: lost and stolen cards cost 100.2 million GBP in 2022, a
    # quarter of remote purchase; as many cases per pound are assumed.
    rate: float = cases_per_month(0.7, "Cards that a thief uses.", plausible=(0.15, 3.5))
    mean_payments: float = parameter(
        5.0, doc="Mean number of payments the thief would make.", minimum=1.0, maximum=100.0
    )
    pin_known_share: float = parameter(
        0.3, doc="Share of thieves who know the PIN.", minimum=0.0, maximum=1.0
    )
    report_time: float = parameter(
        9.0, doc="Median time until the customer reports.", unit="h", above=0.0
    )
    unreported_share: float = never_reported(0.0)

    @property
    def typical_payments(self) -> float:
        """See `Typology.typical_payments`."""
        return 0.85 * self.mean_payments

    def commit(
        self, crimes: Crimes, campaign: Campaign | None
    ) -> Generator[simpy.Event, Any, None]:
        """Lose the card here and now; the thief spends until stopped."""
        del campaign
        rng, env = crimes.rng, crimes.env
        customer = crimes.a_victim(crimes.bank.can_lose_card)
        if customer is None:
            return
        event = crimes.diary.event(self.kind, customer, env.now)
        crimes.bank.lose_card(customer)
        crimes.bank.await_report(
            customer, event, self.report_time * HOUR, unreported_share=self.unreported_share
        )
        abroad = crimes.lives.place_at(customer, env.now)
        place = abroad or 1 + int(crimes.lives.population.city[customer])
        knows_pin = rng.random() < self.pin_known_share
        yield env.timeout(rng.exponential(1.5 * HOUR))
        n_wrong, basket = 0, None
        for _ in range(int(rng.geometric(1.0 / self.mean_payments))):
            if not crimes.bank.is_current(customer, event.stolen_at):
                return
            if knows_pin and rng.random() < CASH_SHARE:
                code = _draw_cash(crimes, customer, event, place)
            else:
                basket = basket or _basket(crimes, place, knows_pin=knows_pin)
                code = _buy(crimes, customer, event, basket, knows_pin=knows_pin)
            n_wrong += code == Decline.INCORRECT_PIN
            if code == Decline.RESTRICTED_CARD or n_wrong == TRIES:
                return
            if code == Decline.INCORRECT_PIN and rng.random() < GUESSES_AGAIN_SHARE:
                yield env.timeout(MEDIAN_RETRY_TIME * rng.lognormal(0.0, RETRY_SPREAD))
            else:
                basket = None
                yield env.timeout(rng.lognormal(np.log(25 * MINUTE), 1.0))


def _draw_cash(crimes: Crimes, customer: int, event: Event, place: int) -> int:
    """Draw cash; a Decline, or UNDECIDED."""
    code = crimes.bank.screen(customer, event, 0.5)
    crimes.diary.flow(
        CASH,
        crimes.env.now,
        customer,
        cents=pick(crimes.rng, NOTES),
        event=event,
        place=place,
        code=code,
        impostor=True,
    )
    return code


def _basket(crimes: Crimes, place: int, *, knows_pin: bool) -> Basket:
    """A basket in a shop there, if possible one that needs no PIN if that is unknown."""
    rng, market = crimes.rng, crimes.market
    for _ in range(1 if knows_pin else BASKETS):
        merchant = pick(rng, market.merchants_in(place, SHOPS.draw(rng)))
        cents = at_shop(rng, market, merchant)
        if cents <= CONTACTLESS_LIMIT:
            break
    taps = cents <= CONTACTLESS_LIMIT and rng.random() < TAP_SHARE
    return Basket(merchant, cents, Entry.CONTACTLESS if taps else Entry.CHIP_AND_PIN)


def _buy(crimes: Crimes, customer: int, event: Event, basket: Basket, *, knows_pin: bool) -> int:
    """Pay for the basket; a Decline, or UNDECIDED."""
    merchant, cents, entry = basket
    is_guess = entry == Entry.CHIP_AND_PIN and not knows_pin
    code = int(Decline.INCORRECT_PIN) if is_guess else UNDECIDED
    passed = crimes.spend(customer, event, merchant, cents, entry=entry, suspicion=0.5, code=code)
    if crimes.bank.blocked[customer]:
        return int(Decline.RESTRICTED_CARD)
    return UNDECIDED if passed else code
