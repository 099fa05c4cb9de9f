"""Actors of a simulation of ours in CARLA: put in their places frame by frame, not driven.

Since a frame is all that there is to know, it can be shown again: after server or client died or
hung, both are started anew and the episode goes on where it was.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from simgen.core import RunError
from simgen.worlds.base import Snapshot
from simgen.worlds.carla.client.bridge import Bridge
from simgen.worlds.carla.client.fitting import Part
from simgen.worlds.carla.client.process import LostError
from simgen.worlds.carla.client.states import (
    Body,
    Ticked,
    digest_of,
    feet_of,
    places_of,
)
from simgen.worlds.carla.world import CarlaWorld
from simgen.worlds.road.sensors import Frame

# Where actors are made before they are placed: over the map, apart from each other; assumed [m].
_ALOFT, _APART, _ABREAST = 200.0, 30.0, 40
# Between where an actor was put and where the server says it is: single precision, with room.
_OFF_PLACE, _OFF_ANGLE = 0.01, 0.002  # [m], [rad]
# Upward, of walkers: Unreal keeps its characters on its own floor, kerbs and all, also with physics
# off. Assumed [m].
_OFF_FLOOR = 0.3
_N_WARM_UP = 10  # frames within which each sensor must have said something; assumed

_log = logging.getLogger(__name__)


class Placing:
    """One episode on a server."""

    def __init__(
        self,
        world: CarlaWorld,
        parts: Sequence[Part],
        *,
        carrier: int,
        weather: Mapping[str, float],
    ) -> None:
        self.digests: list[str] = []  # of each frame, what the server says of all actors
        self.versions: Mapping[str, str] = {}
        self._world, self._parts = world, tuple(parts)
        self._carrier, self._weather = carrier, weather
        self._bridge: Bridge | None = None
        self._roster: dict[int, str] = {}  # names of all who were ever there, by number
        self._bodies: dict[int, Body] = {}  # by number
        self._n_restarts = 0

    def show(self, snapshot: Snapshot) -> Ticked:
        """Put everybody in place, let a step pass, and give what the server told of it.

        Raises:
            RunError: server or client died or hung too often, or actors are not where they were
                put.
        """
        while True:
            try:
                bridge = self._bridge or self._begin(snapshot)
                return self._show(bridge, snapshot)
            except LostError as error:
                self._abandon()
                self._n_restarts += 1
                if self._n_restarts > self._world.link.max_restarts:
                    raise RunError(
                        f"{error}; max_restarts = {self._world.link.max_restarts} is used up: the "
                        "same command goes on from the last whole block"
                    ) from error
                _log.warning("%s: started anew, and the episode goes on", error)

    @property
    def numbers(self) -> dict[int, int]:
        """Numbers in the run by the server's ids."""
        return {body.actor: number for number, body in self._bodies.items()}

    def _begin(self, snapshot: Snapshot) -> Bridge:
        """Connect, make all who were ever there, in order, and wait until sensors speak."""
        bridge = self._bridge = Bridge(self._world, n_sensors=len(self._parts))
        bridge.enter()
        self.versions = bridge.versions
        bridge.set_weather(self._weather)
        self._bodies = {}
        self._roster |= dict(zip(snapshot.actors.tolist(), snapshot.names, strict=True))
        self._spawn(bridge, snapshot, sorted(self._roster))
        self._dismiss(bridge, snapshot)
        body = self._bodies[self._carrier]
        for part in self._parts:
            place = Frame(position=part.place.position + body.foot, axes=part.place.axes)
            bridge.attach(part.name, part.blueprint, part.attributes, place, body.actor)
        # A real server may lose the first frames of a sensor.
        for _ in range(_N_WARM_UP):
            if not self._tick(bridge, snapshot, warm_up=True).missing:
                return bridge
        raise LostError(
            f"not all of {len(self._parts)} sensors said something in {_N_WARM_UP} frames"
        )

    def _show(self, bridge: Bridge, snapshot: Snapshot) -> Ticked:
        self._dismiss(bridge, snapshot)
        new = [number for number in snapshot.actors.tolist() if number not in self._bodies]
        if new:
            names = dict(zip(snapshot.actors.tolist(), snapshot.names, strict=True))
            self._roster |= {number: names[number] for number in new}
            self._spawn(bridge, snapshot, new)
        ticked = self._tick(bridge, snapshot)
        self._check(ticked, snapshot)
        self.digests.append(digest_of(ticked, self.numbers))
        return ticked

    def _spawn(self, bridge: Bridge, snapshot: Snapshot, numbers: Sequence[int]) -> None:
        middle = snapshot.positions.mean(axis=0)
        for number in numbers:
            row, column = divmod(number, _ABREAST)
            aloft = np.array([_APART * column, _APART * row, _ALOFT])
            frame = Frame.turned(middle + aloft)
            name = self._roster[number]
            self._bodies[number] = bridge.spawn(name, frame, paint=number, moves=False)

    def _dismiss(self, bridge: Bridge, snapshot: Snapshot) -> None:
        """Take those out of the world who are no more."""
        gone = sorted(self._bodies.keys() - set(snapshot.actors.tolist()))
        if gone:
            bridge.destroy([self._bodies.pop(number).actor for number in gone])

    def _tick(self, bridge: Bridge, snapshot: Snapshot, *, warm_up: bool = False) -> Ticked:
        bodies = [self._bodies[number] for number in snapshot.actors.tolist()]
        frames = list(zip(snapshot.positions, snapshot.rotations, strict=True))
        places = places_of(frames, [body.foot for body in bodies])
        names = [part.name for part in self._parts]
        return bridge.step(names, [body.actor for body in bodies], places, warm_up=warm_up)

    def _check(self, ticked: Ticked, snapshot: Snapshot) -> None:
        """Refuse a frame in which somebody is not where he was put."""
        numbers = self.numbers
        if {numbers[actor] for actor in ticked.actors.tolist()} != set(snapshot.actors.tolist()):
            raise LostError(
                f"the server tells of {len(ticked.actors)} actors in frame {ticked.frame}; "
                f"{len(snapshot.actors)} were put there"
            )
        own = np.array([numbers[actor] for actor in ticked.actors.tolist()], np.int64)
        rows = np.searchsorted(snapshot.actors, own)
        feet = feet_of(ticked, {body.actor: body for body in self._bodies.values()})
        off = np.abs(feet - snapshot.positions[rows])
        angles = ticked.rotations - snapshot.rotations[rows]
        turn = np.abs((angles + np.pi) % (2.0 * np.pi) - np.pi)
        excess = np.maximum(off / self._slack(own), turn / _OFF_ANGLE).max(axis=1)
        worst = int(np.argmax(excess))
        if excess[worst] > 1.0:
            raise LostError(
                f"actor {own[worst]} ({snapshot.names[rows[worst]]}) stands "
                f"{off[worst].max():.3f} m and {turn[worst].max():.4f} rad from where it was put: "
                "does another program move it?"
            )

    def _slack(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """How far from its place each actor may stand, east, north and up `(n, 3)` [m]."""
        found = np.full((len(numbers), 3), _OFF_PLACE)
        for row, number in enumerate(numbers.tolist()):
            if self._bodies[number].blueprint.startswith("walker."):
                found[row, 2] = _OFF_FLOOR
        return found

    def _abandon(self) -> None:
        """Give up client and server at once."""
        if self._bridge is not None:
            self._bridge.kill()
            self._bridge = None

    def close(self) -> None:
        """Give back all that was taken. May be called again."""
        if self._bridge is not None:
            self._bridge.close()
            self._bridge = None
