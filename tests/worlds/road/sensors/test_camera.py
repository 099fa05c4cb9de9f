import math
from dataclasses import replace

import numpy as np
import pytest

from simgen.core import RequestError
from simgen.worlds.road import shapes
from simgen.worlds.road.sensors import Camera, Frame, Scene, Tag, look, moving, still

CAMERA = Camera.of_view(width=160, height=120, field_of_view=90.0)
NOBODY = moving([], [], [])


def rays(camera):
    """Through the centres of the pixels, of depth 1, in the camera's frame."""
    x = (np.arange(camera.width) + 0.5 - camera.centre_x) / camera.focal_x
    y = (np.arange(camera.height) + 0.5 - camera.centre_y) / camera.focal_y
    across, down = np.meshgrid(x, y)
    return np.stack([across, down, np.ones_like(across)], axis=2)


@pytest.mark.parametrize(("yaw", "pitch", "roll"), [(0, 0, 0), (1.1, 0.2, 0.3), (-2.0, -0.4, 1.0)])
def test_boxes_through_a_pinhole(boxes_around, first_hit, yaw, pitch, roll):
    """Each pixel has depth and instance of what the ray through its centre meets first."""
    pose = Frame.turned([0.4, 0.2, 0.1], yaw=yaw, pitch=pitch, roll=roll).optical()

    view = look(CAMERA, boxes_around, pose)

    directions = rays(CAMERA).reshape(-1, 3) @ pose.axes.T
    depth, numbers = first_hit(boxes_around.moving.corners, pose.position, directions)
    expected = np.where(numbers < 0, 0, boxes_around.instances[numbers])
    np.testing.assert_allclose(view.depth.ravel(), depth, rtol=1e-5)
    np.testing.assert_array_equal(view.instances.ravel(), expected)
    np.testing.assert_array_equal(view.tags.ravel(), np.where(numbers < 0, Tag.SKY, Tag.CAR))
    assert 0.02 < np.mean(numbers >= 0) < 0.98


def test_flat_ground_below_the_horizon(floor):
    """Ground fills all below the horizon without a gap, at height x focal length / row."""
    pose = Frame.turned([0.3, 0.7, 1.5]).optical()

    view = look(CAMERA, Scene(still=still(floor), moving=NOBODY), pose)

    down = rays(CAMERA)[60:, :, 1]
    expected = 1.5 / down
    # The floor ends 199.7 m ahead.
    np.testing.assert_allclose(
        view.depth[60:], np.where(expected < 199.7, expected, np.inf), rtol=1e-5
    )
    assert (view.tags[:60] == Tag.SKY).all()


def test_principal_point_and_focal_length(nothing):
    """A point lies at focal length x its direction + the principal point."""
    solid = shapes.boxes([[10.05, -2.0, 1.0]], [[0.05, 0.5, 0.25]], [0.0])
    camera = replace(CAMERA, focal_x=100.0, focal_y=200.0, centre_x=60.0, centre_y=80.0)
    scene = Scene(still=still(nothing), moving=moving(list(solid), [Tag.CAR], [7]))

    view = look(camera, scene, Frame.turned([0.0, 0.0, 0.0]).optical())

    rows, columns = np.nonzero(view.instances == 7)
    assert (columns.min(), columns.max()) == (75, 84)  # 60 + 100 x (0.15 to 0.25)
    assert (rows.min(), rows.max()) == (55, 64)  # 80 - 200 x (0.075 to 0.125)
    np.testing.assert_allclose(view.depth[rows, columns], 10.0)


def test_near_and_far_planes_cut(floor):
    """Nothing nearer than the near plane or further than the far plane is seen."""
    wall = shapes.boxes([[20.0, 2.5, 0.0]], [[40.0, 0.5, 5.0]], [0.0])
    scene = Scene(still=still(floor), moving=moving(list(wall), [Tag.WALL], [1]))
    pose = Frame.turned([0.3, 0.7, 1.5]).optical()

    whole = look(CAMERA, scene, pose).depth
    cut = look(replace(CAMERA, near=3.0, far=20.0), scene, pose).depth

    seen = (whole > 3.0) & (whole < 20.0)
    np.testing.assert_array_equal(cut[seen], whole[seen])
    # Where the wall is cut off, the floor behind it is seen.
    left = cut[np.isfinite(cut)]
    assert (left.min(), left.max()) == (pytest.approx(3.0, abs=0.2), pytest.approx(20.0, abs=1.5))
    assert ((left >= 3.0) & (left <= 20.0)).all()
    assert seen.any()


def test_nearer_solids_hide_others(nothing):
    """Of two boxes in line the nearer is seen, whichever comes first."""
    near, far = shapes.boxes([[5, 0, 0], [9, 0, 0]], [[1, 1, 1], [1, 1, 1]], [0.0, 0.0])

    for solids, nearer in (([near, far], 1), ([far, near], 2)):
        scene = Scene(still=still(nothing), moving=moving(solids, [14, 14], [1, 2]))
        view = look(CAMERA, scene, Frame.turned([0, 0, 0]).optical())
        assert view.instances[60, 80] == nearer


def test_drawing_over_a_view(boxes_around):
    """A view that is drawn over shows nothing of what it showed; its size must fit."""
    first = look(CAMERA, boxes_around, Frame.turned([0, 0, 0], yaw=1.0).optical())
    pose = Frame.turned([0, 0, 0], yaw=3.0).optical()

    again, fresh = look(CAMERA, boxes_around, pose, into=first), look(CAMERA, boxes_around, pose)

    assert again.depth is first.depth
    np.testing.assert_array_equal(again.depth, fresh.depth)
    np.testing.assert_array_equal(again.tags, fresh.tags)
    np.testing.assert_array_equal(again.instances, fresh.instances)
    with pytest.raises(RequestError, match="pixels"):
        look(replace(CAMERA, height=100), boxes_around, pose, into=first)


def test_field_of_view():
    """A view of 90 degrees has half the width for its focal length."""
    assert CAMERA.focal_x == CAMERA.focal_y == pytest.approx(80.0)
    assert (CAMERA.centre_x, CAMERA.centre_y) == (80.0, 60.0)
    wide = Camera.of_view(width=100, height=100, field_of_view=120.0)
    assert math.degrees(2 * math.atan(50.0 / wide.focal_x)) == pytest.approx(120.0)


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"near": 2000.0}, "near"),
        ({"width": 20_000, "height": 20_000}, "pixels"),
        ({"centre_x": -1.0}, "centre"),
        ({"focal_x": 0.0}, "focal_x"),
        ({"height": 0}, "height"),
    ],
)
def test_impossible_cameras_are_refused(changes, about):
    """A camera that cannot be is refused, by the name of what is wrong."""
    with pytest.raises(RequestError, match=about):
        replace(CAMERA, **changes)


@pytest.mark.parametrize("angle", [0.0, 180.0, math.nan])
def test_impossible_views_are_refused(angle):
    """A field of view lies between 0 and 180 degrees."""
    with pytest.raises(RequestError, match="field_of_view"):
        Camera.of_view(width=10, height=10, field_of_view=angle)
