"""A fleet: the parameters that all kinds of machines share, and how a block is simulated."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import simpy

from simgen.core import DAY, Batch, Block, Streams, first_day, parameter
from simgen.des import MonitoredResource, run
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.fleet.hall import FleetMachine, Hall
from simgen.domains.industrial.fleet.lookalikes import FleetLookAlikes
from simgen.domains.industrial.fleet.operation import FleetOperation, HallOperation, live
from simgen.domains.industrial.fleet.records import batches
from simgen.domains.industrial.fleet.signals import Signals
from simgen.domains.industrial.fleet.watching import FleetWatching, next_window_time
from simgen.domains.industrial.kernels.fleet import WEAR
from simgen.domains.industrial.rounds import check_numbers
from simgen.domains.industrial.site.parts import first_part
from simgen.domains.industrial.site.store import Store
from simgen.domains.industrial.site.upkeep import Upkeep
from simgen.domains.industrial.works import Days, Works, weather


@dataclass(frozen=True, kw_only=True)
class Halls(Works):
    """Machines that share a crew, a store and the weather with their hall."""

    hall_class: ClassVar[type[Hall]] = Hall

    n_machines: int = parameter(36, doc="Machines.", minimum=1, maximum=1_000_000)
    machines_per_hall: int = parameter(
        6,
        doc="Machines that share crew and store; simulated together and written as one part.",
        minimum=1,
        maximum=200,
    )
    n_days: int = parameter(120, doc="Horizon.", unit="day", minimum=1, maximum=10_000)
    operation: HallOperation = parameter(HallOperation, doc="When and how machines run.")
    upkeep: Upkeep = parameter(Upkeep, doc="What the crew does.")
    watching: FleetWatching = parameter(FleetWatching, doc="What is measured.")
    lookalikes: FleetLookAlikes = parameter(FleetLookAlikes, doc="What resembles defects.")

    def check(self) -> None:
        """Refuse a first day that is no date, and more windows than have numbers."""
        super().check()
        interval = self.watching.window_interval
        check_numbers("watching.window_interval", interval, self.n_days, Hall.NUMBERS)

    @abstractmethod
    def signals(self) -> Signals:
        """What these machines tell."""

    def blocks(self) -> Sequence[Block]:
        """The machines of each hall."""
        size, n = self.machines_per_hall, self.n_machines
        return [Block(start, min(start + size, n)) for start in range(0, n, size)]

    def prepare(self, streams: Streams) -> Days:
        """The weather, which all halls share."""
        return weather(self.operation.mean_hall_temperature, self.n_days, streams)

    @abstractmethod
    def usual_duties(self, n_machines: int) -> Sequence[tuple[float, float]]:
        """Speeds and loads over the rated ones, each as long, of so many machines of a hall."""

    @abstractmethod
    def work(self, hall: Hall) -> Iterator[Generator[simpy.Event, Any, None]]:
        """The SimPy processes in which the machines of a hall run."""

    def own_records(self, hall: Hall) -> Iterator[Batch]:  # noqa: ARG002 - what others need
        """Tables that only one kind of fleet has."""
        yield from ()

    def simulate(self, block: Block, shared: Days, streams: Streams) -> Iterator[Batch]:
        """All records of a hall: SimPy runs machines and crew, kernels fill what is dense."""
        hall = make_hall(self, block, shared, streams)
        looks, processes = self.lookalikes, list(self.work(hall))
        processes += [looks.sensor_fault.come_and_go(hall, machine) for machine in hall.fleet]
        for one in looks.disturbances:
            groups = [hall.fleet] if one.common else [[machine] for machine in hall.fleet]
            processes += [one.come_and_go(hall, group) for group in groups]
        run(hall.env, *processes, until=self.n_days * DAY)
        hall.close()
        yield from batches(hall)
        yield from self.own_records(hall)


@dataclass(frozen=True, kw_only=True)
class Fleet(Halls):
    """Machines of which each works alone, by itself."""

    operation: FleetOperation = parameter(FleetOperation, doc="When and how machines run.")

    def usual_duties(self, n_machines: int) -> Sequence[tuple[float, float]]:  # noqa: ARG002
        """See `Halls.usual_duties`: whoever else is there; steps of load apart."""
        return self.operation.usual_duties()

    def work(self, hall: Hall) -> Iterator[Generator[simpy.Event, Any, None]]:
        """See `Halls.work`."""
        for machine in hall.fleet:
            yield live(hall, machine, self.operation)


def make_hall(about: Halls, block: Block, days: Days, streams: Streams) -> Hall:
    """The block's machines, with parts of all ages, at the start."""
    env, upkeep, signals = simpy.Environment(), about.upkeep, about.signals()
    number = block.start // about.machines_per_hall
    own = streams.child("halls").child(f"hall_{number}")
    table = component_table(signals.table)
    lead_time = upkeep.mean_lead_time * DAY
    hall = about.hall_class(
        about=about,
        env=env,
        hall_id=number + 1,
        signals=signals,
        table=table.paced(about.growing),
        crew=MonitoredResource(env, upkeep.n_technicians),
        store=Store(env, table.kinds, upkeep.n_spares, lead_time, own.generator("deliveries")),
        days=np.array(days, np.float64),
        sensor_key=streams.key("sensors"),
        telemetry_key=streams.key("telemetry"),
        window_key=streams.key("windows"),
        window_sensor_key=streams.key("window_sensors"),
        first_weekday=first_day(about.start_date).weekday(),
        rng=own.generator("hall"),
    )
    for place in range(block.start, block.stop):
        hall.fleet.append(_machine(hall, place, block, streams))
    return hall


def _machine(hall: Hall, place: int, block: Block, streams: Streams) -> FleetMachine:
    about, rng = hall.about, streams.child("machines").generator(f"machine_{place}")
    made = hall.signals.make(rng)
    own = [one for one in hall.table.components if hall.signals.has(made, one.kind)]
    machine = FleetMachine(
        index=place - block.start,
        machine_id=place + 1,
        rng=rng,
        made=made,
        defects=hall.table.defects,
        wear=np.array([one.wear for one in own], WEAR),
        serviced_use=about.upkeep.first_serviced_use(
            about.first_age, streams.child("services").generator(f"machine_{place}")
        ),
        watches=about.watching.watches(hall.signals.quantities),
        hands=simpy.Resource(hall.env),
        temperature=float(hall.days[0]),
        time_to_window=next_window_time(about.watching, rng),
    )
    for component in own:
        age = rng.uniform(0.0, about.first_age)
        part = first_part(component, hall.number(machine), machine.index, age, rng)
        machine.parts.append(part)
        hall.parts.append(part)
    return machine
