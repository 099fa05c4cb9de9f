"""What a motor's sensors read; noise and sizes of their faults are assumptions."""

from __future__ import annotations

from collections.abc import Mapping

from simgen.core import MINUTE
from simgen.domains.industrial.fleet.signals import Channel
from simgen.domains.industrial.lookalikes.sensor_fault import Sizes

_CURRENT_FAULTS: Sizes = (4.0, 1.0, 0.0, 15.0, 0.0, 38.0)
_HEAT_FAULTS: Sizes = (8.0, 2.0, 0.0, 25.0, 0.0, 70.0)
_SHAKE_FAULTS: Sizes = (1.5, 0.4, 0.0, 4.0, 0.0, 1.6)


def _current(phase: str) -> Channel:
    return Channel(
        name=f"current_{phase}",
        unit="A",
        doc=f"Of phase {phase}, root mean square",
        decimals=2,
        noise=0.12,
        is_magnitude=True,
        faults=_CURRENT_FAULTS,
    )


CHANNELS: tuple[Channel, ...] = (
    *map(_current, "abc"),
    Channel(name="power", unit="kW", doc="Drawn from the mains", decimals=2, noise=0.15),
    Channel(name="speed", unit="rpm", doc="Of the shaft", decimals=1, noise=0.6),
    Channel(
        name="winding_temperature",
        unit="degree Celsius",
        doc="Of the stator's winding",
        decimals=1,
        noise=0.5,
        warming_time=35.0 * MINUTE,
        faults=_HEAT_FAULTS,
    ),
    Channel(
        name="bearing_temperature",
        unit="degree Celsius",
        doc="Of the drive end's bearing",
        decimals=1,
        noise=0.4,
        warming_time=50.0 * MINUTE,
    ),
    Channel(
        name="vibration",
        unit="mm/s",
        doc="Root mean square velocity of the drive end's bearing",
        decimals=2,
        noise=0.09,
        faults=_SHAKE_FAULTS,
        is_magnitude=True,
    ),
)

WINDOW_FAULTS: Mapping[str, Sizes] = {
    f"clamp_{phase}": (4.0, 1.0, 0.0, 20.0, 0.0, 40.0) for phase in "abc"
}
