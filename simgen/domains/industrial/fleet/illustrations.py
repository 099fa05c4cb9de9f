"""A fleet in pictures: its site's, and what was measured on windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simgen.core import Illustration, Plot, Source
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.fleet.lookalikes import FleetLookAlikes
from simgen.domains.industrial.fleet.signals import Signals
from simgen.domains.industrial.site.illustrations import (
    SitePictures,
    broken,
    days,
    numbers,
    worst,
)

_WINDOWS = 'SELECT "at", {columns} FROM windows WHERE machine_id = {machine} ORDER BY "at"'


@dataclass(frozen=True, kw_only=True)
class FleetPictures(SitePictures):
    """What there is to draw of a fleet.

    Attributes:
        quantities: columns of windows, with what stands at their axis.
    """

    quantities: Mapping[str, str]

    @property
    def chapters(self) -> tuple[Illustration, ...]:
        """See `SitePictures.chapters`; windows stand behind the readings."""
        readings, *others = super().chapters
        windows = Illustration(
            title="What windows tell",
            doc=f"What alarms watch, on each window of the same {self.noun}. A line breaks where "
            "more than one is missing. A repair begins it anew; a faulty sensor, a load step or a "
            "cold start look like a defect.",
            plot=self.windows,
        )
        return (readings, windows, *others)

    def windows(self, sources: Mapping[str, Source]) -> list[Plot]:
        """The quantities that raise alarms, of the machine with most to show."""
        source = next(iter(sources.values()))
        machine = worst(source)
        if machine is None:
            return []
        columns = ", ".join(self.quantities)
        rows = source.ask(_WINDOWS.format(columns=columns, machine=machine))
        at = days(source, rows, "at")
        longest = 2.5 * source.parameters["watching"]["window_interval"] / 24.0
        return [
            self.marked_plot(source, machine, label, *broken(at, numbers(rows, name), longest))
            for name, label in self.quantities.items()
            if rows.num_rows
        ]


def fleet_illustrations(
    signals: type[Signals], lookalikes: type[FleetLookAlikes]
) -> tuple[Illustration, ...]:
    """The chapters about fleets of such machines: sensors that may fail are shown."""
    shown = {
        channel.name: f"{channel.name.replace('_', ' ')} [{channel.unit}]"
        for channel in signals.channels
        if channel.faults is not None
    }
    about = lookalikes()
    return FleetPictures(
        noun=signals.noun,
        shown=shown,
        kinds=component_table(signals.table).kinds,
        marked=(*(one.kind for one in about.disturbances), about.sensor_fault.kind),
        quantities={
            name: f"{name.replace('_', ' ')} [{unit}]" for name, unit in signals.quantities.items()
        },
    ).chapters
