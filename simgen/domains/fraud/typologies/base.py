"""What a fraud typology is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import simpy

from simgen.core import Parameters, parameter

if TYPE_CHECKING:
    from simgen.domains.fraud.criminals import Crimes
    from simgen.domains.fraud.underworld import Campaign


def cases_per_month(
    default: float, doc: str, *, plausible: tuple[float, float] | None = None
) -> Any:
    """The parameter every typology has; see `parameter` for `plausible`."""
    return parameter(
        default,
        doc=doc,
        unit="1/(1000 customers and month)",
        minimum=0.0,
        maximum=1_000.0,
        plausible=plausible,
        scale="log",
    )


def never_reported(default: float) -> Any:
    """The parameter that says how often a customer's report does not come."""
    return parameter(
        default,
        doc="Share of cases that the customer never notices or never reports. Assumption.",
        minimum=0.0,
        maximum=1.0,
    )


@dataclass(frozen=True, kw_only=True)
class Typology(Parameters, ABC):
    """A way to defraud the bank's customers; one SimPy process per case."""

    kind: ClassVar[str]
    in_campaigns: ClassVar[bool] = False  # begins only while a ring's campaign runs
    keeps_hours: ClassVar[bool] = False  # begins where customers are, and so when they are there

    rate: float = cases_per_month(0.0, "Cases that begin.")
    unreported_share: float = never_reported(0.0)

    @property
    def cases_rate(self) -> float:
        """Cases that begin, per 1000 customers and month."""
        return self.rate

    @property
    @abstractmethod
    def typical_payments(self) -> float:
        """Fraudulent payments asked for in one case, roughly: only plans, never reported."""

    @abstractmethod
    def commit(
        self, crimes: Crimes, campaign: Campaign | None
    ) -> Generator[simpy.Event, Any, None]:
        """The SimPy process of one case, from now on."""
