"""Cut-ins: somebody changes into the ego's lane, close ahead of it and slower."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simgen.core import Parameters, RequestError, parameter
from simgen.domains.driving.episode import Incident, Script
from simgen.domains.driving.highway import MARGIN, fill_lane, starts
from simgen.domains.driving.scenario import DrivingScenario, Place
from simgen.worlds.road.traffic import Traffic

_NOTED = 60.0  # gap within which a change into the ego's lane is an event; assumption [m]
_PATIENCE = 1.5  # of who meant to be nearer by now; assumption [s]
# Where nobody begins: beside the ego, behind it, and ahead of it, so that it can drive as fast as
# it wants for a while; assumptions [m].
_BESIDE, _BEHIND, _AHEAD = 15.0, 40.0, 100.0
_SETTLED = 1.0  # after a change, until which it is under way; assumption [s]


@dataclass(frozen=True, kw_only=True)
class LaneChange(Parameters):
    """How somebody changes into the ego's lane.

    Gap and inverse time to collision at its beginning have the forms of Zhao et al. (2016),
    Accelerated evaluation of automated vehicles safety in lane-change scenarios, IEEE T-ITS 18,
    595, with a lognormal gap; all numbers are assumptions.
    """

    median_gap: float = parameter(
        12.0, doc="To the ego, bumper to bumper, as it begins.", unit="m", above=0.5,
        maximum=200.0, plausible=(5.0, 40.0), scale="log",
    )  # fmt: skip
    gap_spread: float = parameter(
        0.6, doc="Standard deviation of its logarithm.", minimum=0.0, maximum=2.0
    )
    mean_inverse_time: float = parameter(
        0.3, doc="Mean of one over the time to collision then.", unit="1/s", above=0.0,
        maximum=2.0, plausible=(0.02, 0.5), scale="log",
    )  # fmt: skip
    min_time: float = parameter(
        2.0, doc="That the change takes at least.", unit="s", minimum=1.0, maximum=10.0
    )
    max_time: float = parameter(
        4.0, doc="That it takes at most.", unit="s", minimum=1.0, maximum=15.0
    )

    def check(self) -> None:
        """Times come in order.

        Raises:
            RequestError: they don't.
        """
        if self.min_time > self.max_time:
            raise RequestError(
                f"min_time = {self.min_time:g} s is more than max_time = {self.max_time:g} s: "
                "lower it"
            )

    def draw(self, rng: np.random.Generator) -> tuple[float, float, float]:
        """Gap [m], closing speed [m/s] and time [s] of one change."""
        gap = float(self.median_gap * np.exp(self.gap_spread * rng.normal()))
        inverse = float(rng.exponential(self.mean_inverse_time))
        return gap, gap * inverse, float(rng.uniform(self.min_time, self.max_time))


@dataclass(frozen=True, kw_only=True)
class Ordinary(LaneChange):
    """A change that leaves room. All numbers are assumptions."""

    median_gap: float = parameter(
        20.0, doc="To the ego, bumper to bumper, as it begins.", unit="m", above=0.5, maximum=200.0
    )
    mean_inverse_time: float = parameter(
        0.04, doc="Mean of one over the time to collision then.", unit="1/s", above=0.0,
        maximum=2.0,
    )  # fmt: skip
    min_time: float = parameter(
        3.0, doc="That the change takes at least.", unit="s", minimum=1.0, maximum=10.0
    )
    max_time: float = parameter(
        6.0, doc="That it takes at most.", unit="s", minimum=1.0, maximum=15.0
    )


@dataclass(kw_only=True)
class LaneChangeScript(Script):
    """Somebody beside the ego changes into its lane when the gap has become small."""

    changer: int  # row, -1: nobody
    time: float  # of the change [s]
    wait: float  # after which he changes though he has not come as near as he meant to [s]

    def act(self, frame: int) -> None:
        """Begin the change in time; note every change into the ego's lane."""
        cars, mine = self.traffic.cars, self.traffic.cars[self.ego]
        if self._is_due(cars[self.changer], mine):
            on_left = (
                self.traffic.town.tracks.records["left"][mine["track"]]
                == cars[self.changer]["track"]
            )
            self.traffic.change_lane(self.changer, left=not on_left, time=self.time)
        begins = (cars["from_track"] >= 0) & (cars["change_at"] == self.traffic.time)
        begins &= (cars["track"] == mine["track"]) & cars["present"]
        for row in np.flatnonzero(begins):
            gap = _gap(cars[row], mine)
            if row != self.ego and 0.0 < gap < _NOTED:
                self._note(frame, int(row))

    def _is_due(self, other: Any, mine: Any) -> bool:
        if self.changer < 0 or not other["present"] or other["from_track"] >= 0:
            return False
        near = self.gap if self.traffic.time < self.wait else _NOTED
        if self._is_done or not 0.0 < _gap(other, mine) <= near:
            return False
        beside = self.traffic.town.tracks.records[mine["track"]]
        return bool(other["track"] in {beside["left"], beside["right"]})

    @property
    def _is_done(self) -> bool:
        return any(incident.other == self.changer for incident in self.incidents)

    def _note(self, frame: int, row: int) -> None:
        is_planned = row == self.changer and self.planned == "cut_in"
        took = self.traffic.cars["change_time"][row] + _SETTLED
        last = frame + round(took / self.traffic.rules.step_time)
        kind = "cut_in" if is_planned else "lane_change"
        self.incidents.append(Incident(kind=kind, first=frame, last=last, other=row))


def _gap(other: Any, mine: Any) -> float:
    """From the ego's front to another's tail, on lanes of one section [m]."""
    ahead = np.cos(mine["yaw"]), np.sin(mine["yaw"])
    way = (other["x"] - mine["x"]) * ahead[0] + (other["y"] - mine["y"]) * ahead[1]
    return float(way - other["half_length"] - mine["half_length"])


@dataclass(frozen=True, kw_only=True)
class CutIn(DrivingScenario):
    """An ego on a motorway, into whose lane somebody cuts, or changes as one should."""

    version: ClassVar[int] = 1
    small: ClassVar[Mapping[str, Any]] = {"n_episodes": 6, "duration": 12.0, "n_vehicles": 6}

    map: str = parameter("highway", doc="Name of a map of ours, or path of an OpenDRIVE file.")
    n_vehicles: int = parameter(12, doc="Others on each lane, at most.", minimum=0, maximum=100)
    cut_in_share: float = parameter(
        0.5, doc="Episodes in which somebody means to cut in.", above=0.0, below=1.0
    )
    # 3,787 usable cut-ins in 45,000 km of highD, by an abstract: 0.08 a kilometre, of which an
    # episode has about 0.6. That most of them leave less room than others is assumed.
    natural_share: float = parameter(
        0.05, doc="The same in nature: the weights lead back to it.", above=0.0, below=1.0
    )
    ordinary_share: float = parameter(
        0.6, doc="Of the other episodes: those with an ordinary change of lanes before the ego.",
        minimum=0.0, maximum=1.0,
    )  # fmt: skip
    cut_in: LaneChange = parameter(LaneChange, doc="Those who cut in.")
    ordinary: Ordinary = parameter(Ordinary, doc="Those who change as one should.")

    def look_over(self, place: Place) -> None:
        """The way ahead must be as long as the ego drives.

        Raises:
            RequestError: the map has no such road.
        """
        self._starts(place)

    def _starts(self, place: Place) -> list[int]:
        most = float(place.town.tracks.records["limit"].max()) * self.ego.desired
        return starts(place.town, most * self.duration, self.map)

    def begin(
        self, place: Place, traffic: Traffic, rng: np.random.Generator
    ) -> tuple[Script, float]:
        """Ego, others, and whoever is to change lanes; gives the script and the weight."""
        cuts_in, changes = rng.random() < self.cut_in_share, rng.random() < self.ordinary_share
        about = self.cut_in if cuts_in else self.ordinary
        gap, closing, time = about.draw(rng)
        track = int(rng.choice(self._starts(place)))
        records = place.town.tracks.records
        beside = [int(side) for side in (records["left"][track], records["right"][track])
                  if side >= 0]  # fmt: skip
        lane = int(rng.choice(beside))
        speed = float(records["limit"][track]) * self.ego.desired * rng.uniform(0.75, 1.0)
        at = float(rng.uniform(60.0, 100.0))
        ego = traffic.add(self.ego.kind, track, at, speed, **self.ego.fields())
        traffic.cars["desired"][ego] = speed / records["limit"][track]
        script = LaneChangeScript(traffic=traffic, changer=-1, time=time, wait=np.inf)
        if cuts_in or changes:
            wait = rng.uniform(0.1, 0.5) * self.duration
            self._place_changer(script, lane, (gap, closing, wait), speed, rng)
            script.planned = "cut_in" if cuts_in else "lane_change"
        self._fill(traffic, script, [track, *beside], lane, rng)
        # Numbers must not tell who is going to change lanes.
        order = np.concatenate([[ego], 1 + rng.permutation(len(traffic.cars) - 1)])
        traffic.reorder(order)
        if script.changer >= 0:
            script.changer = int(np.flatnonzero(order == script.changer)[0])
        natural, sampled = self.natural_share, self.cut_in_share
        return script, natural / sampled if cuts_in else (1.0 - natural) / (1.0 - sampled)

    def _place_changer(
        self,
        script: LaneChangeScript,
        lane: int,
        change: tuple[float, float, float],
        speed: float,
        rng: np.random.Generator,
    ) -> None:
        """So far ahead on the lane beside that the ego comes up to it after the wait."""
        gap, closing, wait = change
        traffic, slower = script.traffic, max(speed - closing, 0.3 * speed)
        mine, limit = traffic.cars[script.ego], traffic.town.tracks.records["limit"][lane]
        lead = gap + (speed - slower) * wait
        name = str(rng.choice(("car", "small_car", "van")))
        row = traffic.add(name, lane, 0.0, slower, desired=slower / limit, politeness=1.0)
        car = traffic.cars[row]
        car["changed_at"] = np.inf  # of himself he changes no lanes
        at = mine["at"] + mine["half_length"] + lead + car["half_length"]
        end = float(traffic.town.tracks.records["length"][lane]) - MARGIN
        traffic.place(row, min(float(at), end), slower)
        script.changer, script.gap, script.closing_speed = row, gap, speed - slower
        script.wait = wait + _PATIENCE

    def _fill(
        self, traffic: Traffic, script: LaneChangeScript, tracks: list[int], lane: int,
        rng: np.random.Generator,
    ) -> None:  # fmt: skip
        """Others on all lanes, with room round the ego and round who changes."""
        mine = traffic.cars[script.ego]
        for track in tracks:
            low, high = mine["at"] - _BESIDE, mine["at"] + _BESIDE
            if track == mine["track"]:
                low, high = mine["at"] - _BEHIND, mine["at"] + _AHEAD
            elif track == lane and script.changer >= 0:
                low = mine["at"] - _BEHIND
                high = max(high, float(traffic.cars["at"][script.changer]) + _BEHIND)
            fill_lane(traffic, track, (float(low), float(high)), self.n_vehicles, rng)
