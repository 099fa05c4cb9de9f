"""The packaging line: parameters, and the order in which a block is simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import simpy

from simgen.core import (
    DAY,
    MINUTE,
    Batch,
    Block,
    CausalOrder,
    Invariant,
    Streams,
    Table,
    first_day,
    parameter,
)
from simgen.des import MonitoredResource, run
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.kernels.lines import COUNTERS
from simgen.domains.industrial.packaging import rules
from simgen.domains.industrial.packaging.line import Line, new_records
from simgen.domains.industrial.packaging.lookalikes import LineLookAlikes
from simgen.domains.industrial.packaging.machine import Station
from simgen.domains.industrial.packaging.operation import change_formats, keep_shifts, operate
from simgen.domains.industrial.packaging.parameters import (
    LineParameters,
    LineUpkeep,
    LineWatching,
)
from simgen.domains.industrial.packaging.records import batches
from simgen.domains.industrial.packaging.schema import TABLES
from simgen.domains.industrial.packaging.stations import TABLE, has, stations
from simgen.domains.industrial.packaging.watching import QUANTITIES, watch
from simgen.domains.industrial.site.parts import first_part
from simgen.domains.industrial.site.store import Store
from simgen.domains.industrial.watch import Watch
from simgen.domains.industrial.works import Days, Works, weather

_SPREADS = (0.06, 0.2, 0.25)  # between machines: current, vibration, jams; logarithm; assumptions


@dataclass(frozen=True, kw_only=True)
class PackagingLine(Works):
    """Lines whose machines jam, wear and fail, and starve and block one another."""

    version: ClassVar[int] = 8
    small: ClassVar[Mapping[str, Any]] = {
        "n_lines": 2,
        "n_days": 8,
        "ageing": 60.0,
        "growing": 10.0,
        "watching": {"horizon": 20.0, "telemetry_interval": 600.0},
        "upkeep": {"mean_lead_time": 0.5},
        "lookalikes": {"bad_material": {"rate": 100.0}, "sensor_fault": {"rate": 40.0}},
    }
    tables: ClassVar[tuple[Table, ...]] = TABLES
    invariants: ClassVar[tuple[Invariant, ...]] = rules.RULES
    causal_order: ClassVar[CausalOrder] = CausalOrder(
        view="outlook",
        table="telemetry",
        columns=("speed", "n_jams", "rejects", "current", "vibration"),
        logarithmic=("n_jams", "rejects", "vibration"),
    )

    n_lines: int = parameter(
        6, doc="Lines: simulated alone and written as one part.", minimum=1, maximum=100_000
    )
    n_days: int = parameter(60, doc="Horizon.", unit="day", minimum=1, maximum=10_000)
    mean_hall_temperature: float = parameter(
        17.0,
        doc="Mean temperature of the halls. Assumption.",
        unit="degree Celsius",
        minimum=-40.0,
        maximum=50.0,
    )
    line: LineParameters = parameter(LineParameters, doc="The line at work.")
    upkeep: LineUpkeep = parameter(LineUpkeep, doc="What the crews do.")
    watching: LineWatching = parameter(LineWatching, doc="What is counted and measured.")
    lookalikes: LineLookAlikes = parameter(LineLookAlikes, doc="What resembles defects.")

    def blocks(self) -> Sequence[Block]:
        """The machines of each line."""
        n = len(stations())
        return [Block(start, start + n) for start in range(0, n * self.n_lines, n)]

    def prepare(self, streams: Streams) -> Days:
        """The weather, which all lines share."""
        return weather(self.mean_hall_temperature, self.n_days, streams)

    def simulate(self, block: Block, shared: Days, streams: Streams) -> Iterator[Batch]:
        """All records of a line: SimPy runs shifts and crews, a kernel what flows in between."""
        line = make_line(self, block, shared, streams)
        looks = self.lookalikes
        processes = [operate(line), keep_shifts(line), change_formats(line), watch(line)]
        processes.append(looks.bad_material.come_and_go(line))
        processes += [looks.sensor_fault.come_and_go(line, one) for one in line.stations]
        run(line.env, *processes, until=self.n_days * DAY)
        line.close()
        yield from batches(line)


def make_line(about: PackagingLine, block: Block, days: Days, streams: Streams) -> Line:
    """The block's machines, with parts of all ages and empty buffers, at the start."""
    number, kinds, env = block.start // len(stations()), stations(), simpy.Environment()
    own, upkeep = streams.child("lines").child(f"line_{number}"), about.upkeep
    table, rated = component_table(TABLE), about.line.rated_speed / MINUTE
    lead_time = upkeep.mean_lead_time * DAY
    n_ticks = int(about.n_days * DAY / about.watching.telemetry_interval) + 2
    line = Line(
        about=about,
        env=env,
        line_id=number + 1,
        table=table.paced(about.growing),
        crew=MonitoredResource(env, upkeep.n_technicians),
        electricians=MonitoredResource(env, upkeep.n_electricians),
        store=Store(env, table.kinds, upkeep.n_spares, lead_time, own.generator("deliveries")),
        days=np.array(days, np.float64),
        sensor_key=streams.key("sensors"),
        telemetry_key=streams.key("telemetry"),
        line_key=streams.key("jams"),
        first_weekday=first_day(about.start_date).weekday(),
        rng=own.generator("line"),
        rejects_rng=own.generator("rejects"),
        records=new_records(len(kinds)),
        capacity=np.array([about.line.buffering * rated * one.buffer for one in kinds[:-1]]),
        level=np.zeros(len(kinds) - 1),
        rows=np.zeros((n_ticks, len(kinds), len(COUNTERS))),
        clock=np.zeros(2),
    )
    line.disturbed, line.shift_begins = env.event(), env.event()
    for place in range(block.start, block.stop):
        line.stations.append(_station(line, place, block, streams))
    line.set_format(float(line.rng.choice(about.line.formats)))
    return line


def _station(line: Line, place: int, block: Block, streams: Streams) -> Station:
    about, rng = line.about, streams.child("machines").generator(f"machine_{place}")
    rules_of_alarms = {name: getattr(about.watching, name) for name in QUANTITIES}
    station = Station(
        index=place - block.start,
        machine_id=place + 1,
        rng=rng,
        about=stations()[place - block.start],
        made=tuple(rng.lognormal(0.0, _SPREADS).tolist()),
        defects=line.table.defects,
        serviced_use=about.upkeep.first_serviced_use(
            about.first_age, streams.child("services").generator(f"machine_{place}")
        ),
        watches={name: Watch(policy=rule) for name, rule in rules_of_alarms.items()},
        hands=simpy.Resource(line.env),
    )
    for component in line.table.components:
        if has(station.about.kind, component.kind):
            age = rng.uniform(0.0, about.first_age)
            part = first_part(component, line.number(station), station.index, age, rng)
            station.parts.append(part)
            line.parts.append(part)
    return station
