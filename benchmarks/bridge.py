"""Frames a second of `driving/cut_in` through our CARLA server, beside our own world.

The same episodes to disk, with the rig `roof_and_front`: a scanner of 35,000 rays, a camera of
640 x 360 with colour, tags, actors and depth, radar, receiver, inertial unit. Processor time is of
the run with its client and server. The difference of a long and a short run tells: starting goes
on neither's account. The rounds alternate.
"""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from _measure import emit

import simgen
from simgen.domains.driving import CutIn
from simgen.worlds.carla.client.servers import drop_servers

WORLDS = ("embedded", "carla")
SHORT, LONG = 1, 5  # episodes of 4 s, ten frames a second
N_ROUNDS = 3


class Spent(NamedTuple):
    """What a run took."""

    frames: int
    clock: float  # [s]
    processor: float  # of the run and of all that it started [s]


def main() -> None:
    """Print the table."""
    spent: dict[tuple[str, int], list[Spent]] = {}
    for number in range(1 + N_ROUNDS):
        for world in WORLDS:
            for size in (SHORT, LONG):
                made = record(world, size)
                if number:  # the first is a warm-up
                    spent.setdefault((world, size), []).append(made)
    rates = {world: per_frame(spent[world, SHORT], spent[world, LONG]) for world in WORLDS}
    for world, (clock, processor) in rates.items():
        print(
            f"{world:9}{1e3 * processor:7.1f} ms of processor time a frame, "
            f"{1e3 * clock:7.1f} ms by the clock: {1.0 / processor:5.1f} and {1.0 / clock:5.1f} "
            "frames a second"
        )
    (own, own_processor), (carla, carla_processor) = rates["embedded"], rates["carla"]
    print(f"through CARLA: {carla_processor / own_processor:.1f} x the processor time")
    emit(
        "bridge",
        embedded_ms=1e3 * own_processor,
        carla_ms=1e3 * carla_processor,
        embedded_clock_ms=1e3 * own,
        carla_clock_ms=1e3 * carla,
    )


def record(world: str, n_episodes: int) -> Spent:
    """Make a data set."""
    scenario = CutIn(
        n_episodes=n_episodes,
        duration=4.0,
        step_time=0.1,
        n_vehicles=8,
        sensors="roof_and_front",
        world=world,
    )
    with tempfile.TemporaryDirectory() as aside:
        clock, processor = time.perf_counter(), processor_time()
        made = simgen.generate(
            scenario, out=Path(aside) / "out", seed=5, difficulty=False, quiet=True
        )
        drop_servers()  # children count when they have ended
        return Spent(
            frames=made.manifest["tables"]["frames"]["rows"],
            clock=time.perf_counter() - clock,
            processor=processor_time() - processor,
        )


def processor_time() -> float:
    """Of this process and of its children that have ended [s]."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def per_frame(short: list[Spent], long: list[Spent]) -> tuple[float, float]:
    """Clock and processor time of a frame [s], medians over the rounds."""
    pairs = list(zip(short, long, strict=True))
    clock = [(b.clock - a.clock) / (b.frames - a.frames) for a, b in pairs]
    processor = [(b.processor - a.processor) / (b.frames - a.frames) for a, b in pairs]
    return median(clock), median(processor)


if __name__ == "__main__":
    main()
