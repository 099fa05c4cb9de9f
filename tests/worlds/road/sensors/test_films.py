"""Colours, normals and flow: what a camera sees beside depth and labels."""

from dataclasses import replace

import numpy as np
import pytest

from simgen.worlds.road import shapes
from simgen.worlds.road.embedded import EmbeddedWorld
from simgen.worlds.road.furniture import signals
from simgen.worlds.road.sensors import (
    Camera,
    Frame,
    Scene,
    Solid,
    Stage,
    Tag,
    Weather,
    moving,
    solids,
    still,
)
from simgen.worlds.road.sensors.films import RunningCamera
from simgen.worlds.road.sensors.shadows import shade_of

CAMERA = replace(
    Camera.of_view(width=160, height=120, field_of_view=80.0),
    sees=("colour", "normals", "flow"),
)
NOBODY = moving([], [], [])
CLEAR = Weather(sun_azimuth=180.0, sun_elevation=45.0, cloud_share=0.0)
BEHIND = Frame.turned([-12.0, 0.5, 1.6], yaw=0.05, pitch=-0.05)


@pytest.fixture
def nobody(snapshot):
    return snapshot(actors=[], names=[], positions=[], sizes=[])


def picture(scene, world, weather=CLEAR, pose=BEHIND):
    """The camera's first picture."""
    shade = shade_of(weather, scene, pose.position)
    return RunningCamera(CAMERA).see(scene, world, pose, weather, shade)


def brightness(view, where):
    return float(view.colour[where].mean())


@pytest.fixture
def walls(nothing):
    """A white cube: its south side in the sun, its north side away from it."""
    cube = shapes.boxes([[0.0, 0.0, 2.0]], [[2.0, 2.0, 2.0]], [0.0])[0]
    return Scene(still=still(nothing, solids=[Solid(triangles=cube, tag=Tag.WALL)]), moving=NOBODY)


def test_light_follows_the_sun(walls, nobody):
    """A wall is bright where the sun meets it at a steep angle, and dark where it doesn't."""
    south = Frame.turned([0.0, -10.0, 2.0], yaw=np.pi / 2)
    north = Frame.turned([0.0, 10.0, 2.0], yaw=-np.pi / 2)

    front, back = (picture(walls, nobody, pose=pose) for pose in (south, north))
    steep = picture(walls, nobody, replace(CLEAR, sun_elevation=80.0), south)

    middle = (slice(50, 70), slice(70, 90))
    assert brightness(front, middle) > 1.4 * brightness(back, middle)
    assert brightness(back, middle) > 30.0
    assert brightness(steep, middle) < 0.9 * brightness(front, middle)


def test_solids_cast_shadows(floor, nothing, nobody):
    """North of a wall with the sun in the south the ground is darker than south of it."""
    wall = shapes.boxes([[0.0, 0.0, 2.0]], [[8.0, 0.2, 2.0]], [0.0])[0]
    scene = Scene(still=still(floor, solids=[Solid(triangles=wall, tag=Tag.WALL)]), moving=NOBODY)
    above = Frame.turned([0.0, 0.0, 15.0], pitch=-np.pi / 2)

    lit = picture(scene, nobody, replace(CLEAR, shadows=False), above)
    shaded = picture(scene, nobody, CLEAR, above)

    # Seen from above, looking down with x up in the picture: y grows to the left.
    left, right = (slice(55, 65), slice(64, 74)), (slice(55, 65), slice(90, 100))
    assert brightness(shaded, left) < 0.75 * brightness(lit, left)
    np.testing.assert_array_equal(shaded.colour[right], lit.colour[right])


def test_fog_hides_what_is_far(walls, nobody):
    """In fog a wall looks nearly like the air before it; in clear air it does not."""
    pose = Frame.turned([0.0, -60.0, 2.0], yaw=np.pi / 2)
    middle, sky = (slice(58, 61), slice(79, 82)), (slice(40, 45), slice(79, 82))

    def contrast(visibility):
        view = picture(walls, nobody, replace(CLEAR, visibility=visibility), pose)
        return abs(brightness(view, middle) - brightness(view, sky))

    assert contrast(30.0) < 0.3 * contrast(20_000.0)


def test_night_is_dark(floor, nobody):
    """With the sun 20 degrees below the horizon all is dark, but not black."""
    scene = Scene(still=still(floor), moving=NOBODY)

    view = picture(scene, nobody, replace(CLEAR, sun_elevation=-20.0))

    assert 2.0 < view.colour.mean() < 45.0


def test_rain_darkens_the_road_and_mirrors_the_sky(floor, nobody):
    """A wet road is darker near the car and brighter far ahead, where it mirrors the sky."""
    scene = Scene(still=still(floor), moving=NOBODY)

    dry, wet = (picture(scene, nobody, replace(CLEAR, wetness=w)) for w in (0.0, 0.8))

    near, far = (slice(110, 120), slice(None)), (slice(56, 58), slice(None))
    ratio = brightness(wet, near) / brightness(dry, near)
    assert ratio < 0.9
    assert brightness(wet, far) / brightness(dry, far) > 1.2 * ratio


def test_normals_look_at_the_camera(walls, nobody, floor):
    """Normals have length 1, point toward the camera, and are 0 in the sky."""
    pose = Frame.turned([0.0, -10.0, 2.0], yaw=np.pi / 2)

    view = picture(walls, nobody, pose=pose)

    np.testing.assert_allclose(view.normals[60, 80], [0.0, 0.0, -1.0], atol=1e-6)
    np.testing.assert_array_equal(view.normals[0, 0], 0.0)
    ground = picture(Scene(still=still(floor), moving=NOBODY), nobody, pose=pose)
    np.testing.assert_allclose(ground.normals[110, 80], [0.0, -1.0, 0.0], atol=1e-6)


def test_flow_is_how_far_points_move(floor, snapshot):
    """Flow is the difference of a point's projections, for ground and for a turning car alike."""
    old_pose, new_pose = BEHIND, Frame.turned([-11.0, 0.6, 1.6], yaw=0.02, pitch=-0.04)
    cars = [
        snapshot(
            actors=[9], names=["car"], positions=[place], sizes=[[4.6, 2.0, 1.7]], yaws=[yaw],
            time=time,
        )
        for place, yaw, time in (([0.0, 0.0, 0.0], 0.3, 0.0), ([0.4, 0.1, 0.0], 0.4, 0.05))
    ]  # fmt: skip
    ground, running = still(floor), RunningCamera(CAMERA)

    for world, pose in zip(cars, (old_pose, new_pose), strict=True):
        scene = Scene(still=ground, moving=solids(world))
        view = running.see(scene, world, pose, CLEAR, shade_of(CLEAR, scene, pose.position))

    checked = {0: 0, 9: 0}
    new, old = new_pose.optical(), old_pose.optical()
    before, after = Frame.turned([0.0, 0.0, 0.0], yaw=0.3), Frame.turned([0.4, 0.1, 0.0], yaw=0.4)
    for row in range(2, 120, 7):
        for column in range(2, 160, 7):
            depth = float(view.depth[row, column])
            if not np.isfinite(depth):
                assert np.isnan(view.flow[row, column]).all()
                continue
            pixel = np.array([column + 0.5, row + 0.5])
            right, down = (pixel - [80.0, 60.0]) / CAMERA.focal_x * depth
            point = new.position + new.axes @ [right, down, depth]
            actor = int(view.instances[row, column])
            if actor:
                point = before.position + before.axes @ after.axes.T @ (point - after.position)
            x, y, z = old.axes.T @ (point - old.position)
            if z < CAMERA.near:
                continue
            was = np.array([x, y]) / z * CAMERA.focal_x + [80.0, 60.0]
            np.testing.assert_allclose(view.flow[row, column], pixel - was, atol=2e-3)
            checked[actor] += 1
    assert min(checked.values()) > 5


def test_pictures_do_not_depend_on_what_was_drawn_before(walls, nobody):
    """The same scene gives the same bytes from a new camera and from one that was used."""
    pose = Frame.turned([0.0, -10.0, 2.0], yaw=np.pi / 2)
    used = RunningCamera(CAMERA)
    shade = shade_of(CLEAR, walls, pose.position)
    used.see(walls, nobody, BEHIND, CLEAR, shade)

    again = used.see(walls, nobody, pose, CLEAR, shade).colour

    np.testing.assert_array_equal(again, picture(walls, nobody, pose=pose).colour)


@pytest.mark.parametrize(("shown", "rows", "channel"), [(2, (0, 1), 0), (0, (2, 3), 1)])
def test_traffic_lights_show_what_they_say(shown, rows, channel):
    """Red shines above, green below; without a word none does, and tags are the same."""
    with EmbeddedWorld(map="urban_grid").open() as world:
        stage, before = Stage(network=world.network), world.sense()
    placed = next(s for s in signals(stage.network) if s.signal.is_light)
    ahead = np.array([np.cos(placed.yaw), np.sin(placed.yaw), 0.0])
    middle = np.array([placed.x, placed.y, placed.z]) + 3.0 * ahead
    pose = Frame.turned(middle, yaw=placed.yaw + np.pi)
    controllers = len(stage.network.document.controllers)

    dark, lit = (
        picture(stage.scene(s), s, pose=pose)
        for s in (before, replace(before, lights=(shown,) * controllers))
    )

    np.testing.assert_array_equal(dark.tags, lit.tags)
    changed = (dark.colour != lit.colour).any(axis=2)
    found = np.flatnonzero(changed.any(axis=1))
    assert len(found) > 3
    quarter = len(changed) / 4
    assert rows[0] * quarter <= np.median(found) < (rows[1] + 1) * quarter
    assert lit.colour[changed].astype(int)[:, channel].mean() > 150
    assert dark.colour[changed].mean() < 100


def test_brake_lamps_shine(nothing, snapshot):
    """Who brakes is redder behind than who does not."""

    def tail(acceleration):
        one = snapshot(
            actors=[1], names=["car"], positions=[[0.0, 0.0, 0.0]], sizes=[[4.6, 1.9, 1.7]]
        )
        one = replace(one, accelerations=np.array([[acceleration, 0.0, 0.0]]))
        scene = Scene(still=still(nothing), moving=solids(one))
        return picture(scene, one, pose=Frame.turned([-7.0, 0.0, 1.0])).colour.astype(int)

    rolling, braking, speeding = tail(-0.2), tail(-3.0), tail(3.0)

    np.testing.assert_array_equal(rolling, speeding)
    brighter = (braking - rolling)[..., 0]
    assert brighter.max() > 50
    assert 0.002 < (brighter > 30).mean() < 0.05
