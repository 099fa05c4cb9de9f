"""A cell: its mills, their tools, the crew and the stores as they are now."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np
import simpy

from simgen.domains.industrial.events import Event
from simgen.domains.industrial.fleet.components import ComponentTable
from simgen.domains.industrial.kernels.milling import warm_up
from simgen.domains.industrial.kernels.telemetry import HALL_SWING
from simgen.domains.industrial.milling.batches import WARMING
from simgen.domains.industrial.milling.lookalikes import HardBatch, ThinWall
from simgen.domains.industrial.milling.shop import ToolKind
from simgen.domains.industrial.site.orders import SENSOR
from simgen.domains.industrial.site.site import Machine, Site

if TYPE_CHECKING:
    from simgen.domains.industrial.milling_cell import MillingCell
    from simgen.domains.industrial.site.store import Store
    from simgen.domains.industrial.site.upkeep import Upkeep

_DEFECTS = ("spindle_bearing_wear", "weak_clamping", "clogged_nozzles")  # as cuts show them


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
    bearing: float  # severity of the spindle's
    dry: float  # severity of clogged nozzles
    severity: float  # of the mill's worst defect
    use_time: float  # of the mill [s]


@dataclass(kw_only=True)
class Mill(Machine):
    """One machine, as it is now; `temperature` is that of its spindle."""

    made: Made
    defects: tuple[str, ...] = _DEFECTS
    tools: dict[str, Tool] = field(default_factory=dict)  # in its magazine, by kind
    batch: Event | None = None  # of a hard or thin batch
    cold: Event | None = None
    unsettled: simpy.Event = None  # type: ignore[assignment] # set before anything runs
    known_at: float = 0.0  # when its temperature was so [s]
    # What `warm_up` needs to know of the cuts since, and of the instants at which it stood.
    heated: list[tuple[float, float, float, float]] = field(default_factory=list)
    n_pieces: int = 0
    # Of its cuts, one after the other: the fields of `CutRecord`, how warm the spindle was at the
    # end [degree Celsius], and the event that each belongs to.
    cuts: list[float] = field(default_factory=list)
    warmths: list[float] = field(default_factory=list)
    belongings: list[Event | None] = field(default_factory=list)
    judged: tuple[int, int] = (0, 0)  # cuts since the last look at it, and those that chattered

    def troubles(self) -> Iterator[tuple[str, Event | None]]:
        """See `Machine.troubles`."""
        for kind in (ThinWall.kind, HardBatch.kind):
            yield kind, self.batch if self.batch is not None and self.batch.kind == kind else None
        yield SENSOR, self.sensor_fault


@dataclass(kw_only=True)
class Cell(Site):
    """The block as it is simulated."""

    NUMBERS: ClassVar[int] = 10_000_000  # free for a mill's cuts, too

    about: MillingCell
    cell_id: int
    table: ComponentTable
    sisters: Store  # tools that lie ready, of each kind
    mills: list[Mill] = field(default_factory=list)
    tools: list[Tool] = field(default_factory=list)

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

    @cached_property
    def coldest(self) -> float:
        """No hall is colder at any time, not even by what its course is off [degree Celsius]."""
        return float(self.days.min()) - 1.01 * HALL_SWING

    def is_colder(self, mill: Mill, limit: float) -> bool:
        """Whether a spindle is colder now than a limit [degree Celsius].

        As long as it cannot be, had it cooled all the time in the coldest hall, nobody looks.
        """
        now, floor = self.env.now, self.coldest
        kept = math.exp((mill.known_at - now) / WARMING)
        # Its cooling is reckoned from one such instant to the next, whether or not it is looked at.
        mill.heated.append((now, now, 0.0, 0.0))
        if floor + (mill.temperature - floor) * kept > limit:
            return False
        self.settle(mill)
        return mill.temperature < limit

    def settle(self, mill: Mill) -> None:
        """Find out how warm a spindle was at the end of each cut since that was known."""
        if mill.heated:
            cuts, warmths = np.array(mill.heated), np.empty(len(mill.heated))
            warm_up(self.days, WARMING, mill.temperature, mill.known_at, cuts, warmths)
            mill.temperature, mill.known_at = float(warmths[-1]), float(cuts[-1, 1])
            mill.heated = []
            mill.warmths.extend(warmths[cuts[:, 2] > 0.0].tolist())

    def close(self) -> None:
        """The horizon is reached: tools in the magazines are as worn as they are."""
        for mill in self.mills:
            self.settle(mill)
        limit = self.about.tools.limit
        for tool in self.tools:
            for event, severity in ((tool.worn, tool.wear / limit), (tool.chipped, tool.chip)):
                if event is not None:
                    self.end(event, severity=severity)
        self.close_events()
