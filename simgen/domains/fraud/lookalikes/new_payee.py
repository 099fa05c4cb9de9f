"""A new payee: a rent deposit, a used car, a tradesman; a large transfer to someone unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from simgen.core import HOUR, MINUTE, parameter
from simgen.domains.fraud.chance import Weighted
from simgen.domains.fraud.flows import TRANSFER, UNDECIDED
from simgen.domains.fraud.kernels.amounts import HIGHEST
from simgen.domains.fraud.kernels.routine import NEW_PAYEE_ALARM_SHARE, unknown_payee
from simgen.domains.fraud.lookalikes.base import LookAlike, events_per_year, session_place
from simgen.domains.fraud.schema import Action, Decline, Entry

if TYPE_CHECKING:
    from simgen.domains.fraud.customers import Lives

N_TRANSFERS = Weighted({1: 0.7, 2: 0.2, 3: 0.1})  # assumption


@dataclass(frozen=True, kw_only=True)
class NewPayee(LookAlike):
    """The customer adds a payee and soon sends one to three transfers there."""

    kind: ClassVar[str] = "new_payee"
    resembles: ClassVar[str] = "account_takeover"

    rate: float = events_per_year(1.5)
    median_amount: float = parameter(
        240.0,
        doc="Median of a transfer (log-normal, deviation 1.1).",
        unit="EUR",
        above=0.0,
        maximum=100_000.0,
    )

    def happen(self, lives: Lives, customer: int) -> float:
        """Log in, add the payee, send; log in again for every further transfer."""
        rng, now, diary = lives.rng, lives.now, lives.diary
        event = diary.event(self.kind, customer, now, lookalike_of=self.resembles)
        device, payee = lives.phone(customer), _stranger(lives, customer)
        place = session_place(rng)
        diary.session(Action.LOGIN, now, customer, device, event, place=place)
        now += rng.exponential(3 * MINUTE)
        diary.session(Action.ADD_PAYEE, now, customer, device, event, place=place)
        now += rng.exponential(5 * MINUTE)
        for number in range(N_TRANSFERS.draw(rng)):
            if number:
                now += rng.exponential(20 * HOUR)
                diary.session(Action.LOGIN, now, customer, device, event, place=place)
                now += rng.exponential(5 * MINUTE)
            suspected = rng.random() < NEW_PAYEE_ALARM_SHARE
            wanted = int(self.median_amount * rng.lognormal(0.0, 1.1) / 5.0) * 500
            diary.flow(
                TRANSFER,
                now,
                customer,
                cents=min(max(100, wanted), HIGHEST),
                payee=payee,
                device=device,
                entry=Entry.ONLINE_BANKING,
                event=event,
                code=int(Decline.SUSPECTED_FRAUD) if suspected else UNDECIDED,
            )
        return now - lives.now


def _stranger(lives: Lives, customer: int) -> int:
    """The id of a payee that the customer does not pay otherwise."""
    number = int(lives.rng.integers(8, 64))
    owner = lives.population.first + customer
    return int(unknown_payee(lives.population.payee_key, owner, number))
