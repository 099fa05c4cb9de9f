"""Actors at random places of a map, standing still: something to look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError, Streams
from simgen.worlds.base import OpenWorld, Pose
from simgen.worlds.road.furniture import objects
from simgen.worlds.road.network import SIDEWALKS, Poses, RoadNetwork

# Shares of what drives, by kind; assumed.
MIX = {
    "car": 0.42, "small_car": 0.26, "van": 0.1, "truck": 0.07, "bus": 0.03, "bicycle": 0.08,
    "motorcycle": 0.04,
}  # fmt: skip
_CYCLES = {"bicycle", "motorcycle"}
_PARKED = {"car": 0.5, "small_car": 0.45, "van": 0.05}  # assumed
_WALKERS = {"adult": 0.75, "elder": 0.12, "child": 0.13}  # assumed
_CLEAR = 12.0  # around the first one [m]


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """How many there are, and where."""

    x: float  # where the first one drives, nearly [m]
    y: float  # [m]
    reach: float = 150.0  # of all others around it [m]
    n_vehicles: int = 40
    n_walkers: int = 30
    n_parked: int = 0
    apart: float = 9.0  # between two places on a lane [m]
    has_cycles: bool = True


def gather(world: OpenWorld, network: RoadNetwork, crowd: Crowd, streams: Streams) -> int:
    """Put actors on lanes and sidewalks; gives the first one, a car, with free road around it.

    There may be fewer than asked for: where one stands already, none is put.

    Raises:
        RequestError: the first one's place is taken.
    """
    chance = streams.generator("crowd")
    lanes = network.poses(network.every(crowd.apart))
    middle = np.array([crowd.x, crowd.y])
    order = np.argsort(np.hypot(lanes.x - middle[0], lanes.y - middle[1]), kind="stable")
    first = world.spawn("car", _pose(lanes, int(order[0])))
    middle = lanes.points[order[0], :2]
    mix = {kind: share for kind, share in MIX.items() if crowd.has_cycles or kind not in _CYCLES}
    _fill(world, lanes, middle, (_CLEAR, crowd.reach), crowd.n_vehicles, mix=mix, chance=chance)
    _fill(
        world,
        _bays(network),
        middle,
        (0.0, crowd.reach),
        crowd.n_parked,
        mix=_PARKED,
        chance=chance,
    )
    walks = network.poses(network.every(0.6 * crowd.apart, SIDEWALKS))
    _fill(world, walks, middle, (0.0, crowd.reach), crowd.n_walkers, mix=_WALKERS, chance=chance)
    return first


def _fill(
    world: OpenWorld,
    places: Poses,
    middle: npt.NDArray[np.float64],
    reach: tuple[float, float],
    n_wanted: int,
    *,
    mix: dict[str, float],
    chance: np.random.Generator,
) -> None:
    """Put some of a mix at places between two distances [m]."""
    away = np.hypot(places.x - middle[0], places.y - middle[1])
    inside = np.flatnonzero((away >= reach[0]) & (away <= reach[1]))
    n_there = 0
    for row in chance.permutation(inside):
        if n_there == n_wanted:
            return
        shares = np.array(list(mix.values()))
        kind = str(chance.choice(list(mix), p=shares / shares.sum()))
        try:
            world.spawn(kind, _pose(places, int(row)))
        except RequestError:  # someone stands there
            continue
        n_there += 1


def _pose(places: Poses, row: int) -> Pose:
    return Pose(**{name: float(getattr(places, name)[row]) for name in vars(places)})


def _bays(network: RoadNetwork) -> Poses:
    """Parking bays, looking along their length."""
    placed = objects(network, {"parkingSpace"})
    columns = {name: np.array([getattr(p, name) for p in placed]) for name in ("x", "y", "z")}
    turned = np.array([p.yaw + (np.pi if k % 3 == 0 else 0.0) for k, p in enumerate(placed)])
    level = np.zeros(len(placed))
    return Poses(**columns, yaw=turned, pitch=level, roll=level)
