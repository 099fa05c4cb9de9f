"""A sensor fault: the machine is sound, what it is watched by is not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np
import simpy

from simgen.core import DAY, HOUR, parameter
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.sensors import SIZED_FAULTS, TELEGRAM_FAULTS
from simgen.domains.industrial.lookalikes.base import YEAR, LookAlike, events_per_year
from simgen.domains.industrial.lookalikes.units import MISTAKEN

TRANSMITTER = "transmitter"  # that stamps and sends what a machine's sensors read
Sizes = tuple[float, float, float, float, float, float]  # in the order of `SIZED_FAULTS`

_SIZE_SPREAD = 0.3  # deviation of the size's logarithm; assumption
# Median of how far a clock is off, and of how long an outage lasts [s]; assumptions.
_TELEGRAM_SIZES = {"clock_skew": 900.0, "late": 3.0 * HOUR, "lost": 0.0}


def enlarged(sizes: Sizes, factor: float) -> Sizes:
    """Those of a sensor that measures so many times more."""
    bias, drift, stuck, spikes, dropout, clipping = (factor * size for size in sizes)
    return bias, drift, stuck, spikes, dropout, clipping


class Sensor(NamedTuple):
    """A sensor that may be at fault."""

    unit: str  # that it reads in
    sizes: Sizes  # median of each kind of fault, in that unit; clipping bounds the reading itself


def break_sensor(event: Event, sensors: Mapping[str, Sensor], rng: np.random.Generator) -> None:
    """Choose a sensor or the transmitter, a fault and its size.

    Args:
        event: of the fault, in which they are written down.
        sensors: those of the machine.
        rng: of the machine.
    """
    names = (*sensors, TRANSMITTER)
    event.sensor = names[int(rng.integers(len(names)))]
    if event.sensor == TRANSMITTER:
        sizes = _TELEGRAM_SIZES
        faults: tuple[str, ...] = TELEGRAM_FAULTS
    else:
        unit, medians = sensors[event.sensor]
        sizes = dict(zip(SIZED_FAULTS, medians, strict=True))
        faults = (*SIZED_FAULTS, "wrong_unit") if unit in MISTAKEN else SIZED_FAULTS
    event.fault = faults[int(rng.integers(len(faults)))]
    if event.fault == "wrong_unit":
        event.size, event.offset = MISTAKEN[unit]
        return
    size = sizes[event.fault] * rng.lognormal(0.0, _SIZE_SPREAD)
    event.size = -size if event.fault in {"bias", "clock_skew"} and rng.random() < 0.5 else size


class Watched(Protocol):
    """A machine, as far as its sensors go."""

    rng: np.random.Generator
    sensor_fault: Event | None


@dataclass(frozen=True, kw_only=True)
class SensorFault(LookAlike, ABC):
    """A sensor reads wrong, or what it read is sent late, with a wrong time, or not at all."""

    kind: ClassVar[str] = "sensor_fault"

    rate: float = events_per_year(2.0)
    mean_time: float = parameter(
        6.0,
        doc="Mean time until the sensor is exchanged unasked. Assumption.",
        unit="day",
        above=0.0,
        maximum=365.0,
    )

    @abstractmethod
    def sensors(self, site: Any) -> Mapping[str, Sensor]:
        """The sensors of a site's machines."""

    def come_and_go(self, site: Any, machine: Watched) -> Generator[simpy.Event, Any, None]:
        """The SimPy process of one machine's sensors, of which one is at fault at a time."""
        rng = machine.rng
        while self.rate > 0.0:
            yield site.env.timeout(rng.exponential(YEAR / self.rate))
            event = site.begin(machine, self.kind, lookalike_of=self.resembles)
            break_sensor(event, self.sensors(site), rng)
            machine.sensor_fault = event
            yield site.env.timeout(rng.exponential(self.mean_time * DAY))
            site.end(event)
