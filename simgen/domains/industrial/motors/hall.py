"""A hall of motors, each behind a relay that watches how hot its winding becomes."""

from __future__ import annotations

from dataclasses import dataclass, field

from simgen.core import MINUTE
from simgen.domains.industrial.fleet.hall import FleetMachine, Hall, Pace
from simgen.domains.industrial.motors.signals import MotorSignals

_HEATING = {"turn_short", "phase_loss"}  # defects
_RELAY_TIME = 15.0 * MINUTE  # after which a relay looks again while one of those grows; assumption


@dataclass(kw_only=True)
class MotorHall(Hall):
    """The block as it is simulated."""

    signals: MotorSignals
    asked: dict[int, float] = field(default_factory=dict)  # load of each, if its relay allows it

    def start(self, machine: FleetMachine, speed: float, load: float) -> None:
        """See `Hall.start`: under no more load than the relay allows."""
        super().start(machine, speed, load)
        self.asked[machine.index] = load
        self._limit(machine)

    def advance(self, machine: FleetMachine) -> None:
        """See `Hall.advance`: the relay looks again."""
        super().advance(machine)
        if machine.duty is not None:
            self._limit(machine)

    def pace(self, machine: FleetMachine) -> Pace:
        """See `Hall.pace`."""
        pace = super().pace(machine)
        if _HEATING.isdisjoint(machine.begun()):
            return pace
        return pace._replace(time_to_change=min(pace.time_to_change, _RELAY_TIME))

    def _limit(self, machine: FleetMachine) -> None:
        duty = machine.duty
        assert duty is not None
        most = self.signals.most_load(machine.made, self.conditions(machine))
        load = min(self.asked[machine.index], most)
        if load != duty.load:
            machine.duty, machine.pace = duty._replace(load=load), None
