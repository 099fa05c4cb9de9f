"""Turns of a laser scanner that moves, past things that move."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from simgen.core import Streams
from simgen.worlds.road import shapes
from simgen.worlds.road.sensors import (
    Drift,
    Frame,
    Lidar,
    Scene,
    Tag,
    directions,
    moving,
    scan,
    still,
)

KEY = Streams(3).key("lidar")
UNIT = Lidar(
    elevations=tuple(np.linspace(15.0, -25.0, 16)),
    azimuth_offsets=tuple(np.linspace(-8.0, 8.0, 16)),
    n_columns=180,
    rotation_rate=2.0,  # half a second a turn: much happens
    reach=80.0,
    nearest=0.0,
    weak_lost_share=0.0,
)
START = Frame.turned([0.4, 0.2, 1.5], yaw=0.5, pitch=0.05, roll=-0.03)


def boxes(at):
    """Cars around the unit, each at its own speed, and where they are at a time [s]."""
    generator = np.random.default_rng(8)
    angle, distance = generator.uniform(0, 2 * np.pi, 24), generator.uniform(14, 50, 24)
    velocities = np.column_stack([generator.uniform(-12, 12, (24, 2)), np.zeros(24)])
    centres = np.column_stack([distance * np.cos(angle), distance * np.sin(angle), np.ones(24)])
    half = np.full((24, 3), [2.3, 0.9, 1.0])
    solids = shapes.boxes(centres + velocities * at, half, generator.uniform(0, 6.3, 24))
    return moving(list(solids), np.full(24, Tag.CAR), np.arange(1, 25)), velocities


def drift(*, velocity=(9.0, -4.0, 0.3), rate=0.4):
    return Drift(
        velocity=np.array(velocity),
        turning=rate * START.axes[:, 2],
        velocities=boxes(0.0)[1],
    )


def spread(sweep):
    """Ranges by channel and column; 0 where nothing came back."""
    ranges = np.zeros((16, 180))
    columns = np.rint(sweep.times * UNIT.rotation_rate * UNIT.n_columns).astype(int)
    ranges[sweep.channels, columns] = np.linalg.norm(sweep.points, axis=1)
    return ranges


def test_each_column_sees_its_own_moment(floor):
    """A turn is put together of columns of turns that stand still, each at its time and place."""
    ground, going = still(floor), drift()
    whole = spread(
        scan(UNIT, Scene(still=ground, moving=boxes(0.0)[0]), START, KEY, 0, drift=going)
    )

    for column in range(0, 180, 7):
        at = column / (UNIT.rotation_rate * UNIT.n_columns)
        turned = Rotation.from_rotvec(going.turning * at).as_matrix() @ START.axes
        pose = Frame(position=START.position + going.velocity * at, axes=turned)
        once = spread(scan(UNIT, Scene(still=ground, moving=boxes(at)[0]), pose, KEY, 0))
        np.testing.assert_allclose(whole[:, column], once[:, column], rtol=1e-5, err_msg=str(at))


def test_intensity_is_of_the_moment_too(floor):
    """So is the angle at which light falls on the ground."""
    going = drift(velocity=(0.0, 0.0, 4.0), rate=0.0)
    level = Frame.turned([0.0, 0.0, 1.5])
    scene = Scene(still=still(floor), moving=boxes(0.0)[0])

    sweep = scan(UNIT, scene, level, KEY, 0, drift=going)

    ground = sweep.tags == Tag.ROAD
    steep = np.deg2rad(np.array(UNIT.elevations)[sweep.channels[ground]])
    ranges = np.linalg.norm(sweep.points[ground], axis=1)
    expected = 0.15 * np.sin(-steep) * np.exp(-UNIT.attenuation * ranges)
    np.testing.assert_allclose(ranges * np.sin(-steep), 1.5 + 4.0 * sweep.times[ground], rtol=1e-4)
    np.testing.assert_allclose(sweep.intensities[ground], expected, rtol=1e-4)


def test_who_stands_still_is_not_distorted(boxes_around):
    """Without motion a turn is the same to the last bit, but for rounding."""
    none = Drift(velocity=np.zeros(3), turning=np.zeros(3), velocities=np.zeros((30, 3)))

    one, two = (scan(UNIT, boxes_around, START, KEY, 0, drift=d) for d in (None, none))

    np.testing.assert_array_equal(one.channels, two.channels)
    np.testing.assert_array_equal(one.instances, two.instances)
    np.testing.assert_allclose(one.points, two.points, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("speed", [0.0, 25.0])
def test_points_stay_on_rays_of_the_unit(floor, speed):
    """Points are in the unit's own frame, as it reports them: nobody has undone its motion."""
    scene = Scene(still=still(floor), moving=boxes(0.0)[0])

    sweep = scan(UNIT, scene, START, KEY, 0, drift=drift(velocity=(speed, 0.0, 0.0)))

    columns = np.rint(sweep.times * UNIT.rotation_rate * UNIT.n_columns).astype(int)
    rays = directions(UNIT)[sweep.channels, columns]
    along = sweep.points / np.linalg.norm(sweep.points, axis=1, keepdims=True)
    np.testing.assert_allclose(along, rays, atol=1e-6)
