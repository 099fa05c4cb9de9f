"""Latitude and longitude, against what the clients say."""

import pytest

from simgen.worlds.carla.geodesy import Origin

# By carla.Map.transform_to_geolocation of each version, with +lat_0=49 +lon_0=8.5 [degree].
SAID = {
    False: {
        (0.0, 1000.0): (49.0089867475402, 8.5),
        (-3000.0, 2500.0): (49.022459566279394, 8.458887224051802),
    },
    True: {
        (0.0, 1000.0): (48.99101603704085, 8.5),
        (-3000.0, 2500.0): (48.977537054548264, 8.458922204660373),
    },
}


@pytest.mark.parametrize("is_mercator", [False, True])
def test_a_place_is_where_the_client_says(is_mercator):
    """0.9.16 counts y as north and 0.9.15 as south; both to a tenth of a millimetre."""
    origin = Origin(latitude=49.0, longitude=8.5, is_mercator=is_mercator)

    for (x, y), said in SAID[is_mercator].items():
        assert origin.to_globe(x, y) == pytest.approx(said, abs=1e-9)


def test_an_unreadable_reference_is_the_clients_own():
    """Where a map has none, or says it otherwise, clients take 42 degrees north, 2 east."""
    assert Origin.read("+proj=utm +zone=32").to_globe(0.0, 0.0) == pytest.approx((42.0, 2.0))
