"""One disk: drawn once, with all that it will count until it would fail."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from simgen.core import DAY
from simgen.domains.industrial.disks.kernels import (
    COUNTS,
    TRAITS,
    fill_history,
    fill_wear,
    first_suspicion,
    progress,
)
from simgen.domains.industrial.disks.lives import ELECTRONICS, MODES, YEAR, Life

if TYPE_CHECKING:
    from simgen.domains.industrial.disks.catalogue import DiskModel
    from simgen.domains.industrial.disks.rack import Rack
    from simgen.domains.industrial.events import Event

# Per disk, when sound; medians and deviations of logarithms. Assumptions.
_HIGH_FLY, _HIGH_FLY_SPREAD = 0.4 / 365.25, 1.8  # [1/day]
_TIMEOUT, _TIMEOUT_SPREAD = 0.008 / 365.25, 1.8  # [1/day]
_CYCLES = 4.0 / 365.25  # of power [1/day]: a rack is seldom switched off
_VIGOUR_SPREAD = 1.2
_WARMTH_SPREAD = 2.0  # of places in a rack [K]
_DAYS_OF_MARGIN = 2  # rows beyond the last day that anybody can look at
_NEVER = 1e9  # [day]
_ATTEMPTS = 100  # to draw a disk that is still there; the last one is taken as it is
_OTHER_DISK = 1 << 48  # between the entities of two attempts


@dataclass(kw_only=True)
class Disk:
    """A disk in its slot. Times of the fleet are in s since its start; ages in s."""

    disk_id: int
    index: int  # within the block
    slot: int
    model: DiskModel
    born_at: float  # when it was switched on first; below 0 if before the fleet's start
    installed_at: float  # when it came under observation
    life: Life
    traits: Any  # of dtype TRAITS
    history: Any  # of dtype COUNTS, by day of age
    suspected_age: float  # [s]; infinite if nobody would take it out for what it counts
    warmth: float  # of its place in the rack [K]
    events: dict[str, Event] = field(default_factory=dict)
    removed_at: float | None = None
    removal: str = ""

    def severity(self, kind: str, at: float) -> float:
        """How far a mode has come at an instant [s]: 0 at its onset, 1 at its failure."""
        if kind == ELECTRONICS:
            return 1.0
        place = MODES.index(kind)
        day = (at - self.born_at) / DAY
        onset, limit = self.life.onsets[place] / DAY, self.life.limits[place] / DAY
        return float(progress(day, onset, limit))

    @property
    def fails_at(self) -> float:
        """When it would fail, if it were left in."""
        return self.born_at + self.life.ends_at


def draw_disk(
    rack: Rack,
    disk_id: int,
    slot: int,
    born_at: float,
    rng: np.random.Generator,
) -> Disk:
    """A disk that was switched on at `born_at` and, if that is past, has come through until 0.

    One that would have been taken out before for what it counted is drawn again.
    """
    age = max(0.0, -born_at)
    warmth = rng.normal(0.0, _WARMTH_SPREAD)
    speed = rack.about.lives.acceleration(rack.temperature + warmth)
    for attempt in range(_ATTEMPTS):
        number = disk_id + attempt * _OTHER_DISK
        life = rack.about.lives.draw(rack.laws, speed, age, rng)
        traits = _traits(rack, life, rng)
        last = min(life.ends_at, rack.horizon - born_at)
        history = np.zeros(int(last / DAY) + _DAYS_OF_MARGIN, COUNTS)
        fill_history(rack.sector_key, number, traits, history)
        suspected_age = _suspected_age(rack, number, history)
        if suspected_age >= age:
            break
    fill_wear(rack.wear_key, disk_id, traits, history)
    return Disk(
        disk_id=disk_id,
        index=rack.n_disks,
        slot=slot,
        model=rack.model,
        born_at=born_at,
        installed_at=max(0.0, born_at),
        life=life,
        traits=traits,
        history=history,
        suspected_age=suspected_age,
        warmth=warmth,
    )


def _suspected_age(rack: Rack, number: int, history: Any) -> float:
    """When somebody would take the disk out for what it counts [s]; infinite if nobody."""
    care = rack.about.care
    day = first_suspicion(rack.care_key, number, care.suspicion_rate, care.suspicion_count, history)
    return math.inf if day < 0 else day * DAY


def _traits(rack: Rack, life: Life, rng: np.random.Generator) -> Any:
    model, looks = rack.model, rack.about.lookalikes
    normal = rng.standard_normal(3)
    traits = np.zeros(1, TRAITS)[0]
    traits["sectors"], traits["direct"] = model.sectors, model.direct
    traits["remap"], traits["reads"] = model.remap, model.reads
    traits["vigour"] = math.exp(_VIGOUR_SPREAD * normal[0])
    traits["high_fly_rate"] = min(1.0, _HIGH_FLY * math.exp(_HIGH_FLY_SPREAD * normal[1]))
    traits["timeout_rate"] = min(1.0, _TIMEOUT * math.exp(_TIMEOUT_SPREAD * normal[2]))
    traits["cycle_rate"] = _CYCLES
    for name, onset, limit in zip(("media", "mechanics"), life.onsets, life.limits, strict=True):
        traits[f"{name}_from"], traits[f"{name}_to"] = onset / DAY, limit / DAY
    burst_rate = looks.sector_burst.ratio * model.surface * model.failure_rate
    cable = looks.cable_error
    for name, rate, mean_time in (
        ("burst", burst_rate, looks.sector_burst.mean_time),
        ("cable", cable.rate, cable.mean_time),
    ):
        # One at most: the first of a Poisson process over the disk's life.
        start = rng.exponential(YEAR / DAY / rate) if rate > 0.0 else math.inf
        traits[f"{name}_from"] = min(start, _NEVER)
        traits[f"{name}_to"] = traits[f"{name}_from"] + max(1.0, rng.exponential(mean_time))
    return traits
