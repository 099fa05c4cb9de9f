"""The pump station: parameters, and the order in which a block is simulated."""

from __future__ import annotations

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
    RequestError,
    Scenario,
    Streams,
    Table,
    first_day,
    parameter,
)
from simgen.des import MonitoredResource, run
from simgen.domains.industrial.pumps import rules
from simgen.domains.industrial.pumps.automation import automate
from simgen.domains.industrial.pumps.components import DEFECTS, KINDS, Components
from simgen.domains.industrial.pumps.control import operate
from simgen.domains.industrial.pumps.hydraulics import Demand, Hydraulics
from simgen.domains.industrial.pumps.lookalikes import PumpLookAlikes
from simgen.domains.industrial.pumps.records import batches
from simgen.domains.industrial.pumps.schema import TABLES
from simgen.domains.industrial.pumps.station import Pump, Station
from simgen.domains.industrial.pumps.watching import Watching
from simgen.domains.industrial.site.parts import first_part
from simgen.domains.industrial.site.store import Store
from simgen.domains.industrial.site.upkeep import Upkeep
from simgen.domains.industrial.works import Days, weather


@dataclass(frozen=True, kw_only=True)
class PumpStation(Scenario[Days]):
    """Stations whose pumps wear, fail, wait for spares and crew, and starve a consumer."""

    version: ClassVar[int] = 12
    small: ClassVar[Mapping[str, Any]] = {
        "n_stations": 2,
        "n_days": 40,
        "components": {
            "first_age": 200.0,
            "bearing": {"scale": 500.0, "mean_growth_time": 60.0},
            "seal": {"scale": 500.0, "mean_growth_time": 60.0},
            "impeller": {"scale": 500.0, "mean_growth_time": 100.0},
            "winding": {"scale": 500.0, "mean_growth_time": 40.0},
        },
        "watching": {"telemetry_interval": 1_800.0, "horizon": 72.0},
        "upkeep": {"mean_lead_time": 3.0},
        "lookalikes": {
            "demand_surge": {"rate": 30.0},
            "clogged_strainer": {"rate": 20.0},
            "sensor_fault": {"rate": 20.0},
        },
    }
    tables: ClassVar[tuple[Table, ...]] = TABLES
    invariants: ClassVar[tuple[Invariant, ...]] = rules.RULES
    causal_order: ClassVar[CausalOrder] = CausalOrder(
        view="outlook",
        table="telemetry",
        columns=(
            "speed",
            "flow",
            "suction_pressure",
            "discharge_pressure",
            "power",
            "temperature",
            "vibration",
        ),
        logarithmic=("vibration",),
    )

    n_stations: int = parameter(
        8, doc="Stations: simulated alone and written as one part.", minimum=1, maximum=1_000_000
    )
    n_days: int = parameter(365, doc="Horizon.", unit="day", minimum=1, maximum=10_000)
    start_date: str = parameter("2024-01-01", doc="First day, as YYYY-MM-DD.")
    mean_hall_temperature: float = parameter(
        16.0,
        doc="Mean temperature of the halls. Assumption.",
        unit="degree Celsius",
        minimum=-40.0,
        maximum=50.0,
        plausible=(5.0, 35.0),
    )
    typing_error_share: float = parameter(
        0.02,
        doc="Share of a note's letters that are mistyped. Assumption.",
        minimum=0.0,
        maximum=1.0,
    )
    demand: Demand = parameter(Demand, doc="What the consumer asks for.")
    hydraulics: Hydraulics = parameter(Hydraulics, doc="Pumps and pipe.")
    components: Components = parameter(Components, doc="What pumps are made of.")
    upkeep: Upkeep = parameter(Upkeep, doc="What the crew does.")
    watching: Watching = parameter(Watching, doc="What is measured.")
    lookalikes: PumpLookAlikes = parameter(PumpLookAlikes, doc="What resembles defects.")

    def check(self) -> None:
        """Refuse parameters that contradict one another."""
        first_day(self.start_date)
        water = self.hydraulics
        if water.best_head >= water.shutoff_head:
            raise RequestError(
                f"hydraulics.best_head = {water.best_head:g} m is no less than "
                f"hydraulics.shutoff_head = {water.shutoff_head:g} m: lower it"
            )
        if water.static_head + water.tank_height >= water.shutoff_head:
            raise RequestError(
                f"hydraulics.static_head + tank_height = {water.static_head:g} + "
                f"{water.tank_height:g} m is no less than hydraulics.shutoff_head = "
                f"{water.shutoff_head:g} m: lower the first"
            )

    @property
    def ageing(self) -> float:
        """How much faster all components age than in their table."""
        return self.components.ageing

    def blocks(self) -> Sequence[Block]:
        """The pumps of each station."""
        n = self.hydraulics.n_pumps
        return [Block(start, start + n) for start in range(0, n * self.n_stations, n)]

    def prepare(self, streams: Streams) -> Days:
        """The weather, which all stations share."""
        return weather(self.mean_hall_temperature, self.n_days, streams)

    def simulate(self, block: Block, shared: Days, streams: Streams) -> Iterator[Batch]:
        """All records of a station: SimPy runs control and crew, kernels fill what is dense."""
        station = make_station(self, block, shared, streams)
        looks = self.lookalikes
        processes = [operate(station), looks.demand_surge.come_and_go(station)]
        for pump in station.pumps:
            processes += [
                looks.clogged_strainer.come_and_go(station, pump),
                looks.sensor_fault.come_and_go(station, pump),
            ]
        run(station.env, *processes, until=self.n_days * DAY)
        station.close()
        yield from batches(station)


def make_station(about: PumpStation, block: Block, days: Days, streams: Streams) -> Station:
    """The block's pumps, with parts of all ages and the tank half full, at the start."""
    number = block.start // about.hydraulics.n_pumps
    own = streams.child("stations").child(f"station_{number}")
    env, upkeep, halls = simpy.Environment(), about.upkeep, np.array(days, np.float64)
    weekday = first_day(about.start_date).weekday()
    store = Store(
        env,
        KINDS,
        upkeep.n_spares,
        upkeep.mean_lead_time * DAY,
        own.generator("deliveries"),
    )
    # An hour more: the horizon belongs to the last.
    demand = about.demand.hours(about.n_days * 24 + 1, weekday, own.generator("demand"))
    ids = [place + 1 for place in range(block.start, block.stop)]
    station = Station(
        about=about,
        env=env,
        station_id=number + 1,
        crew=MonitoredResource(env, upkeep.n_technicians),
        store=store,
        days=halls,
        automation=automate(about, demand, halls, streams.key("alarms"), ids),
        sensor_key=streams.key("sensors"),
        telemetry_key=streams.key("telemetry"),
        first_weekday=weekday,
        rng=own.generator("station"),
    )
    for place in range(block.start, block.stop):
        station.pumps.append(_pump(station, place, block, streams))
    return station


def _pump(station: Station, place: int, block: Block, streams: Streams) -> Pump:
    about = station.about
    pump = Pump(
        index=place - block.start,
        machine_id=place + 1,
        rng=streams.child("pumps").generator(f"pump_{place}"),
        defects=DEFECTS,
        serviced_use=about.upkeep.first_serviced_use(
            about.components.first_age, streams.child("services").generator(f"pump_{place}")
        ),
        alarms=station.automation.alarms[place - block.start],
        hands=simpy.Resource(station.env),
    )
    for component in about.components.all():
        age = pump.rng.uniform(0.0, about.components.first_age)
        number = station.number(pump)
        part = first_part(component, number, pump.index, age, pump.rng)
        pump.parts.append(part)
        station.parts.append(part)
    return pump
