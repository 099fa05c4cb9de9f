"""A new phone: a device never seen before logs in and is enrolled, as if the account were taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from simgen.core import MINUTE, parameter
from simgen.domains.fraud.kernels.routine import LOG_LOGIN_RETRY, LOGIN_RETRY_SPREAD
from simgen.domains.fraud.lookalikes.base import LookAlike, events_per_year, session_place
from simgen.domains.fraud.schema import Action

if TYPE_CHECKING:
    from simgen.domains.fraud.customers import Lives


@dataclass(frozen=True, kw_only=True)
class NewPhone(LookAlike):
    """The customer changes phones: failed logins, at times a new password, then enrolment."""

    kind: ClassVar[str] = "new_phone"
    resembles: ClassVar[str] = "account_takeover"

    rate: float = events_per_year(
        0.35,
        "Changes per customer who has not changed yet; each changes once at most. Assumption.",
    )
    password_reset_share: float = parameter(
        0.3, doc="Share that forgot the password.", minimum=0.0, maximum=1.0
    )
    contact_change_share: float = parameter(
        0.08, doc="Share that changes number or address too.", minimum=0.0, maximum=1.0
    )

    def happen(self, lives: Lives, customer: int) -> float:
        """Log in on the new device and enrol it; later logins and purchases use it."""
        if lives.phone_changed_at[customer] <= lives.now:
            return 0.0
        rng, diary, now = lives.rng, lives.diary, lives.now
        event = diary.event(self.kind, customer, now, lookalike_of=self.resembles)
        device = int(lives.devices[customer, 1])
        lives.phone_changed_at[customer] = now
        place = session_place(rng)
        steps = [(Action.LOGIN, False)] * int(rng.geometric(0.5) - 1)
        if rng.random() < self.password_reset_share:
            steps.append((Action.PASSWORD_RESET, True))
        steps += [(Action.LOGIN, True), (Action.ENROL_DEVICE, True)]
        if rng.random() < self.contact_change_share:
            steps.append((Action.CHANGE_CONTACT, True))
        for action, successful in steps:
            diary.session(action, now, customer, device, event, place=place, successful=successful)
            # Who failed tries again as anybody does.
            now += (
                rng.exponential(2 * MINUTE)
                if successful
                else rng.lognormal(LOG_LOGIN_RETRY, LOGIN_RETRY_SPREAD)
            )
        return now - lives.now
