"""Alarms that learn what is usual: a factor over the first readings, persistence, hysteresis."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple, Protocol

from simgen.domains.industrial.kernels.alarms import FALL_BACK


class Alarm(NamedTuple):
    """An alarm that came or went."""

    at: float  # [s]
    machine: int  # within the block
    level: float | None  # in the unit of what is judged; None if work on the machine ended it
    threshold: float  # same
    raised: bool


class AlarmPolicy(Protocol):
    """When an alarm is raised."""

    @property
    def alarm_factor(self) -> float:
        """Threshold over the usual level."""

    @property
    def baseline_windows(self) -> int:
        """Readings that tell the usual level."""

    @property
    def persistence(self) -> int:
        """Readings in a row above the threshold that raise it."""


@dataclass(kw_only=True)
class Watch:
    """One machine's alarm, which knows the usual level only after some readings."""

    policy: AlarmPolicy
    usual: list[float] = field(default_factory=list)  # levels of the first readings
    n_above: int = 0
    raised: bool = False
    _threshold: float = math.inf  # once there are enough of them

    def forget(self) -> float | None:
        """Learn the usual level anew; the threshold of the alarm that this ends, if one stood."""
        stood = self._threshold if self.raised else None
        self.usual, self.n_above, self.raised, self._threshold = [], 0, False, math.inf
        return stood

    @property
    def threshold(self) -> float:
        """The level that counts as too high; infinite while the usual one is unknown."""
        return self._threshold

    def judge(self, level: float) -> bool | None:
        """Whether the alarm comes (True), goes (False) or stays as it is (None)."""
        threshold = self.threshold
        if threshold == math.inf:
            self.usual.append(level)
            if len(self.usual) >= self.policy.baseline_windows:
                self._threshold = self.policy.alarm_factor * median(self.usual)
            return None
        self.n_above = self.n_above + 1 if level > threshold else 0
        if not self.raised and self.n_above >= self.policy.persistence:
            self.raised = True
            return True
        if self.raised and level < FALL_BACK * threshold:
            self.raised = False
            return False
        return None
