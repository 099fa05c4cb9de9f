"""A crew: what it is asked for, and how work waits for one of it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import simpy

from simgen.des import MonitoredResource

INSPECTION, REPLACEMENT, SERVICE = "inspection", "replacement", "service"
URGENT = 0  # lower is served first


def _always_open() -> float:
    return 0.0


def attend(
    crew: MonitoredResource,
    priority: int,
    work: Generator[simpy.Event, Any, Any],
    *,
    closed_time: Callable[[], float] = _always_open,
    hastened: simpy.Event | None = None,
) -> Generator[simpy.Event, Any, None]:
    """Wait for one of the crew, let the work be done, and let go.

    Args:
        crew: who is waited for.
        priority: lower is served first.
        work: what they do; once begun it is done, however late it gets.
        closed_time: how long the crew does not begin such work from now on. [s]
        hastened: happens when the work becomes urgent.
    """
    env = crew._env  # noqa: SLF001 - simpy has no other name for it
    hastened = hastened or env.event()
    while True:
        while (closed := closed_time()) > 0.0:
            # What has happened wakes nobody twice.
            yield env.any_of([env.timeout(closed), *([] if hastened.triggered else [hastened])])
        with crew.request(priority=URGENT if hastened.triggered else priority) as request:
            _go_ahead(crew, request, hastened)
            yield request
            # The shift may have ended in the queue: who is off does not hold the others up.
            if closed_time() <= 0.0:
                yield from work
                return


def _go_ahead(crew: MonitoredResource, request: Any, hastened: simpy.Event) -> None:
    """Let a request go before others once its work becomes urgent."""
    if hastened.callbacks is not None:
        hastened.callbacks.append(lambda _: crew.prefer(request, URGENT))
