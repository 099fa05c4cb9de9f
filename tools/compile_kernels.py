"""Compiles the kernels of every scenario, each once: workers that start together all would."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from simgen.core import Streams
from simgen.pipeline.catalogue import load_scenario, scenario_names

# Pictures and point clouds have kernels of their own; few of them will do.
SEEN = {"driving/cut_in": {"sensors": "survey", "duration": 2.0, "step_time": 0.25}}


def run(domain: str) -> None:
    """Simulate a block of each scenario of a domain, as small as they go."""
    for name in scenario_names():
        if name.startswith(f"{domain}/"):
            small = type(load_scenario(name)).small
            scenario = load_scenario(name, **{**small, **SEEN.get(name, {})})
            streams = Streams(0)
            shared = scenario.prepare(streams.child("shared"))
            deque(scenario.simulate(scenario.blocks()[0], shared, streams), maxlen=0)


def main() -> None:
    """Each domain in a process: they share few kernels."""
    domains = {name.partition("/")[0] for name in scenario_names()}
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        deque(pool.map(run, sorted(domains, reverse=True)), maxlen=0)


if __name__ == "__main__":
    main()
