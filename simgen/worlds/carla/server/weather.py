"""CARLA's weather, and what cameras see of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import yaml

from simgen.core import data_folder
from simgen.worlds.carla.protocol.types import Weather
from simgen.worlds.road.sensors import Weather as SeenWeather

# Visibility without fog, and how quickly a percent of fog's density takes it away; assumed.
_CLEAR, _THICKENING = 10_000.0, 0.06  # [m], [1/percent]
_LEAST = 10.0  # of visibility [m]


@cache
def assets() -> Mapping[str, Any]:
    """What assets/driving/carla/blueprints.yaml says."""
    path = data_folder("assets") / "driving" / "carla" / "blueprints.yaml"
    found: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def first_weather() -> Weather:
    """The weather of a new world."""
    return Weather(**assets()["weather"])


@lru_cache(maxsize=16)  # it is asked for in each frame
def seen_weather(weather: Weather) -> SeenWeather:
    """The same for cameras: sun, clouds, fog and wetness."""
    fog = min(max(weather.fog_density, 0.0), 100.0)
    return SeenWeather(
        sun_azimuth=weather.sun_azimuth % 360.0,
        sun_elevation=min(max(weather.sun_altitude, -90.0), 90.0),
        cloud_share=_share(weather.cloudiness),
        visibility=max(_CLEAR * math.exp(-_THICKENING * fog), _LEAST),
        wetness=_share(max(weather.wetness, weather.precipitation_deposits)),
    )


def _share(percentage: float) -> float:
    return min(max(percentage / 100.0, 0.0), 1.0)
