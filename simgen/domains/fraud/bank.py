"""The bank: it screens, blocks, replaces, investigates, believes its customers or does not.

Numbers that name no source are assumptions.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import simpy

from simgen.core import DAY, HOUR, MINUTE, Parameters, parameter
from simgen.domains.fraud.diary import Diary, Event
from simgen.domains.fraud.flows import BLOCK, CARD_GONE, REFUND, REISSUE, UNDECIDED
from simgen.domains.fraud.schema import Decline

MEDIAN_REFUND_TIME = 8 * HOUR  # from the decision; log-normal; assumption [s]


@dataclass(frozen=True, kw_only=True)
class BankPolicy(Parameters):
    """How the bank and its customers find fraud and deal with it. All defaults are assumptions."""

    monitoring_share: float = parameter(
        0.10,
        doc="Probability that monitoring declines a fraudulent payment of ordinary suspicion.",
        minimum=0.0,
        maximum=1.0,
    )
    customers_per_investigator: int = parameter(
        2_000, doc="Customers served by one investigator.", minimum=1
    )
    review_time: float = parameter(
        25.0, doc="Mean time an investigator needs for a case.", unit="min", above=0.0
    )
    alert_recall: float = parameter(
        0.85, doc="Share of true alerts that the investigator confirms.", minimum=0.0, maximum=1.0
    )
    dispute_time: float = parameter(
        9.0, doc="Median time from a report to the bank's decision.", unit="day", above=0.0
    )
    wrongly_rejected_share: float = parameter(
        0.05, doc="Share of true reports that the bank rejects.", minimum=0.0, maximum=1.0
    )
    reissue_time: float = parameter(
        4.0, doc="Mean time until a blocked card is replaced.", unit="day", minimum=0.5
    )
    mistaken_dispute_rate: float = parameter(
        0.25,
        doc="Genuine payments that customers report as fraud.",
        unit="1/(1000 customers and month)",
        minimum=0.0,
        maximum=1_000.0,
    )
    mistakenly_believed_share: float = parameter(
        0.4, doc="Share of mistaken reports that the bank believes.", minimum=0.0, maximum=1.0
    )


@dataclass(kw_only=True, eq=False)
class Bank:
    """The issuer's state during the simulation of one block."""

    env: simpy.Environment
    rng: np.random.Generator
    policy: BankPolicy
    diary: Diary
    investigators: simpy.Resource
    blocked: npt.NDArray[np.bool_]  # (n,) card of each customer
    reissued_at: npt.NDArray[np.float64]  # (n,) when the present card came [s]
    online_blocked: npt.NDArray[np.bool_]  # (n,) online banking of each customer
    restored_at: npt.NDArray[np.float64]  # (n,) when it was last opened again, with new keys [s]
    gone: set[int] = field(default_factory=set)  # customers who no longer hold their card
    _known: set[int] = field(default_factory=set)  # events someone looks into

    def screen(self, customer: int, event: Event, suspicion: float) -> int:
        """What monitoring says of a payment by an impostor: a Decline, or UNDECIDED if it passes.

        `suspicion` multiplies `monitoring_share`.
        """
        if self.blocked[customer]:
            return int(Decline.RESTRICTED_CARD)
        if self.rng.random() < self.policy.monitoring_share * suspicion:
            self.alert(customer, event)
            return int(Decline.SUSPECTED_FRAUD)
        return UNDECIDED

    def is_current(self, customer: int, stolen_at: float) -> bool:
        """Whether the customer's card is still the one stolen at an instant [s]."""
        return bool(self.reissued_at[customer] <= stolen_at)

    def can_lose_card(self, customer: int) -> bool:
        """Whether the customer holds a card, and one that is good for something."""
        return not self.blocked[customer] and customer not in self.gone

    def lets_in(self, customer: int, stolen_at: float) -> bool:
        """Whether online banking opens to who got its keys at an instant [s]."""
        return bool(not self.online_blocked[customer] and self.restored_at[customer] <= stolen_at)

    def alert(self, customer: int, event: Event) -> None:
        """Have an investigator look at an event, once."""
        if event.index not in self._known:
            self._known.add(event.index)
            self.env.process(self._investigate(customer, event))

    def await_report(
        self,
        customer: int,
        event: Event,
        median_time: float,
        *,
        unreported_share: float,
    ) -> None:
        """Let the customer notice after a log-normal time [s], or never.

        The delay's deviation is 1.1 of its logarithm, so that one in twenty waits for six times
        the median; an assumption, within the reported 30 to 120 days for chargebacks.
        """
        if self.rng.random() >= unreported_share:
            delay = median_time * self.rng.lognormal(0.0, 1.1)
            self.env.process(self._report(customer, event, delay))

    def block(self, customer: int) -> None:
        """Block the customer's card and send a new one."""
        if not self.blocked[customer]:
            self.blocked[customer] = True
            self.diary.flow(BLOCK, self.env.now, customer)
            self.env.process(self._reissue(customer))

    def lose_card(self, customer: int) -> None:
        """The customer no longer holds the card."""
        self.gone.add(customer)
        self.diary.flow(CARD_GONE, self.env.now, customer)

    def _investigate(self, customer: int, event: Event) -> Generator[simpy.Event, Any, None]:
        with self.investigators.request() as turn:
            yield turn
            yield self.env.timeout(self.rng.exponential(self.policy.review_time * MINUTE))
        if _is_known(event) or not event.is_recorded:  # by a report, meanwhile
            return
        confirmed = bool(self.rng.random() < self.policy.alert_recall)
        self._conclude(event, "bank_alert", label=confirmed)
        if confirmed:
            self._stop(customer, event)
            self._refund(customer, event)
        else:
            self._known.discard(event.index)

    def _report(
        self, customer: int, event: Event, delay: float
    ) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(delay)
        self._stop(customer, event)
        if _is_known(event):
            return
        self._known.add(event.index)
        yield self.env.timeout(self.policy.dispute_time * DAY * self.rng.lognormal(0.0, 0.8))
        with self.investigators.request() as turn:
            yield turn
            yield self.env.timeout(self.rng.exponential(self.policy.review_time * MINUTE))
        if _is_known(event) or not event.is_recorded:  # by an alert, meanwhile
            return
        upheld = bool(self.rng.random() >= self.policy.wrongly_rejected_share)
        self._conclude(event, "customer_report", label=upheld)
        if upheld:
            self._refund(customer, event)

    def mistake(self, customer: int, event: Event) -> Generator[simpy.Event, Any, None]:
        """The SimPy process of a genuine payment that its maker reports as fraud."""
        delay = 8.0 * DAY * self.rng.lognormal(0.0, 0.9)
        yield self.env.timeout(event.onset_at)
        if self.blocked[customer]:  # then the payment was declined
            return
        yield self.env.timeout(delay)
        yield self.env.timeout(self.policy.dispute_time * DAY * self.rng.lognormal(0.0, 0.8))
        believed = bool(self.rng.random() < self.policy.mistakenly_believed_share)
        self._conclude(event, "customer_report", label=believed)
        if believed:
            self.block(customer)
            self._refund(customer, event)

    def _stop(self, customer: int, event: Event) -> None:
        if event.kind == "account_takeover":
            self.online_blocked[customer] = True
            self.env.process(self._restore_access(customer))
        elif self.is_current(customer, event.stolen_at):
            self.block(customer)

    def _refund(self, customer: int, event: Event) -> None:
        """Give back the payments of the event so far, within a day or so."""
        delay = MEDIAN_REFUND_TIME * self.rng.lognormal(0.0, 0.8)
        self.diary.flow(REFUND, self.env.now + delay, customer, event=event)

    def _conclude(self, event: Event, reason: str, *, label: bool) -> None:
        event.observed_at = self.env.now
        event.observed_label = label
        event.observed_reason = reason

    def _restore_access(self, customer: int) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(self.rng.exponential(2 * DAY))
        self.online_blocked[customer] = False
        self.restored_at[customer] = self.env.now

    def _reissue(self, customer: int) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(self.rng.gamma(4.0, self.policy.reissue_time * DAY / 4.0))
        self.blocked[customer] = False
        self.gone.discard(customer)
        self.reissued_at[customer] = self.env.now
        self.diary.flow(REISSUE, self.env.now, customer)


def _is_known(event: Event) -> bool:
    """Whether the bank has found fraud there."""
    return bool(event.observed_label)
