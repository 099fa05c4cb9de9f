"""The fleet of disks: parameters, and the order in which a block is simulated."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import simpy

from simgen.core import (
    DAY,
    Batch,
    Block,
    CausalOrder,
    Invariant,
    Scenario,
    Streams,
    Table,
    first_day,
    parameter,
)
from simgen.des import MonitoredResource, run
from simgen.domains.industrial.disks import rules
from simgen.domains.industrial.disks.care import Care, Watching
from simgen.domains.industrial.disks.catalogue import DiskModel, catalogue
from simgen.domains.industrial.disks.lives import YEAR, Lives
from simgen.domains.industrial.disks.lookalikes import DiskLookAlikes
from simgen.domains.industrial.disks.rack import Rack, close, occupy, run_hot
from simgen.domains.industrial.disks.records import batches
from simgen.domains.industrial.disks.schema import TABLES
from simgen.domains.industrial.site.store import Store

_SEASON, _WEATHER = 1.5, 0.7  # of room temperature: amplitude and deviation [K]; assumptions
_WARMEST_DAY = 200.0  # of the year
_MEMORY = 0.9  # of the weather from one day to the next; assumption
_RACK_SPREAD = 2.5  # of racks' temperatures [K]; assumption


@dataclass(frozen=True, kw_only=True)
class House:
    """What all racks share.

    Attributes:
        models: of each rack, by place in the catalogue.
        season: how much warmer than in the mean each day is. [K]
        up: whether the collector works, by day.
    """

    models: tuple[int, ...]
    season: tuple[float, ...]
    up: tuple[bool, ...]


@dataclass(frozen=True, kw_only=True)
class DiskFleet(Scenario[House]):
    """Racks of hard disks that fail, are suspected, replaced and retired, with daily SMART."""

    version: ClassVar[int] = 2
    small: ClassVar[Mapping[str, Any]] = {
        "n_racks": 6,
        "slots_per_rack": 20,
        "n_days": 120,
        "lives": {"failure_level": 8.0},
        "lookalikes": {"cable_error": {"rate": 0.3}, "hot_rack": {"rate": 3.0}},
    }
    tables: ClassVar[tuple[Table, ...]] = TABLES
    invariants: ClassVar[tuple[Invariant, ...]] = rules.RULES
    causal_order: ClassVar[CausalOrder] = CausalOrder(
        view="disk_outlook",
        table="smart",
        columns=(
            "smart_194_raw",
            "smart_12_raw",
            "smart_188_raw",
            "smart_189_raw",
            "smart_199_raw",
            "smart_197_raw",
            "smart_187_raw",
            "smart_5_raw",
        ),
        logarithmic=(
            "smart_12_raw",
            "smart_188_raw",
            "smart_189_raw",
            "smart_199_raw",
            "smart_197_raw",
            "smart_187_raw",
            "smart_5_raw",
        ),
    )

    n_racks: int = parameter(
        60, doc="Racks: simulated alone and written as one part.", minimum=1, maximum=100_000
    )
    slots_per_rack: int = parameter(
        45, doc="Disks in a rack, as in a pod of Backblaze.", minimum=1, maximum=10_000
    )
    n_days: int = parameter(730, doc="Horizon.", unit="day", minimum=1, maximum=10_000)
    start_date: str = parameter("2013-04-10", doc="First day, as YYYY-MM-DD.")
    mean_temperature: float = parameter(
        27.0,
        doc="Mean temperature of disks. Assumption.",
        unit="degree Celsius",
        minimum=0.0,
        maximum=70.0,
    )
    lives: Lives = parameter(Lives, doc="How disks fail.")
    care: Care = parameter(Care, doc="What is done about it.")
    watching: Watching = parameter(Watching, doc="What is written down.")
    lookalikes: DiskLookAlikes = parameter(DiskLookAlikes, doc="What resembles failing disks.")

    def check(self) -> None:
        """Refuse parameters that contradict one another."""
        first_day(self.start_date)

    def blocks(self) -> Sequence[Block]:
        """The disks' first places, rack by rack."""
        size = self.slots_per_rack
        return [Block(start, start + size) for start in range(0, size * self.n_racks, size)]

    def prepare(self, streams: Streams) -> House:
        """Who gets which model, the weather, and when the collector is down."""
        rng = streams.generator("models")
        racks = [model.racks if self.bought_between(model) else 0.0 for model in catalogue()]
        bounds = np.cumsum(racks) / np.sum(racks)
        # Evenly spaced, so that a small fleet has the mix of a large one.
        places = (np.arange(self.n_racks) + rng.random()) / self.n_racks
        models = rng.permutation(np.searchsorted(bounds, places, "right"))
        return House(
            models=tuple(int(model) for model in models),
            season=tuple(self._season(streams.generator("weather")).tolist()),
            up=tuple(self._up(streams.generator("outages")).tolist()),
        )

    def simulate(self, block: Block, shared: House, streams: Streams) -> Iterator[Batch]:
        """All records of a rack: SimPy runs who comes and goes, kernels what disks count."""
        rack = _make_rack(self, block, shared, streams)
        slots = streams.child("slots")
        processes = [
            occupy(rack, place - block.start, slots.generator(f"slot_{place}"))
            for place in range(block.start, block.stop)
        ]
        run(rack.env, *processes, run_hot(rack), until=self.n_days * DAY)
        close(rack)
        yield from batches(rack, np.array(shared.season), np.array(shared.up, np.bool_))

    def bought_between(self, model: DiskModel) -> tuple[float, float] | None:
        """Between which days a model's racks go into service that are seen; None if none is."""
        first = max(model.bought[0], -self.care.retirement_age * YEAR / DAY)
        last = min(model.bought[1], float(self.n_days))
        return (first, last) if first < last else None

    def _season(self, rng: np.random.Generator) -> np.ndarray[Any, Any]:
        day = np.arange(self.n_days)
        weather = _WEATHER * rng.standard_normal(self.n_days)
        for place in range(1, self.n_days):
            weather[place] *= (1.0 - _MEMORY**2) ** 0.5
            weather[place] += _MEMORY * weather[place - 1]
        today = first_day(self.start_date).timetuple().tm_yday
        season = np.cos(math.tau * (day + today - _WARMEST_DAY) / 365.25)
        return np.asarray(weather + _SEASON * season)

    def _up(self, rng: np.random.Generator) -> np.ndarray[Any, Any]:
        up, day = np.ones(self.n_days, np.bool_), 0.0
        watching = self.watching
        while watching.outage_rate > 0.0:
            day += rng.exponential(YEAR / DAY / watching.outage_rate)
            if day >= self.n_days:
                break
            time = rng.exponential(watching.mean_outage_time)
            up[int(np.ceil(day)) : int(np.ceil(day + time))] = False
        return up


def _make_rack(about: DiskFleet, block: Block, house: House, streams: Streams) -> Rack:
    number = block.start // about.slots_per_rack
    own = streams.child("racks").child(f"rack_{number}")
    rng, env, care = own.generator("rack"), simpy.Environment(), about.care
    model = catalogue()[house.models[number]]
    bought = about.bought_between(model)
    assert bought is not None, "prepare chose a model that is bought"
    batch = float(np.exp(about.lives.batch_spread * rng.standard_normal()))
    store = Store(
        env, [model.name], care.n_spares, care.mean_lead_time * DAY, own.generator("deliveries")
    )
    return Rack(
        about=about,
        env=env,
        rack_id=number + 1,
        model=model,
        commissioned_at=DAY * float(rng.uniform(*bought)),
        temperature=about.mean_temperature + _RACK_SPREAD * float(rng.standard_normal()),
        laws=about.lives.scales(model, batch),
        sector_key=streams.key("sectors"),
        wear_key=streams.key("wear"),
        care_key=streams.key("care"),
        rng=rng,
        store=store,
        crew=MonitoredResource(env),
    )
