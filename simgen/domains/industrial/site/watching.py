"""Alarms of a site's machines, which call its crew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simgen.core import Parameters, parameter
from simgen.domains.industrial.site.orders import ask_for_inspection
from simgen.domains.industrial.site.site import SiteAlarm

if TYPE_CHECKING:
    from simgen.domains.industrial.site.site import Machine, Site


@dataclass(frozen=True, kw_only=True)
class AlarmRule(Parameters):
    """When one quantity raises an alarm. Defaults are assumptions."""

    alarm_factor: float = parameter(
        1.8, doc="Alarm at so many times the usual.", above=1.0, maximum=1_000.0
    )
    baseline_windows: int = parameter(
        48,
        doc="Readings (once an hour, windows, shifts) after work that tell the usual.",
        minimum=1,
        maximum=10_000,
    )
    persistence: int = parameter(
        3, doc="Readings in a row that make an alarm.", minimum=1, maximum=100
    )


def judge(site: Site, machine: Machine, quantity: str, level: float) -> None:
    """Write down whether an alarm of a machine comes or goes now, and call the crew if it stands.

    Args:
        site: of the machine.
        machine: one with `watches`.
        quantity: which of them.
        level: of the quantity, in its unit.
    """
    alarm = machine.watches[quantity]
    threshold, change = alarm.threshold, alarm.judge(level)
    if change is not None:
        one = SiteAlarm(site.env.now, machine.index, quantity, level, threshold, change)
        site.alarms.append(one)
    # Asked for again if somebody came for something else meanwhile.
    if alarm.raised and site.about.upkeep.inspections:
        ask_for_inspection(site, machine)
