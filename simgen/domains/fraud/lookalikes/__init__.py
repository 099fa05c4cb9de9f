"""Legitimate events that resemble fraud, one kind per file."""

from __future__ import annotations

from dataclasses import dataclass, fields

from simgen.core import Parameters, parameter
from simgen.domains.fraud.lookalikes.base import LookAlike as LookAlike
from simgen.domains.fraud.lookalikes.holiday_travel import HolidayTravel
from simgen.domains.fraud.lookalikes.large_purchase import LargePurchase
from simgen.domains.fraud.lookalikes.new_payee import NewPayee
from simgen.domains.fraud.lookalikes.new_phone import NewPhone
from simgen.domains.fraud.lookalikes.subscription_burst import SubscriptionBurst


@dataclass(frozen=True, kw_only=True)
class LookAlikes(Parameters):
    """The look-alikes of a scenario; a rate of 0 turns one off."""

    holiday_travel: HolidayTravel = parameter(HolidayTravel)
    new_phone: NewPhone = parameter(NewPhone)
    large_purchase: LargePurchase = parameter(LargePurchase)
    subscription_burst: SubscriptionBurst = parameter(SubscriptionBurst)
    new_payee: NewPayee = parameter(NewPayee)

    def all(self) -> tuple[LookAlike, ...]:
        """Every look-alike, in order."""
        return tuple(getattr(self, field.name) for field in fields(self))
