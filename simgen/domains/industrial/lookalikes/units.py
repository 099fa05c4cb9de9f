"""Wrong units: what a sensor reads that was set up for another unit than is written down."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Conversion(NamedTuple):
    """From the right unit to the wrong one."""

    factor: float
    offset: float = 0.0


# One unit that each is mistaken for. Exact by definition, or to six digits as in NIST Special
# Publication 811 (2008), appendix B.
MISTAKEN: Mapping[str, Conversion] = MappingProxyType(
    {
        "degree Celsius": Conversion(1.8, 32.0),  # degree Fahrenheit
        "bar": Conversion(14.5038),  # pound-force per square inch
        "mm/s": Conversion(1.0 / 25.4),  # inch per second
        "g": Conversion(9.80665),  # metre per second squared
        "m/s2": Conversion(1.0 / 9.80665),  # standard gravity
        "A": Conversion(1_000.0),  # milliampere
        "m3/h": Conversion(1.0 / 3.6),  # litre per second
        "l/min": Conversion(0.06),  # cubic metre per hour
        "kW": Conversion(1.34102),  # horsepower of 550 ft lbf/s
        "rpm": Conversion(1.0 / 60.0),  # hertz
    }
)
