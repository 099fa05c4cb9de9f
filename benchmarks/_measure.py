"""What the benchmarks share: alternating rounds, medians, and how results are printed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import NamedTuple


class Took(NamedTuple):
    """How long a piece of work took."""

    wall: float  # [s]
    cpu: float  # of all threads of this process [s]


def alternate(
    works: Mapping[str, Callable[[], object]],
    *,
    after: Callable[[], object],
    n_rounds: int = 5,
) -> dict[str, list[Took]]:
    """Run all works in turn, `n_rounds` times after one warm-up that is not counted.

    What slows the machine down for a while then slows all of them. `after` cleans up after each
    work, off the clock.
    """
    took: dict[str, list[Took]] = {name: [] for name in works}
    for number in range(1 + n_rounds):
        for name, work in works.items():
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            if number:
                took[name].append(Took(time.perf_counter() - wall, time.process_time() - cpu))
            after()
    return took


def medians(rounds: list[Took]) -> Took:
    """The median wall and CPU time."""
    return Took(median(took.wall for took in rounds), median(took.cpu for took in rounds))


def verdict(ratio: float, bar: float, *, at_least: bool = True) -> str:
    """The ratio beside its bar, and whether it is met."""
    met = ratio >= bar if at_least else ratio <= bar
    return f"{ratio:7.2f}   bar {'>=' if at_least else '<='} {bar:g}: {'met' if met else 'MISSED'}"


def emit(benchmark: str, **numbers: float | str) -> None:
    """Print the results as one line of JSON."""
    rounded = {
        name: float(f"{value:.4g}") if isinstance(value, float) else value
        for name, value in numbers.items()
    }
    print(json.dumps({"benchmark": benchmark, **rounded}))
