"""The retail bank: parameters, and the order in which a block is simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from simgen.core import (
    DAY,
    Batch,
    Block,
    CausalOrder,
    Invariant,
    RequestError,
    Scenario,
    Streams,
    Table,
    first_day,
    parameter,
)
from simgen.domains.fraud import rules
from simgen.domains.fraud.bank import BankPolicy
from simgen.domains.fraud.block import simulate_block
from simgen.domains.fraud.criminals import natural_records
from simgen.domains.fraud.lookalikes import LookAlikes
from simgen.domains.fraud.market import Market, make_market
from simgen.domains.fraud.schema import TABLES
from simgen.domains.fraud.typologies import Typologies
from simgen.domains.fraud.underworld import MONTH, Underworld, make_underworld

HIGHEST_PREVALENCE = 0.2  # beyond, cards are blocked more often than used


@dataclass(frozen=True)
class Shared:
    """What all blocks see."""

    market: Market
    underworld: Underworld


@dataclass(frozen=True, kw_only=True)
class RetailBank(Scenario[Shared]):
    """A retail bank: customers with accounts and cards, merchants, criminals, investigators."""

    version: ClassVar[int] = 6
    small: ClassVar[Mapping[str, Any]] = {
        "n_customers": 400,
        "customers_per_block": 200,
        "n_merchants": 1_000,
    }
    tables: ClassVar[tuple[Table, ...]] = TABLES
    invariants: ClassVar[tuple[Invariant, ...]] = rules.RULES
    causal_order: ClassVar[CausalOrder] = CausalOrder(
        view="payments",
        table="transactions",
        columns=("distance_from_home", "amount"),
        logarithmic=("distance_from_home", "amount"),
    )

    n_customers: int = parameter(8_000, doc="Customers of the bank.", minimum=1, maximum=10_000_000)
    n_days: int = parameter(182, doc="Horizon.", unit="day", minimum=1, maximum=3_660)
    start_date: str = parameter("2024-01-01", doc="First day, as YYYY-MM-DD.")
    prevalence: float | None = parameter(
        None,
        doc="Share of fraudulent payments to deliver; nature's if null. Weights of frauds lead "
        "back to nature; genuine records, cards, ledger are those of a bank with so many frauds.",
        minimum=0.0,
        maximum=HIGHEST_PREVALENCE,
    )
    n_merchants: int = parameter(6_000, doc="Merchants, about.", minimum=1_000, maximum=1_000_000)
    median_income: float = parameter(
        3_600.0,
        doc="Median net income of a household. Assumption.",
        unit="EUR/month",
        minimum=100.0,
        maximum=1e6,
    )
    purchase_rate: float = parameter(
        0.9,
        doc="Mean card payments of a customer.",
        unit="1/day",
        above=0.0,
        maximum=10.0,
        plausible=(0.3, 2.7),
        scale="log",
    )
    purchase_rate_shape: float = parameter(
        2.2,
        doc="Shape of the gamma law of customers' purchase rates: the lower, the more they differ. "
        "Assumption.",
        minimum=0.1,
        maximum=100.0,
        plausible=(0.7, 7.0),
        scale="log",
    )
    spending_level: float = parameter(
        1.0,
        doc="Customers' own amounts, relative to the shops' median baskets.",
        above=0.0,
        maximum=100.0,
        plausible=(0.4, 2.5),
        scale="log",
    )
    spending_spread: float = parameter(
        1.0,
        doc="Spread of a shop's baskets, relative to the spreads of the price lists.",
        minimum=0.0,
        maximum=10.0,
        plausible=(0.5, 2.0),
        scale="log",
    )
    hourly_contrast: float = parameter(
        1.0,
        doc="How much payments follow the hours of the day: the profile's power; 0 is not at all.",
        minimum=0.0,
        maximum=10.0,
        plausible=(0.4, 1.6),
    )
    cash_rate: float = parameter(
        0.06, doc="Cash withdrawals of a customer.", unit="1/day", above=0.0, maximum=10.0
    )
    transfer_rate: float = parameter(
        0.06, doc="Transfers of a customer to known payees.", unit="1/day", above=0.0, maximum=10.0
    )
    login_rate: float = parameter(
        0.3, doc="Logins of a customer to online banking.", unit="1/day", above=0.0, maximum=10.0
    )
    shared_device_share: float = parameter(
        0.3,
        doc="Share of customers who share their second device, a computer or a tablet, with one to "
        "three others of the same city and block. Assumption.",
        minimum=0.0,
        maximum=1.0,
    )
    typologies: Typologies = parameter(Typologies, doc="The frauds.")
    lookalikes: LookAlikes = parameter(LookAlikes, doc="What resembles them.")
    bank: BankPolicy = parameter(BankPolicy, doc="How fraud is found and dealt with.")
    customers_per_block: int = parameter(
        1_000,
        doc="Customers simulated together and written as one part. With a prevalence, let a block "
        "expect five frauds or more: one in which none begins stands for nobody's.",
        minimum=10,
        maximum=5_000,
    )

    @property
    def horizon(self) -> float:
        """End of the simulation [s]."""
        return self.n_days * DAY

    def check(self) -> None:
        """Refuse parameters that contradict one another."""
        first_day(self.start_date)
        active = self.typologies.active()
        names = ", ".join(
            f"typologies.{typology.kind}.rate={typology.rate:g}" for typology in active
        )
        if self.prevalence == 0.0 and active:
            raise RequestError(
                f"prevalence = 0 contradicts {names}: leave prevalence null or set the rates to 0"
            )
        if self.prevalence and not active:
            raise RequestError(
                f"prevalence = {self.prevalence:g} needs a typology: all rates are 0, raise one"
            )
        frauds, payments = natural_records(active, 1, MONTH), self._monthly_payments
        if self.prevalence is None and frauds > HIGHEST_PREVALENCE * payments:
            raise RequestError(
                f"{names} make {frauds:.3g} fraudulent payments per customer and month, more than "
                f"{HIGHEST_PREVALENCE:g} of {payments:.3g} payments: lower the rates"
            )

    @property
    def _monthly_payments(self) -> float:
        """Genuine payments of a customer, roughly."""
        return (self.purchase_rate + self.cash_rate + self.transfer_rate) * MONTH / DAY

    @property
    def _boost(self) -> float | None:
        """Frauds wanted for one of nature, roughly; None if nature's."""
        frauds = natural_records(self.typologies.active(), 1, MONTH)
        if self.prevalence is None or not frauds:
            return None
        return self._monthly_payments * self.prevalence / (1.0 - self.prevalence) / frauds

    def blocks(self) -> Sequence[Block]:
        """Customers in order, `customers_per_block` at a time."""
        size = self.customers_per_block
        starts = range(0, self.n_customers, size)
        return [Block(start, min(start + size, self.n_customers)) for start in starts]

    def prepare(self, streams: Streams) -> Shared:
        """The market, and what criminals prepare for the whole bank."""
        market = make_market(
            self.n_merchants,
            streams,
            start_date=self.start_date,
            hourly_contrast=self.hourly_contrast,
            spending_spread=self.spending_spread,
        )
        testing = self.typologies.card_testing
        n_campaigns = testing.rate * self.n_customers / 1_000.0 * self.horizon / MONTH
        underworld = make_underworld(
            market,
            streams,
            horizon=self.horizon,
            breaches_per_year=self.typologies.card_not_present.breaches_per_year,
            n_campaigns=n_campaigns,
            cards_per_campaign=testing.cards_per_campaign,
            boost=self._boost,
        )
        return Shared(market, underworld)

    def simulate(self, block: Block, shared: Shared, streams: Streams) -> Iterator[Batch]:
        """All records of a block's customers; see `simulate_block`."""
        yield from simulate_block(self, block, shared.market, shared.underworld, streams)
