"""The milling cell: parameters, and the order in which a block is simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import simpy

from simgen.core import (
    DAY,
    HOUR,
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
from simgen.domains.industrial.milling import rules
from simgen.domains.industrial.milling.cell import Cell, Made, Mill
from simgen.domains.industrial.milling.lookalikes import MillLookAlikes
from simgen.domains.industrial.milling.operation import CellOperation, produce
from simgen.domains.industrial.milling.records import batches
from simgen.domains.industrial.milling.schema import TABLES
from simgen.domains.industrial.milling.shop import TABLE, tools
from simgen.domains.industrial.milling.watching import QUANTITIES, CellWatching
from simgen.domains.industrial.milling.wear import ToolParameters
from simgen.domains.industrial.site.parts import first_part
from simgen.domains.industrial.site.store import Store
from simgen.domains.industrial.site.upkeep import Upkeep
from simgen.domains.industrial.watch import Watch
from simgen.domains.industrial.works import Days, Works, weather

# Between mills, logarithm: idle power, forces at the plate, shaking, sound; assumptions.
_SPREADS = (0.08, 0.06, 0.25, 0.25)


@dataclass(frozen=True, kw_only=True)
class MillingCell(Works):
    """Mills whose tools wear, chip and break while spindles, clamps and nozzles age."""

    version: ClassVar[int] = 6
    small: ClassVar[Mapping[str, Any]] = {
        "n_mills": 4,
        "mills_per_cell": 2,
        "n_days": 4,
        "ageing": 60.0,
        "growing": 6.0,
        "upkeep": {"mean_lead_time": 0.5},
        "tools": {"breakage_rate": 0.001},
        "lookalikes": {
            "hard_batch": {"share": 0.2},
            "thin_wall": {"share": 0.2},
            "sensor_fault": {"rate": 80.0},
        },
    }
    tables: ClassVar[tuple[Table, ...]] = TABLES
    invariants: ClassVar[tuple[Invariant, ...]] = rules.RULES
    causal_order: ClassVar[CausalOrder] = CausalOrder(
        view="cuts",
        table="cuts",
        columns=(
            "power",
            "force_x",
            "force_y",
            "force_z",
            "force_peak",
            "unevenness",
            "asynchronous_force",
            "cutting_temperature",
            "spindle_temperature",
            "vibration",
            "acoustic_emission",
        ),
        logarithmic=(
            "power",
            "force_peak",
            "asynchronous_force",
            "vibration",
            "acoustic_emission",
        ),
    )

    n_mills: int = parameter(24, doc="Mills.", minimum=1, maximum=1_000_000)
    mills_per_cell: int = parameter(
        4,
        doc="Mills that share crew and stores; simulated together and written as one part.",
        minimum=1,
        maximum=100,
    )
    n_days: int = parameter(21, doc="Horizon.", unit="day", minimum=1, maximum=2_000)
    operation: CellOperation = parameter(CellOperation, doc="When and what mills make.")
    tools: ToolParameters = parameter(ToolParameters, doc="How long tools last.")
    upkeep: Upkeep = parameter(Upkeep, doc="What the crew does to mills.")
    watching: CellWatching = parameter(CellWatching, doc="What is measured.")
    lookalikes: MillLookAlikes = parameter(MillLookAlikes, doc="What resembles defects.")

    def blocks(self) -> Sequence[Block]:
        """The mills of each cell."""
        size, n = self.mills_per_cell, self.n_mills
        return [Block(start, min(start + size, n)) for start in range(0, n, size)]

    def prepare(self, streams: Streams) -> Days:
        """The weather, which all halls share."""
        return weather(self.operation.mean_hall_temperature, self.n_days, streams)

    def simulate(self, block: Block, shared: Days, streams: Streams) -> Iterator[Batch]:
        """All records of a cell: SimPy runs pieces and crew, arrays hold what is measured."""
        cell = make_cell(self, block, shared, streams)
        faults = self.lookalikes.sensor_fault
        processes = []
        for mill in cell.mills:
            processes += [produce(cell, mill), faults.come_and_go(cell, mill)]
        run(cell.env, *processes, until=self.n_days * DAY)
        cell.close()
        yield from batches(cell)


def make_cell(about: MillingCell, block: Block, days: Days, streams: Streams) -> Cell:
    """The block's mills, with parts of all ages and empty magazines, at the start."""
    env, upkeep = simpy.Environment(), about.upkeep
    number = block.start // about.mills_per_cell
    own = streams.child("cells").child(f"cell_{number}")
    table, preset = component_table(TABLE), about.tools.mean_presetting_time * HOUR
    lead_time = upkeep.mean_lead_time * DAY
    cell = Cell(
        about=about,
        env=env,
        cell_id=number + 1,
        table=table.paced(about.growing),
        crew=MonitoredResource(env, upkeep.n_technicians),
        store=Store(env, table.kinds, upkeep.n_spares, lead_time, own.generator("deliveries")),
        sisters=Store(env, tools(), about.tools.n_sisters, preset, own.generator("presetting")),
        days=np.array(days, np.float64),
        sensor_key=streams.key("sensors"),
        telemetry_key=streams.key("telemetry"),
        first_weekday=first_day(about.start_date).weekday(),
        rng=own.generator("cell"),
    )
    for place in range(block.start, block.stop):
        cell.mills.append(_mill(cell, place, block, streams))
    return cell


def _made(rng: np.random.Generator, measured_share: float) -> Made:
    measured = bool(rng.random() < measured_share)
    idle, force, shake, sound = rng.lognormal(0.0, _SPREADS).tolist()
    return Made(idle, force, shake, sound, measured)


def _mill(cell: Cell, place: int, block: Block, streams: Streams) -> Mill:
    about, rng = cell.about, streams.child("mills").generator(f"mill_{place}")
    mill = Mill(
        index=place - block.start,
        machine_id=place + 1,
        rng=rng,
        made=_made(rng, about.tools.measured_share),
        serviced_use=about.upkeep.first_serviced_use(
            about.first_age, streams.child("services").generator(f"mill_{place}")
        ),
        watches={name: Watch(policy=getattr(about.watching, name)) for name in QUANTITIES},
        hands=simpy.Resource(cell.env),
        temperature=float(cell.days[0]),
        unsettled=cell.env.event(),
    )
    for component in cell.table.components:
        age = rng.uniform(0.0, about.first_age)
        part = first_part(component, cell.number(mill), mill.index, age, rng)
        mill.parts.append(part)
        cell.parts.append(part)
    return mill
