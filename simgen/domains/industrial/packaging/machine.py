"""A machine of a line, as it is now, and the stretches of time in which it ran."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.lines import COUNTERS
from simgen.domains.industrial.packaging.lookalikes import BadMaterial
from simgen.domains.industrial.packaging.stations import Shows, StationKind, together
from simgen.domains.industrial.site.orders import SENSOR
from simgen.domains.industrial.site.site import Machine
from simgen.kernels.arrays import Floats

COUNTED = (*COUNTERS, "products", "rejects")  # the last two whole, which the stream is not
_USE, _MADE, _REJECTED = (COUNTERS.index(name) for name in ("use_time", "made", "rejected"))
_ROUNDING = 1e-6  # products that may be missing from a whole one; numerical


class Stretch(NamedTuple):
    """A stretch of time in which a station ran now and then."""

    start: float  # [s]
    stop: float  # [s]
    first: tuple[float, ...]  # severities of the table's defects when it begins
    last: tuple[float, ...]  # and when it ends


@dataclass(kw_only=True)
class Station(Machine):
    """One machine of the line, as it is now."""

    about: StationKind
    made: tuple[float, ...]  # current, vibration and jams over those of its kind
    stretches: list[Stretch] = field(default_factory=list)
    reads: list[tuple[float, Floats]] = field(default_factory=list)  # out of turn, not counted yet
    sent: list[tuple[Floats, Floats]] = field(default_factory=list)  # as `count` gives them
    ever_made: float = 0.0  # products, until it counted last
    waiting: Floats = field(default_factory=lambda: np.zeros(len(COUNTERS)))  # counted, not sent
    material: Event | None = None
    speed: float = 1.0  # that it is set to, over the line's rated one
    paces: list[float] = field(default_factory=list)  # see `Line.rates`; while nothing else wears
    changes_at: float = 0.0  # use at which a part changes by itself, if that is known to be far [s]

    def looks(self) -> Shows:
        """What all its defects do together."""
        return together(list(self.begun().items()))

    def count(self, at: Floats, rows: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """What it sends of its next rows, those out of turn included.

        Where no whole product was made nothing is sent, and the next row counts that too. How many
        are thrown out is left to chance, here and nowhere else.

        Args:
            at: when the rows were read, ascending. (n,) [s]
            rows: of `COUNTERS`. (n, counters)
            rng: draws how many are thrown out.

        Returns:
            When it sends rows, and their `COUNTED`. (m,) [s], (m, counted)
        """
        at, rows = self._with_reads(at, rows)
        ever = np.cumsum(np.append(self.ever_made, rows[:, _MADE]))
        products, self.ever_made = np.diff(np.floor(ever + _ROUNDING)), float(ever[-1])
        made = np.flatnonzero(products)
        if not len(made):
            self.waiting += rows.sum(0)
            return np.zeros(0), np.zeros((0, len(COUNTED)))
        counted = np.add.reduceat(rows[: made[-1] + 1], np.append(0, made[:-1] + 1))
        counted[0] += self.waiting
        counted[:, _USE] = rows[made, _USE]
        self.waiting = rows[made[-1] + 1 :].sum(0)
        share = np.minimum(counted[:, _REJECTED] / counted[:, _MADE], 1.0)
        rejects = rng.binomial(products[made].astype(np.int64), share)
        self.sent.append((at[made], np.column_stack([counted, products[made], rejects])))
        return self.sent[-1]

    def _with_reads(self, at: Floats, rows: Floats) -> tuple[Floats, Floats]:
        """Rows with those out of turn, in order of time."""
        if not self.reads:
            return at, rows
        times, more = zip(*self.reads, strict=True)
        at, rows = np.append(at, times), np.concatenate([rows, np.stack(more)])
        order, self.reads = np.argsort(at, kind="stable"), []
        return at[order], rows[order]

    def history(self) -> tuple[Floats, Floats]:
        """All that it sent, as `count` gives it."""
        at = [np.zeros(0), *[times for times, _ in self.sent]]
        rows = [np.zeros((0, len(COUNTED))), *[counted for _, counted in self.sent]]
        return np.concatenate(at), np.concatenate(rows)

    def badness(self) -> float:
        """Jams and rejects of its material over the usual."""
        material = self.material
        return material.size if material is not None and material.active else 1.0

    def troubles(self) -> Iterator[tuple[str, Event | None]]:
        """See `Machine.troubles`."""
        yield BadMaterial.kind, self.material
        yield SENSOR, self.sensor_fault
