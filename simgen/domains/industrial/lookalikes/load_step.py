"""A load step: the process asks for more, and level and temperature rise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.core import parameter
from simgen.domains.industrial.lookalikes.base import LookAlike


@dataclass(frozen=True, kw_only=True)
class LoadStep(LookAlike):
    """A spell of work under a load well above the usual."""

    kind: ClassVar[str] = "load_step"
    resembles: ClassVar[str] = "outer_race_spall"

    share: float = parameter(
        0.05, doc="Share of the spells of work. Assumption.", minimum=0.0, maximum=1.0
    )
    factors: tuple[float, float] = parameter(
        (1.4, 2.0),
        doc="Lowest and highest load over the usual.",
        minimum=1.0,
        maximum=5.0,
        is_range=True,
    )
