"""A camera's weather in CARLA's terms: the inverse of `server.weather.seen_weather`."""

from __future__ import annotations

import math

from simgen.worlds.road.sensors import Weather

# As there: visibility without fog, and what a percent of fog's density takes away.
_CLEAR, _THICKENING = 10_000.0, 0.06  # [m], [1/percent]


def carla_weather(weather: Weather) -> dict[str, float]:
    """Fields of `carla.WeatherParameters`."""
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
