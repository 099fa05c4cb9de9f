"""Operation of a cell: batches, pieces and cuts, and what happens to tools and mills in them."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import simpy

from simgen.core import HOUR, MINUTE, Parameters, RequestError, parameter
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.telemetry import hall_temperature
from simgen.domains.industrial.milling.cell import WARMING, CutRecord
from simgen.domains.industrial.milling.magazine import change_if_due, put_in, take_out, use_tool
from simgen.domains.industrial.milling.shop import Product, every_cut, first_cut, products
from simgen.domains.industrial.milling.watching import judge_mill
from simgen.domains.industrial.milling.wear import deepest
from simgen.domains.industrial.plant.orders import ask_for_replacement, ask_for_service

if TYPE_CHECKING:
    from simgen.domains.industrial.milling.cell import Cell, Mill, Tool
    from simgen.domains.industrial.plant.parts import Part

_SOFT = 0.6  # share of stiffness that a drawbar without force takes; assumption
_FULL_CHATTER = 0.5  # beyond the deepest stable cut, relative, at which it is full; assumption
_CHATTERS = 0.15  # from which a cut counts as chattering; assumption
_HEAT = 24.0  # of a spindle at work over the hall [K]; assumption
_BEARING_HEAT = 18.0  # of a worn one on top [K]; assumption
BEARING, DRAWBAR, COOLANT = "spindle_bearing_wear", "weak_clamping", "clogged_nozzles"


@dataclass(frozen=True, kw_only=True)
class CellOperation(Parameters):
    """When and what a cell makes. Defaults are assumptions."""

    shift_start: float = parameter(
        6.0, doc="Hour at which mills start on workdays.", unit="h", minimum=0.0, maximum=24.0
    )
    shift_stop: float = parameter(
        22.0, doc="Hour at which the last piece is begun.", unit="h", minimum=0.0, maximum=24.0
    )
    mean_batch: float = parameter(
        40.0, doc="Mean pieces of a batch.", unit="1", minimum=1.0, maximum=10_000.0
    )
    handling_time: float = parameter(
        1.5, doc="Of putting in a piece.", unit="min", above=0.0, maximum=600.0
    )
    hardness_spread: float = parameter(
        0.04,
        doc="Deviation of the logarithm of hardness between usual batches.",
        unit="1",
        minimum=0.0,
        maximum=0.5,
        plausible=(0.01, 0.1),
        scale="log",
    )
    setting_time: float = parameter(
        25.0, doc="Of setting up for another product.", unit="min", above=0.0, maximum=1e4
    )
    mean_hall_temperature: float = parameter(
        19.0, doc="Mean temperature of the halls.", unit="degree Celsius", minimum=-40, maximum=50
    )

    def check(self) -> None:
        """Refuse a shift that ends before it begins."""
        if self.shift_stop <= self.shift_start:
            raise RequestError(
                f"shift_stop = {self.shift_stop:g} h is not after "
                f"shift_start = {self.shift_start:g} h: raise it"
            )


class Batch(NamedTuple):
    """Pieces of one product."""

    product: Product
    hardness: float  # over the usual
    stiffness: float  # of a piece, over that of a thick one


def produce(cell: Cell, mill: Mill) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of one mill."""
    env, rng, work = cell.env, mill.rng, cell.about.operation
    yield env.timeout(rng.uniform(0.0, 0.5 * HOUR))
    while True:
        batch = _next_batch(cell, mill)
        yield env.timeout(work.setting_time * MINUTE)
        for _ in range(1 + rng.poisson(work.mean_batch - 1.0)):
            yield from _wait(cell, mill)
            with mill.hands.request() as turn:
                yield turn
                if mill.available:
                    yield from _make(cell, mill, batch)
        if mill.batch is not None:
            cell.end(mill.batch)


def _next_batch(cell: Cell, mill: Mill) -> Batch:
    """Some batches are harder or thinner than others."""
    looks, rng = cell.about.lookalikes, mill.rng
    product = products()[int(rng.integers(len(products())))]
    hard, thin = looks.hard_batch, looks.thin_wall
    hardness = rng.lognormal(0.0, cell.about.operation.hardness_spread)
    stiffness, chance, mill.batch = 1.0, rng.random(), None
    if chance < hard.share:
        hardness *= rng.uniform(*hard.factors)
        mill.batch = cell.begin(mill, hard.kind, lookalike_of=hard.resembles)
    elif chance < hard.share + thin.share:
        stiffness = rng.uniform(*thin.factors)
        mill.batch = cell.begin(mill, thin.kind, lookalike_of=thin.resembles)
    return Batch(product, hardness, stiffness)


def _wait(cell: Cell, mill: Mill) -> Generator[simpy.Event, Any, None]:
    """Until the mill may work: in shift, and in order."""
    closed = cell.closed_for()
    if closed > 0.0:
        yield cell.env.timeout(closed)
        judge_mill(cell, mill)
    while not mill.available:
        mill.unsettled = cell.env.event()
        yield mill.unsettled
    cell.cool(mill)
    cold = cell.about.lookalikes.cold_start
    if mill.temperature < cold.below and (mill.cold is None or not _goes_on(cell, mill.cold)):
        mill.cold = cell.begin(mill, cold.kind, lookalike_of=cold.resembles)
        mill.cold.ended_at = cell.env.now + cold.visible_time * HOUR
    policy = cell.about.upkeep
    if policy.services and mill.use_time - mill.serviced_use > policy.service_interval * HOUR:
        ask_for_service(cell, mill)


def _goes_on(cell: Cell, event: Event) -> bool:
    return event.active or event.ended_at > cell.env.now


def _make(cell: Cell, mill: Mill, batch: Batch) -> Generator[simpy.Event, Any, None]:
    """One piece, unless a tool breaks or the mill fails in it."""
    yield cell.env.timeout(cell.about.operation.handling_time * MINUTE)
    mill.n_pieces += 1
    for number, cut in enumerate(batch.product.cuts):
        yield from change_if_due(cell, mill, cut.tool)
        tool = mill.tools[cut.tool]
        cell.cool(mill)
        yield cell.env.timeout(cut.time)
        broken = _finish(cell, mill, tool, batch, first_cut(batch.product) + number)
        if broken:
            take_out(cell, tool, "breakage")
            yield from put_in(cell, mill, cut.tool)
        if broken or mill.failed:
            return


def _finish(cell: Cell, mill: Mill, tool: Tool, batch: Batch, place: int) -> bool:
    """A cut is over: everything has aged; returns whether the tool broke in it."""
    now, (product, cut) = cell.env.now, every_cut()[place]
    sizes = dict(zip(mill.defects, mill.severities(), strict=True))
    sound, chatter = (
        _chatter(cut.depth / deepest(cut, tool.about, product.material, tool.about.stiffness * k))
        for k in (batch.stiffness, batch.stiffness * (1.0 - _SOFT * sizes[DRAWBAR]))
    )
    broken = use_tool(cell, mill, tool, place, batch.hardness, chatter, sizes[COOLANT])
    _age(cell, mill, cut.time)
    goal = float(hall_temperature(cell.days, now)) + _HEAT + _BEARING_HEAT * sizes[BEARING]
    mill.temperature += (goal - mill.temperature) * (1.0 - math.exp(-cut.time / WARMING))
    mill.known_at = now
    mill.judged = (mill.judged[0] + 1, mill.judged[1] + int(chatter > _CHATTERS))
    cell.cuts.append(
        CutRecord(
            at=now,
            mill=mill.index,
            place=place,
            tool=tool.tool_id,
            n_cuts=tool.n_cuts,
            tool_time=tool.time,
            piece=mill.n_pieces,
            hardness=batch.hardness,
            wear=tool.wear,
            chip=tool.chip,
            chatter=chatter,
            sound_chatter=sound,
            severities=mill.severities(),
            warmth=mill.temperature,
            use_time=mill.use_time,
            event=_belongs_to(cell, mill, tool),
        )
    )
    return broken


def _chatter(depth: float) -> float:
    """How far a cut chatters at some depth over the deepest stable one."""
    return min(max((depth - 1.0) / _FULL_CHATTER, 0.0), 1.0)


def _belongs_to(cell: Cell, mill: Mill, tool: Tool) -> Event | None:
    """The event of a cut: the tool's, else the mill's, else the look-alike named last."""
    parts = [part.event for part in mill.parts if part.event is not None]
    looks = (mill.sensor_fault, mill.cold, mill.batch)
    found = [one for one in looks if one is not None and _goes_on(cell, one)]
    return next((one for one in (tool.chipped, tool.worn, *parts, *found) if one is not None), None)


def _age(cell: Cell, mill: Mill, time: float) -> None:
    """Let the mill's parts age by a time of cutting [s], and change what is due."""
    mill.use_time += time
    for part in mill.parts:
        part.use(time, cell.about.ageing)
        while not mill.failed and part.time_to_change(cell.about.ageing) <= 0.0:
            _change(cell, mill, part)


def _change(cell: Cell, mill: Mill, part: Part) -> None:
    """A defect begins, or has grown until its part fails, and with it the mill."""
    if part.event is None:
        part.event = cell.begin(mill, part.mode.defect)
        return
    part.age, part.failed, mill.failed = part.life, True, True
    mill.stops.append(mill.use_time)
    cell.end(part.event, severity=1.0)
    ask_for_replacement(cell, mill, part, urgent=True)
