"""A sensor fault: the machine is sound, what it is watched by is not."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import simpy

from simgen.core import DAY, parameter
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.sensors import FAULTS
from simgen.domains.industrial.lookalikes.base import LookAlike, events_per_year
from simgen.domains.industrial.lookalikes.looseness import YEAR

if TYPE_CHECKING:
    from simgen.domains.industrial.hall import Hall, Machine

VIBRATION, TEMPERATURE = "vibration", "temperature"
SENSORS = (VIBRATION, TEMPERATURE)
Sizes = tuple[float, float, float, float, float, float]  # in the order of `FAULTS`

# Median size of each kind of fault, in `FAULTS`' order; assumptions. Vibration in g, temperature
# in kelvin; clipping bounds the reading itself.
SIZES = {
    VIBRATION: (0.4, 0.1, 0.0, 1.0, 0.0, 0.12),
    TEMPERATURE: (7.0, 3.0, 0.0, 25.0, 0.0, 42.0),
}
_SIZE_SPREAD = 0.3  # deviation of the size's logarithm; assumption


def break_sensor(event: Event, sizes: Mapping[str, Sizes], rng: np.random.Generator) -> None:
    """Choose a sensor, a fault and its size.

    Args:
        event: of the fault, in which they are written down.
        sizes: median size of each kind of fault of each sensor.
        rng: of the machine.
    """
    sensors = tuple(sizes)
    event.sensor = sensors[int(rng.integers(len(sensors)))]
    code = int(rng.integers(len(FAULTS)))
    event.fault = FAULTS[code]
    size = sizes[event.sensor][code] * rng.lognormal(0.0, _SIZE_SPREAD)
    event.size = -size if event.fault == "bias" and rng.random() < 0.5 else size


@dataclass(frozen=True, kw_only=True)
class SensorFault(LookAlike):
    """A sensor reads wrong: bias, drift, stuck, spikes, dropout or clipping."""

    kind: ClassVar[str] = "sensor_fault"
    resembles: ClassVar[str] = "outer_race_spall"

    rate: float = events_per_year(3.0)
    mean_time: float = parameter(
        5.0,
        doc="Mean time until the sensor is exchanged unasked. Assumption.",
        unit="day",
        above=0.0,
        maximum=365.0,
    )

    def come_and_go(self, hall: Hall, machine: Machine) -> Generator[simpy.Event, Any, None]:
        """The SimPy process of one machine's sensors, of which one is at fault at a time."""
        rng = machine.rng
        while self.rate > 0.0:
            yield hall.env.timeout(rng.exponential(YEAR / self.rate))
            event = hall.begin(machine, self.kind, lookalike_of=self.resembles)
            break_sensor(event, SIZES, rng)
            machine.sensor_fault = event
            yield hall.env.timeout(rng.exponential(self.mean_time * DAY))
            hall.end(event)
