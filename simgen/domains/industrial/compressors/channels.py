"""What a compressor's sensors read; noise and sizes of their faults are assumptions."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from simgen.core import MINUTE, Field
from simgen.domains.industrial.fleet.signals import Channel
from simgen.domains.industrial.lookalikes.sensor_fault import Sizes


def _warm(name: str, doc: str, minutes: float, faults: Sizes | None = None) -> Channel:
    return Channel(
        name=name,
        unit="degree Celsius",
        doc=doc,
        decimals=1,
        noise=0.5,
        warming_time=minutes * MINUTE,
        faults=faults,
    )


CHANNELS: tuple[Channel, ...] = (
    Channel(name="speed", unit="rpm", doc="Of the shaft", decimals=1, noise=1.0),
    Channel(
        name="suction_pressure",
        unit="bar",
        doc="Behind the filter, absolute",
        decimals=4,
        noise=0.005,
    ),
    Channel(
        name="interstage_pressure",
        unit="bar",
        doc="Absolute",
        decimals=3,
        noise=0.02,
        faults=(0.3, 0.1, 0.0, 0.8, 0.0, 2.9),
    ),
    Channel(name="discharge_pressure", unit="bar", doc="Absolute", decimals=3, noise=0.03),
    _warm("first_temperature", "Of the air behind the first stage", 6.0),
    _warm("interstage_temperature", "Of the air behind the intercooler", 8.0),
    _warm(
        "discharge_temperature",
        "Of the air behind the second stage",
        6.0,
        (8.0, 2.5, 0.0, 25.0, 0.0, 150.0),
    ),
    _warm("outlet_temperature", "Of the air behind the aftercooler", 8.0),
    Channel(name="flow", unit="m3/min", doc="Of free air", decimals=2, noise=0.15),
    Channel(name="power", unit="kW", doc="Of the motor", decimals=2, noise=0.6),
    Channel(
        name="pressure_swing",
        unit="bar",
        doc="Highest less lowest discharge pressure since the row before",
        decimals=3,
        noise=0.015,
    ),
    Channel(
        name="power_swing",
        unit="kW",
        doc="Highest less lowest power since the row before",
        decimals=2,
        noise=0.3,
    ),
    _warm("oil_temperature", "Of the oil in its tank", 45.0, (6.0, 2.0, 0.0, 20.0, 0.0, 45.0)),
    Channel(
        name="oil_pressure",
        unit="bar",
        doc="Behind the oil's filter, gauge",
        decimals=2,
        noise=0.04,
    ),
    Channel(
        name="vibration",
        unit="mm/s",
        doc="Root mean square velocity of the housing",
        decimals=2,
        noise=0.12,
    ),
    Channel(
        name="dew_point",
        unit="degree Celsius",
        doc="Of the air behind the dryer, under pressure",
        decimals=1,
        noise=0.8,
    ),
)

WAVEFORMS = (
    Field("acceleration", pa.list_(pa.float32()), "g", "Of the housing, radial."),
    Field("pressure", pa.list_(pa.float32()), "bar", "Between the stages, absolute."),
)

# Features of windows that raise alarms, with their units.
QUANTITIES: Mapping[str, str] = {
    "rms": "g",
    "line_lobes": "g",
    "envelope_outer_race": "1",
    "line_fan": "g",
    "line_belt": "g",
    "interstage_excess": "1",
    "interstage_lack": "1",
}
