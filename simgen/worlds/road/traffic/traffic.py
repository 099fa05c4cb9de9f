"""Vehicles on a town's lanes, all stepped together."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import Parameters, RequestError, Streams, parameter
from simgen.worlds.base import Snapshot
from simgen.worlds.road.catalogue import catalogue
from simgen.worlds.road.traffic.behaviour import Drivers, People, shape
from simgen.worlds.road.traffic.cars import CAR, MAX_PLAN, absent
from simgen.worlds.road.traffic.kernels.changes import begin
from simgen.worlds.road.traffic.kernels.motion import pose
from simgen.worlds.road.traffic.kernels.routes import plan_on
from simgen.worlds.road.traffic.kernels.steps import lead_of, light_at, step_of
from simgen.worlds.road.traffic.kernels.walking import strike, walk_all, walker_pose
from simgen.worlds.road.traffic.snapshots import snapshot_of
from simgen.worlds.road.traffic.town import Town
from simgen.worlds.road.traffic.walkers import WALKER

MAX_CARS = 10_000
_BEFORE_END = 8.0  # of a track, where nobody is put; assumption [m]
_THINKING_TIME = 0.5  # between thoughts about changing lanes; assumption [s]


@dataclass(frozen=True, kw_only=True)
class Lights(Parameters):
    """How traffic lights switch: each group of a junction in turn.

    German road law has yellow last 3 s at 50 km/h, 4 s at 60, 5 s at 70 (VwV-StVO on section 37).
    Other times are assumptions.
    """

    green_time: float = parameter(
        20.0, doc="How long a group has green.", unit="s", minimum=3.0, maximum=300.0
    )
    yellow_time: float = parameter(
        3.0, doc="How long it has yellow.", unit="s", minimum=3.0, maximum=10.0
    )
    clearance_time: float = parameter(
        2.0, doc="Red for all, before the next group.", unit="s", minimum=0.0, maximum=20.0
    )


@dataclass(frozen=True, kw_only=True)
class TrafficRules(Parameters):
    """How traffic moves."""

    step_time: float = parameter(0.1, doc="Of one step.", unit="s", minimum=0.01, maximum=0.25)
    lights: Lights = parameter(Lights, doc="Traffic lights.")
    drivers: Drivers = parameter(Drivers, doc="Who drives.")
    people: People = parameter(People, doc="Who walks.")


class Traffic:
    """Vehicles that drive by themselves; row i of `cars` keeps its number for good.

    The model is kinematic on lanes: drivers choose accelerations, and a vehicle's middle keeps to
    its lane or to a smooth path between two. So tyres never slide here; where that matters, drive
    an `EmbeddedWorld`. After a collision both brake as hard as they can.
    """

    def __init__(self, town: Town, rules: TrafficRules, streams: Streams) -> None:
        self.town = town
        self.rules = rules
        self.cars = absent(0)
        self.names: list[str] = []
        self.walkers = np.zeros(0, WALKER)
        self.walker_names: list[str] = []
        self.n_steps = 0
        # Pairs of rows, of the last step; those of walkers follow the vehicles'.
        self.touching = np.zeros((0, 2), np.int64)
        self._key = streams.key("ways")
        self._rng = streams.generator("drivers")
        self._scratch = _scratch(town, 0, 0)
        self._walk_key, self._walk_rng = streams.key("walks"), streams.generator("walkers")
        self._walking = _walking(town, 0)

    @property
    def time(self) -> float:
        """Since the start [s]."""
        return self.n_steps * self.rules.step_time

    def add(self, name: str, track: int, at: float, speed: float = 0.0, **driver: Any) -> int:
        """Put a vehicle on a track, its middle `at` [m] from the start; gives its row.

        `driver` are fields of `cars.CAR` that are not drawn.

        Raises:
            RequestError: the name or a field is unknown, the place is off the track, or there are
                too many vehicles.
        """
        kind = catalogue().find(name)
        if len(self.cars) == MAX_CARS:
            raise RequestError(f"there are {MAX_CARS:,} vehicles, the most there may be")
        if odd := set(driver) - set(CAR.names or ()):
            raise RequestError(f"vehicles have no {', '.join(sorted(odd))}: see cars.CAR")
        car = absent(1)
        drawn = self.rules.drivers.draw(name, self._rng)
        given = {"present": True, "track": track, "changed_at": -math.inf}
        for field, value in (shape(kind) | drawn | given | driver).items():
            car[field] = value
        row = len(self.cars)
        self.cars = np.append(self.cars, car)
        self.names.append(name)
        self._scratch = _scratch(self.town, len(self.cars), len(self.walkers))
        plan_on(self.town.tracks.arrays, self.cars[row], row, self._key)
        self.place(row, at, speed)
        return row

    def place(self, row: int, at: float, speed: float) -> None:
        """Put a vehicle at another place of its track [m], at a speed [m/s].

        Raises:
            RequestError: the place is off the track.
        """
        car = self.cars[row]
        length = self.town.tracks.records["length"][car["track"]]
        if not 0.0 <= at <= length:
            raise RequestError(
                f"at = {at:g} m: must be on track {car['track']}, in [0, {length:g}] m"
            )
        car["at"], car["speed"] = at, speed
        pose(self.town.tracks.arrays, car, 0.0)

    def reorder(self, rows: npt.NDArray[np.int64]) -> None:
        """Give vehicles other numbers before they drive: `rows` `(n,)` are the present ones."""
        self.cars = self.cars[rows]
        self.names = [self.names[row] for row in rows]

    def populate(self, names: list[str]) -> list[int]:
        """Put vehicles at random places outside of junctions, standing; gives their rows.

        Raises:
            RequestError: there is no room for so many.
        """
        records = self.town.tracks.records
        free = np.flatnonzero(~records["junction"])
        share = records["length"][free] / records["length"][free].sum()
        rows = []
        for name in names:
            half = shape(catalogue().find(name))["half_length"]
            for _ in range(200):
                track = int(self._rng.choice(free, p=share))
                most = max(records["usable"][track] - half - _BEFORE_END, half)
                at = float(self._rng.uniform(half, most))
                if self._is_free(track, at, half):
                    rows.append(self.add(name, track, at))
                    break
            else:
                raise RequestError(
                    f"{len(names)} vehicles don't fit onto the map's lanes; ask for fewer"
                )
        return rows

    def add_walkers(self, names: list[str]) -> None:
        """Put people at random places of the sidewalks.

        Raises:
            RequestError: the map has no sidewalks, or a name is unknown.
        """
        ways = self.town.walkways
        if ways is None:
            raise RequestError("the map has no sidewalks: ask for no walkers, or take another map")
        length = ways.tracks.records["length"]
        walkers = np.zeros(len(names), WALKER)
        for walker, name in zip(walkers, names, strict=True):
            kind = catalogue().find(name)
            about = shape(kind) | self.rules.people.draw(kind, self._walk_rng)
            for field, value in about.items():
                walker[field] = value
            walker["crossing"] = -1
            walker["track"] = self._walk_rng.choice(len(length), p=length / length.sum())
            walker["at"] = self._walk_rng.uniform(0.0, length[walker["track"]])
            walker_pose(ways.arrays, walker)
        self.walkers = np.append(self.walkers, walkers)
        self.walker_names += names
        self._scratch = _scratch(self.town, len(self.cars), len(self.walkers))
        self._walking = _walking(self.town, len(self.walkers))

    def change_lane(self, row: int, *, left: bool, time: float = 4.0) -> None:
        """Let a vehicle change lanes now, whatever is there, within `time` [s].

        Raises:
            RequestError: there is no such lane, or it is changing already.
        """
        car = self.cars[row]
        target = self.town.tracks.records["left" if left else "right"][car["track"]]
        if target < 0 or car["from_track"] >= 0:
            raise RequestError(
                f"vehicle {row} can't change lanes here: it has no lane on that side"
            )
        begin(self.town.tracks.arrays, car, row, self._key, int(target), time, self.time)

    def startle(self, row: int, *, brake: float, time: float) -> None:
        """Let a driver brake for some time, for nothing that others see [m/s2, s]."""
        self.cars["startled_brake"][row] = brake
        self.cars["startled_until"][row] = self.time + time

    def lead(self, row: int) -> tuple[int, float]:
        """Who is ahead of a vehicle, -1 for nobody near, and the gap between both [m]."""
        found: tuple[int, float] = lead_of(
            self.town.tracks.arrays, self.town.conflicts.arrays, self.cars, self._scratch[0], row
        )
        return found

    def lights(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """What each group of lights shows: 0 green, 1 yellow, 2 red; and for how long still [s]."""
        about = self.rules.lights
        times = (about.green_time, about.yellow_time, about.clearance_time)
        shown = [light_at(phase, times, self.time) for phase in self.town.approaches.phases]
        return np.array([light for light, _ in shown], np.int64), np.array(
            [left for _, left in shown], np.float64
        )

    def step(self) -> None:
        """Let one step of time pass."""
        lights, left = self.lights()
        if self.town.walkways is not None and len(self.walkers):
            walk_all(
                self.town.tracks.arrays, self.town.approaches.crosswalks, self.cars,
                self.town.walkways.arrays, self.walkers, self._walking, self._walk_key, lights,
                left, self.rules.step_time,
            )  # fmt: skip
        period = max(round(_THINKING_TIME / self.rules.step_time), 1)
        count = step_of(
            self.town.tracks.arrays, self.town.junctions, self.town.conflicts.arrays, self.cars,
            self._walking, self._scratch, self._key, lights,
            (self.n_steps % period, period), self.time, self.rules.step_time,
        )  # fmt: skip
        if len(self.walkers):
            count = strike(self.cars, self.walkers, self._scratch[3], count)
        self.touching = self._scratch[3][:count].copy()
        self.n_steps += 1

    def sense(self) -> Snapshot:
        """What is true now: vehicles that are present, then walkers.

        Vehicle of row i is actor i + 1; walkers follow the last vehicle. Who touches collides, with
        an impulse of 0: traffic knows none.
        """
        now, names = (self.n_steps, self.time), (self.names, self.walker_names)
        snapshot = snapshot_of(now, self.cars, self.walkers, names, self.touching)
        return replace(snapshot, lights=tuple(self.lights()[0].tolist()))

    def _is_free(self, track: int, at: float, half: float) -> bool:
        near = self.cars[self.cars["track"] == track]
        apart = np.abs(near["at"] - at) - near["half_length"] - half
        return bool((apart > self.rules.drivers.min_gap).all())


def _scratch(town: Town, n: int, n_walkers: int) -> tuple[Any, ...]:
    """Room for `kernels.steps.step_of`: crowd, claims, asking and pairs."""
    n_tracks = len(town.tracks.records)
    # Each may need its tail's track, its own and all that it plans.
    n_claims = (MAX_PLAN + 2) * n + 1
    crowd = np.zeros(n_tracks + 1, np.int64), np.empty(2 * n, np.int64), np.empty(2 * n)
    claims = (
        np.empty(n_tracks, np.int64),
        np.empty(n_claims, np.int64),
        np.empty(n_claims, np.int64),
    )
    return crowd, claims, np.empty((n, 4)), np.empty((4 * (n + n_walkers), 2), np.int64)


def _walking(town: Town, n: int) -> tuple[Any, ...]:
    """Room for the walkers on crosswalks: heads, links, places and directions."""
    n_crosswalks = int(town.approaches.crosswalks[:, 0].max(initial=-1)) + 1
    return np.full(n_crosswalks, -1), np.full(n, -1), np.zeros(n), np.zeros(n)
