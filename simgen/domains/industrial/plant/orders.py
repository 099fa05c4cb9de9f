"""Work orders: asked for, waiting for a spare and the crew, and done."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import simpy

from simgen.core import HOUR
from simgen.domains.industrial.maintenance import INSPECTION, REPLACEMENT, SERVICE, attend
from simgen.domains.industrial.plant.parts import DEFECTS, successor

if TYPE_CHECKING:
    from simgen.domains.industrial.plant.parts import Part
    from simgen.domains.industrial.plant.station import Pump, Station

KINDS = (INSPECTION, REPLACEMENT, SERVICE)
STRAINER, SENSOR, NOTHING = "clogged_strainer", "faulty_sensor", "nothing"
FINDINGS = (*DEFECTS, STRAINER, SENSOR, NOTHING)
FAILURE, DEFECT, OPPORTUNITY = "failure", "defect", "opportunity"
REMOVALS = (FAILURE, DEFECT, OPPORTUNITY)
OBSERVED_REASONS = (FAILURE, INSPECTION)
_URGENT, _PRIORITY = 0, {REPLACEMENT: 1, INSPECTION: 2, SERVICE: 3}  # lower is served first


@dataclass(kw_only=True)
class WorkOrder:
    """Work asked for on one pump."""

    order_id: int
    pump: int  # within the block
    kind: str
    urgent: bool  # the pump has failed
    opened_at: float  # [s]
    spare_at: float | None = None  # when the spare was there [s]
    started_at: float | None = None  # [s]
    finished_at: float | None = None  # [s]
    finding: str = ""
    renewed: list[str] = field(default_factory=list)  # kinds of parts


def _open(station: Station, pump: Pump, kind: str, *, urgent: bool = False) -> WorkOrder:
    order = WorkOrder(
        order_id=station.number(pump),
        pump=pump.index,
        kind=kind,
        urgent=urgent,
        opened_at=station.env.now,
    )
    station.orders.append(order)
    return order


def ask_for_replacement(station: Station, pump: Pump, part: Part, *, urgent: bool) -> None:
    """Ask for a part to be renewed; if that is on its way, it has become urgent at most."""
    if part.order is not None:
        part.order.urgent |= urgent
        return
    part.order = _open(station, pump, REPLACEMENT, urgent=urgent)
    station.env.process(_replacement(station, pump, part, part.order))


def ask_for_inspection(station: Station, pump: Pump) -> None:
    """Ask for a look at a pump, unless that is on its way or the pump is to be opened anyway."""
    if pump.inspection is None and all(part.order is None for part in pump.parts):
        pump.inspection = _open(station, pump, INSPECTION)
        job = _inspect(station, pump, pump.inspection)
        station.env.process(_job(station, pump, pump.inspection, job))


def ask_for_service(station: Station, pump: Pump) -> None:
    """Ask for a service, unless that is on its way."""
    if pump.service is None:
        pump.service = _open(station, pump, SERVICE)
        job = _serve(station, pump, pump.service)
        station.env.process(_job(station, pump, pump.service, job))


def _replacement(
    station: Station, pump: Pump, part: Part, order: WorkOrder
) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of a replacement: first the spare, then the crew."""
    yield from station.store.take(part.about.kind)
    order.spare_at = station.env.now
    yield from _job(station, pump, order, _replace(station, pump, part, order))


def _job(
    station: Station, pump: Pump, order: WorkOrder, work: Generator[simpy.Event, Any, None]
) -> Generator[simpy.Event, Any, None]:
    """Wait for the crew and let it do the work."""
    policy, env = station.about.upkeep, station.env

    def closed_time() -> float:
        return policy.closed_time(env.now, station.first_weekday, urgent=order.urgent)

    priority = _URGENT if order.urgent else _PRIORITY[order.kind]
    visit = _visit(station, pump, order, work)
    yield from attend(station.crew, priority, visit, closed_time=closed_time)


def _visit(
    station: Station, pump: Pump, order: WorkOrder, work: Generator[simpy.Event, Any, None]
) -> Generator[simpy.Event, Any, None]:
    """Stop the pump, work, and give it back; two jobs on one pump follow one another."""
    with pump.hands.request() as turn:
        yield turn
        station.advance()
        order.started_at, pump.attended = station.env.now, True
        station.disturb()
        yield from work
        station.advance()
        order.finished_at, pump.attended = station.env.now, False
        for watch in pump.watches.values():
            watch.forget()
        station.disturb()


def _spend(station: Station, pump: Pump, mean_time: float) -> simpy.Event:
    return station.env.timeout(pump.rng.exponential(mean_time * HOUR))


def _replace(
    station: Station, pump: Pump, part: Part, order: WorkOrder
) -> Generator[simpy.Event, Any, None]:
    yield _spend(station, pump, station.about.upkeep.mean_replacement_time)
    order.finding = part.about.defect
    _renew(station, pump, part, order, FAILURE if part.failed else DEFECT)
    yield from _use_opportunity(station, pump, order)


def _inspect(station: Station, pump: Pump, order: WorkOrder) -> Generator[simpy.Event, Any, None]:
    """Look at the parts, the strainer and the sensors, in this order; mend what is found."""
    yield _spend(station, pump, station.about.upkeep.mean_inspection_time)
    now = station.env.now
    strainer, sensor = pump.strainer, pump.sensor_fault
    worst = _worst(station, pump)
    order.finding = NOTHING
    if worst is not None:
        yield from _mend(station, pump, worst, order)
    elif strainer is not None and strainer.active:
        order.finding = STRAINER
        strainer.observe(now, INSPECTION, label=False)
        station.end(strainer)
    elif sensor is not None and sensor.active:
        order.finding = SENSOR
        sensor.observe(now, INSPECTION, label=False)
        station.end(sensor)
    for part in pump.parts:
        if part.event is not None and part.event.observed_at is None:
            part.event.observe(now, INSPECTION, label=False)
    pump.inspection = None


def _serve(station: Station, pump: Pump, order: WorkOrder) -> Generator[simpy.Event, Any, None]:
    """Grease, adjust and clean; a defect that can be seen is mended."""
    policy = station.about.upkeep
    yield _spend(station, pump, policy.mean_service_time)
    pump.serviced_use, pump.service = pump.use_time, None
    order.finding = NOTHING
    for part in pump.parts:
        part.restore(pump.rng, policy.service_restoration)
    if pump.strainer is not None and pump.strainer.active:
        station.end(pump.strainer)
    worst = _worst(station, pump)
    if worst is not None:
        yield from _mend(station, pump, worst, order)


def _worst(station: Station, pump: Pump) -> Part | None:
    """The part with the worst defect that can be seen, if there is one."""
    worst = max(pump.parts, key=lambda part: part.severity)
    visible = station.about.upkeep.visible_severity
    return worst if worst.event is not None and worst.severity >= visible else None


def _mend(
    station: Station, pump: Pump, part: Part, order: WorkOrder
) -> Generator[simpy.Event, Any, None]:
    """Renew a part that is worn if a spare is there; ask for that otherwise."""
    assert part.event is not None
    order.finding = part.about.defect
    part.event.observe(station.env.now, INSPECTION, label=True)
    if part.order is None and station.store.on_hand(part.about.kind):
        yield from station.store.take(part.about.kind)
        yield _spend(station, pump, station.about.upkeep.mean_replacement_time)
        _renew(station, pump, part, order, DEFECT)
        yield from _use_opportunity(station, pump, order)
    else:
        ask_for_replacement(station, pump, part, urgent=False)


def _use_opportunity(
    station: Station, pump: Pump, order: WorkOrder
) -> Generator[simpy.Event, Any, None]:
    """While the pump is open, renew what else is worn or old, as far as spares lie there."""
    policy = station.about.upkeep
    for part in list(pump.parts) if policy.opportunities else ():
        worn = part.event is not None and part.severity >= policy.visible_severity
        old = part.age >= policy.old_age * part.about.scale
        kind = part.about.kind
        if (worn or old) and part.order is None and station.store.on_hand(kind):
            yield from station.store.take(kind)
            yield _spend(station, pump, policy.mean_added_time)
            _renew(station, pump, part, order, OPPORTUNITY)


def _renew(station: Station, pump: Pump, part: Part, order: WorkOrder, removal: str) -> None:
    """Put a spare into the part's place; its defect is known from now on."""
    now, policy = station.env.now, station.about.upkeep
    if part.event is not None:
        station.end(part.event, severity=part.severity)
        reason = FAILURE if part.failed else INSPECTION
        part.event.observe(now, reason, label=True)
    part.removed_at, part.removal = now, removal
    place = pump.parts.index(part)
    number = station.number(pump)
    pump.parts[place] = successor(part, number, now, policy.repair_restoration, pump.rng)
    station.parts.append(pump.parts[place])
    order.renewed.append(part.about.kind)
    pump.failed = any(one.failed for one in pump.parts)
