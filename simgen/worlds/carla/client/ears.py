"""Listening to sensors, in the process of CARLA's client alone."""

from __future__ import annotations

import time
from queue import Empty, SimpleQueue
from typing import Any

# Its types are no part of the package.
import carla  # type: ignore[import-not-found,import-untyped,unused-ignore]
import numpy as np

from simgen.worlds.carla.client.pipe import Array


class Ear:
    """Listens to one sensor; what arrives is copied at once and looked at later."""

    def __init__(self, sensor: Any, carrier: int) -> None:
        self.sensor = sensor  # kept: a sensor that nobody holds falls silent
        self.carrier = carrier  # its id
        self._heard: SimpleQueue[tuple[int, Any]] = SimpleQueue()
        sensor.listen(self._hear)

    def _hear(self, data: Any) -> None:
        self._heard.put((data.frame, _content(data)))

    def take(self, frame: int, until: float) -> dict[str, Array] | None:
        """What it told of a frame; earlier ones are dropped; None: nothing came."""
        while True:
            try:
                number, content = self._heard.get(timeout=max(until - time.monotonic(), 0.0))
            except Empty:
                return None
            if number == frame:
                return dict(content)
            if number > frame:
                return None

    def all(self) -> list[list[float]]:
        """All events that have come."""
        found = []
        while not self._heard.empty():
            found.append(self._heard.get()[1])
        return found


def _content(data: Any) -> Any:
    if isinstance(data, carla.CollisionEvent):
        return [data.other_actor.id, *triple(data.normal_impulse)]
    raw = np.frombuffer(bytes(data.raw_data), np.uint8)
    if isinstance(data, carla.SemanticLidarMeasurement):
        counts = [data.get_point_count(channel) for channel in range(data.channels)]
        return {"points": raw, "counts": np.array(counts, np.int64)}
    return {"pixels": raw.reshape(data.height, data.width, 4)}


def triple(vector: Any) -> list[float]:
    """x, y and z."""
    return [vector.x, vector.y, vector.z]
