"""What a sensor is, and what it is given."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from simgen.core import Parameters, Streams, parameter
from simgen.worlds.base import Snapshot
from simgen.worlds.carla.geodesy import Origin
from simgen.worlds.carla.protocol.types import Actor
from simgen.worlds.road.sensors import Frame, Scene, Weather
from simgen.worlds.road.sensors.shadows import Shade


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One frame of a world, seen from one sensor."""

    frame: int  # of the episode, so that noise is the same in each
    time: float  # since the episode began [s]
    step: float  # since the frame before [s]
    snapshot: Snapshot
    place: Frame  # of the sensor
    carrier: int  # number of the body that carries it; 0: none
    ids: npt.NDArray[np.int64]  # of actors, by their number in the road world
    actor: Callable[[int], Actor | None]  # by its number in the road world
    look: Callable[[int], Scene]  # what is to be seen without the body of a number
    origin: Origin  # of the map, as the version projects it
    gravity: float  # as inertial sensors feel it [m/s2]
    weather: Weather
    shade: Callable[[int], Shade]  # where shadows fall around the body of a number

    @cached_property
    def scene(self) -> Scene:
        """What the sensor may see: all but what carries it."""
        return self.look(self.carrier)

    @cached_property
    def row(self) -> int | None:
        """The carrier's row in the snapshot; None: nobody carries it."""
        return self.snapshot.row(self.carrier)


@dataclass(frozen=True, kw_only=True)
class Attributes(Parameters):
    """CARLA's attributes of a sensor, by CARLA's names."""


@dataclass(frozen=True, kw_only=True)
class TimedAttributes(Attributes):
    """Of a sensor that reports at times of its own."""

    sensor_tick: float = parameter(
        0.0, unit="s", minimum=0.0, maximum=1e6, doc="between two readings; 0: at each frame"
    )


class Sensor(ABC):
    """A sensor while it lives: it may remember what it saw."""

    attributes: ClassVar[type[Attributes]] = Attributes
    differs: ClassVar[str] = ""  # from CARLA's, for the table in the documentation

    def __init__(self, attributes: Attributes, streams: Streams) -> None:
        self.about = attributes
        self.streams = streams

    @abstractmethod
    def measure(self, moment: Moment) -> list[bytes]:
        """The bodies of this frame's packets: mostly one, of events any number."""
