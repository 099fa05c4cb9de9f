"""Account takeover: someone logs in as the customer, settles in, adds a payee, drains the account.

Stages: failed logins, a login from a device never seen, often a new password, enrolment of the
device, at times new contact data; some sleep for days; then a new payee, a small test, transfers
of most of the balance. Look-alikes: `new_phone`, `new_payee`.

Sources: the order of stages, phone changed in almost half and e-mail in a tenth of the cases: trade
press. Hours between stages are published nowhere: they and all other numbers are assumptions.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import simpy

from simgen.core import DAY, HOUR, MINUTE, parameter
from simgen.domains.fraud.chance import pick
from simgen.domains.fraud.flows import TRANSFER, UNDECIDED
from simgen.domains.fraud.kernels.routine import LOG_LOGIN_RETRY, LOGIN_RETRY_SPREAD
from simgen.domains.fraud.market import destinations
from simgen.domains.fraud.population import device_id
from simgen.domains.fraud.schema import Action, Decline, Entry
from simgen.domains.fraud.typologies.base import Typology, cases_per_month, never_reported
from simgen.domains.fraud.underworld import MULES

if TYPE_CHECKING:
    from simgen.domains.fraud.criminals import Crimes
    from simgen.domains.fraud.diary import Event
    from simgen.domains.fraud.underworld import Campaign

TESTS = (100, 500, 1_000, 2_000)  # [cent]; assumption
N_MULES = 200  # accounts that receive stolen money; assumption


@dataclass(frozen=True, kw_only=True)
class AccountTakeover(Typology):
    """Online banking in a stranger's hands, from the first login to the last transfer."""

    kind: ClassVar[str] = "account_takeover"

    rate: float = cases_per_month(0.35, "Accounts taken over. Assumption.")
    contact_change_share: float = parameter(
        0.5, doc="Share of takers who change phone or e-mail.", minimum=0.0, maximum=1.0
    )
    sleeper_share: float = parameter(
        0.25, doc="Share who wait for days before the drain.", minimum=0.0, maximum=1.0
    )
    mean_transfers: float = parameter(
        2.5, doc="Mean number of transfers tried.", minimum=1.0, maximum=100.0
    )
    report_time: float = parameter(
        20.0, doc="Median time until the customer reports.", unit="h", above=0.0
    )
    unreported_share: float = never_reported(0.03)

    @property
    def typical_payments(self) -> float:
        """See `Typology.typical_payments`."""
        return 0.9 * self.mean_transfers

    def commit(
        self, crimes: Crimes, campaign: Campaign | None
    ) -> Generator[simpy.Event, Any, None]:
        """Break in, settle in, drain."""
        del campaign
        rng, env = crimes.rng, crimes.env
        customer = crimes.a_victim(lambda who: crimes.bank.lets_in(who, env.now))
        if customer is None:
            return
        event = crimes.diary.event(self.kind, customer, env.now)
        device = crimes.new_device()
        place = destinations().draw(rng) if rng.random() < 0.3 else 0
        yield from self._settle_in(crimes, customer, event, device, place)
        if rng.random() < self.sleeper_share:
            yield env.timeout(rng.exponential(4 * DAY))
        yield env.timeout(rng.exponential(40 * MINUTE))
        crimes.bank.await_report(
            customer, event, self.report_time * HOUR, unreported_share=self.unreported_share
        )
        yield from self._drain(crimes, customer, event, device, place)

    def _settle_in(
        self, crimes: Crimes, customer: int, event: Event, device: int, place: int
    ) -> Generator[simpy.Event, Any, None]:
        rng = crimes.rng
        steps = [(Action.LOGIN, False)] * int(rng.geometric(0.4) - 1)
        if rng.random() < 0.4:
            steps.append((Action.PASSWORD_RESET, True))
        steps += [(Action.LOGIN, True), (Action.ENROL_DEVICE, True)]
        if rng.random() < self.contact_change_share:
            steps.append((Action.CHANGE_CONTACT, True))
        for action, successful in steps:
            if not crimes.bank.lets_in(customer, event.stolen_at):
                return
            crimes.diary.session(
                action,
                crimes.env.now,
                customer,
                device,
                event,
                place=place,
                successful=successful,
                impostor=True,
            )
            # Who is refused tries again as soon as a customer would.
            yield crimes.env.timeout(
                rng.exponential(3 * MINUTE)
                if successful
                else rng.lognormal(LOG_LOGIN_RETRY, LOGIN_RETRY_SPREAD)
            )

    def _drain(
        self, crimes: Crimes, customer: int, event: Event, device: int, place: int
    ) -> Generator[simpy.Event, Any, None]:
        rng, env, diary = crimes.rng, crimes.env, crimes.diary
        payee = device_id(crimes.lives.population.payee_key, MULES, int(rng.integers(N_MULES)))
        for action in (Action.LOGIN, Action.ADD_PAYEE):
            if not crimes.bank.lets_in(customer, event.stolen_at):
                return
            diary.session(action, env.now, customer, device, event, place=place, impostor=True)
            yield env.timeout(rng.exponential(6 * MINUTE))
        for number in range(int(rng.geometric(1.0 / self.mean_transfers))):
            if number and crimes.bank.lets_in(customer, event.stolen_at):
                diary.session(
                    Action.LOGIN, env.now, customer, device, event, place=place, impostor=True
                )
                yield env.timeout(rng.exponential(3 * MINUTE))
            if not crimes.bank.lets_in(customer, event.stolen_at):
                return
            tests = number == 0 and rng.random() < 0.3
            suspected = rng.random() < 2.5 * crimes.bank.policy.monitoring_share
            if suspected:
                crimes.bank.alert(customer, event)
            diary.flow(
                TRANSFER,
                env.now,
                customer,
                cents=pick(rng, TESTS) if tests else 0,
                share=0.0 if tests else float(rng.uniform(0.15, 0.9)),
                payee=payee,
                device=device,
                entry=Entry.ONLINE_BANKING,
                event=event,
                code=int(Decline.SUSPECTED_FRAUD) if suspected else UNDECIDED,
                impostor=True,
            )
            yield env.timeout(rng.exponential(25 * MINUTE))
