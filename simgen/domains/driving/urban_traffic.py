"""Urban traffic: the ordinary kind, in which the vehicle ahead sometimes stops for nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simgen.core import Parameters, RequestError, parameter
from simgen.domains.driving.episode import Incident, Recording, Script
from simgen.domains.driving.safety import spans
from simgen.domains.driving.scenario import DrivingScenario, Place, weight_of
from simgen.worlds.road.traffic import Traffic

_NOTED = 40.0  # gap to who stops ahead; assumption [m]
_BRAKES = 1.0  # deceleration from which on he brakes; assumption [m/s2]
_STANDS = 0.5  # [m/s]
# Of the longest wait for who stops suddenly, in episodes; assumption.
_LONGEST_WAIT = 0.2
_ROUNDING = 1e-9  # [s], or in steps
# No buses: in the bends of our town the corners of one would sweep over the oncoming lane.
KINDS = ("car", "small_car", "van", "truck", "motorcycle")
SHARES = (0.58, 0.25, 0.08, 0.04, 0.05)  # assumption
PEOPLE = ("adult", "elder", "child")
PEOPLE_SHARES = (0.7, 0.2, 0.1)  # assumption


@dataclass(frozen=True, kw_only=True)
class SuddenStop(Parameters):
    """Somebody ahead of the ego brakes for nothing that others see. Assumptions."""

    min_brake: float = parameter(
        2.0, doc="Deceleration, at least.", unit="m/s2", above=0.0, maximum=12.0
    )
    max_brake: float = parameter(
        8.0, doc="Deceleration, at most.", unit="m/s2", above=0.0, maximum=12.0
    )
    min_speed: float = parameter(
        3.0, doc="Of who stops: slower, nobody would mind.", unit="m/s", minimum=0.0, maximum=50.0
    )
    min_time: float = parameter(
        1.0, doc="How long he brakes and stands, at least.", unit="s", above=0.0, maximum=20.0
    )
    max_time: float = parameter(
        5.0, doc="How long he brakes and stands, at most.", unit="s", above=0.0, maximum=20.0
    )

    def check(self) -> None:
        """Decelerations and times come in order.

        Raises:
            RequestError: they don't.
        """
        for name, unit in (("brake", "m/s2"), ("time", "s")):
            least, most = getattr(self, f"min_{name}"), getattr(self, f"max_{name}")
            if least > most:
                raise RequestError(
                    f"min_{name} = {least:g} {unit} is more than max_{name} = {most:g} {unit}: "
                    "lower it"
                )


@dataclass(kw_only=True)
class StopScript(Script):
    """Who is ahead of the ego stops suddenly, once."""

    min_speed: float  # of who stops [m/s]
    brake: float  # [m/s2]
    time: float  # that he brakes and stands [s]
    # For which somebody must have driven ahead first, fast and near enough: so the instant does not
    # tell when he became so [s].
    wait: float
    began_at: float  # of the episode [s]

    def act(self, frame: int) -> None:
        """Startle who is ahead once there has been somebody for long enough."""
        if self.planned != "sudden_stop" or self.incidents:
            return
        lead, gap = self.traffic.lead(self.ego)
        if lead < 0 or gap > _NOTED:
            return
        car = self.traffic.cars[lead]
        if car["speed"] < self.min_speed or car["acceleration"] < -0.5 * _BRAKES:
            return
        step = self.traffic.rules.step_time
        self.wait -= step
        if self.wait > 0.0:
            return
        self.traffic.startle(lead, brake=self.brake, time=self.time)
        last = frame + math.ceil(self.time / step - _ROUNDING)
        self.incidents.append(Incident(kind="sudden_stop", first=frame, last=last, other=lead))

    def look_back(self, recording: Recording) -> list[Incident]:
        """Those ahead who braked to a stand because traffic made them."""
        step = self.traffic.rules.step_time
        n_apart = max(round(1.0 / step), 1)
        lead, frames = recording.vehicle_ahead, np.arange(len(recording.lead))
        speed, change = (recording.cars[name][frames, lead] for name in ("speed", "acceleration"))
        # A frame shows what the step before it did.
        step_began = self.began_at + (frames - 1) * step
        startled = recording.cars["startled_until"][frames, lead] > step_began - _ROUNDING
        brakes = (lead >= 0) & (recording.gap < _NOTED) & (change < -_BRAKES)
        found = []
        for first, last in spans(brakes & ~startled, n_apart):
            after = slice(last, last + n_apart)
            same = (lead[first : last + 1] == lead[first]).all()
            if same and (speed[after] < _STANDS).any():
                other = int(lead[first])
                found.append(Incident(kind="queue_stop", first=first, last=last, other=other))
        return found


@dataclass(frozen=True, kw_only=True)
class UrbanTraffic(DrivingScenario):
    """An ego in a town, behind somebody who stops where he must, or for nothing."""

    version: ClassVar[int] = 8
    small: ClassVar[Mapping[str, Any]] = {
        "n_episodes": 12, "duration": 20.0, "n_vehicles": 30, "n_walkers": 5,
        "sudden_stop_share": 0.7,
    }  # fmt: skip

    map: str = parameter("urban_grid", doc="Name of a map of ours, or path of an OpenDRIVE file.")
    n_vehicles: int = parameter(60, doc="Others.", minimum=0, maximum=1_000)
    n_walkers: int = parameter(
        40, doc="People on the sidewalks, if the map has any.", minimum=0, maximum=1_000
    )
    warm_up: float = parameter(
        20.0, doc="How long all drive before the first frame, from standing.", unit="s",
        minimum=0.0, maximum=600.0,
    )  # fmt: skip
    sudden_stop_share: float = parameter(
        0.3, doc="Episodes in which somebody means to stop for nothing.", above=0.0, below=1.0
    )
    natural_share: float = parameter(
        0.005, doc="The same in nature: the weights lead back to it. Assumption.", above=0.0,
        below=1.0,
    )  # fmt: skip
    sudden_stop: SuddenStop = parameter(SuddenStop, doc="Those who stop for nothing.")
    late_share: float = parameter(
        0.4, doc="Others who see late what they must stop for, and then brake as hard as those who "
        "stop for nothing. Assumption.", minimum=0.0, maximum=1.0,
    )  # fmt: skip

    def look_over(self, place: Place) -> None:
        """Any lane to drive on will do."""

    def begin(
        self, place: Place, number: int, traffic: Traffic, rng: np.random.Generator
    ) -> tuple[Script, float]:
        """All at random places; gives the script and the weight."""
        del number
        stops, about = rng.random() < self.sudden_stop_share, self.sudden_stop
        brake = rng.uniform(about.min_brake, about.max_brake)
        time = rng.uniform(about.min_time, about.max_time)
        wait = rng.uniform(0.0, _LONGEST_WAIT) * self.duration
        ego = traffic.populate([self.ego.kind])[0]
        for name, value in self.ego.fields().items():
            traffic.cars[name][ego] = value
        names = rng.choice(KINDS, self.n_vehicles, p=SHARES).tolist()
        self._delay(traffic, traffic.populate(names), rng)
        if place.town.walkways is not None:
            traffic.add_walkers(rng.choice(PEOPLE, self.n_walkers, p=PEOPLE_SHARES).tolist())
        while traffic.time < self.warm_up and traffic.cars["present"][ego]:
            traffic.step()
        script = StopScript(
            traffic=traffic,
            planned="sudden_stop" if stops else "",
            min_speed=about.min_speed,
            brake=float(brake),
            time=float(time),
            wait=float(wait),
            began_at=traffic.time,
        )
        return script, weight_of(
            is_drawn=stops, natural=self.natural_share, sampled=self.sudden_stop_share
        )

    def _delay(self, traffic: Traffic, rows: list[int], rng: np.random.Generator) -> None:
        """Let some drivers brake late: the harder one is ready to brake, the later he begins."""
        late = rng.random(len(rows)) < self.late_share
        brake = rng.uniform(self.sudden_stop.min_brake, self.sudden_stop.max_brake, len(rows))
        mild, most = (traffic.cars[name][rows] for name in ("comfortable_brake", "max_brake"))
        brake = np.clip(brake, mild, most)
        traffic.cars["comfortable_brake"][rows] = np.where(late, brake, mild)
