"""The bearing rig: parameters, and the order in which a block is simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

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
from simgen.des import run
from simgen.domains.industrial.bearings import catalogue
from simgen.domains.industrial.rig import rules
from simgen.domains.industrial.rig.defects import Defects
from simgen.domains.industrial.rig.hall import Hall, make_hall
from simgen.domains.industrial.rig.lookalikes import LookAlikes
from simgen.domains.industrial.rig.maintenance import Maintenance
from simgen.domains.industrial.rig.monitoring import Monitoring
from simgen.domains.industrial.rig.operation import Operation, live
from simgen.domains.industrial.rig.records import batches
from simgen.domains.industrial.rig.schema import TABLES
from simgen.domains.industrial.rounds import check_numbers
from simgen.domains.industrial.works import Days, weather


@dataclass(frozen=True, kw_only=True)
class BearingRig(Scenario[Days]):
    """Machines whose bearings spall, are watched by imperfect sensors, and are repaired."""

    version: ClassVar[int] = 11
    small: ClassVar[Mapping[str, Any]] = {
        "n_machines": 6,
        "machines_per_hall": 3,
        "n_days": 30,
        "defects": {
            "mean_growth_time": 80.0,
            "inner_race": {"scale": 500.0},
            "outer_race": {"scale": 500.0},
            "ball": {"scale": 500.0},
        },
        "monitoring": {"window_interval": 6.0, "n_samples": 2_048, "telemetry_interval": 600.0},
        "lookalikes": {"looseness": {"rate": 12.0}, "sensor_fault": {"rate": 12.0}},
    }
    tables: ClassVar[tuple[Table, ...]] = TABLES
    invariants: ClassVar[tuple[Invariant, ...]] = rules.RULES
    causal_order: ClassVar[CausalOrder] = CausalOrder(
        view="bearing_windows",
        table="windows",
        columns=(
            "speed",
            "load",
            "rms",
            "kurtosis",
            "mean_frequency",
            "line_outer_race",
            "line_inner_race",
            "line_ball",
            "line_cage",
            "line_shaft",
        ),
        logarithmic=(
            "rms",
            "kurtosis",
            "mean_frequency",
            "line_outer_race",
            "line_inner_race",
            "line_ball",
            "line_cage",
            "line_shaft",
        ),
    )

    n_machines: int = parameter(36, doc="Machines.", minimum=1, maximum=1_000_000)
    machines_per_hall: int = parameter(
        6,
        doc="Machines that share a crew; simulated together and written as one part.",
        minimum=1,
        maximum=200,
    )
    n_days: int = parameter(60, doc="Horizon.", unit="day", minimum=1, maximum=1_000)
    start_date: str = parameter("2024-01-01", doc="First day, as YYYY-MM-DD.")
    bearing: str = parameter(
        "SKF_6205", doc="Bearing in every machine.", choices=tuple(catalogue())
    )
    detectable_share: float = parameter(
        0.1,
        doc="A spall can be seen from the first window on to whose energy it adds this share. "
        "Assumption.",
        unit="1",
        above=0.0,
        maximum=100.0,
    )
    operation: Operation = parameter(Operation, doc="When and how machines run.")
    defects: Defects = parameter(Defects, doc="What goes wrong with bearings.")
    lookalikes: LookAlikes = parameter(LookAlikes, doc="What resembles it.")
    monitoring: Monitoring = parameter(Monitoring, doc="What is measured.")
    maintenance: Maintenance = parameter(Maintenance, doc="What the crew does.")

    def check(self) -> None:
        """Refuse parameters that contradict one another."""
        first_day(self.start_date)
        if self.defects.initial_size >= self.defects.failure_size:
            raise RequestError(
                f"defects.initial_size = {self.defects.initial_size:g} mm is no smaller than "
                f"defects.failure_size = {self.defects.failure_size:g} mm: lower it"
            )
        interval = self.monitoring.window_interval
        check_numbers("monitoring.window_interval", interval, self.n_days, Hall.NUMBERS)

    def blocks(self) -> Sequence[Block]:
        """The halls."""
        size = self.machines_per_hall
        return [
            Block(start, min(start + size, self.n_machines))
            for start in range(0, self.n_machines, size)
        ]

    def prepare(self, streams: Streams) -> Days:
        """The weather, which all halls share."""
        return weather(self.operation.mean_hall_temperature, self.n_days, streams)

    def simulate(self, block: Block, shared: Days, streams: Streams) -> Iterator[Batch]:
        """All records of a hall: SimPy runs its machines and crew, kernels fill what is dense."""
        hall = make_hall(self, block, shared, streams)
        looseness, sensors = self.lookalikes.looseness, self.lookalikes.sensor_fault
        processes = [
            process
            for machine in hall.machines
            for process in (
                live(hall, machine),
                looseness.come_and_go(hall, machine),
                sensors.come_and_go(hall, machine),
            )
        ]
        with hall.bench:
            run(hall.env, *processes, until=self.n_days * DAY)
            hall.close()
            yield from batches(hall)
