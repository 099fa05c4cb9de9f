"""A machine of a line, as it is now, and the stretches of time in which it ran."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from simgen.domains.industrial.events import Event
from simgen.domains.industrial.packaging.lookalikes import BadMaterial
from simgen.domains.industrial.packaging.stations import Shows, StationKind, together
from simgen.domains.industrial.plant.orders import SENSOR
from simgen.domains.industrial.plant.site import Machine

if TYPE_CHECKING:
    from simgen.domains.industrial.plant.parts import Part

Floats = npt.NDArray[np.float64]


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
    defects: tuple[str, ...]  # of the component table
    stretches: list[Stretch] = field(default_factory=list)
    reads: list[tuple[float, Floats]] = field(default_factory=list)  # at failures and work
    material: Event | None = None
    speed: float = 1.0  # that it is set to, over the line's rated one
    paces: list[float] = field(default_factory=list)  # see `Line.rates`; while nothing else wears
    changes_at: float = 0.0  # use at which a part changes by itself, if that is known to be far [s]

    def begun(self) -> list[Part]:
        """Its parts whose defects have begun."""
        return [part for part in self.parts if part.event]

    def severities(self) -> tuple[float, ...]:
        """Of the table's defects, in its order."""
        begun = self.begun()
        if not begun:
            return self._sound
        found = {part.mode.defect: part.severity for part in begun}
        return tuple([found.get(defect, 0.0) for defect in self.defects])

    @cached_property
    def _sound(self) -> tuple[float, ...]:
        return (0.0,) * len(self.defects)

    def looks(self) -> Shows:
        """What all its defects do together."""
        return together([(part.mode.defect, part.severity) for part in self.begun()])

    def badness(self) -> float:
        """Jams and rejects of its material over the usual."""
        material = self.material
        return material.size if material is not None and material.active else 1.0

    def troubles(self) -> Iterator[tuple[str, Event | None]]:
        """See `Machine.troubles`."""
        yield BadMaterial.kind, self.material
        yield SENSOR, self.sensor_fault
