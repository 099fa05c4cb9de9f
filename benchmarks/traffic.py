"""How many vehicle updates a second traffic makes, and the physics of the embedded world beside it.

Processor time of one thread. `step` includes all that a user's loop does; a vehicle update is one
step of one vehicle that is on the map.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from _measure import emit

from simgen.core import Streams
from simgen.worlds.base import Pose, VehicleControl
from simgen.worlds.road import read_network
from simgen.worlds.road.embedded import EmbeddedWorld, OpenEmbeddedWorld, map_path
from simgen.worlds.road.traffic import Traffic, TrafficRules, make_town, ring, town_of

N_STEPS = 1_000
N_ROUNDS = 3


def on_ring(n: int) -> Traffic:
    """Alike drivers on one lane: car following alone."""
    traffic = Traffic(make_town(ring(40.0 * n)), TrafficRules(), Streams(1))
    for k in range(n):
        traffic.add("car", 0, 40.0 * k, 20.0)
    return traffic


def in_town(n: int, n_walkers: int) -> Traffic:
    """Lights, signs, turns and crosswalks."""
    town = town_of(read_network(map_path("urban_grid")))
    traffic = Traffic(town, TrafficRules(), Streams(1))
    traffic.populate(["car"] * n)
    if n_walkers:
        traffic.add_walkers(["adult"] * n_walkers)
    return traffic


def physics(n: int) -> OpenEmbeddedWorld:
    """Vehicles with tyres on the town's lanes, five substeps a step."""
    world = EmbeddedWorld(map="urban_grid").open()
    network = world.network
    every = network.every(12.0)
    roads = network.document.roads
    outside = [roads[road].junction == "" for road in network.lanes["road"][every.lane]]
    poses = network.poses(every[np.flatnonzero(outside)[:n]])
    for k in range(n):
        place = Pose(x=poses.x[k], y=poses.y[k], z=poses.z[k], yaw=poses.yaw[k])
        world.apply(world.spawn("small_car", place), VehicleControl(throttle=0.05))
    return world


def rate(step: Callable[[], object], n: int) -> float:
    """The best of some rounds [vehicle updates/s]."""
    step()
    best = 0.0
    for _ in range(N_ROUNDS):
        begin = time.process_time()
        for _ in range(N_STEPS):
            step()
        best = max(best, n * N_STEPS / (time.process_time() - begin))
    return best


def main() -> None:
    """Print the table."""
    rates = {
        "ring_200": rate(on_ring(200).step, 200),
        "town_100": rate(in_town(100, 0).step, 100),
        "town_100_with_60_walkers": rate(in_town(100, 60).step, 100),
        "physics_100": rate(physics(100).step, 100),
    }
    for name, value in rates.items():
        print(f"{name:26} {value:12,.0f} vehicle updates/s")
    emit("traffic", **rates)


if __name__ == "__main__":
    main()
