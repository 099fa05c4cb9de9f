"""What a look-alike of a bearing defect is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from simgen.core import DAY, Parameters, parameter

YEAR = 365.0 * DAY  # [s]


def events_per_year(default: float) -> Any:
    """The parameter of every look-alike that comes at random. All defaults are assumptions."""
    return parameter(
        default,
        doc="How often one befalls a machine while none goes on: of long ones, fewer come. "
        "Assumption.",
        unit="1/year",
        minimum=0.0,
        maximum=1_000.0,
    )


@dataclass(frozen=True, kw_only=True)
class LookAlike(Parameters):
    """Something that happens to a sound bearing's machine and resembles a defect."""

    kind: ClassVar[str]
    resembles: ClassVar[str]  # a kind of defect
