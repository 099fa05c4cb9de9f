"""What driving scenarios share: parameters, the place, and how an episode becomes records."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from simgen.core import (
    Batch,
    Block,
    CausalOrder,
    Invariant,
    RawFile,
    RequestError,
    Scenario,
    Streams,
    Table,
    first_day,
    parameter,
)
from simgen.domains.driving import rules
from simgen.domains.driving.episode import Script, met_by, record
from simgen.domains.driving.incidents import incidents_of
from simgen.domains.driving.mounted import mounted
from simgen.domains.driving.records import Told, batches
from simgen.domains.driving.schema import TABLES
from simgen.domains.driving.seeing import NO_SENSORS, WORLDS, check_seeing
from simgen.domains.driving.sensing import network_of, readings
from simgen.domains.driving.settings import Criteria, Ego, Review
from simgen.worlds.carla.world import CarlaLink
from simgen.worlds.road.sensors import Weather
from simgen.worlds.road.traffic import Drivers, Lights, People, Town, Traffic, TrafficRules, town_of

_N_TRIES = 50  # at an episode that the ego begins on the road


def weight_of(*, is_drawn: bool, natural: float, sampled: float) -> float:
    """How many episodes of nature one stands for, of a kind that is drawn with another share."""
    return natural / sampled if is_drawn else (1.0 - natural) / (1.0 - sampled)


@dataclass(frozen=True, kw_only=True)
class Given:
    """Episodes that are given, not drawn."""

    cases: npt.NDArray[np.void]  # what each begins with, in the scenario's own form (n,)
    weights: npt.NDArray[np.float64]  # (n,)


@dataclass(frozen=True, kw_only=True)
class Place:
    """The map as episodes need it; travels to workers."""

    town: Town
    # Of each track, and then of each sidewalk: its road's id, and its own on that road.
    roads: tuple[str, ...]
    lanes: npt.NDArray[np.int64]
    starts: tuple[int, ...] = ()  # tracks on which an episode can begin; empty: on any
    given: Given | None = None  # None: episodes are drawn


@dataclass(frozen=True, kw_only=True)
class DrivingScenario(Scenario[Place]):
    """An ego among traffic, for some seconds at a time."""

    tables: ClassVar[tuple[Table, ...]] = TABLES
    invariants: ClassVar[tuple[Invariant, ...]] = rules.RULES
    # Times and decelerations follow from gap, closing speed and speed.
    causal_order: ClassVar[CausalOrder] = CausalOrder(
        view="frames",
        table="frames",
        columns=("speed", "acceleration", "yaw_rate", "closing_speed", "gap"),
        logarithmic=("gap",),
    )

    n_episodes: int = parameter(200, doc="Episodes.", minimum=1, maximum=10_000_000)
    episodes_per_block: int = parameter(
        1, doc="Episodes that are written as one part.", minimum=1, maximum=10_000
    )
    duration: float = parameter(20.0, doc="Of an episode.", unit="s", minimum=2.0, maximum=600.0)
    step_time: float = parameter(0.1, doc="Between frames.", unit="s", minimum=0.01, maximum=0.25)
    start_date: str = parameter("2024-01-01", doc="When the first episode begins, as YYYY-MM-DD.")
    ego: Ego = parameter(Ego, doc="The vehicle under test.")
    drivers: Drivers = parameter(Drivers, doc="Who else drives.")
    people: People = parameter(People, doc="Who walks.")
    lights: Lights = parameter(Lights, doc="Traffic lights.")
    criteria: Criteria = parameter(Criteria, doc="What counts as an incident.")
    review: Review = parameter(Review, doc="What the fleet's operator comes to know.")
    map: str = parameter("", doc="Name of a map of ours, or path of an OpenDRIVE file.")
    sensors: str = parameter(
        NO_SENSORS,
        doc="Rig of assets/driving/sensors/rigs that the ego carries, or none: then an episode "
        "takes no longer than its traffic does.",
    )
    weather: Weather = parameter(Weather, doc="What the ego's sensors feel.")
    world: str = parameter(
        "embedded",
        doc="Where cameras and laser scanners look around: in our own world, or on a CARLA "
        "server, in which the same traffic is put in place frame by frame.",
        choices=WORLDS,
    )
    carla: CarlaLink = parameter(CarlaLink, doc="The server, for world = carla.")

    def check(self) -> None:
        """Refuse a date that is none.

        Raises:
            RequestError: it is none.
        """
        first_day(self.start_date)

    def blocks(self) -> Sequence[Block]:
        """The episodes."""
        size = self.episodes_per_block
        return [
            Block(start, min(start + size, self.n_episodes))
            for start in range(0, self.n_episodes, size)
        ]

    def prepare(self, streams: Streams) -> Place:
        """Read the map; `streams` go unused, for a map holds no chance.

        Raises:
            RequestError: there is no such map or rig, or the map has no lane for the scenario.
        """
        del streams
        check_seeing(self)
        network = network_of(self.map)
        town = town_of(network)
        rows = [town.tracks.records["lane"]]
        if town.walkways is not None:
            rows.append(town.walkways.tracks.records["lane"])
        lanes = network.lanes[np.concatenate(rows)]
        roads = network.document.roads
        place = Place(
            town=town,
            roads=tuple(roads[row].id for row in lanes["road"]),
            lanes=np.ascontiguousarray(lanes["id"]),
        )
        self.look_over(place)
        return place

    def simulate(self, block: Block, shared: Place, streams: Streams) -> Iterator[Batch | RawFile]:
        """All records of the block's episodes, one after the other."""
        for number in range(block.start, block.stop):
            own = streams.child("episodes").child(f"episode_{number}")
            yield from self._episode(number, shared, own)

    def _episode(self, number: int, place: Place, streams: Streams) -> Iterator[Batch | RawFile]:
        script, weight = self._begun(number, place, streams)
        going = record(
            script, round(self.duration / self.step_time), with_snapshots=self.sensors != NO_SENSORS
        )
        told = Told(
            about=self,
            place=place,
            number=number,
            weight=weight,
            recording=going,
            incidents=incidents_of(going, self.criteria, self.step_time),
            rng=streams.generator("review"),
        )
        yield from batches(told)
        yield mounted(told)
        yield from readings(told, streams.child("sensors"))

    def _begun(self, number: int, place: Place, streams: Streams) -> tuple[Script, float]:
        """An episode with an ego on the road: who left the map, or crashed, before is not shown."""
        rules_ = TrafficRules(
            step_time=self.step_time, lights=self.lights, drivers=self.drivers, people=self.people
        )
        own = streams
        for attempt in range(_N_TRIES):
            traffic = Traffic(place.town, rules_, own.child("traffic"))
            script, weight = self.begin(place, number, traffic, own.generator("script"))
            if traffic.cars["present"][script.ego] and met_by(traffic, script.ego) < 0:
                return script, weight
            own = streams.child(f"again_{attempt}")
        raise RequestError(
            f"the ego leaves map = {self.map!r}, or crashes, before an episode begins, {_N_TRIES} "
            "times in a row: give a shorter warm_up, fewer vehicles or another map"
        )

    @abstractmethod
    def look_over(self, place: Place) -> None:
        """Refuse a map that lacks what the scenario needs, by RequestError."""

    @abstractmethod
    def begin(
        self, place: Place, number: int, traffic: Traffic, rng: np.random.Generator
    ) -> tuple[Script, float]:
        """Put everybody of an episode in place; gives what is to happen, and its weight."""
