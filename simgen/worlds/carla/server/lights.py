"""Traffic lights: groups that take turns, and which vehicle stands before which light.

As CARLA's: the controllers of a junction take turns, each green, then yellow, then red for all
before the next is green. A light without a controller is a group of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simgen.worlds.carla.protocol.types import LightColour
from simgen.worlds.carla.server.entities import Light
from simgen.worlds.carla.server.reaches import SAMPLE, Reaches
from simgen.worlds.road import RoadNetwork, Waypoints

# CARLA's times [s]; red is how long all are red before the next turn.
TIMES = {LightColour.GREEN: 10.0, LightColour.YELLOW: 3.0, LightColour.RED: 2.0}
_NEXT = {
    LightColour.GREEN: LightColour.YELLOW,
    LightColour.YELLOW: LightColour.RED,
    LightColour.RED: LightColour.GREEN,
}


@dataclass(kw_only=True)
class Group:
    """The lights of a junction, by controllers that take turns."""

    controllers: list[list[Light]]
    turn: int = 0
    elapsed_time: float = 0.0  # of the present state [s]
    state: LightColour = LightColour.GREEN
    is_frozen: bool = False

    @property
    def lights(self) -> list[Light]:
        """All of them."""
        return [light for controller in self.controllers for light in controller]

    def start(self) -> None:
        """Begin with the first controller."""
        self.turn, self.elapsed_time, self.state = 0, 0.0, LightColour.GREEN
        self._show()
        for light in self.lights:
            light.elapsed_time = 0.0

    def advance(self, step: float) -> None:
        """Let time pass [s]."""
        if self.is_frozen:
            return
        self.elapsed_time += step
        for light in self.lights:
            light.elapsed_time += step
        present = self.controllers[self.turn][0]
        if self.elapsed_time < present.times[self.state]:
            return
        self.elapsed_time, self.state = 0.0, _NEXT[self.state]
        if self.state == LightColour.GREEN:
            self.turn = (self.turn + 1) % len(self.controllers)
        self._show()

    def _show(self) -> None:
        for number, controller in enumerate(self.controllers):
            state = self.state if number == self.turn else LightColour.RED
            for light in controller:
                if light.state != state:
                    light.state, light.elapsed_time = state, 0.0


@dataclass(kw_only=True)
class TrafficLights:
    """All groups of a map, and where each light holds."""

    groups: list[Group]
    by_id: dict[int, Group] = field(default_factory=dict)
    lanes: npt.NDArray[np.int64]  # of places before lights (n,)
    places: npt.NDArray[np.float64]  # their s (n,) [m]
    owners: list[Light]  # of each place (n,)

    def advance(self, step: float) -> None:
        """Let time pass [s]."""
        for group in self.groups:
            group.advance(step)

    def over(self, fronts: Waypoints) -> list[Light | None]:
        """The light over each vehicle's front `(n,)`."""
        if not len(self.lanes):
            return [None] * len(fronts)
        near = (fronts.lane[:, None] == self.lanes) & (
            np.abs(fronts.s[:, None] - self.places) <= SAMPLE
        )
        return [self.owners[int(row.argmax())] if row.any() else None for row in near]


def traffic_lights(
    network: RoadNetwork, lights: Sequence[Light], reaches: Reaches
) -> TrafficLights:
    """The lights of a map, in groups, started."""
    by_sign = {light.sign.decode(): light for light in lights}
    groups = [Group(controllers=found) for found in _groups(network, by_sign)]
    by_id = {}
    for group in groups:
        group.start()
        by_id.update({light.id: group for light in group.lights})
    rows = np.flatnonzero(np.isin(reaches.signals, list(by_sign)))
    return TrafficLights(
        groups=groups,
        by_id=by_id,
        lanes=reaches.places.lane[rows],
        places=reaches.places.s[rows],
        owners=[by_sign[sign] for sign in reaches.signals[rows]],
    )


def _groups(network: RoadNetwork, by_sign: dict[str, Light]) -> list[list[list[Light]]]:
    left, found = dict(by_sign), []
    signals = {entry.id: entry.signals for entry in network.document.controllers}
    for junction in network.document.junctions:
        chosen = [
            [left.pop(sign) for sign in signals.get(name, ()) if sign in left]
            for name in junction.controllers
        ]
        if any(chosen):
            found.append([controller for controller in chosen if controller])
    return [*found, *([[light]] for light in left.values())]
