"""Run a model to a horizon."""

from __future__ import annotations

import gc
from collections.abc import Generator
from typing import Any

import simpy

_NEW_OBJECTS = 100_000  # between two looks for cyclic garbage


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
    usual = gc.get_threshold()
    # Events come and go by the million and seldom form cycles: looking for those after every 700
    # new objects, as Python does, takes a tenth of a run.
    gc.set_threshold(_NEW_OBJECTS, *usual[1:])
    try:
        environment.run(until=until)
    except Exception as error:
        error.add_note(f"at simulated time {environment.now:.6f} s")
        raise
    finally:
        gc.set_threshold(*usual)
