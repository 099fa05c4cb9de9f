"""Latitude and longitude as CARLA's clients work them out, so that both agree.

The client 0.9.16 takes the origin from a map's geoReference and passes over all else in it: the
map is a spherical transverse Mercator projection (Snyder 1987, Map projections, USGS 1395,
equations 8-6 and 8-7) of scale 0.9996, measured with `carla.Map.transform_to_geolocation`. It
counts CARLA's y as north, which on the map is south; so do we, for a place must be the same for
all. The client 0.9.15 has a spherical Mercator projection (equations 7-1, 7-2, 7-4) true to scale
at the origin, with y as south, measured in the same way to 1e-15 degrees.
`simgen.worlds.road.geodesy` reads the projection as it is meant.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from simgen.worlds.road.geodesy import SEMI_MAJOR

# Of a map that does not say; measured in the same way [degree].
_LATITUDE, _LONGITUDE = 42.0, 2.0
_SCALE = 0.9996


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a map's x = y = 0 lies on the globe."""

    latitude: float  # [degree]
    longitude: float  # [degree]
    is_mercator: bool = False  # as 0.9.15 has it

    @staticmethod
    def read(projection: str) -> Origin:
        """From a geoReference."""
        found = dict(re.findall(r"\+(lat_0|lon_0)=(\S+)", projection))
        try:
            latitude, longitude = float(found["lat_0"]), float(found["lon_0"])
        except (KeyError, ValueError):
            return Origin(latitude=_LATITUDE, longitude=_LONGITUDE)
        return Origin(latitude=latitude, longitude=longitude)

    def to_globe(self, x: float, y: float) -> tuple[float, float]:
        """Latitude and longitude [degree] of a place in CARLA's frame [m]."""
        if self.is_mercator:
            return self._to_mercator(x, y)
        radius = _SCALE * SEMI_MAJOR
        along = y / radius + math.radians(self.latitude)
        across = x / radius
        latitude = math.asin(math.sin(along) / math.cosh(across))
        longitude = math.atan2(math.sinh(across), math.cos(along))
        return math.degrees(latitude), self.longitude + math.degrees(longitude)

    def _to_mercator(self, x: float, y: float) -> tuple[float, float]:
        here = math.radians(self.latitude)
        radius = math.cos(here) * SEMI_MAJOR
        stretched = math.asinh(math.tan(here)) - y / radius
        latitude = math.atan(math.sinh(stretched))
        return math.degrees(latitude), self.longitude + math.degrees(x / radius)
