"""A cell: its mills, their tools, the crew and the stores as they are now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import simpy

from simgen.core import MINUTE
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.fleet.components import ComponentTable
from simgen.domains.industrial.kernels.pumps import cooled
from simgen.domains.industrial.milling.lookalikes import HardBatch, ThinWall
from simgen.domains.industrial.milling.shop import ToolKind
from simgen.domains.industrial.plant.orders import SENSOR
from simgen.domains.industrial.plant.site import Machine, Site

if TYPE_CHECKING:
    from simgen.domains.industrial.milling_cell import MillingCell
    from simgen.domains.industrial.plant.store import Store
    from simgen.domains.industrial.plant.upkeep import Upkeep

WARMING = 50.0 * MINUTE  # time constant of a spindle [s]; assumption


class Made(NamedTuple):
    """One mill as it was built, each over the usual of its kind."""

    idle: float  # power
    force: float  # what the plate reads
    shake: float
    sound: float  # of acoustic emission
    measured: bool  # whether it measures its tools


@dataclass(kw_only=True)
class Tool:
    """A tool that is or was in a mill."""

    tool_id: int
    machine: int  # within the block
    about: ToolKind
    fitted_at: float  # [s]
    factor: float  # of its life, over the usual
    runout: float  # over the feed of a tooth
    budget: float  # of hazard until its edge is chipped
    share: float = 0.0  # of its life that is used up
    planned: float = 0.0  # the same as planned, of the usual life
    chip: float = 0.0  # from 0, whole, to 1, broken
    n_cuts: int = 0
    time: float = 0.0  # of cutting [s]
    n_measured: int = 0  # cuts when it was measured last
    wear: float = 0.0  # of its flank [mm]
    worn: Event | None = None
    chipped: Event | None = None
    removed_at: float | None = None  # [s]
    removal: str = ""
    ended: tuple[int, float] | None = None  # cuts and time [s] when it was at its limit or broke


class CutRecord(NamedTuple):
    """One cut that was made, and how all was at its end."""

    at: float  # when it was over [s]
    mill: int  # within the block
    place: int  # of the cut in `every_cut`
    tool: int  # in the cell's list
    n_cuts: int  # of the tool, with this one
    tool_time: float  # of cutting, with this one [s]
    piece: int  # made on this mill so far
    hardness: float  # of the batch, over the usual
    wear: float  # of the tool [mm]
    chip: float  # of the tool's edge
    chatter: float  # 0 none, 1 full
    sound_chatter: float  # that would be without a weak clamp
    severities: tuple[float, ...]  # of the table's defects
    warmth: float  # of the spindle [degree Celsius]
    use_time: float  # of the mill [s]
    event: Event | None  # that it belongs to


@dataclass(kw_only=True)
class Mill(Machine):
    """One machine, as it is now; `temperature` is that of its spindle."""

    made: Made
    defects: tuple[str, ...]  # of the component table
    tools: dict[str, Tool] = field(default_factory=dict)  # in its magazine, by kind
    batch: Event | None = None  # of a hard or thin batch
    cold: Event | None = None
    unsettled: simpy.Event = None  # type: ignore[assignment] # set before anything runs
    known_at: float = 0.0  # when its temperature was so [s]
    n_pieces: int = 0
    judged: tuple[int, int] = (0, 0)  # cuts since the last look at it, and those that chattered

    def severities(self) -> tuple[float, ...]:
        """Of the table's defects, in its order."""
        found = {part.mode.defect: part.severity for part in self.parts if part.event}
        return tuple(found.get(defect, 0.0) for defect in self.defects)

    def troubles(self) -> Iterator[tuple[str, Event | None]]:
        """See `Machine.troubles`."""
        for kind in (ThinWall.kind, HardBatch.kind):
            yield kind, self.batch if self.batch is not None and self.batch.kind == kind else None
        yield SENSOR, self.sensor_fault


@dataclass(kw_only=True)
class Cell(Site):
    """The block as it is simulated."""

    about: MillingCell
    cell_id: int
    table: ComponentTable
    sisters: Store  # tools that lie ready, of each kind
    mills: list[Mill] = field(default_factory=list)
    tools: list[Tool] = field(default_factory=list)
    cuts: list[CutRecord] = field(default_factory=list)

    @property
    def machines(self) -> list[Mill]:
        """The block's machines."""
        return self.mills

    @cached_property
    def opening(self) -> Upkeep:
        """The policy, with the hours in which mills work."""
        work = self.about.operation
        return replace(self.about.upkeep, shift_start=work.shift_start, shift_stop=work.shift_stop)

    def closed_for(self) -> float:
        """How long from now on no piece is begun [s]."""
        return self.opening.closed_time(self.env.now, self.first_weekday, urgent=False)

    def attend(self, machine: Machine, *, attended: bool) -> None:
        """See `Site.attend`: who works on a mill waits until its piece is done."""
        mill = self.mills[machine.index]
        mill.attended = attended
        if mill.available and not mill.unsettled.triggered:
            mill.unsettled.succeed()

    def clean(self, machine: Machine) -> None:
        """Nothing here is put right by every service, besides what has aged."""

    def cool(self, mill: Mill) -> None:
        """Let a spindle cool that has stood since its temperature was known."""
        now = self.env.now
        if now > mill.known_at:
            warmth = cooled(mill.temperature, self.days, mill.known_at, now, WARMING)
            mill.temperature, mill.known_at = float(warmth), now

    def close(self) -> None:
        """The horizon is reached: tools in the magazines are as worn as they are."""
        limit = self.about.tools.limit
        for tool in self.tools:
            for event, severity in ((tool.worn, tool.wear / limit), (tool.chipped, tool.chip)):
                if event is not None:
                    self.end(event, severity=severity)
        self.close_events()
