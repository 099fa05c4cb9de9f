"""Resources that measure how long is waited for them and how busy they are."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import simpy
from simpy.resources.resource import PriorityRequest


class _Gauge(list[Any]):
    """Requests by priority, then age, and their number integrated over time."""

    def __init__(self, environment: simpy.Environment) -> None:
        super().__init__()
        self._environment = environment
        self._area, self._changed_at = 0.0, environment.now  # [s], [s]

    def area(self) -> float:
        """The integral up to now [s]."""
        now = self._environment.now
        self._area += len(self) * (now - self._changed_at)
        self._changed_at = now
        return self._area

    def append(self, item: Any) -> None:
        self.area()
        super().append(item)
        self.sort(key=attrgetter("key"))

    def pop(self, index: Any = -1) -> Any:
        self.area()
        return super().pop(index)

    def remove(self, item: Any) -> None:
        self.area()
        super().remove(item)


class MonitoredResource(simpy.PriorityResource):
    """A resource that measures waits, queue length and busy time.

    Requests of equal priority are served in the order in which they came.
    """

    def __init__(self, environment: simpy.Environment, capacity: int = 1) -> None:
        super().__init__(environment, capacity)
        self._waits: list[float] = []
        self._busy = self.users = _Gauge(environment)
        self._waiting = self.queue = self.put_queue = _Gauge(environment)
        self._opened_at = environment.now

    def _do_put(self, event: PriorityRequest) -> None:  # type: ignore[override] # its only kind
        super()._do_put(event)
        if event.triggered:
            self._waits.append(self._env.now - event.time)

    def prefer(self, request: PriorityRequest, priority: int) -> None:
        """Give a request another priority; while it waits, it keeps its age."""
        request.priority = priority
        request.key = (priority, *request.key[1:])
        self._waiting.sort(key=attrgetter("key"))

    @property
    def waits(self) -> npt.NDArray[np.float64]:
        """How long each granted request had waited `(n,)` [s], in order of grant."""
        return np.array(self._waits, np.float64)

    @property
    def mean_wait_time(self) -> float:
        """The mean of `waits` [s]; NaN if nothing was granted."""
        return float(np.mean(self._waits)) if self._waits else float("nan")

    @property
    def mean_queue_length(self) -> float:
        """The time average of the number of waiting requests; NaN before time has passed."""
        elapsed = self._env.now - self._opened_at
        return self._waiting.area() / elapsed if elapsed else float("nan")

    @property
    def utilisation(self) -> float:
        """The share of capacity in use, averaged over time; NaN before time has passed."""
        elapsed = self._env.now - self._opened_at
        return self._busy.area() / (elapsed * self.capacity) if elapsed else float("nan")
