"""Laser scanners in fog and rain."""

from dataclasses import replace

import numpy as np
import pytest

from simgen.core import Streams
from simgen.worlds.road import shapes
from simgen.worlds.road.sensors import (
    Frame,
    Lidar,
    Scene,
    Solid,
    Tag,
    Weather,
    moving,
    scan,
    still,
)

KEY = Streams(3).key("lidar")
UNIT = Lidar(
    elevations=tuple(np.linspace(15.0, -25.0, 32)), n_columns=720, nearest=0.5, weak_lost_share=0.0
)
LEVEL = Frame.turned([0.0, 0.0, 1.8])


@pytest.fixture
def street(floor):
    """Ground, and a long wall 30 m to the left."""
    wall = shapes.boxes([[0.0, 31.0, 5.0]], [[100.0, 1.0, 5.0]], [0.0])[0]
    solid = Solid(triangles=wall, tag=Tag.WALL)
    return Scene(still=still(floor, solids=[solid]), moving=moving([], [], []))


def ranges(sweep):
    return np.linalg.norm(sweep.points, axis=1)


@pytest.mark.parametrize("weather", [Weather(), Weather(visibility=1000.0, wetness=1.0)])
def test_clear_air_changes_nothing(street, weather):
    """Haze and wet ground are the cameras' affair."""
    one, two = (scan(UNIT, street, LEVEL, KEY, 0, weather=w) for w in (None, weather))

    np.testing.assert_array_equal(one.points, two.points)
    np.testing.assert_array_equal(one.intensities, two.intensities)


def test_light_fades_there_and_back(street):
    """What comes back from a thing is less by the extinction over twice the range."""
    fog = Weather(visibility=300.0)
    clear, dim = (scan(UNIT, street, LEVEL, KEY, 0, weather=w) for w in (None, fog))
    known = {
        (c, t): i for c, t, i in zip(clear.channels, clear.times, clear.intensities, strict=True)
    }
    real = np.flatnonzero(dim.tags != Tag.NONE)

    before = np.array([known[dim.channels[k], dim.times[k]] for k in real])
    share = np.exp(-2.0 * np.log(20.0) / 300.0 * ranges(dim)[real])
    assert len(real) > 1000
    np.testing.assert_allclose(dim.intensities[real], before * share, rtol=1e-4)


def test_the_thicker_the_fog_the_less_is_seen_and_the_more_drops(street):
    """Things come back from less far; points without tag, nearer than things, from more rays."""
    seen = [scan(UNIT, street, LEVEL, KEY, 0, weather=Weather(visibility=v))
            for v in (800.0, 200.0, 60.0)]  # fmt: skip

    things = [ranges(sweep)[sweep.tags != Tag.NONE] for sweep in seen]
    drops = [ranges(sweep)[sweep.tags == Tag.NONE] for sweep in seen]
    farthest = [np.quantile(r, 0.99) for r in things]
    assert farthest[0] > farthest[1] > farthest[2]
    assert len(things[0]) > len(things[1]) > len(things[2])
    assert len(drops[0]) < 0.3 * len(drops[1]) < 0.3 * len(drops[2])
    assert np.median(drops[2]) < 4.0
    assert (seen[2].instances == 0).all()


def test_drops_have_the_range_of_their_power():
    """Toward the sky, drops are seen as often as their power is: exp(-2 a r) / r^2."""
    sky = Scene(still=moving([], [], []), moving=moving([], [], []))
    unit = replace(UNIT, reach=100.0)

    nearness = 1.0 / ranges(scan(unit, sky, LEVEL, KEY, 0, weather=Weather(visibility=50.0)))

    assert len(nearness) > 10_000
    assert float(nearness.max()) == pytest.approx(1.0, abs=0.002)
    at = np.linspace(0.01, 1.0, 10_001)
    power = np.exp(-2.0 * np.log(20.0) / 50.0 / at)
    expected = (at * power).sum() / power.sum()
    assert float(nearness.mean()) == pytest.approx(
        expected, abs=4.0 * float(nearness.std()) / 100.0
    )


def test_rain_takes_less_than_fog(street):
    """Heavy rain leaves most returns, with few drops among them; more rain leaves fewer."""
    clear, rain, storm = (
        scan(UNIT, street, LEVEL, KEY, 0, weather=Weather(rain_rate=r)) for r in (0.0, 25.0, 150.0)
    )

    drops = [np.count_nonzero(sweep.tags == Tag.NONE) for sweep in (clear, rain, storm)]
    assert drops[0] == 0
    assert 0 < drops[1] < 0.05 * len(rain.tags)
    assert drops[1] < drops[2]
    assert 0.5 * len(clear.tags) < len(rain.tags) - drops[1] < len(clear.tags)
    assert len(storm.tags) - drops[2] < len(rain.tags) - drops[1]


def test_extinction_of_rain():
    """1.076 R^(2/3) dB/km: at 27 mm/h 9.684 dB/km, 2.230 per km."""
    assert Weather(rain_rate=27.0).laser_extinction == pytest.approx(9.684 / 4.342945 / 1000.0)
    assert Weather(visibility=100.0).laser_extinction == pytest.approx(np.log(20.0) / 100.0)
