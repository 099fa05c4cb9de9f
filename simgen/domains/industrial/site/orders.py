"""Work orders: asked for, waiting for a spare and the crew, and done."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import simpy

from simgen.core import HOUR
from simgen.domains.industrial.crew import (
    INSPECTION,
    REPLACEMENT,
    SERVICE,
    URGENT,
    attend,
)
from simgen.domains.industrial.site.looks import defects_of, named, sees, worst_seen
from simgen.domains.industrial.site.parts import successor

if TYPE_CHECKING:
    from simgen.domains.industrial.site.parts import Part
    from simgen.domains.industrial.site.site import Machine, Site

KINDS = (INSPECTION, REPLACEMENT, SERVICE)
SENSOR, NOTHING = "faulty_sensor", "nothing"  # findings, besides what a machine may have
FAILURE, DEFECT, OPPORTUNITY = "failure", "defect", "opportunity"
REMOVALS = (FAILURE, DEFECT, OPPORTUNITY)
OBSERVED_REASONS = (FAILURE, INSPECTION)
_PRIORITY = {REPLACEMENT: 1, INSPECTION: 2, SERVICE: 3}  # lower is served first, URGENT before all


@dataclass(kw_only=True)
class WorkOrder:
    """Work asked for on one machine."""

    order_id: int
    machine: int  # within the block
    kind: str
    urgent: bool  # asked for because the machine had failed
    hastened: simpy.Event  # happens if its part fails later
    opened_at: float  # [s]
    hastened_at: float | None = None  # when that was [s]
    cancelled_at: float | None = None  # when a failure made it pointless [s]
    spare_at: float | None = None  # when the spare was there [s]
    started_at: float | None = None  # [s]
    finished_at: float | None = None  # [s]
    finding: str = ""
    renewed: list[str] = field(default_factory=list)  # kinds of parts
    runs: bool = False  # whether the machine was left as it should be, as far as one saw

    @property
    def is_urgent(self) -> bool:
        """Whether it is for a failure by now."""
        return self.urgent or self.hastened_at is not None

    def is_cancelled(self) -> bool:
        """Whether it has become pointless by now."""
        return self.cancelled_at is not None

    def hasten(self, now: float) -> None:
        """Its part has failed now [s], if it was not urgent before."""
        if not self.is_urgent:
            self.hastened_at = now
            self.hastened.succeed()


def _open(site: Site, machine: Machine, kind: str, *, urgent: bool = False) -> WorkOrder:
    order = WorkOrder(
        order_id=site.next_order_id(machine),
        machine=machine.index,
        kind=kind,
        urgent=urgent,
        hastened=site.env.event(),
        opened_at=site.env.now,
    )
    site.orders.append(order)
    return order


def ask_for_replacement(site: Site, machine: Machine, part: Part, *, urgent: bool) -> None:
    """Ask for a part to be renewed; if that is on its way, it has become urgent at most.

    What has failed is opened, and nobody comes to look at it first.
    """
    look = machine.inspection
    if urgent and look is not None and look.started_at is None:
        look.cancelled_at, machine.inspection = site.env.now, None
    if part.order is not None:
        if urgent:
            part.order.hasten(site.env.now)
        return
    part.order = _open(site, machine, REPLACEMENT, urgent=urgent)
    site.env.process(_replacement(site, machine, part, part.order))


def ask_for_inspection(site: Site, machine: Machine) -> None:
    """Ask for a look at a machine, unless that is on its way or it is to be opened anyway."""
    if machine.may_be_inspected:
        machine.inspection = _open(site, machine, INSPECTION)
        job = _inspect(site, machine, machine.inspection)
        site.env.process(_job(site, machine, machine.inspection, job))


def ask_for_service(site: Site, machine: Machine) -> None:
    """Ask for a service, unless that is on its way."""
    if machine.service is None:
        machine.service = _open(site, machine, SERVICE)
        job = _serve(site, machine, machine.service)
        site.env.process(_job(site, machine, machine.service, job))


def _replacement(
    site: Site, machine: Machine, part: Part, order: WorkOrder
) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of a replacement: first the spare, then the crew."""
    yield from site.store.take(part.about.kind)
    order.spare_at = site.env.now
    yield from _job(site, machine, order, _replace(site, machine, part, order), part)


def _job(
    site: Site,
    machine: Machine,
    order: WorkOrder,
    work: Generator[simpy.Event, Any, None],
    part: Part | None = None,
) -> Generator[simpy.Event, Any, None]:
    """Wait for the crew and let it do the work: on a part, or on the whole machine."""

    def closed_time() -> float:
        return site.closed_time(part, urgent=order.is_urgent)

    # Whose shift ends while others are at the machine comes again.
    while order.started_at is None and not order.is_cancelled():
        yield from attend(
            site.crew_for(part),
            URGENT if order.is_urgent else _PRIORITY[order.kind],
            _visit(site, machine, order, work, closed_time),
            closed_time=closed_time,
            hastened=order.hastened,
        )


def _visit(
    site: Site,
    machine: Machine,
    order: WorkOrder,
    work: Generator[simpy.Event, Any, None],
    closed_time: Callable[[], float],
) -> Generator[simpy.Event, Any, None]:
    """Stop the machine, work, and give it back; two jobs on one follow one another."""
    if order.is_cancelled():
        return
    with machine.hands.request() as turn:
        yield turn
        if order.is_cancelled() or closed_time() > 0.0:
            return
        order.started_at = site.env.now
        site.attend(machine, attended=True)
        yield from work
        order.finished_at = site.env.now
        order.runs = not machine.failed and (order.runs or order.finding == NOTHING)
        site.forget_usual(machine)
        site.attend(machine, attended=False)


def _spend(site: Site, machine: Machine, mean_time: float) -> simpy.Event:
    return site.env.timeout(machine.rng.exponential(mean_time * HOUR))


def _replace(
    site: Site, machine: Machine, part: Part, order: WorkOrder
) -> Generator[simpy.Event, Any, None]:
    yield _spend(site, machine, site.about.upkeep.mean_replacement_time)
    order.finding = part.mode.defect if part.event is not None else NOTHING
    _renew(site, machine, part, order, FAILURE if part.failed else DEFECT)
    yield from _use_opportunity(site, machine, order, part)


def _inspect(site: Site, machine: Machine, order: WorkOrder) -> Generator[simpy.Event, Any, None]:
    """Look at the parts, then for other troubles, in order; mend what is found."""
    yield _spend(site, machine, site.about.upkeep.mean_inspection_time)
    now = site.env.now
    worst = worst_seen(site, machine)
    order.finding = NOTHING
    if worst is not None:
        yield from _mend(site, machine, worst, order)
    else:
        yield from _look_further(site, machine, order)
    for part in machine.parts:
        if part.event is not None:
            part.event.observe(now, INSPECTION, label=False)
    machine.inspection = None


def _look_further(
    site: Site, machine: Machine, order: WorkOrder
) -> Generator[simpy.Event, Any, None]:
    """Note the first of the other troubles, and mend it if one can on the spot.

    Now and then it is taken for the defect that it resembles, and a sound part is renewed.
    """
    every = [(name, event) for name, event in machine.troubles() if event and event.active]
    if not every:
        return
    order.finding, event = every[0]
    blamed = [part for part in machine.parts if event.lookalike_of in defects_of(part)]
    mistaken = bool(blamed) and machine.rng.random() < site.about.upkeep.misnaming_share
    event.observe(site.env.now, INSPECTION, label=mistaken)
    if mistaken:
        order.finding = event.lookalike_of
        yield from _renew_or_ask(site, machine, blamed[0], order)
    elif order.finding in machine.mended:
        site.end(event)
        order.runs = True


def _serve(site: Site, machine: Machine, order: WorkOrder) -> Generator[simpy.Event, Any, None]:
    """Grease, adjust and clean; a defect that can be seen is mended."""
    policy = site.about.upkeep
    yield _spend(site, machine, policy.mean_service_time)
    machine.serviced_use, machine.service = machine.use_time, None
    order.finding = NOTHING
    for part in machine.parts:
        part.restore(machine.rng, policy.service_restoration)
    site.clean(machine)
    worst = worst_seen(site, machine)
    if worst is not None:
        yield from _mend(site, machine, worst, order)


def _mend(
    site: Site, machine: Machine, part: Part, order: WorkOrder
) -> Generator[simpy.Event, Any, None]:
    """Write down a defect that is seen, and have its part renewed."""
    assert part.event is not None
    order.finding = named(site, machine, part)
    part.event.observe(site.env.now, FAILURE if part.failed else INSPECTION, label=True)
    yield from _renew_or_ask(site, machine, part, order)


def _renew_or_ask(
    site: Site, machine: Machine, part: Part, order: WorkOrder
) -> Generator[simpy.Event, Any, None]:
    """Renew a part if a spare is there; ask for that otherwise."""
    mine = site.crew_for(part) is site.crew_for(None)
    if mine and part.order is None and site.store.on_hand(part.about.kind):
        yield from site.store.take(part.about.kind)
        yield _spend(site, machine, site.about.upkeep.mean_replacement_time)
        _renew(site, machine, part, order, DEFECT)
        yield from _use_opportunity(site, machine, order, None)
    else:
        ask_for_replacement(site, machine, part, urgent=False)


def _use_opportunity(
    site: Site, machine: Machine, order: WorkOrder, opened: Part | None
) -> Generator[simpy.Event, Any, None]:
    """While the machine is open, renew what else is worn or old, as far as spares lie there.

    `opened` says who is there: see `Site.crew_for`.
    """
    policy, here = site.about.upkeep, site.crew_for(opened)
    own = [part for part in machine.parts if site.crew_for(part) is here]
    for part in own if policy.opportunities else ():
        worn = sees(site, machine, part)
        old = part.age >= policy.old_age * part.mode.scale
        kind = part.about.kind
        if (worn or old) and part.order is None and site.store.on_hand(kind):
            yield from site.store.take(kind)
            yield _spend(site, machine, policy.mean_added_time)
            _renew(site, machine, part, order, OPPORTUNITY)


def _renew(site: Site, machine: Machine, part: Part, order: WorkOrder, removal: str) -> None:
    """Put a spare into the part's place; its defect is known from now on."""
    now, policy = site.env.now, site.about.upkeep
    if part.event is not None:
        site.end(part.event, severity=part.severity)
        reason = FAILURE if part.failed else INSPECTION
        part.event.observe(now, reason, label=True)
    part.removed_at, part.removal = now, removal
    place = machine.parts.index(part)
    number = site.number(machine)
    machine.parts[place] = successor(part, number, now, policy.repair_restoration, machine.rng)
    site.parts.append(machine.parts[place])
    order.renewed.append(part.about.kind)
    order.runs = True
    machine.failed = any(one.failed for one in machine.parts)
