"""Operation of a cell: batches, pieces and cuts, and what happens to tools and mills in them."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import simpy

from simgen.core import HOUR, MINUTE, Parameters, RequestError, parameter
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.milling.batches import BatchCut, next_batch
from simgen.domains.industrial.milling.cell import CutRecord
from simgen.domains.industrial.milling.magazine import change, due, put_in, take_out, use_tool
from simgen.domains.industrial.milling.watching import judge_mill
from simgen.domains.industrial.site.orders import ask_for_replacement, ask_for_service

if TYPE_CHECKING:
    from simgen.domains.industrial.milling.cell import Cell, Mill, Tool
    from simgen.domains.industrial.site.parts import Part

_CHATTERS = 0.15  # from which a cut counts as chattering; assumption


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


def produce(cell: Cell, mill: Mill) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of one mill."""
    env, rng, work = cell.env, mill.rng, cell.about.operation
    yield env.timeout(rng.uniform(0.0, 0.5 * HOUR))
    while True:
        cuts = next_batch(cell, mill)
        yield env.timeout(work.setting_time * MINUTE)
        for _ in range(1 + rng.poisson(work.mean_batch - 1.0)):
            yield from _wait(cell, mill)
            with mill.hands.request() as turn:
                yield turn
                if mill.available:
                    yield from _make(cell, mill, cuts)
        if mill.batch is not None:
            cell.end(mill.batch)


def _wait(cell: Cell, mill: Mill) -> Generator[simpy.Event, Any, None]:
    """Until the mill may work: in shift, and in order."""
    closed = cell.closed_for()
    if closed > 0.0:
        yield cell.env.timeout(closed)
        judge_mill(cell, mill)
    while not mill.available:
        mill.unsettled = cell.env.event()
        yield mill.unsettled
    cold = cell.about.lookalikes.cold_start
    is_cold = cell.is_colder(mill, cold.below)
    if is_cold and (mill.cold is None or not _goes_on(cell, mill.cold)):
        mill.cold = cell.begin(mill, cold.kind, lookalike_of=cold.resembles)
        mill.cold.ended_at = cell.env.now + cold.visible_time * HOUR
    policy = cell.about.upkeep
    if policy.services and mill.use_time - mill.serviced_use > policy.service_interval * HOUR:
        ask_for_service(cell, mill)


def _goes_on(cell: Cell, event: Event) -> bool:
    # Its end is NaN as long as nobody knows it.
    return not event.ended_at <= cell.env.now


def _make(cell: Cell, mill: Mill, cuts: tuple[BatchCut, ...]) -> Generator[simpy.Event, Any, None]:
    """One piece, unless a tool breaks or the mill fails in it."""
    yield cell.env.timeout(cell.about.operation.handling_time * MINUTE)
    mill.n_pieces += 1
    for cut in cuts:
        removal = due(cell, mill, cut.tool)
        if removal is not None:
            yield from change(cell, mill, cut.tool, removal)
        tool = mill.tools[cut.tool]
        start = cell.env.now
        yield cell.env.timeout(cut.time)
        broken = _finish(cell, mill, tool, cut, start)
        if broken:
            take_out(cell, tool, "breakage")
            yield from put_in(cell, mill, cut.tool)
        if broken or mill.failed:
            return


def _finish(cell: Cell, mill: Mill, tool: Tool, cut: BatchCut, start: float) -> bool:
    """A cut is over: everything has aged; returns whether the tool broke in it."""
    now = cell.env.now
    bearing, weakness, dry = mill.severities()
    chatter = cut.chatter(weakness)
    broken = use_tool(cell, mill, tool, cut, chatter, dry)
    _age(cell, mill, cut)
    mill.heated.append((start, now, cut.warming, bearing))
    n, n_chattered = mill.judged
    mill.judged = n + 1, n_chattered + (chatter > _CHATTERS)
    bearing, weakness, dry = mill.severities()
    # In the order of the fields: by their names it takes three times as long.
    mill.cuts.extend(
        CutRecord(
            now,
            cut.place,
            tool.tool_id,
            tool.n_cuts,
            tool.time,
            mill.n_pieces,
            cut.hardness,
            tool.wear,
            tool.chip,
            chatter,
            cut.sound_chatter,
            bearing,
            dry,
            max(bearing, weakness, dry),
            mill.use_time,
        )
    )
    mill.belongings.append(_belongs_to(cell, mill, tool))
    return broken


def _belongs_to(cell: Cell, mill: Mill, tool: Tool) -> Event | None:
    """The event of a cut: the tool's, else the mill's, else the look-alike named last."""
    if tool.chipped is not None or tool.worn is not None:
        return tool.chipped or tool.worn
    for part in mill.parts:
        if part.event is not None:
            return part.event
    for look in (mill.sensor_fault, mill.cold, mill.batch):
        if look is not None and _goes_on(cell, look):
            return look
    return None


def _age(cell: Cell, mill: Mill, cut: BatchCut) -> None:
    """Let the mill's parts age by a cut, and change what is due."""
    mill.use_time += cut.time
    for part in mill.parts:
        part.use_time += cut.time
        part.age += cut.hours
        while part.age >= part.next_age and not mill.failed:
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
