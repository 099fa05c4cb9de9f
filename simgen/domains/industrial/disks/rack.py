"""A rack: disks of one model that work side by side, and what befalls them (SimPy)."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
import simpy

from simgen.core import DAY, HOUR
from simgen.des import MonitoredResource
from simgen.domains.industrial.disks.care import FAILURE, RETIREMENT, SUSPICION
from simgen.domains.industrial.disks.disk import Disk, draw_disk
from simgen.domains.industrial.disks.lives import ELECTRONICS, MECHANICS, MEDIA, YEAR
from simgen.domains.industrial.disks.lookalikes import CABLE_ERROR, HOT_RACK, LIKENESS, SECTOR_BURST
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.site.store import Store

if TYPE_CHECKING:
    from simgen.domains.industrial.disk_fleet import DiskFleet
    from simgen.domains.industrial.disks.catalogue import DiskModel

Laws = tuple[tuple[float, float], ...]


@dataclass(kw_only=True)
class Swap:
    """A disk to be replaced."""

    order_id: int
    disk_id: int
    reason: str
    opened_at: float  # [s]
    spare_at: float | None = None  # [s]
    started_at: float | None = None  # [s]
    finished_at: float | None = None  # [s]


@dataclass(kw_only=True)
class Rack:
    """The block as it is simulated."""

    NUMBERS: ClassVar[int] = 1_000_000  # free for a rack's disks, orders and events

    about: DiskFleet
    env: simpy.Environment
    rack_id: int
    model: DiskModel
    commissioned_at: float  # [s]
    temperature: float  # of its disks, mean over the year [degree Celsius]
    laws: Laws
    sector_key: npt.NDArray[np.uint32]
    wear_key: npt.NDArray[np.uint32]
    care_key: npt.NDArray[np.uint32]
    rng: np.random.Generator
    store: Store
    crew: MonitoredResource
    disks: list[Disk] = field(default_factory=list)
    swaps: list[Swap] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    hot_spells: list[tuple[float, float]] = field(default_factory=list)  # [s]
    n_numbers: int = 0

    @property
    def n_disks(self) -> int:
        """Disks so far."""
        return len(self.disks)

    @property
    def retires_at(self) -> float:
        """When it is emptied [s]."""
        return self.commissioned_at + self.about.care.retirement_age * YEAR

    @property
    def horizon(self) -> float:
        """The end of the simulation [s]."""
        return self.about.n_days * DAY

    def number(self) -> int:
        """The next id of anything that belongs to the rack."""
        self.n_numbers += 1
        return self.rack_id * self.NUMBERS + self.n_numbers


def occupy(rack: Rack, slot: int, rng: np.random.Generator) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of a slot: one disk after the other, until the rack is emptied."""
    born_at = rack.commissioned_at
    if born_at > 0.0:
        yield rack.env.timeout(born_at)
    while rack.env.now < rack.retires_at:
        disk = draw_disk(rack, rack.number(), slot, born_at, rng)
        rack.disks.append(disk)
        _foresee(rack, disk)
        ends = {
            FAILURE: disk.fails_at,
            SUSPICION: disk.born_at + disk.suspected_age,
            RETIREMENT: rack.retires_at,
        }
        removal = min(ends, key=lambda reason: ends[reason])
        if ends[removal] >= rack.horizon:
            return
        yield rack.env.timeout(max(0.0, ends[removal] - rack.env.now))
        _take_out(rack, disk, removal)
        if removal == RETIREMENT:
            return
        yield from _replace(rack, disk, removal, rng)
        born_at = rack.env.now


def _foresee(rack: Rack, disk: Disk) -> None:
    """Write down what will befall the disk, if it stays in so long."""
    traits = disk.traits
    spans = {
        MEDIA: disk.life.onsets[0],
        MECHANICS: disk.life.onsets[1],
        SECTOR_BURST: float(traits["burst_from"]) * DAY,
        CABLE_ERROR: float(traits["cable_from"]) * DAY,
    }
    if disk.life.mode == ELECTRONICS:
        spans[ELECTRONICS] = disk.life.ends_at
    for kind, onset in spans.items():
        onset_at = disk.born_at + onset
        if onset_at < rack.horizon and onset <= disk.life.ends_at:
            disk.events[kind] = Event(
                event_id=0,
                machine=disk.index,
                kind=kind,
                onset_at=onset_at,
                lookalike_of=LIKENESS.get(kind, ""),
            )


def _take_out(rack: Rack, disk: Disk, removal: str) -> None:
    disk.removed_at, disk.removal = rack.env.now, removal
    if removal == SUSPICION:
        for event in disk.events.values():
            # What is taken out for its sectors is held for failing, right or wrong.
            if event.kind in (MEDIA, MECHANICS, SECTOR_BURST) and event.onset_at <= rack.env.now:
                event.observe(rack.env.now, SUSPICION, label=True)


def _replace(
    rack: Rack, disk: Disk, removal: str, rng: np.random.Generator
) -> Generator[simpy.Event, Any, None]:
    """Wait for a spare, then for a technician's round, and put the spare in."""
    env, care = rack.env, rack.about.care
    swap = Swap(order_id=rack.number(), disk_id=disk.disk_id, reason=removal, opened_at=env.now)
    rack.swaps.append(swap)
    yield from rack.store.take(disk.model.name)
    swap.spare_at = env.now
    interval = care.round_interval * DAY
    yield env.timeout(interval - env.now % interval)
    with rack.crew.request(priority=0) as turn:
        yield turn
        swap.started_at = env.now
        yield env.timeout(rng.exponential(care.mean_swap_time * HOUR))
        swap.finished_at = env.now
    if removal == FAILURE and disk.life.mode in disk.events:
        disk.events[disk.life.mode].observe(env.now, FAILURE, label=True)


def run_hot(rack: Rack) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of a rack's fans and filters."""
    about = rack.about.lookalikes.hot_rack
    while about.rate > 0.0:
        yield rack.env.timeout(rack.rng.exponential(YEAR / about.rate))
        time = rack.rng.exponential(about.mean_time * DAY)
        rack.hot_spells.append((rack.env.now, rack.env.now + time))
        yield rack.env.timeout(time)


def close(rack: Rack) -> None:
    """The horizon is reached: number what happened, and end what still goes on."""
    for disk in rack.disks:
        last = rack.horizon if disk.removed_at is None else disk.removed_at
        for start, stop in rack.hot_spells:
            if start < last and stop > disk.installed_at:
                disk.events[f"{HOT_RACK} {start}"] = Event(
                    event_id=0,
                    machine=disk.index,
                    kind=HOT_RACK,
                    onset_at=max(start, disk.installed_at),
                    lookalike_of=LIKENESS[HOT_RACK],
                    ended_at=stop,
                )
        rack.events += _lived(rack, disk, last)


def _lived(rack: Rack, disk: Disk, last: float) -> list[Event]:
    """The disk's events that began before it left, with their ends."""
    traits, lived = disk.traits, []
    ends = {
        SECTOR_BURST: disk.born_at + float(traits["burst_to"]) * DAY,
        CABLE_ERROR: disk.born_at + float(traits["cable_to"]) * DAY,
    }
    for event in disk.events.values():
        end = event.ended_at if event.kind == HOT_RACK else ends.get(event.kind, last)
        if event.onset_at > last or end < disk.installed_at:
            continue
        event.event_id = rack.number()
        event.ended_at = max(event.onset_at, min(end, last))
        if not event.lookalike_of:
            event.severity = disk.severity(event.kind, last)
        lived.append(event)
    return lived
