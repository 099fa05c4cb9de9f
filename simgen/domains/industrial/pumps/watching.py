"""Watching a pump station: its telemetry, and alarms that call the crew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from simgen.core import Parameters, parameter
from simgen.domains.industrial.kernels.alarms import QUANTITIES, RULE
from simgen.domains.industrial.site.orders import ask_for_inspection
from simgen.domains.industrial.site.site import SiteAlarm
from simgen.domains.industrial.site.watching import AlarmRule
from simgen.domains.industrial.telegrams import Telegrams

if TYPE_CHECKING:
    from simgen.domains.industrial.pumps.station import Station


@dataclass(frozen=True, kw_only=True)
class Watching(Parameters):
    """What is measured, and when it alarms. Defaults are assumptions."""

    telemetry_interval: float = parameter(
        600.0, doc="Time between two rows of telemetry.", unit="s", minimum=1.0, maximum=86_400.0
    )
    telegrams: Telegrams = parameter(Telegrams, doc="How telemetry travels.")
    settling_time: float = parameter(
        1.5, doc="Time after a start before a pump is judged.", unit="h", minimum=0.0, maximum=48.0
    )
    horizon: float = parameter(
        14.0 * 24.0,
        doc="Time in use within which a failure counts as near.",
        unit="h",
        above=0.0,
        maximum=1e6,
    )
    vibration: AlarmRule = parameter(AlarmRule(), doc="On the bearing's velocity.")
    warmth: AlarmRule = parameter(
        AlarmRule(alarm_factor=1.45), doc="On the bearing's rise over the hall."
    )
    deficit: AlarmRule = parameter(
        AlarmRule(alarm_factor=1.06), doc="On the new pump's head at this flow over the measured."
    )

    def rules(self) -> npt.NDArray[np.void]:
        """When each of `QUANTITIES` raises an alarm, of dtype RULE `(3,)`."""
        rules = np.zeros(len(QUANTITIES), RULE)
        for row, quantity in zip(rules, QUANTITIES, strict=True):
            rule: AlarmRule = getattr(self, quantity)
            row["alarm_factor"] = rule.alarm_factor
            row["baseline_windows"], row["persistence"] = rule.baseline_windows, rule.persistence
        return rules


def raise_alarms(station: Station) -> None:
    """Write down which alarms came and went now, and call the crew where one stands."""
    for pump in station.pumps:
        for quantity, alarm in zip(QUANTITIES, pump.alarms, strict=True):
            if alarm["change"]:
                level, threshold = float(alarm["level"]), float(alarm["compared"])
                come = bool(alarm["raised"])
                station.alarms.append(
                    SiteAlarm(station.env.now, pump.index, quantity, level, threshold, come)
                )
            # Asked for again if somebody came for something else meanwhile.
            if alarm["asks"] and station.about.upkeep.inspections:
                ask_for_inspection(station, pump)
