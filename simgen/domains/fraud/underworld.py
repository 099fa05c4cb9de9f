"""What criminals prepare for the whole bank: breached merchants and rings that test cards.

Numbers that name no source are assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from simgen.core import DAY, HOUR, Streams
from simgen.domains.fraud.market import Market

MONTH = 30.4375 * DAY
MULES = 2_000_000_000  # owner of the payees that receive stolen money; no customer's id
BEFORE = 60 * DAY  # breaches begin as early as this before the start
LEAKY = ("media", "fashion", "electronics", "household", "travel")  # assumption
N_LEAKY = 8  # the most popular of each; a breach nobody shopped at harms nobody
RING_DEVICES = 3_000_000_000  # owner of the devices that rings share
MOST_CAMPAIGNS = 100_000  # that a prevalence makes of fewer; beyond, campaigns grow instead


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Something that criminals do to merchants, and that causes frauds of many customers."""

    kind: ClassVar[str]

    event_id: int
    merchants: tuple[int, ...]
    start_at: float  # [s]
    end_at: float  # [s]
    weight: float = 1.0  # how many of nature it stands for


@dataclass(frozen=True, kw_only=True)
class Breach(Cause):
    """A merchant that leaks the card numbers used there: a common point of purchase."""

    kind: ClassVar[str] = "merchant_breach"

    used_until: float  # the numbers are used until here [s]


@dataclass(frozen=True, kw_only=True)
class Campaign(Cause):
    """A ring's session of card testing at a few merchants."""

    kind: ClassVar[str] = "testing_campaign"

    n_cards: float  # of the bank's, expected


@dataclass(frozen=True)
class Underworld:
    """Breaches and campaigns of a run, the same for all blocks."""

    breaches: tuple[Breach, ...]
    campaigns: tuple[Campaign, ...]
    campaigns_boost: float = 1.0  # expected campaigns, over nature's

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Breaches and campaigns, by event id."""
        return (*self.breaches, *self.campaigns)

    def breaches_in_use(self, at: float) -> list[Breach]:
        """Those whose numbers are used at an instant [s]."""
        return [breach for breach in self.breaches if breach.start_at < at < breach.used_until]


def make_underworld(
    market: Market,
    streams: Streams,
    *,
    horizon: float,
    breaches_per_year: float,
    n_campaigns: float,
    cards_per_campaign: float,
    boost: float | None,
) -> Underworld:
    """Draw the breaches and campaigns of a run.

    `boost` is how many frauds are wanted for one of nature, None for nature's. There are as many
    more campaigns then, so that rings stay as small as nature's; their cards add up to the expected
    number, and there is at least one campaign if any is expected: who asks for a prevalence gets it
    in small worlds too. Breaches stay as many, with more victims each.

    A breach lasts 10 to 60 days and its numbers are used for up to 90 days more; a campaign lasts
    3 to 48 hours at 1 to 5 little-known online merchants. All assumptions, after the cases told in
    the trade press (one attack lasted two days; evasive rings spread over small merchants).
    """
    rng = streams.generator("underworld")
    breaches = _breaches(market, rng, horizon, breaches_per_year)
    more = 1.0 if boost is None else min(boost, max(1.0, MOST_CAMPAIGNS / max(n_campaigns, 1.0)))
    n_drawn, weight = int(rng.poisson(n_campaigns * more)), 1.0
    if boost is not None and n_campaigns > 0.0:
        n_drawn = max(1, n_drawn)
        weight = n_campaigns / n_drawn
    n_cards = rng.gamma(1.0, cards_per_campaign, n_drawn)
    if boost is not None and n_drawn:
        n_cards *= n_campaigns * more * cards_per_campaign / n_cards.sum()
    starts = np.sort(rng.uniform(0.0, 0.98 * horizon, n_drawn))
    shops = _little_known(market)
    campaigns = [
        _campaign(shops, rng, start_at, event_id=number, n_cards=float(cards), weight=weight)
        for number, (start_at, cards) in enumerate(
            zip(starts.tolist(), n_cards, strict=True), start=len(breaches) + 1
        )
    ]
    return Underworld(tuple(breaches), tuple(campaigns), more)


def _campaign(
    shops: npt.NDArray[np.int64],
    rng: np.random.Generator,
    start_at: float,
    *,
    event_id: int,
    n_cards: float,
    weight: float,
) -> Campaign:
    return Campaign(
        event_id=event_id,
        merchants=tuple(rng.choice(shops, int(rng.integers(1, 6))).tolist()),
        start_at=start_at,
        end_at=start_at + HOUR * float(rng.uniform(3.0, 48.0)),
        n_cards=n_cards,
        weight=weight,
    )


def _breaches(
    market: Market, rng: np.random.Generator, horizon: float, breaches_per_year: float
) -> list[Breach]:
    pools = [market.online_merchants(name)[:N_LEAKY] for name in LEAKY]
    shops = np.concatenate(pools)
    breaches: list[Breach] = []
    n_breaches = rng.poisson(breaches_per_year * (horizon + BEFORE) / (365.25 * DAY))
    for start_at in np.sort(rng.uniform(-BEFORE, horizon, n_breaches)):
        end_at = start_at + DAY * rng.uniform(10.0, 60.0)
        used_until = end_at + DAY * rng.uniform(20.0, 90.0)
        breaches.append(
            Breach(
                event_id=len(breaches) + 1,
                merchants=(int(rng.choice(shops)),),
                start_at=float(start_at),
                end_at=float(end_at),
                used_until=float(used_until),
            )
        )
    return breaches


def _little_known(market: Market) -> npt.NDArray[np.int64]:
    """Merchants whose sites are tested on."""
    pools: list[range] = []
    for name in ("digital_goods", "services", "media", "fashion"):
        shops = market.online_merchants(name)
        pools.append(shops[len(shops) // 4 :])
    return np.concatenate(pools)
