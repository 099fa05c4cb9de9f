"""What a domain offers that can look for rare cases of a scenario without simulating it whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import pyarrow as pa

from simgen.core.parameters import Parameters, parameter
from simgen.core.scenario import Scenario
from simgen.core.streams import Streams

SEARCH_DIGITS = 12  # of a file of cases' SHA-256 that name it: 48 bits


@dataclass(frozen=True, kw_only=True)
class SearchPlan(Parameters):
    """What is looked for, and how."""

    outcome: str = parameter("", doc="What counts as critical; empty: the domain's first kind.")
    method: str = parameter(
        "cross_entropy",
        doc="Draw where critical cases are (importance sampling), or as nature does.",
        choices=("cross_entropy", "plain"),
    )
    n_simulations: int = parameter(
        200_000,
        doc="Cases to simulate for the estimate; to learn where to draw takes up to nine rounds "
        "of a twentieth more, or of 4,000.",
        minimum=1_000,
        maximum=10_000_000,
    )
    n_cases: int = parameter(200, doc="Cases to write.", minimum=1, maximum=1_000_000)
    critical_share: float = parameter(
        0.5, doc="Of the cases written; the others are as nature has them, and not critical.",
        above=0.0, maximum=1.0,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """How often something happens in nature, with a 95 % interval."""

    name: str
    doc: str
    value: float
    low: float
    high: float
    n_simulations: int
    n_found: int
    n_alike: float  # simulations of plain Monte Carlo that would tell as much; NaN: none found


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search came to."""

    estimates: tuple[Estimate, ...]
    cases: pa.Table  # one row a case, as the scenario's parameter `cases` reads them
    note: str  # what the search leaves out, for people


class Search(Protocol):
    """A search that one scenario class has."""

    # What can be looked for, and what each means.
    outcomes: ClassVar[Mapping[str, str]]

    def __call__(self, scenario: Scenario[Any], plan: SearchPlan, streams: Streams) -> Found:
        """Look for cases.

        Raises:
            RequestError: the scenario can't be searched, or nothing critical was found.
        """
