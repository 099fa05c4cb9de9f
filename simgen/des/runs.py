"""Run a model to a horizon."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy


def run(
    environment: simpy.Environment,
    *processes: Generator[simpy.Event, Any, Any],
    until: float,
) -> None:
    """Start the processes and let everything happen that happens before `until` [s].

    An exception in any process, awaited by another or not, ends the run and comes out here with
    a note of the simulated time.

    Raises:
        ValueError: `until` is not after the environment's present time.
    """
    for process in processes:
        environment.process(process)
    try:
        environment.run(until=until)
    except Exception as error:
        error.add_note(f"at simulated time {environment.now:.6f} s")
        raise
