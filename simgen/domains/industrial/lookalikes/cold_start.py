"""A cold start: stiff grease drags and hisses until the bearing is warm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.core import parameter
from simgen.domains.industrial.lookalikes.base import LookAlike


@dataclass(frozen=True, kw_only=True)
class ColdStart(LookAlike):
    """The first hours after a start in a cold hall."""

    kind: ClassVar[str] = "cold_start"
    resembles: ClassVar[str] = "ball_spall"

    below: float = parameter(
        13.0,
        doc="Temperature of the bearing at the start below which it counts. Assumption.",
        unit="degree Celsius",
        minimum=-60.0,
        maximum=60.0,
    )
    visible_time: float = parameter(
        2.0, doc="How long it shows. Assumption.", unit="h", above=0.0, maximum=48.0
    )
