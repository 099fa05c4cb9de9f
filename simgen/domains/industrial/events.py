"""Events as they happen: what begins, ends, and is found."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(kw_only=True)
class Event:
    """Something that happens to a machine, rare or look-alike."""

    event_id: int
    machine: int  # within the block
    kind: str
    onset_at: float  # [s]
    lookalike_of: str = ""
    sensor: str = ""  # the sensor at fault, if one is
    fault: str = ""  # and how
    size: float = 0.0  # of a sensor's fault, in its own measure
    offset: float = 0.0  # of a wrong unit: what is read where 0 is right
    caused_by: int = 0
    ended_at: float = math.nan  # [s], NaN while it goes on
    severity: float = 0.0  # [mm]
    detectable_at: float | None = None  # [s]
    observed_at: float | None = None  # [s]
    observed_label: bool | None = None
    observed_reason: str = ""

    @property
    def active(self) -> bool:
        """Whether it has not ended."""
        return math.isnan(self.ended_at)

    def observe(self, at: float, reason: str, *, label: bool) -> None:
        """What operators take it for from an instant on [s]; only finding it changes their view."""
        if self.observed_at is None or (label and not self.observed_label):
            self.observed_at, self.observed_label, self.observed_reason = at, label, reason
