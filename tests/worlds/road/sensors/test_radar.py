import math
from dataclasses import replace

import numpy as np
import pytest

from simgen.worlds.road import shapes
from simgen.worlds.road.sensors import (
    Frame,
    Motion,
    Radar,
    Scene,
    Tag,
    Weather,
    echo,
    moving,
    still,
)

RADAR = Radar(
    view_across=60.0, view_up=20.0, reach=80.0, n_rays=4000, even_range=1e4,
    range_error=0.0, velocity_error=0.0, azimuth_error=0.0, elevation_error=0.0,
)  # fmt: skip
REST = np.zeros(3)
NOBODY = moving([], [], [])


def chance():
    return np.random.Generator(np.random.PCG64DXSM(3))


def scene_of(nothing, world):
    """The snapshot's actors as boxes."""
    half = 0.5 * world.sizes
    solids = shapes.boxes(
        world.positions + half * np.array([0, 0, 1.0]), half, world.rotations[:, 0]
    )
    return Scene(
        still=still(nothing),
        moving=moving(list(solids), [Tag.CAR] * len(solids), world.actors),
    )


def motion(velocity=REST, turning=REST):
    return Motion(
        time=0.0,
        frame=Frame.turned([0.0, 0.0, 1.0], yaw=0.2),
        velocity=np.array(velocity, float),
        turning=np.array(turning, float),
    )


def test_radial_velocity_of_a_turning_car(nothing, snapshot):
    """It is (v + w x arm - own v) along the ray, at the point that the ray meets."""
    world = snapshot(
        actors=[4], names=["car"], positions=[[25, 3, 0]], sizes=[[4, 2, 1.5]], yaws=[0.6],
        velocities=[[-7.0, 2.0, 0.0]], yaw_rates=[0.8],
    )  # fmt: skip
    own = motion(velocity=[11.0, 1.0, 0.0])

    found = echo(RADAR, scene_of(nothing, world), world, own, chance())

    assert len(found.ranges) > 50
    level = np.cos(found.elevations)
    local = np.stack(
        [level * np.cos(found.azimuths), level * np.sin(found.azimuths), np.sin(found.elevations)],
        axis=1,
    )
    ways = local @ own.frame.axes.T
    points = own.frame.position + found.ranges[:, None] * ways
    inside = np.abs((points - [25, 3, 0.75])[:, :2]).max()
    assert inside < math.hypot(2.0, 1.0) + 1e-6
    velocity = np.array([-7.0, 2.0, 0.0]) + np.cross([0.0, 0.0, 0.8], points - [25.0, 3.0, 0.0])
    expected = ((velocity - own.velocity) * ways).sum(axis=1)
    np.testing.assert_allclose(found.velocities, expected, atol=1e-6)
    assert (found.instances == 4).all()
    assert (found.tags == Tag.CAR).all()


def test_the_world_rushes_by(floor, snapshot):
    """From a moving car, what stands still comes at the speed x the cosine of its direction."""
    nobody = snapshot(actors=[], names=[], positions=[], sizes=[])
    loud = replace(RADAR, even_range=1e6)

    found = echo(
        loud, Scene(still=still(floor), moving=NOBODY), nobody, motion([10.0, 0, 0]), chance()
    )

    azimuth = found.azimuths + 0.2
    assert len(found.ranges) > 100
    np.testing.assert_allclose(
        found.velocities, -10.0 * np.cos(azimuth) * np.cos(found.elevations), atol=1e-6
    )


@pytest.mark.parametrize("distance", [20.0, 60.0])
def test_detection_falls_with_range(nothing, snapshot, distance):
    """A ray on a wall is detected with false_alarm^(1 / (1 + (even_range / r)^4))."""
    radar = replace(RADAR, even_range=40.0, view_across=5.0, view_up=5.0, n_rays=20_000)
    world = snapshot(
        actors=[1], names=["car"], positions=[[distance + 1.0, 0, -50]], sizes=[[2, 200, 100]]
    )
    ahead = Motion(time=0.0, frame=Frame.turned([0, 0, 1.0]), velocity=REST, turning=REST)

    found = echo(radar, scene_of(nothing, world), world, ahead, chance())

    expected = 1e-4 ** (1.0 / (1.0 + (40.0 / distance) ** 4))
    assert len(found.ranges) / 20_000 == pytest.approx(expected, abs=0.01)


def test_rain_weakens_what_comes_back_by_twice_its_extinction(nothing, snapshot):
    """At 60 m, 50 mm/h take 10^(-0.2 x 18.35 x 0.06) of the signal; without rain none is taken."""
    radar = replace(RADAR, even_range=100.0, view_across=5.0, view_up=5.0, n_rays=20_000)
    world = snapshot(actors=[1], names=["car"], positions=[[61.0, 0, -50]], sizes=[[2, 200, 100]])
    ahead = Motion(time=0.0, frame=Frame.turned([0, 0, 1.0]), velocity=REST, turning=REST)
    scene = scene_of(nothing, world)

    dry, fog, rain = (
        echo(radar, scene, world, ahead, chance(), weather=weather)
        for weather in (None, Weather(visibility=50.0), Weather(rain_rate=50.0))
    )

    signal = (100.0 / 60.0) ** 4 * 10.0 ** (-0.2 * 18.35 * 0.06)
    expected = 1e-4 ** (1.0 / (1.0 + signal))
    assert len(rain.ranges) / 20_000 == pytest.approx(expected, abs=0.01)
    assert len(rain.ranges) < 0.7 * len(dry.ranges)
    np.testing.assert_array_equal(fog.ranges, dry.ranges)


def _recommended(logarithm, bells, slope, offset):
    """The sum of bells and a line of ITU-R P.838-3, equations 2 and 3."""
    return slope * logarithm + offset + sum(
        height * math.exp(-(((logarithm - middle) / width) ** 2))
        for height, middle, width in bells
    )  # fmt: skip


def test_extinction_of_rain_is_the_recommended_one():
    """At 77 GHz and any rate it is within 0.3 % of ITU-R P.838-3 for a wave at 45 degree."""
    k_level = [
        (-5.33980, -0.10008, 1.13098), (-0.35351, 1.26970, 0.45400),
        (-0.23789, 0.86036, 0.15354), (-0.94158, 0.64552, 0.16817),
    ]  # fmt: skip
    k_upright = [
        (-3.80595, 0.56934, 0.81061), (-3.44965, -0.22911, 0.51059),
        (-0.39902, 0.73042, 0.11899), (0.50167, 1.07319, 0.27195),
    ]  # fmt: skip
    power_level = [
        (-0.14318, 1.82442, -0.55187), (0.29591, 0.77564, 0.19822), (0.32177, 0.63773, 0.13164),
        (-5.37610, -0.96230, 1.47828), (16.1721, -3.29980, 3.43990),
    ]  # fmt: skip
    power_upright = [
        (-0.07771, 2.33840, -0.76284), (0.56727, 0.95545, 0.54039), (-0.20238, 1.14520, 0.26809),
        (-48.2991, 0.791669, 0.116226), (48.5833, 0.791459, 0.116479),
    ]  # fmt: skip
    f = math.log10(77.0)
    k = [
        10.0 ** _recommended(f, k_level, -0.18961, 0.71147),
        10.0 ** _recommended(f, k_upright, -0.16398, 0.63297),
    ]
    power = [
        _recommended(f, power_level, 0.67849, -1.95537),
        _recommended(f, power_upright, -0.053739, 0.83433),
    ]
    both = sum(k) / 2.0
    exponent = (k[0] * power[0] + k[1] * power[1]) / (2.0 * both)

    for rate in (1.0, 12.5, 150.0):
        per_metre = both * rate**exponent / 4342.945
        assert Weather(rain_rate=rate).radar_extinction == pytest.approx(per_metre, rel=3e-3)
    assert Weather().radar_extinction == 0.0


def test_errors_have_their_spread(nothing, snapshot):
    """Ranges and velocities scatter by their standard deviations."""
    radar = replace(
        RADAR, range_error=0.3, velocity_error=0.2, view_across=2.0, view_up=2.0, n_rays=5000
    )
    world = snapshot(actors=[1], names=["car"], positions=[[41, 0, -50]], sizes=[[2, 200, 100]])
    ahead = Motion(time=0.0, frame=Frame.turned([0, 0, 1.0]), velocity=REST, turning=REST)

    found = echo(radar, scene_of(nothing, world), world, ahead, chance())

    assert found.ranges.mean() == pytest.approx(40.0, abs=0.02)
    assert found.ranges.std() == pytest.approx(0.3, rel=0.05)
    assert found.velocities.std() == pytest.approx(0.2, rel=0.05)
