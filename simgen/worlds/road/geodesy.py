"""Between the map's plane and latitude and longitude, as its geoReference says.

Read are transverse Mercator projections (`+proj=tmerc`, `+proj=utm`) on the ellipsoid of WGS 84 or
GRS 80, which differ by 0.1 mm; heights pass unchanged.

References:
    Karney (2011), Transverse Mercator with an accuracy of a few nanometers. Journal of Geodesy 85;
    here his equations 35 and 36 up to the third power of n, good to 10 um within 1000 km of the
    central meridian.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.core import RequestError
from simgen.kernels.arrays import Floats

SEMI_MAJOR = 6378137.0  # of WGS 84 [m]
_FLATTENING = 1.0 / 298.257223563
_N = _FLATTENING / (2.0 - _FLATTENING)
_RECTIFYING = SEMI_MAJOR / (1.0 + _N) * (1.0 + _N**2 / 4.0 + _N**4 / 64.0)  # [m]
_ECCENTRICITY = math.sqrt(_FLATTENING * (2.0 - _FLATTENING))
_ALPHA = (
    _N / 2.0 - 2.0 * _N**2 / 3.0 + 5.0 * _N**3 / 16.0,
    13.0 * _N**2 / 48.0 - 3.0 * _N**3 / 5.0,
    61.0 * _N**3 / 240.0,
)
_BETA = (
    _N / 2.0 - 2.0 * _N**2 / 3.0 + 37.0 * _N**3 / 96.0,
    _N**2 / 48.0 + _N**3 / 15.0,
    17.0 * _N**3 / 480.0,
)


@dataclass(frozen=True, kw_only=True)
class TransverseMercator:
    """A map's plane on the globe."""

    latitude: float = 0.0  # of the origin [deg]
    longitude: float = 0.0  # of the central meridian [deg]
    scale: float = 1.0
    east: float = 0.0  # x of the origin [m]
    north: float = 0.0  # y of the origin [m]

    def to_globe(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Latitude and longitude [deg] of places in the plane `(n,)` [m]."""
        scale = _RECTIFYING * self.scale
        along = (np.asarray(y, np.float64) - self.north) / scale + self._origin()
        across = (np.asarray(x, np.float64) - self.east) / scale
        inverse = [-coefficient for coefficient in _BETA]
        xi, eta = _series(inverse, along, across)
        tau = np.sin(xi) / np.hypot(np.sinh(eta), np.cos(xi))  # tangent of conformal latitude
        longitude = self.longitude + np.degrees(np.arctan2(np.sinh(eta), np.cos(xi)))
        return np.degrees(_geographic(np.arctan(tau))), (longitude + 180.0) % 360.0 - 180.0

    def to_plane(self, latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
        """Places in the plane, x and y [m], of places on the globe `(n,)` [deg]."""
        turn = np.radians((np.asarray(longitude) - self.longitude + 180.0) % 360.0 - 180.0)
        tau = np.tan(_conformal(np.radians(np.asarray(latitude, np.float64))))
        xi = np.arctan2(tau, np.cos(turn))
        eta = np.arcsinh(np.sin(turn) / np.hypot(tau, np.cos(turn)))
        along, across = _series(_ALPHA, xi, eta)
        scale = _RECTIFYING * self.scale
        return self.east + scale * across, self.north + scale * (along - self._origin())

    def _origin(self) -> float:
        """The rectifying latitude of the origin [rad]."""
        xi = _conformal(np.radians(np.array([self.latitude])))
        along, _ = _series(_ALPHA, xi, np.zeros(1))
        return float(along[0])


def read_projection(text: str) -> TransverseMercator:
    """The projection in a geoReference; without one, the plane touches the globe at 0, 0.

    Raises:
        RequestError: the projection is no transverse Mercator, or its numbers are none.
    """
    words = dict(word[1:].partition("=")[::2] for word in text.split() if word.startswith("+"))
    if not text.strip():
        return TransverseMercator()
    try:
        if words.get("proj") == "utm":
            return _universal(int(words["zone"]), south="south" in words)
        if words.get("proj") == "tmerc":
            return TransverseMercator(
                latitude=_degrees(words.get("lat_0", "0")),
                longitude=_degrees(words.get("lon_0", "0")),
                scale=float(words.get("k", words.get("k_0", "1"))),
                east=float(words.get("x_0", "0")),
                north=float(words.get("y_0", "0")),
            )
    except (KeyError, ValueError) as error:
        raise RequestError(
            f"geoReference {text[:80]!r}: {error} is no number or missing; correct it"
        ) from None
    raise RequestError(
        f"geoReference {text[:80]!r}: +proj must be tmerc or utm; project the map anew"
    )


def _universal(zone: int, *, south: bool) -> TransverseMercator:
    if not 1 <= zone <= 60:
        raise ValueError(f"zone {zone}")
    return TransverseMercator(
        longitude=6.0 * zone - 183.0,
        scale=0.9996,
        east=500_000.0,
        north=10_000_000.0 if south else 0.0,
    )


def _degrees(text: str) -> float:
    value = float(text)
    if not -360.0 <= value <= 360.0:
        raise ValueError(text)
    return value


def _series(
    coefficients: tuple[float, ...] | list[float], xi: Floats, eta: Floats
) -> tuple[Floats, Floats]:
    """Krueger's series: between the conformal sphere and the rectified plane."""
    along, across = xi.copy(), eta.copy()
    for order, coefficient in enumerate(coefficients, 1):
        along += coefficient * np.sin(2 * order * xi) * np.cosh(2 * order * eta)
        across += coefficient * np.cos(2 * order * xi) * np.sinh(2 * order * eta)
    return along, across


def _conformal(latitude: Floats) -> Floats:
    """The conformal latitude of a geographic one [rad]."""
    sine = np.sin(latitude)
    tau = np.sinh(np.arctanh(sine) - _ECCENTRICITY * np.arctanh(_ECCENTRICITY * sine))
    return np.asarray(np.arctan(tau), np.float64)


def _geographic(conformal: Floats) -> Floats:
    """The geographic latitude of a conformal one, by iteration to rounding [rad]."""
    isometric = np.arcsinh(np.tan(conformal))
    latitude = conformal
    for _ in range(6):  # each gains more than two digits
        sine = np.sin(latitude)
        grown = isometric + _ECCENTRICITY * np.arctanh(_ECCENTRICITY * sine)
        latitude = np.arctan(np.sinh(grown))
    return np.asarray(latitude, np.float64)
