"""The bounds of a parameter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The values a parameter may take; None where a side is open."""

    minimum: float | None = None  # value >= minimum
    maximum: float | None = None  # value <= maximum
    above: float | None = None  # value > above
    below: float | None = None  # value < below
    choices: tuple[str, ...] = ()

    def __str__(self) -> str:
        sides = (">=", self.minimum), (">", self.above), ("<=", self.maximum), ("<", self.below)
        text = [f"{sign} {_number(bound)}" for sign, bound in sides if bound is not None]
        return " and ".join(text) or " | ".join(self.choices)

    def admit(self, value: Any) -> bool:
        """Whether `value` lies within."""
        if self.choices:
            return value in self.choices
        return bool(
            (self.minimum is None or value >= self.minimum)
            and (self.maximum is None or value <= self.maximum)
            and (self.above is None or value > self.above)
            and (self.below is None or value < self.below)
            and value == value  # noqa: PLR0124 - NaN is outside of everything
        )


def _number(bound: float) -> str:
    return f"{bound:,.0f}" if abs(bound) >= 10_000 else f"{bound:g}"
