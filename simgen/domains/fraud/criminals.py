"""Crimes: when frauds begin, on whom, and how many there are to be."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import simpy

from simgen.core import DAY, WEEK
from simgen.des import run
from simgen.domains.fraud.bank import Bank
from simgen.domains.fraud.customers import Lives
from simgen.domains.fraud.diary import Diary, Event
from simgen.domains.fraud.flows import PURCHASE, UNDECIDED
from simgen.domains.fraud.market import ONLINE, Market, civil_instants
from simgen.domains.fraud.population import device_id
from simgen.domains.fraud.schema import Entry
from simgen.domains.fraud.typologies import Typologies, Typology
from simgen.domains.fraud.underworld import MONTH, RING_DEVICES, Breach, Campaign, Underworld

RUN_OFF = 240 * DAY  # how long the bank goes on after the end, so that late reports get in [s]
HEADROOM = 2.0  # opportunities per fraud that a requested prevalence needs
TRIES = 100  # customers looked at for one who can be robbed: all but never too few


class Visits:
    """Ordinary purchases of the block, by customer and then time: where numbers were used."""

    def __init__(self, purchases: npt.NDArray[np.void]) -> None:
        self._purchases = purchases
        self.merchant = np.ascontiguousarray(purchases["merchant"])  # of each visit
        self._at_merchant: dict[int, npt.NDArray[np.int64]] = {}

    def took_money(self, visit: int) -> bool:
        """Whether neither a slip nor the bank's doubt stopped the payment, and it was above 0."""
        row = self._purchases[visit]
        return bool(row["code"] == UNDECIDED and row["cents"] > 0)

    def of(self, visit: int) -> tuple[int, float]:
        """Who made a visit, and when [s]."""
        row = self._purchases[visit]
        return int(row["customer"]), float(row["at"])

    def leaks(self, breach: Breach, before: float) -> list[int]:
        """The visits whose card number leaked before an instant [s]."""
        (merchant,) = breach.merchants
        if merchant not in self._at_merchant:
            self._at_merchant[merchant] = np.flatnonzero(self.merchant == merchant)
        there = self._at_merchant[merchant]
        at = self._purchases["at"][there]
        is_leaked = (at >= breach.start_at) & (at < min(before, breach.end_at))
        leaked: list[int] = there[is_leaked].tolist()
        return leaked


@dataclass(kw_only=True, eq=False)
class Crimes:
    """The block as criminals see it: what typologies use and change."""

    env: simpy.Environment
    rng: np.random.Generator
    bank: Bank
    diary: Diary
    lives: Lives
    market: Market
    underworld: Underworld
    visits: Visits
    typologies: Typologies
    mistaken: dict[int, Event] = field(default_factory=dict)  # by visit

    @property
    def n_customers(self) -> int:
        """How many customers the block has."""
        return len(self.lives.population)

    def a_customer(self) -> int:
        """Any customer."""
        return int(self.rng.integers(self.n_customers))

    def a_victim(self, can_be_robbed: Callable[[int], bool]) -> int | None:
        """Any customer of those of whom it holds; None if there are next to none."""
        customers = (self.a_customer() for _ in range(TRIES))
        return next(filter(can_be_robbed, customers), None)

    def new_device(self, ring: int = 0) -> int:
        """A device nobody at the bank has seen, or one of a ring's three."""
        key = self.lives.population.device_key
        if ring:
            return int(device_id(key, RING_DEVICES + ring, int(self.rng.integers(3))))
        owner = RING_DEVICES + 1_000_000 + self.lives.population.first
        return int(device_id(key, owner, int(self.rng.integers(2**40))))

    def spend(
        self,
        customer: int,
        event: Event,
        merchant: int,
        cents: int,
        *,
        entry: Entry = Entry.WEB,
        device: int = 0,
        suspicion: float = 1.0,
        code: int = UNDECIDED,
    ) -> bool:
        """Try to pay with the customer's card; whether neither code nor monitoring stopped it.

        A card that has been replaced is not even tried.
        """
        if not self.bank.is_current(customer, event.stolen_at):
            return False
        screened = self.bank.screen(customer, event, suspicion)
        code = screened if screened != UNDECIDED else code
        self.diary.flow(
            PURCHASE,
            self.env.now,
            customer,
            merchant=merchant,
            cents=cents,
            entry=entry,
            device=device,
            event=event,
            code=code,
            impostor=True,
        )
        return code == UNDECIDED


@dataclass(frozen=True)
class Opportunity:
    """A fraud that may begin."""

    at: float  # [s]
    typology: Typology
    campaign: Campaign | None


@dataclass(kw_only=True)
class Pace:
    """Lets just as many frauds begin as a quota of payments needs; None lets all begin.

    Every opportunity is taken with the same probability whatever its kind, so the mix of kinds
    is nature's: what is still wanted, over what the opportunities left would make.
    """

    quota: float | None
    left: float  # payments that the opportunities left would make, roughly
    promised: float = 0.0  # payments that frauds under way are still to make, roughly

    def allows(self, typical: float, n_frauds: int, u: float) -> bool:
        """Whether one more fraud may begin.

        Args:
            typical: payments it would make, roughly.
            n_frauds: fraudulent payments so far.
            u: uniform on 0 to 1.
        """
        if self.quota is None:
            return True
        wanted = self.quota - n_frauds - self.promised
        taken = u * self.left < wanted
        self.left -= typical
        return taken


def natural_cases(typologies: Sequence[Typology], n_customers: int, horizon: float) -> float:
    """How many frauds begin in nature, expected."""
    return sum(t.cases_rate for t in typologies) * n_customers / 1_000.0 * horizon / MONTH


def natural_records(typologies: Sequence[Typology], n_customers: int, horizon: float) -> float:
    """How many fraudulent payments nature makes, roughly."""
    months = horizon / MONTH
    return (
        sum(t.cases_rate * t.typical_payments for t in typologies) * n_customers / 1_000.0 * months
    )


def commit_crimes(
    crimes: Crimes, typologies: Sequence[Typology], quota: float | None, share: float
) -> float:
    """Run all frauds of the block to their end; returns the weight of each.

    Args:
        crimes: the block.
        typologies: those with a rate above 0.
        quota: how many fraudulent payments are wanted; None for nature's.
        share: of all customers that are in this block.
    """
    horizon, n = crimes.diary.horizon, crimes.n_customers
    boost = 1.0
    if quota is not None:
        expected = natural_records(typologies, n, horizon)
        boost = HEADROOM * quota / expected if expected else 0.0
    begun: list[Opportunity] = []
    _mistakes(crimes)
    found = sorted(
        (chance for typology in typologies for chance in _chances(crimes, typology, boost, share)),
        key=lambda chance: chance.at,
    )
    pace = Pace(quota=quota, left=sum(chance.typology.typical_payments for chance in found))
    run(crimes.env, _opportunities(crimes, found, pace, begun), until=horizon + RUN_OFF)
    if quota is None or not begun:
        return 1.0
    return natural_cases(typologies, n, horizon) / len(begun)


def _opportunities(
    crimes: Crimes, found: Sequence[Opportunity], pace: Pace, begun: list[Opportunity]
) -> Generator[simpy.Event, Any, None]:
    for opportunity in found:
        yield crimes.env.timeout(opportunity.at - crimes.env.now)
        typical = opportunity.typology.typical_payments
        if pace.allows(typical, crimes.diary.n_frauds, crimes.rng.random()):
            begun.append(opportunity)
            crimes.env.process(_case(crimes, opportunity, pace))


def _case(
    crimes: Crimes, opportunity: Opportunity, pace: Pace
) -> Generator[simpy.Event, Any, None]:
    promise = opportunity.typology.typical_payments
    pace.promised += promise
    yield from opportunity.typology.commit(crimes, opportunity.campaign)
    pace.promised -= promise


def _chances(
    crimes: Crimes, typology: Typology, boost: float, share: float
) -> Iterator[Opportunity]:
    rng, horizon = crimes.rng, crimes.diary.horizon
    if typology.in_campaigns:
        growth = boost / crimes.underworld.campaigns_boost  # of campaigns, and not of their number
        for campaign in crimes.underworld.campaigns:
            for _ in range(rng.poisson(campaign.n_cards * share * growth)):
                at = rng.uniform(campaign.start_at, campaign.end_at)
                if at < horizon:
                    yield Opportunity(at, typology, campaign)
    else:
        mean = typology.cases_rate * crimes.n_customers / 1_000.0 * horizon / MONTH
        instants = rng.uniform(0.0, horizon, rng.poisson(mean * boost))
        if typology.keeps_hours:
            instants = civil_instants(instants / WEEK, crimes.market.clock)
        for at in instants[instants < horizon]:
            yield Opportunity(at, typology, None)


def _mistakes(crimes: Crimes) -> None:
    """Customers who report online payments of their own as fraud: events of their own.

    What was declined or took nothing is not reported; that a card was blocked or over its limit
    turns out later: see `EventBook`.
    """
    months = crimes.diary.horizon / MONTH
    mean = crimes.bank.policy.mistaken_dispute_rate * crimes.n_customers / 1_000.0 * months
    online = np.flatnonzero(crimes.market.place[crimes.visits.merchant] == ONLINE)
    n_mistakes = min(int(crimes.rng.poisson(mean)), len(online))
    for visit in crimes.rng.choice(online, n_mistakes, replace=False):
        if not crimes.visits.took_money(int(visit)):
            continue
        customer, at = crimes.visits.of(int(visit))
        event = crimes.diary.event(
            "mistaken_dispute", customer, at, lookalike_of="card_not_present"
        )
        crimes.mistaken[int(visit)] = event
        crimes.env.process(crimes.bank.mistake(customer, event))
