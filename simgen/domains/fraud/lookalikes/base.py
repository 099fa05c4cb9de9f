"""What a legitimate look-alike of fraud is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from simgen.core import Parameters, parameter
from simgen.domains.fraud.market import destinations

if TYPE_CHECKING:
    from simgen.domains.fraud.customers import Lives

_ABROAD_SHARE = 0.03  # of customers' own sessions: a roaming phone, a private network; assumption


def events_per_year(default: float, doc: str = "Events per customer. Assumption.") -> Any:
    """The parameter every look-alike has. All defaults are assumptions."""
    return parameter(
        default,
        doc=doc,
        unit="1/year",
        minimum=0.0,
        maximum=50.0,
    )


def session_place(rng: np.random.Generator) -> int:
    """Where online banking is used from: home, and at times abroad."""
    return destinations().draw(rng) if rng.random() < _ABROAD_SHARE else 0


@dataclass(frozen=True, kw_only=True)
class LookAlike(Parameters, ABC):
    """Something that happens to honest customers and resembles a fraud."""

    kind: ClassVar[str]
    resembles: ClassVar[str]  # a kind of fraud

    rate: float = events_per_year(0.0)

    @abstractmethod
    def happen(self, lives: Lives, customer: int) -> float:
        """Write down one such event, which begins now; returns how long it takes [s].

        Its steps follow at once, with times of their own: nothing else happens to a customer
        meanwhile, so there is nothing to wait for.
        """
