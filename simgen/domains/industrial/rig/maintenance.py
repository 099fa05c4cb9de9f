"""Maintenance of a rig: orders, and what technicians find and do."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import simpy

from simgen.core import HOUR, Parameters, parameter
from simgen.domains.industrial.crew import INSPECTION, REPLACEMENT, SERVICE, URGENT, attend
from simgen.domains.industrial.inspection import detection_spread, is_seen, misnaming_share
from simgen.domains.industrial.rig.lives import service
from simgen.domains.industrial.watch import Alarm

if TYPE_CHECKING:
    from simgen.domains.industrial.rig.hall import Hall, Machine

ORDERS = (INSPECTION, REPLACEMENT, SERVICE)
SPALL, LOOSE_FOOT, SENSOR, NOTHING = "spall", "loose_foot", "faulty_sensor", "nothing"
FINDINGS = (SPALL, LOOSE_FOOT, SENSOR, NOTHING)
_PRIORITY = {REPLACEMENT: URGENT, INSPECTION: 1, SERVICE: 2}


@dataclass(frozen=True, kw_only=True)
class Maintenance(Parameters):
    """The crew, and what it does when. All defaults are assumptions."""

    machines_per_technician: int = parameter(
        6, doc="Machines of a hall that share a technician.", minimum=1, maximum=1_000
    )
    mean_inspection_time: float = parameter(
        1.5, doc="Mean time of an inspection.", unit="h", above=0.0, maximum=1_000.0
    )
    mean_replacement_time: float = parameter(
        6.0, doc="Mean time of fitting a new bearing.", unit="h", above=0.0, maximum=10_000.0
    )
    mean_service_time: float = parameter(
        0.5, doc="Mean time of regreasing.", unit="h", above=0.0, maximum=1_000.0
    )
    service_interval: float = parameter(
        250.0, doc="Hours in use between two services.", unit="h", above=0.0, maximum=1e6
    )
    restoration: float = parameter(
        0.3,
        doc="Share of the ageing since the last service that a service undoes (Kijima I).",
        minimum=0.0,
        maximum=1.0,
    )
    visible_size: float = parameter(
        0.1,
        doc="Length at which an inspection finds one spall in two; see `detection_spread`.",
        unit="mm",
        minimum=0.0,
        maximum=50,
    )
    detection_spread: float = detection_spread()
    misnaming_share: float = misnaming_share()


@dataclass(kw_only=True)
class Order:
    """Work asked for on one machine."""

    order_id: int
    machine: int  # within the block
    bearing_id: int  # in the machine when it was opened
    kind: str
    opened_at: float  # [s]
    hastened_at: float | None = None  # when the bearing seized meanwhile [s]
    started_at: float | None = None  # [s]
    finished_at: float | None = None  # [s]
    finding: str = ""


def open_order(hall: Hall, machine: Machine, kind: str) -> None:
    """Ask for work; the machine goes on until a technician comes. Nothing if one is on the way."""
    if machine.order is not None:
        return
    machine.order = Order(
        order_id=hall.next_order_id(machine),
        machine=machine.index,
        bearing_id=machine.bearing.bearing_id,
        kind=kind,
        opened_at=hall.env.now,
    )
    hall.orders.append(machine.order)
    machine.arrived, machine.done = hall.env.event(), hall.env.event()
    machine.hastened = hall.env.event()
    visit = _visit(machine)
    hall.env.process(attend(hall.crew, _PRIORITY[kind], visit, hastened=machine.hastened))


def _visit(machine: Machine) -> Generator[simpy.Event, Any, None]:
    """A technician's time at the machine: from arrival until the machine says that all is done."""
    machine.arrived.succeed()
    yield machine.done


def work(hall: Hall, machine: Machine) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of the order whose technician has arrived; the machine stands."""
    order, policy = machine.order, hall.rig.maintenance
    assert order is not None
    order.started_at = hall.env.now
    times = {
        INSPECTION: policy.mean_inspection_time,
        REPLACEMENT: policy.mean_replacement_time,
        SERVICE: policy.mean_service_time,
    }
    # Called for something else, found seized.
    kind = order.kind if order.hastened_at is None else REPLACEMENT
    yield hall.env.timeout(machine.rng.exponential(times[kind] * HOUR))
    if kind == SERVICE:
        service(machine.bearing, hall.rig.defects, machine.rng, policy.restoration)
        machine.serviced_use = machine.bearing.use_time
        order.finding = NOTHING
    elif kind == REPLACEMENT:
        _renew(hall, machine, "failure")
        order.finding = SPALL
    else:
        yield from _inspect(hall, machine, order)
    order.finished_at = hall.env.now
    machine.order = None
    machine.done.succeed()


def _inspect(hall: Hall, machine: Machine, order: Order) -> Generator[simpy.Event, Any, None]:
    """Look at the bearing, the foot and the sensor, in this order; mend what is found.

    A spall and a loose foot are taken for one another now and then.
    """
    now, policy = hall.env.now, hall.rig.maintenance
    spall, foot, sensor = machine.bearing.event, machine.loose, machine.sensor_fault
    order.finding = _found(machine, policy)
    if order.finding == SPALL:
        if spall is None and foot is not None:
            foot.observe(now, "inspection", label=True)
        yield hall.env.timeout(machine.rng.exponential(policy.mean_replacement_time * HOUR))
        _renew(hall, machine, "inspection")
        return
    if spall is not None:
        spall.observe(now, "inspection", label=False)
    mended = {LOOSE_FOOT: foot, SENSOR: sensor}.get(order.finding)
    if mended is not None and mended.active:
        mended.observe(now, "inspection", label=False)
        hall.end(mended)
    _forget_usual(hall, machine)


def _found(machine: Machine, policy: Maintenance) -> str:
    """What who looks at a machine writes down."""
    rng, bearing, sensor = machine.rng, machine.bearing, machine.sensor_fault
    has_spall = bearing.event is not None and is_seen(
        rng, bearing.size, policy.visible_size, policy.detection_spread
    )
    if has_spall or machine.is_loose:
        is_misnamed = rng.random() < policy.misnaming_share
        return SPALL if has_spall != is_misnamed else LOOSE_FOOT
    faulty = sensor is not None and sensor.active and sensor.sensor == "vibration"
    return SENSOR if faulty else NOTHING


def _renew(hall: Hall, machine: Machine, reason: str) -> None:
    """Fit a new bearing; a spall of the old one is known from now on."""
    event = machine.bearing.event
    if event is not None:
        if event.active:
            hall.end(event, severity=machine.bearing.size)
        event.observe(hall.env.now, reason, label=True)
    machine.bearing.removed_at = hall.env.now
    hall.fit(machine)
    _forget_usual(hall, machine)


def _forget_usual(hall: Hall, machine: Machine) -> None:
    """Somebody has worked on it: a standing alarm goes, and the usual level is learnt anew."""
    threshold = machine.watch.forget()
    if threshold is not None:
        hall.alarms.append(Alarm(hall.env.now, machine.index, None, threshold, False))
