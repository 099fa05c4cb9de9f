"""A mill's magazine: tools are used up, measured, changed in time or too late, and break."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from simgen.core import MINUTE
from simgen.domains.industrial.milling.cell import Tool
from simgen.domains.industrial.milling.shop import tools

if TYPE_CHECKING:
    from simgen.domains.industrial.milling.batches import BatchCut
    from simgen.domains.industrial.milling.cell import Cell, Mill

WORN, BROKEN = "worn_tool", "broken_tool"
LIMIT, TIME, CHIPPED, BREAKAGE = "limit", "time", "chipped", "breakage"
REMOVALS = (LIMIT, TIME, CHIPPED, BREAKAGE)
MEASUREMENT = "measurement"
_VISIBLE_CHIP = 0.2  # that a measurement finds; assumption
_UNEVENNESS = 8.0  # shape of the gamma law of what a cut wears, over the mean; assumption
_CHATTER_WEAR, _DRY_WEAR = 1.5, 1.0  # wear on top in full chatter, and without coolant; assumptions
_RUNOUT = 0.12  # mean of the size of a tool's run-out over the feed of a tooth; assumption


def put_in(cell: Cell, mill: Mill, kind: str) -> Generator[simpy.Event, Any, None]:
    """Put a sharp tool into a place of the magazine, as soon as one lies ready."""
    about, rng = cell.about.tools, mill.rng
    yield from cell.sisters.take(kind)
    yield cell.env.timeout(about.change_time * MINUTE)
    tool = Tool(
        tool_id=len(cell.tools),
        machine=mill.index,
        about=tools()[kind],
        fitted_at=cell.env.now,
        factor=float(rng.lognormal(0.0, about.life_spread)),
        runout=float(min(rng.exponential(_RUNOUT), 0.6)),
        budget=float(rng.exponential()),
    )
    cell.tools.append(tool)
    mill.tools[kind] = tool


def take_out(cell: Cell, tool: Tool, removal: str) -> None:
    """Take a tool out; what was found is known from now on."""
    now, about = cell.env.now, cell.about.tools
    tool.removed_at, tool.removal = now, removal
    looked = removal != TIME
    for event, severity in ((tool.worn, tool.wear / about.limit), (tool.chipped, tool.chip)):
        if event is not None:
            cell.end(event, severity=severity)
            if looked:
                reason = BREAKAGE if removal == BREAKAGE else MEASUREMENT
                event.observe(now, reason, label=True)


def change(cell: Cell, mill: Mill, kind: str, removal: str) -> Generator[simpy.Event, Any, None]:
    """Change a tool that is due, if there is one in its place."""
    tool = mill.tools.get(kind)
    if tool is not None:
        take_out(cell, tool, removal)
    yield from put_in(cell, mill, kind)


def due(cell: Cell, mill: Mill, kind: str) -> str | None:
    """Why a tool is to be changed before a cut; "" if its place is empty, None if it is not."""
    tool = mill.tools.get(kind)
    if tool is None:
        return ""
    about = cell.about.tools
    if not mill.made.measured:
        return TIME if tool.planned >= about.change_share else None
    if tool.n_cuts - tool.n_measured < about.measuring_cuts:
        return None
    tool.n_measured = tool.n_cuts
    if tool.chip >= _VISIBLE_CHIP:
        return CHIPPED
    measured = tool.wear + about.measuring_error * float(mill.rng.standard_normal())
    return LIMIT if measured >= about.limit else None


def use_tool(  # noqa: PLR0917 - what a cut is
    cell: Cell, mill: Mill, tool: Tool, cut: BatchCut, chatter: float, dry: float
) -> bool:
    """A tool has made a cut; returns whether it broke.

    Args:
        cell: the cell.
        mill: in which it is.
        tool: the tool.
        cut: the cut.
        chatter: of the cut, 0 to 1.
        dry: how far the coolant's nozzles are clogged, 0 to 1.
    """
    about, rng, minutes = cell.about.tools, mill.rng, cut.minutes
    harder = (1.0 + _CHATTER_WEAR * chatter) * (1.0 + _DRY_WEAR * dry)
    uneven = rng.gamma(_UNEVENNESS, 1.0 / _UNEVENNESS)
    tool.share += minutes / (tool.factor * cut.life) * harder * uneven
    tool.planned += cut.planned
    tool.n_cuts, tool.time = tool.n_cuts + 1, tool.time + cut.time
    tool.wear = about.wear(tool.share)
    start = cell.env.now - cut.time
    if tool.worn is None and tool.wear >= about.worn_share * about.limit:
        tool.worn = cell.begin(mill, WORN)
        tool.worn.onset_at = start
    if tool.ended is None and tool.wear >= about.limit:
        tool.ended = (tool.n_cuts, tool.time)
    tool.budget -= about.breakage_rate_at(tool.wear) * minutes * cut.hardness * (1.0 + chatter)
    if tool.budget <= 0.0:
        _chip(cell, mill, tool, start)
    return tool.chip >= 1.0


def _chip(cell: Cell, mill: Mill, tool: Tool, start: float) -> None:
    """An edge is chipped by the cut that began at `start` [s], or chips on until it breaks."""
    if tool.chipped is None:
        tool.chipped = cell.begin(mill, BROKEN, caused_by=tool.worn.event_id if tool.worn else 0)
        tool.chipped.onset_at = start
    mean = 1.0 / cell.about.tools.mean_chipped_cuts
    tool.chip = min(1.0, tool.chip + mill.rng.gamma(2.0, 0.5 * mean))
    if tool.chip >= 1.0 and tool.ended is None:
        tool.ended = (tool.n_cuts, tool.time)
