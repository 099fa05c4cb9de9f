import math

import numpy as np
import pytest

from simgen.worlds.road.geodesy import TransverseMercator
from simgen.worlds.road.sensors import Gnss
from simgen.worlds.road.sensors.gnss import RunningGnss

PLANE = TransverseMercator(latitude=48.0, longitude=9.0)
EXACT = dict.fromkeys(("level_wander", "height_wander", "level_noise", "height_noise"), 0.0)


def chance():
    return np.random.Generator(np.random.PCG64DXSM(2))


def errors(gnss, n, step):
    """East, north and up of each reading [m], at a place where the truth is 100, 200, 5."""
    receiver = RunningGnss(gnss, PLANE, chance())
    fixes = [receiver.read(k * step, np.array([100.0, 200.0, 5.0])) for k in range(n)]
    x, y = PLANE.to_plane(
        np.array([fix.latitude for fix in fixes]), np.array([fix.longitude for fix in fixes])
    )
    return np.stack([x - 100.0, y - 200.0, [fix.height - 5.0 for fix in fixes]], axis=1)


def test_without_error_it_tells_the_place():
    """A receiver without error gives the latitude and longitude that the map's projection gives."""
    np.testing.assert_allclose(errors(Gnss(**EXACT), 2, 1.0), 0.0, atol=1e-4)


def test_noise_is_white():
    """The quick error has its spread, and no memory."""
    found = errors(Gnss(**EXACT | {"level_noise": 0.5, "height_noise": 2.0}), 3000, 0.1)

    assert found.std(axis=0) == pytest.approx([0.5, 0.5, 2.0], rel=0.05)
    assert np.corrcoef(found[1:, 0], found[:-1, 0])[0, 1] == pytest.approx(0.0, abs=0.06)


def test_the_slow_error_wanders():
    """The slow error keeps its spread, and exp(-t / wander_time) of itself over a time t."""
    found = errors(Gnss(**EXACT | {"level_wander": 1.5, "wander_time": 10.0}), 5000, 4.0)

    assert found[:, :2].std() == pytest.approx(1.5, rel=0.06)
    assert np.corrcoef(found[1:, 0], found[:-1, 0])[0, 1] == pytest.approx(math.exp(-0.4), abs=0.04)
    np.testing.assert_allclose(found[:, 2], 0.0, atol=1e-9)
