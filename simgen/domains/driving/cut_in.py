"""Cut-ins: somebody changes into the ego's lane, close ahead of it and slower."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from simgen.core import RequestError, Streams, parameter
from simgen.domains.driving.episode import Incident, Script
from simgen.domains.driving.highway import MARGIN, fill_lane, starts
from simgen.domains.driving.lane_change import LaneChange, Ordinary
from simgen.domains.driving.scenario import DrivingScenario, Given, Place, weight_of
from simgen.domains.driving.search.cases import (
    KINDS,
    N_NORMALS,
    PLANNED,
    Setting,
    cases_of,
)
from simgen.domains.driving.search.files import read_cases
from simgen.worlds.road.traffic import Traffic
from simgen.worlds.road.traffic.behaviour import TOP_SPEEDS

NOTED = 60.0  # gap within which a change into the ego's lane is an event; assumption [m]
PATIENCE = 1.5  # of who meant to be nearer by now; assumption [s]
# Where nobody begins: beside the ego, behind it, and ahead of it, so that it can drive as fast as
# it wants for a while; assumptions [m].
_BESIDE, _BEHIND, _AHEAD = 15.0, 40.0, 100.0
_SETTLED = 1.0  # after a change, until which it is under way; assumption [s]


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
            if row != self.ego and 0.0 < gap < NOTED:
                self._note(frame, int(row))

    def _is_due(self, other: np.void, mine: np.void) -> bool:
        if self.changer < 0 or not other["present"] or other["from_track"] >= 0:
            return False
        near = self.gap if self.traffic.time < self.wait else NOTED
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


def _gap(other: np.void, mine: np.void) -> float:
    """From the ego's front to another's tail, on lanes of one section [m]."""
    ahead = np.cos(mine["yaw"]), np.sin(mine["yaw"])
    way = (other["x"] - mine["x"]) * ahead[0] + (other["y"] - mine["y"]) * ahead[1]
    return float(way - other["half_length"] - mine["half_length"])


@dataclass(frozen=True, kw_only=True)
class CutIn(DrivingScenario):
    """An ego on a motorway, into whose lane somebody cuts, or changes as one should."""

    version: ClassVar[int] = 7
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
    cases: str = parameter(
        "", doc="What simgen search wrote: episodes are its cases, in order; empty: they are drawn."
    )

    def look_over(self, place: Place) -> None:
        """The way ahead must be as long as the ego drives.

        Raises:
            RequestError: the map has no such road.
        """
        self._starts(place)

    def prepare(self, streams: Streams) -> Place:
        """As every driving scenario, and the cases if they are given.

        Raises:
            RequestError: the map has no road for the ego, or the cases can't be used.
        """
        place = super().prepare(streams)
        place = replace(place, starts=self._starts(place))
        if not self.cases:
            return place
        cases, weights = read_cases(self.cases, self.setting(place))
        if self.n_episodes > len(cases):
            raise RequestError(
                f"n_episodes = {self.n_episodes} is more than the {len(cases)} cases of "
                f"{self.cases}: lower it, or search with a greater n_cases"
            )
        return replace(place, given=Given(cases=cases, weights=weights))

    def setting(self, place: Place) -> Setting:
        """What cases are drawn for."""
        return Setting(
            town=place.town,
            map=self.map,
            starts=place.starts,
            desired=self.ego.desired,
            top_speed=TOP_SPEEDS.get(self.ego.kind, np.inf),
            duration=self.duration,
        )

    def _starts(self, place: Place) -> tuple[int, ...]:
        most = float(place.town.tracks.records["limit"].max()) * self.ego.desired
        return tuple(starts(place.town, most * self.duration, self.map))

    def begin(
        self, place: Place, number: int, traffic: Traffic, rng: np.random.Generator
    ) -> tuple[Script, float]:
        """Ego, others, and whoever is to change lanes; gives the script and the weight."""
        case, weight = self._draw(self.setting(place), rng)
        if place.given is not None:
            case, weight = place.given.cases[number], float(place.given.weights[number])
        track, lane, speed = int(case["track"]), int(case["lane"]), float(case["speed"])
        ego = traffic.add(self.ego.kind, track, float(case["at"]), speed, **self.ego.fields())
        records = place.town.tracks.records
        traffic.cars["desired"][ego] = speed / records["limit"][track]
        script = LaneChangeScript(
            traffic=traffic, changer=-1, time=case["change_time"], wait=np.inf
        )
        script.planned = PLANNED[case["planned"]]
        if script.planned:
            self._place_changer(script, case)
        beside = [int(side) for side in (records["left"][track], records["right"][track])
                  if side >= 0]  # fmt: skip
        self._fill(traffic, script, [track, *beside], lane, rng)
        # Numbers must not tell who is going to change lanes.
        order = np.concatenate([[ego], 1 + rng.permutation(len(traffic.cars) - 1)])
        traffic.reorder(order)
        if script.changer >= 0:
            script.changer = int(np.flatnonzero(order == script.changer)[0])
        return script, weight

    def _draw(self, setting: Setting, rng: np.random.Generator) -> tuple[np.void, float]:
        """One case and its weight; always the same number of draws."""
        cuts_in, changes = rng.random(2) < (self.cut_in_share, self.ordinary_share)
        planned = "cut_in" if cuts_in else "lane_change" if changes else ""
        normals, uniforms = rng.normal(size=(1, N_NORMALS)), rng.random((1, 4))
        law = self.cut_in if cuts_in else self.ordinary
        weight = weight_of(
            is_drawn=bool(cuts_in), natural=self.natural_share, sampled=self.cut_in_share
        )
        return cases_of(law, planned, setting, normals, uniforms)[0], weight

    def _place_changer(self, script: LaneChangeScript, case: np.void) -> None:
        """So far ahead on the lane beside that the ego comes up to it after the wait."""
        traffic, lane = script.traffic, int(case["lane"])
        slower = float(case["speed"] - case["closing_speed"])
        records = traffic.town.tracks.records
        lead = float(case["gap"] + case["closing_speed"] * case["wait"])
        desired = slower / records["limit"][lane]
        row = traffic.add(KINDS[case["kind"]], lane, 0.0, slower, desired=desired, politeness=1.0)
        mine, car = traffic.cars[script.ego], traffic.cars[row]
        car["changed_at"] = np.inf  # of himself he changes no lanes
        at = mine["at"] + mine["half_length"] + lead + car["half_length"]
        traffic.place(row, min(float(at), float(records["usable"][lane]) - MARGIN), slower)
        script.changer, script.gap = row, float(case["gap"])
        script.closing_speed = float(case["closing_speed"])
        script.wait = float(case["wait"]) + PATIENCE

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
