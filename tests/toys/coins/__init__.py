"""A domain as a third party would write it: the card, a scenario class, and scenario files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from toys.coin import Coin, Crashing, Failing, Interrupting

from simgen.core import Domain, Parameters, RequestError, parameter


@dataclass(frozen=True, kw_only=True)
class Wear(Parameters):
    """How coins wear."""

    rate: float = parameter(
        0.1, unit="1/year", doc="How fast the rim wears off.", minimum=0.0, maximum=1.0
    )
    years: tuple[int, int] = parameter((1, 3), unit="year", doc="Age, from and to.", minimum=0)
    tilt: float | None = parameter(None, unit="rad", doc="How far the table leans; null: not.")
    metal: str = parameter("gold", doc="What they are made of.", choices=("gold", "tin"))


@dataclass(frozen=True, kw_only=True)
class Purse(Coin):
    """Coins of one purse, worn by use."""

    small: ClassVar[Mapping[str, Any]] = {"n_blocks": 2, "n_flips": 20}

    wear: Wear = parameter(Wear, doc="How the coins wear.")

    def check(self) -> None:
        """Refuse years that run backward."""
        first, last = self.wear.years
        if first > last:
            raise RequestError(f"wear.years = {[first, last]} runs backward: give the lower first")


DOMAIN = Domain(
    name="coins",
    title="Coins",
    doc="Coins that are flipped.",
    package="toys.coins",
    schemas={
        "purse": Purse,
        "crashing": Crashing,
        "failing": Failing,
        "interrupting": Interrupting,
    },
)
