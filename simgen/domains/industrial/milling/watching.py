"""Watching mills: what is judged when a shift begins, and the inspections that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from simgen.core import Parameters, parameter
from simgen.domains.industrial.site.watching import AlarmRule, judge
from simgen.domains.industrial.telegrams import Telegrams

if TYPE_CHECKING:
    from simgen.domains.industrial.milling.cell import Cell, Mill

QUANTITIES: Mapping[str, str] = MappingProxyType({"idle_vibration": "mm/s", "chatter_ratio": "1"})
BEARING_SHAKE, IDLE_SHAKE = 2.0, 0.6  # of a worn and of a sound spindle [mm/s]; assumptions
_NOISE = 0.05  # of the idle run's vibration, relative; assumption
_FEW = 0.02  # share of cuts that is added, so that a quiet baseline is not nothing; assumption


@dataclass(frozen=True, kw_only=True)
class CellWatching(Parameters):
    """What is measured, and when it alarms. Defaults are assumptions."""

    telegrams: Telegrams = parameter(Telegrams, doc="How records of cuts travel.")
    waveform_share: float = parameter(
        0.005, doc="Share of the cuts whose forces are kept.", minimum=0.0, maximum=1.0
    )
    detectable_deviations: float = parameter(
        2.5,
        doc="A cut shows a defect that moves one of its measures by so many deviations of noise "
        "from those of a tool that is half worn, in a sound mill.",
        unit="1",
        above=0.0,
        maximum=1e3,
    )
    idle_vibration: AlarmRule = parameter(
        AlarmRule(alarm_factor=1.5, baseline_windows=6, persistence=2),
        doc="On the vibration of the idle run that begins a shift.",
    )
    chatter_ratio: AlarmRule = parameter(
        AlarmRule(alarm_factor=3.0, baseline_windows=6, persistence=2),
        doc="On the share of a shift's cuts that chattered.",
    )


def judge_mill(cell: Cell, mill: Mill) -> None:
    """A shift begins: listen to the idle spindle, and look at the cuts of the last shift."""
    n, n_chattered = mill.judged
    mill.judged = (0, 0)
    if not mill.available or not n:
        return
    worn = mill.severities()[0]
    shake = np.hypot(IDLE_SHAKE * mill.made.shake, BEARING_SHAKE * worn)
    noise = 1.0 + _NOISE * float(mill.rng.standard_normal())
    judge(cell, mill, "idle_vibration", float(shake) * noise)
    judge(cell, mill, "chatter_ratio", n_chattered / n + _FEW)
