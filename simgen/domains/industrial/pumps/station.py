"""A station: its pumps, tank, crew and store as they are now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
import simpy

from simgen.core import HOUR
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.alarms import QUANTITIES
from simgen.domains.industrial.pumps.automation import Automation
from simgen.domains.industrial.pumps.words import STRAINER
from simgen.domains.industrial.site.orders import SENSOR
from simgen.domains.industrial.site.site import Machine, Site

if TYPE_CHECKING:
    from simgen.domains.industrial.pump_station import PumpStation


@dataclass(kw_only=True)
class Pump(Machine):
    """One pump, as it is now."""

    mended: ClassVar[tuple[str, ...]] = (SENSOR, STRAINER)

    alarms: npt.NDArray[Any]  # its row of the automation's
    strainer: Event | None = None

    def forget_usual(self) -> dict[str, float]:
        """See `Machine.forget_usual`."""
        every = zip(QUANTITIES, self.alarms, strict=True)
        stood = {name: float(alarm["threshold"]) for name, alarm in every if alarm["raised"]}
        for name in ("n_usual", "n_above", "raised"):
            self.alarms[name] = 0
        self.alarms["threshold"] = np.inf
        return stood

    def troubles(self) -> Iterator[tuple[str, Event | None]]:
        """See `Machine.troubles`."""
        yield STRAINER, self.strainer
        yield SENSOR, self.sensor_fault


@dataclass(kw_only=True)
class Station(Site):
    """The block as it is simulated."""

    about: PumpStation
    station_id: int
    automation: Automation
    pumps: list[Pump] = field(default_factory=list)
    disturbed: simpy.Event = None  # type: ignore[assignment] # set before anything runs
    surge: float = 1.0  # demand over the usual

    @property
    def machines(self) -> list[Pump]:
        """The block's pumps."""
        return self.pumps

    @property
    def running(self) -> list[Pump]:
        """The pumps that run."""
        return [self.pumps[i] for i in self.automation.pumps["running"].nonzero()[0].tolist()]

    def stretches(self, pump: Pump) -> npt.NDArray[np.void]:
        """Those of time in which a pump ran, of dtype STRETCH."""
        n = self.automation.pumps[pump.index]["n_stretches"]
        some: npt.NDArray[np.void] = self.automation.stretches[pump.index, :n]
        return some

    def attend(self, machine: Machine, *, attended: bool) -> None:
        """See `Site.attend`."""
        self.advance()
        machine.attended = attended
        self.disturb()

    def clean(self, machine: Machine) -> None:
        """See `Site.clean`: a pump's strainer."""
        strainer = self.pumps[machine.index].strainer
        if strainer is not None and strainer.active:
            self.end(strainer)

    def disturb(self) -> None:
        """Something that the control has to look at changed now, to which they have advanced."""
        if not self.disturbed.triggered:
            self.disturbed.succeed()

    def note_cold_start(self, pump: Pump, at: float) -> None:
        """A pump that stood in the cold was started at an instant [s]."""
        cold = self.about.lookalikes.cold_start
        event = self.begin(pump, cold.kind, lookalike_of=cold.resembles)
        event.onset_at, event.ended_at = at, at + cold.visible_time * HOUR

    def advance(self) -> None:
        """Let time pass up to now, for the tank and for every pump."""
        self.automation.advance(self)

    def close(self) -> None:
        """The horizon is reached: what still goes on ends here, as far as anybody knows."""
        self.advance()
        self.automation.write_hour()
        self.close_events()
