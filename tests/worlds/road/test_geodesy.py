import numpy as np
import pytest
from hypothesis import given, strategies

from simgen.core import RequestError
from simgen.worlds.road.geodesy import TransverseMercator, read_projection

GOLDEN = [  # PROJ 9.5.1
    ("+proj=tmerc +lat_0=52.5 +lon_0=13.4 +k=1", 52.51, 13.42, 1357.8964786, 1112.9573234),
    ("+proj=utm +zone=32 +datum=WGS84", 48.137154, 11.576124, 691650.3668500, 5334754.2465728),
    ("+proj=utm +zone=56 +south", -33.856784, 151.215297, 334900.2612920, 6252290.5224060),
]


@pytest.mark.parametrize(("text", "latitude", "longitude", "x", "y"), GOLDEN)
def test_agrees_with_proj(text, latitude, longitude, x, y):
    """Places lie within 0.1 mm of where PROJ puts them, both ways."""
    projection = read_projection(text)

    plane = projection.to_plane(np.array([latitude]), np.array([longitude]))
    globe = projection.to_globe(np.array([x]), np.array([y]))

    np.testing.assert_allclose(np.ravel(plane), [x, y], atol=1e-4)
    np.testing.assert_allclose(np.ravel(globe), [latitude, longitude], atol=1e-9)


@given(
    strategies.floats(-80, 80),
    strategies.floats(-180, 180),
    strategies.floats(-5e4, 5e4),
    strategies.floats(-5e4, 5e4),
)
def test_there_and_back(latitude, longitude, x, y):
    """From the plane to the globe and back leads to the same place."""
    projection = TransverseMercator(latitude=latitude, longitude=longitude)

    globe = projection.to_globe(np.array([x]), np.array([y]))

    np.testing.assert_allclose(np.ravel(projection.to_plane(*globe)), [x, y], atol=1e-4)


@pytest.mark.parametrize(
    "text", ["+proj=merc", "+proj=utm", "+proj=utm +zone=99", "+proj=tmerc +lat_0=north", "EPSG:1"]
)
def test_other_projections_are_refused(text):
    """A projection that is not read, or misses its numbers, is a wrong request."""
    with pytest.raises(RequestError, match="geoReference"):
        read_projection(text)


def test_without_a_reference_the_origin_is_null_island():
    """No geoReference means latitude and longitude 0 at the origin."""
    assert read_projection(" ") == TransverseMercator()
