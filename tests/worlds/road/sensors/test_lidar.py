import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from simgen.core import RequestError, Streams
from simgen.worlds.road import shapes
from simgen.worlds.road.sensors import (
    Frame,
    Lidar,
    Scene,
    Solid,
    Tag,
    cast,
    directions,
    moving,
    scan,
    still,
)
from simgen.worlds.road.sensors.tags import reflectances

KEY = Streams(3).key("lidar")
ELEVATIONS = tuple(np.linspace(15.0, -25.0, 32))
UNIT = Lidar(elevations=ELEVATIONS, n_columns=360, reach=80.0, nearest=0.0, weak_lost_share=0.0)
NOBODY = moving([], [], [])


def test_ranges_on_flat_ground(floor):
    """A ray that looks down by an angle meets the ground at height / sin(angle), all around."""
    scene = Scene(still=still(floor), moving=NOBODY)

    ranges = cast(UNIT, scene, Frame.turned([3.0, -2.0, 1.8], yaw=0.7)).ranges

    down = np.sin(np.deg2rad(ELEVATIONS))
    expected = np.where(down < -1.8 / 80.0, 1.8 / np.maximum(-down, 1e-9), np.inf)
    np.testing.assert_allclose(ranges, np.repeat(expected[:, None], 360, axis=1), rtol=1e-9)


def test_ranges_on_a_wall(nothing):
    """A wall across x at 10 m is met at 10 / (cos elevation cos azimuth)."""
    wall = shapes.boxes([[11.0, 0.0, 0.0]], [[1.0, 100.0, 100.0]], [0.0])[0]
    scene = Scene(still=still(nothing, solids=[Solid(triangles=wall, tag=Tag.WALL)]), moving=NOBODY)

    hits = cast(UNIT, scene, Frame.turned([0.0, 0.0, 0.0]))

    with np.errstate(divide="ignore"):
        expected = 10.0 / directions(UNIT)[..., 0]
    expected = np.where((expected > 0) & (expected < 80.0), expected, np.inf)
    np.testing.assert_allclose(hits.ranges, expected, rtol=1e-9)


@pytest.mark.parametrize(("pitch", "roll"), [(0.0, 0.0), (0.3, -0.2), (-1.4, 0.4)])
def test_ranges_on_boxes(boxes_around, first_hit, pitch, roll):
    """However the unit is tilted, each ray ends on the box that it meets first."""
    offsets = tuple(np.linspace(-8.0, 8.0, 32))
    unit = replace(UNIT, azimuth_offsets=offsets)
    pose = Frame.turned([0.4, 0.2, 0.1], yaw=0.5, pitch=pitch, roll=roll)

    hits = cast(unit, boxes_around, pose)

    rays = directions(unit).reshape(-1, 3) @ pose.axes.T
    expected, numbers = first_hit(boxes_around.moving.corners, pose.position, rays)
    expected[expected > 80.0] = np.inf
    np.testing.assert_allclose(hits.ranges.ravel(), expected, rtol=1e-9)
    met = np.isfinite(expected)
    assert met.mean() > 0.03
    found = boxes_around.instances[hits.triangles.ravel()[met]]
    np.testing.assert_array_equal(found, boxes_around.instances[numbers[met]])


def test_channels_point_as_told():
    """A channel's rays have its elevation, and its azimuth offset to the left of the column's."""
    unit = Lidar(elevations=(-10.0, 5.0), azimuth_offsets=(0.0, 3.0), n_columns=8)

    rays = directions(unit)

    np.testing.assert_allclose(np.degrees(np.arcsin(rays[..., 2])), [[-10.0] * 8, [5.0] * 8])
    azimuths = np.degrees(np.arctan2(rays[..., 1], rays[..., 0])) % 360.0
    np.testing.assert_allclose(azimuths[0], np.arange(8) * 45.0, atol=1e-9)
    np.testing.assert_allclose(azimuths[1], np.arange(8) * 45.0 + 3.0)


def test_turning_the_unit_turns_the_columns(boxes_around):
    """A unit turned by some columns sees the same, that many columns earlier."""
    pose = Frame.turned([0.0, 0.0, 0.0])
    turned = Frame.turned([0.0, 0.0, 0.0], yaw=math.radians(25.0))

    before, after = cast(UNIT, boxes_around, pose), cast(UNIT, boxes_around, turned)

    same = np.isclose(np.roll(before.ranges, -25, axis=1), after.ranges, rtol=1e-6)
    assert same.mean() > 0.9999  # a ray along an edge may fall to either side


def test_turning_the_world_changes_nothing(boxes_around):
    """Ranges don't depend on where the world's origin is and how it is turned."""
    world = Frame.turned([500.0, -300.0, 20.0], yaw=2.0, pitch=0.2, roll=-0.1)
    solids = boxes_around.moving.corners @ world.axes.T + world.position
    turned = moving(list(solids.reshape(30, 12, 3, 3)), np.full(30, Tag.CAR), np.arange(1, 31))
    pose = Frame.turned([0.4, 0.2, 0.1], pitch=0.1)

    before = cast(UNIT, boxes_around, pose).ranges
    after = cast(UNIT, replace(boxes_around, moving=turned), world.carry(pose)).ranges

    assert np.isclose(before, after, rtol=1e-9).mean() > 0.9999


def test_a_deck_is_seen_from_below_and_a_solid_is_not(floor):
    """Ground shows both its sides; a unit within a box sees through the box."""
    around = moving([shapes.boxes([[0.0, 0.0, -2.0]], [[1.0, 1.0, 1.0]], [0.0])[0]], [14], [1])

    ranges = cast(UNIT, Scene(still=still(floor), moving=around), Frame.turned([0, 0, -2.0])).ranges

    assert ranges[0] == pytest.approx(2.0 / math.sin(math.radians(15.0)))


def test_intensity_by_material_incidence_and_range(floor):
    """Intensity is reflectance times the cosine of incidence times exp(-attenuation range)."""
    sweep = scan(UNIT, Scene(still=still(floor), moving=NOBODY), Frame.turned([0, 0, 1.8]), KEY, 0)

    ranges = np.linalg.norm(sweep.points, axis=1)
    expected = reflectances()[Tag.ROAD] * 1.8 / ranges * np.exp(-0.004 * ranges)
    np.testing.assert_allclose(sweep.intensities, expected, rtol=1e-5)
    np.testing.assert_array_equal(sweep.tags, Tag.ROAD)


def test_points_carry_their_solid(boxes_around):
    """Points lie on the box whose instance they carry, in the unit's frame."""
    pose = Frame.turned([0.4, 0.2, 0.1], yaw=0.5, pitch=0.2)

    sweep = scan(UNIT, boxes_around, pose, KEY, 0)

    world = sweep.points @ pose.axes.T + pose.position
    corners = boxes_around.moving.corners.reshape(30, -1, 3)
    low, high = corners.min(axis=1)[sweep.instances - 1], corners.max(axis=1)[sweep.instances - 1]
    assert ((world > low - 1e-3) & (world < high + 1e-3)).all()
    assert set(sweep.tags) == {Tag.CAR}
    assert sweep.times.max() < 1.0 / UNIT.rotation_rate


def test_range_error(floor):
    """Measured ranges scatter about the true ones with the stated deviation, anew each turn."""
    scene, pose = Scene(still=still(floor), moving=NOBODY), Frame.turned([0.0, 0.0, 1.8])
    noisy = replace(UNIT, range_error=0.05)

    exact = scan(UNIT, scene, pose, KEY, 0)
    errors = np.array(
        [
            np.linalg.norm(scan(noisy, scene, pose, KEY, turn).points, axis=1)
            - np.linalg.norm(exact.points, axis=1)
            for turn in range(4)
        ]
    )

    n_errors = errors.size
    assert errors.mean() == pytest.approx(0.0, abs=4 * 0.05 / math.sqrt(n_errors))
    assert errors.std() == pytest.approx(0.05, rel=4 / math.sqrt(2 * n_errors))
    assert np.abs(np.corrcoef(errors) - np.eye(4)).max() < 0.05


@pytest.fixture
def round_room(nothing):
    """Panels of a degree each around the origin, met at right angles, their seams on rays."""
    angle = np.arange(360) * 2.0 * np.pi / 360
    foot = np.column_stack([10.0 * np.cos(angle), 10.0 * np.sin(angle), 0.0 * angle - 5.0])
    top = foot + np.array([0.0, 0.0, 10.0])
    after, top_after = np.roll(foot, -1, axis=0), np.roll(top, -1, axis=0)
    panels = [np.stack([foot, top, after], 1), np.stack([after, top, top_after], 1)]
    solids = [(np.concatenate(panels), Tag.POLE)]
    return Scene(
        still=still(nothing, solids=[Solid(triangles=t, tag=tag) for t, tag in solids]),
        moving=NOBODY,
    )


def test_no_ray_slips_between_neighbours(round_room):
    """Rays exactly along the seams of panels meet one of them, wherever the unit is."""
    unit = Lidar(elevations=tuple(np.linspace(-20, 20, 41)), n_columns=7200)

    for place in ([0.0, 0.0, 0.0], [1.0, 2.0, 0.5]):
        assert np.isfinite(cast(unit, round_room, Frame.turned(place)).ranges).all()


@pytest.mark.parametrize(
    ("losses", "share"),
    [
        ({"lost_share": 0.45, "weak_lost_share": 0.0}, 0.45),
        ({"weak_lost_share": 0.8, "weak_limit": 0.5}, 0.8 * (1.0 - 0.3 / 0.5)),
        ({"weak_lost_share": 1.0, "weak_limit": 0.2}, 0.0),
    ],
)
def test_lost_returns(round_room, losses, share):
    """A share is lost at random; below the limit a share that falls linearly with intensity."""
    unit = Lidar(elevations=(0.0,), n_columns=3600, attenuation=0.0, **losses)
    pose = Frame.turned([0.0, 0.0, 0.0])

    n_returns = sum(len(scan(unit, round_room, pose, KEY, turn).points) for turn in range(5))

    assert reflectances()[Tag.POLE] == pytest.approx(0.3)
    error = math.sqrt(share * (1 - share) / 18_000)
    assert 1.0 - n_returns / 18_000 == pytest.approx(share, abs=4 * error)


def test_turns_are_the_same_in_any_order_on_any_thread(boxes_around, floor):
    """A turn's bytes depend on key and turn, not on who makes it when."""
    scene = replace(boxes_around, still=still(floor))
    unit = replace(UNIT, range_error=0.02, lost_share=0.3)

    def turn(number):
        sweep = scan(unit, scene, Frame.turned([0.0, 0.0, 1.8]), KEY, number)
        return sweep.points.tobytes() + sweep.intensities.tobytes() + sweep.instances.tobytes()

    alone = [turn(number) for number in range(6)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(turn, reversed(range(6))))[::-1]

    assert together == alone
    assert len(set(alone)) == 6


def test_nearest_range(floor):
    """Returns nearer than the nearest range are not reported."""
    scene, pose = Scene(still=still(floor), moving=NOBODY), Frame.turned([0.0, 0.0, 1.8])

    sweep = scan(replace(UNIT, nearest=6.0), scene, pose, KEY, 0)

    assert 6.0 <= np.linalg.norm(sweep.points, axis=1).min() < 7.0


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"elevations": ()}, "channels"),
        ({"elevations": (90.0,)}, "elevations"),
        ({"azimuth_offsets": (1.0,)}, "one a channel"),
        ({"nearest": 90.0}, "nearest"),
        ({"reach": math.nan}, "reach"),
        ({"n_columns": 0}, "n_columns"),
    ],
)
def test_impossible_units_are_refused(changes, about):
    """A unit that cannot be is refused, by the name of what is wrong."""
    with pytest.raises(RequestError, match=about):
        replace(UNIT, **changes)
