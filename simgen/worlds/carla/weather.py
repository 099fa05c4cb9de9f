"""Between CARLA's weather and what cameras see of it: both ways here."""

from __future__ import annotations

import math
from functools import lru_cache

from simgen.worlds.carla.protocol.types import Weather
from simgen.worlds.road.sensors import Weather as SeenWeather

# Visibility without fog, and how quickly a percent of fog's density takes it away; assumed.
_CLEAR, _THICKENING = 10_000.0, 0.06  # [m], [1/percent]
_LEAST = 10.0  # of visibility [m]


@lru_cache(maxsize=16)  # it is asked for in each frame
def seen_weather(weather: Weather) -> SeenWeather:
    """Sun, clouds, fog and wetness for cameras."""
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


def carla_weather(weather: SeenWeather) -> dict[str, float]:
    """Fields of `carla.WeatherParameters`: the inverse of `seen_weather`."""
    fog = math.log(_CLEAR / min(weather.visibility, _CLEAR)) / _THICKENING
    return {
        "sun_azimuth_angle": weather.sun_azimuth,
        "sun_altitude_angle": weather.sun_elevation,
        "cloudiness": 100.0 * weather.cloud_share,
        "fog_density": min(fog, 100.0),
        "wetness": 100.0 * weather.wetness,
        "precipitation": 0.0,
        "precipitation_deposits": 0.0,
    }
