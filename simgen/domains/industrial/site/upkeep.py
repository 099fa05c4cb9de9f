"""Upkeep: which work is done, by whom, when, and with which spares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.core import DAY, HOUR, Parameters, RequestError, parameter
from simgen.domains.industrial.inspection import detection_spread, misnaming_share

_WORKDAYS = 5  # Monday to Friday


def _mean_time(default: float, doc: str) -> Any:
    return parameter(default, doc=doc, unit="h", minimum=0.0, maximum=10_000.0)


@dataclass(frozen=True, kw_only=True)
class Upkeep(Parameters):
    """The policy, the crew and the store. All defaults are assumptions.

    Without services, inspections and opportunities every machine runs to failure.
    """

    services: bool = parameter(True, doc="Periodic: machines are serviced after some time in use.")
    inspections: bool = parameter(True, doc="Condition-based: an alarm calls for an inspection.")
    opportunities: bool = parameter(
        True, doc="Opportunistic: who has a machine open replaces what else is worn or old."
    )
    service_interval: float = parameter(
        2_000.0,
        doc="Time in use between services; the records begin anywhere between two.",
        unit="h",
        above=0.0,
        maximum=1e6,
    )
    service_restoration: float = parameter(
        0.15,
        doc="Share of the ageing since the last service that a service undoes (Kijima I).",
        minimum=0.0,
        maximum=1.0,
    )
    repair_restoration: float = parameter(
        0.9,
        doc="Share of all ageing that a replacement undoes (Kijima II); 1 is as good as new.",
        minimum=0.0,
        maximum=1.0,
    )
    visible_severity: float = parameter(
        0.15,
        doc="Severity at which an inspection finds one defect in two; see `detection_spread`.",
        minimum=0.0,
        maximum=1.0,
    )
    detection_spread: float = detection_spread()
    misnaming_share: float = misnaming_share()
    old_age: float = parameter(
        0.85,
        doc="Age over the Weibull scale from which an opportunity is used to replace a part.",
        above=0.0,
        maximum=100.0,
    )
    n_technicians: int = parameter(1, doc="Crew of a station.", minimum=1, maximum=100)
    shift_start: float = parameter(
        7.0, doc="Hour at which the crew's shift begins.", unit="h", minimum=0.0, maximum=24.0
    )
    shift_stop: float = parameter(
        15.0, doc="Hour at which it ends.", unit="h", minimum=0.0, maximum=24.0
    )
    on_call: bool = parameter(
        False, doc="Whether failures are attended at any hour; other work waits for the shift."
    )
    n_spares: int = parameter(
        1, doc="Spares of each component that a store holds.", minimum=0, maximum=1_000
    )
    mean_lead_time: float = parameter(
        21.0,
        doc="Mean time until a spare that was ordered arrives.",
        unit="day",
        minimum=0.0,
        maximum=1_000.0,
    )
    mean_inspection_time: float = _mean_time(1.5, "Mean time of an inspection.")
    mean_service_time: float = _mean_time(2.0, "Mean time of a service.")
    mean_replacement_time: float = _mean_time(9.0, "Mean time of opening and renewing one part.")
    mean_added_time: float = _mean_time(3.0, "Mean time of renewing another part meanwhile.")

    def check(self) -> None:
        """Refuse a shift that ends before it begins."""
        if self.shift_stop <= self.shift_start:
            raise RequestError(
                f"shift_stop = {self.shift_stop:g} h is not after "
                f"shift_start = {self.shift_start:g} h: raise it"
            )

    def first_serviced_use(self, first_age: float, rng: np.random.Generator) -> float:
        """A machine's use at its last service, as records begin: anywhere in an interval ago [s].

        Args:
            first_age: the highest that its parts may have then [h].
            rng: draws it, so that the machines of a site are not all due at once.
        """
        return -rng.uniform(0.0, min(self.service_interval, first_age)) * HOUR

    def closed_time(self, now: float, first_weekday: int, *, urgent: bool) -> float:
        """How long from now on such work is not begun [s].

        Args:
            now: [s]
            first_weekday: of the simulation; 0 is Monday.
            urgent: whether the machine has failed.
        """
        if urgent and self.on_call:
            return 0.0
        day, hour = int(now // DAY), now % DAY / HOUR
        works = (day + first_weekday) % 7 < _WORKDAYS
        if works and self.shift_start <= hour < self.shift_stop:
            return 0.0
        # Past the start of today's shift it is tomorrow's that comes next, if that is a workday.
        day += 0 if works and hour < self.shift_start else 1
        while (day + first_weekday) % 7 >= _WORKDAYS:
            day += 1
        # To the microsecond beyond the start: sums of floats could fall short of it.
        return day * DAY + self.shift_start * HOUR - now + 1e-6
