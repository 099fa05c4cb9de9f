"""Sun, sky and air: what lights a camera's picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import Parameters, parameter
from simgen.kernels.elementary import exp, log
from simgen.worlds.road.sensors.kernels.skies import paint_sky

_SKY = 1024  # side of the painting of the sky: 0.2 degree [pixel]
_HAZE = 300.0  # of haze lie overhead; assumed [m]
FOG = 1000.0  # visibility below which it is fog; WMO (2017), International Cloud Atlas [m]
_DECIBELS = 10.0 / math.log(10.0)  # of a factor of e
# Of rain at 77 GHz, in dB/km by a power of mm/h: ITU-R P.838-3 (2005), its formulas at that
# frequency, of a wave polarised at 45 degree, halfway between its values for level and upright.
_RADAR_RAIN, _RADAR_POWER = 1.1298, 0.7125
KOSCHMIEDER = 3.912  # extinction times visibility: 2 % of contrast are left; Koschmieder (1924)


@dataclass(frozen=True, kw_only=True)
class Weather(Parameters):
    """The weather for cameras, lasers and radar.

    Cameras see sun, clouds, haze and wet ground; lasers feel fog and rain, radar rain. Light and
    colours of the sky are assumed, by eye. No drops, puddles, lamps or stars are drawn.
    """

    sun_azimuth: float = parameter(
        215.0, unit="degree", minimum=0.0, maximum=360.0, doc="Of the sun, clockwise from north."
    )
    sun_elevation: float = parameter(
        42.0, unit="degree", minimum=-90.0, maximum=90.0, doc="Over the horizon; below it is night."
    )
    cloud_share: float = parameter(0.35, minimum=0.0, maximum=1.0, doc="Of the sky in clouds.")
    visibility: float = parameter(
        8000.0, unit="m", minimum=10.0, maximum=200_000.0, doc="Less than 1000 m is fog."
    )
    wetness: float = parameter(
        0.0, minimum=0.0, maximum=1.0, doc="Of the ground by rain, under which light is greyer."
    )
    rain_rate: float = parameter(
        0.0,
        unit="mm/h",
        minimum=0.0,
        maximum=300.0,
        doc="Of rain that falls, for lasers and radar.",
    )
    shadows: bool = parameter(True, doc="Whether solids cast shadows.")

    @property
    def laser_extinction(self) -> float:
        """Share of a laser's light that fog and rain take, by length; 0 in haze [1/m].

        Sources as of `lidar`.
        """
        fog = math.log(20.0) / self.visibility if self.visibility < FOG else 0.0
        if self.rain_rate == 0.0:
            return fog
        return fog + 1.076 * float(exp(2.0 / 3.0 * log(self.rain_rate))) / _DECIBELS / 1000.0

    @property
    def radar_extinction(self) -> float:
        """Share of a radar's power that rain takes, by length [1/m].

        Fog is left out: its drops, of some 0.01 mm, are small beside waves of 4 mm.
        """
        if self.rain_rate == 0.0:
            return 0.0
        rain = _RADAR_RAIN * float(exp(_RADAR_POWER * log(self.rain_rate)))
        return rain / _DECIBELS / 1000.0

    @property
    def sun(self) -> tuple[float, float, float]:
        """Direction toward the sun in the world."""
        azimuth, elevation = math.radians(self.sun_azimuth), math.radians(self.sun_elevation)
        level = math.cos(elevation)
        return level * math.sin(azimuth), level * math.cos(azimuth), math.sin(elevation)


@lru_cache(maxsize=8)
def lights(weather: Weather) -> tuple[tuple[Any, ...], npt.NDArray[np.float32]]:
    """As `kernels.shading` takes them: `lighting`, and the sky."""
    light, painting = lighting(weather), np.empty((_SKY, _SKY, 3), np.float32)
    paint_sky(light, painting)
    return light, painting


def lighting(weather: Weather) -> tuple[Any, ...]:
    """Directions, colours as shares of light, clouds, extinction [1/m], wetness."""
    height = math.sin(math.radians(weather.sun_elevation))
    day = min(max((height + 0.1) / 0.35, 0.02), 1.0)  # how bright the sky is
    low = min(max(height / 0.4, 0.0), 1.0)  # how white the sun is
    grey = max(weather.cloud_share**2, 0.9 * weather.wetness)
    air = KOSCHMIEDER / weather.visibility
    haze = float(exp(-air * _HAZE))  # share of the light that comes through from above
    direct = 1.35 * haze * min(max(height / 0.15, 0.0), 1.0) * (1.0 - 0.92 * grey)
    clear, dull = np.array([[0.10, 0.26, 0.62], [0.42, 0.46, 0.50]])
    pale, ashen = np.array([[0.56, 0.70, 0.84], [0.62, 0.65, 0.67]])
    zenith = ((1.0 - grey) * clear + grey * dull) * day
    horizon = ((1.0 - grey) * pale + grey * ashen) * day
    horizon = horizon * (np.array([1.25, 0.85, 0.55]) * (1.0 - low) + low)
    sun = direct * ((1.0 - low) * np.array([1.0, 0.55, 0.28]) + low * np.array([1.0, 0.95, 0.86]))
    zenith = haze * zenith + (1.0 - haze) * horizon
    ambient = (0.42 + 0.22 * grey) * day * np.array([0.86, 0.95, 1.08])
    return (
        weather.sun, tuple(sun), tuple(ambient), tuple(zenith), tuple(horizon),
        weather.cloud_share * haze, air, weather.wetness,
    )  # fmt: skip
