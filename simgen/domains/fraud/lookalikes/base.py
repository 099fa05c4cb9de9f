"""What a legitimate look-alike of fraud is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from simgen.core import Parameters, parameter

if TYPE_CHECKING:
    from simgen.domains.fraud.customers import Lives


def events_per_year(default: float) -> Any:
    """The parameter every look-alike has. All defaults are assumptions."""
    return parameter(
        default,
        doc="Events per customer. Assumption.",
        unit="1/year",
        minimum=0.0,
        maximum=50.0,
    )


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
