"""Units of measured numbers, and how one is turned into another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from simgen.core import RequestError, suggest
from simgen.kernels.arrays import Floats


class Scale(NamedTuple):
    """How many of a quantity's base unit one unit is, and what 0 of it is in base units."""

    quantity: str
    factor: float
    offset: float = 0.0


# Exact by definition, or to six digits as in NIST Special Publication 811 (2008), appendix B. A US
# gallon is 231 cubic inches (NIST Handbook 44, appendix C), an imperial one 4.54609 litres (Units
# of Measurement Regulations 1995, UK).
UNITS: Mapping[str, Scale] = MappingProxyType(
    {
        "1": Scale("a share", 1.0),
        "%": Scale("a share", 0.01),
        "K": Scale("a difference of temperatures", 1.0),
        "degree Celsius": Scale("temperature", 1.0),
        "degC": Scale("temperature", 1.0),
        "°C": Scale("temperature", 1.0),
        "degree Fahrenheit": Scale("temperature", 5.0 / 9.0, -160.0 / 9.0),
        "degF": Scale("temperature", 5.0 / 9.0, -160.0 / 9.0),
        "°F": Scale("temperature", 5.0 / 9.0, -160.0 / 9.0),
        "kelvin": Scale("temperature", 1.0, -273.15),
        "bar": Scale("pressure", 1.0),
        "mbar": Scale("pressure", 0.001),
        "kPa": Scale("pressure", 0.01),
        "MPa": Scale("pressure", 10.0),
        "psi": Scale("pressure", 0.0689476),
        "mm": Scale("length", 1.0),
        "m": Scale("length", 1_000.0),
        "km": Scale("length", 1e6),
        "in": Scale("length", 25.4),
        "ft": Scale("length", 304.8),
        "mm/s": Scale("velocity", 1.0),
        "m/s": Scale("velocity", 1_000.0),
        "m/min": Scale("velocity", 1_000.0 / 60.0),
        "in/s": Scale("velocity", 25.4),
        "g": Scale("acceleration", 9.80665),
        "m/s2": Scale("acceleration", 1.0),
        "A": Scale("current", 1.0),
        "mA": Scale("current", 0.001),
        "V": Scale("voltage", 1.0),
        "mV": Scale("voltage", 0.001),
        "kV": Scale("voltage", 1_000.0),
        "kW": Scale("power", 1.0),
        "W": Scale("power", 0.001),
        "hp": Scale("power", 0.745700),
        "m3/h": Scale("flow", 1.0),
        "m3/min": Scale("flow", 60.0),
        "l/s": Scale("flow", 3.6),
        "l/min": Scale("flow", 0.06),
        "US gpm": Scale("flow", 0.06 * 3.785411784),
        "imperial gpm": Scale("flow", 0.06 * 4.54609),
        "rpm": Scale("frequency", 1.0 / 60.0),
        "1/min": Scale("frequency", 1.0 / 60.0),
        "Hz": Scale("frequency", 1.0),
        "rad/s": Scale("frequency", 0.5 / math.pi),
        "kN": Scale("force", 1.0),
        "N": Scale("force", 0.001),
        "h": Scale("time", 3_600.0),
        "min": Scale("time", 60.0),
        "s": Scale("time", 1.0),
        "day": Scale("time", 86_400.0),
        "EUR": Scale("money", 1.0),
    }
)


def convert(values: Floats, unit: str, wanted: str, of: str) -> Floats:
    """Numbers `(n,)` in another unit.

    Args:
        values: (n,)
        unit: theirs.
        wanted: in which they are to be.
        of: what they are, for the message.

    Raises:
        RequestError: a unit is not known, or both measure different things.
    """
    if unit == wanted:
        return values
    here, there = _known(unit, of), _known(wanted, of)
    if here.quantity != there.quantity:
        raise RequestError(
            f"{of}: unit = {unit!r} measures {here.quantity} and {wanted!r} {there.quantity}: "
            "name the unit in which the file has it"
        )
    converted = (values * here.factor + here.offset - there.offset) / there.factor
    # What arithmetic adds beyond is no measurement, and tells converted numbers from others.
    return np.asarray(np.round(converted, 9))


def _known(unit: str, of: str) -> Scale:
    if unit == "gpm":
        raise RequestError(
            f"{of}: unit = 'gpm' may mean either gallon: say 'US gpm' or 'imperial gpm'"
        )
    if unit not in UNITS:
        raise RequestError(f"{of}: unit = {unit!r} is not known: {suggest(unit, UNITS)}")
    return UNITS[unit]
