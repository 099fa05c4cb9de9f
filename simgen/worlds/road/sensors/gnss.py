"""A satellite receiver: latitude, longitude and height, with an error that wanders.

The error is white noise, and a first-order Gauss-Markov process that stands for orbits, clocks
and the atmosphere; it starts in its stationary distribution (Gelb 1974, Applied Optimal
Estimation, section 3.6). No satellites are simulated: no outages, no reflected signals.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.core import Parameters, parameter
from simgen.kernels.arrays import Floats
from simgen.worlds.road.geodesy import TransverseMercator


@dataclass(frozen=True, kw_only=True)
class Gnss(Parameters):
    """A receiver. Errors by default are assumed, for one frequency without corrections."""

    level_wander: float = parameter(
        1.0, unit="m", minimum=0.0, doc="standard deviation of the slow error, east and north each"
    )
    height_wander: float = parameter(
        2.0, unit="m", minimum=0.0, doc="standard deviation of the slow error upward"
    )
    wander_time: float = parameter(
        300.0, unit="s", above=0.0, doc="after which the slow error's correlation is 1/e"
    )
    level_noise: float = parameter(
        0.3, unit="m", minimum=0.0, doc="standard deviation of the quick error, east and north each"
    )
    height_noise: float = parameter(
        0.6, unit="m", minimum=0.0, doc="standard deviation of the quick error upward"
    )


@dataclass(frozen=True, kw_only=True)
class Fix:
    """What a receiver reports."""

    latitude: float  # [deg]
    longitude: float  # [deg]
    height: float  # over the map's zero [m]


class RunningGnss:
    """A receiver during one run: it remembers its slow error."""

    def __init__(
        self, gnss: Gnss, projection: TransverseMercator, generator: np.random.Generator
    ) -> None:
        self._gnss = gnss
        self._projection = projection
        self._generator = generator
        self._spread = np.array([gnss.level_wander, gnss.level_wander, gnss.height_wander])
        self._wander = self._spread * generator.standard_normal(3)
        self._time = math.nan

    def read(self, time: float, position: Floats) -> Fix:
        """One reading at a time [s] of an antenna's place in the world `(3,)` [m]."""
        gnss = self._gnss
        if not math.isnan(self._time):
            kept = math.exp(-(time - self._time) / gnss.wander_time)
            fresh = math.sqrt(1.0 - kept * kept) * self._generator.standard_normal(3)
            self._wander = kept * self._wander + self._spread * fresh
        self._time = time
        noise = np.array([gnss.level_noise, gnss.level_noise, gnss.height_noise])
        x, y, z = position + self._wander + noise * self._generator.standard_normal(3)
        latitude, longitude = self._projection.to_globe(np.array([x]), np.array([y]))
        return Fix(latitude=float(latitude[0]), longitude=float(longitude[0]), height=float(z))
