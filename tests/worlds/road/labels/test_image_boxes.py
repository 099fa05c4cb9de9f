import numpy as np
import pytest

from simgen.worlds.base import Snapshot
from simgen.worlds.road import shapes
from simgen.worlds.road.labels import image_boxes
from simgen.worlds.road.mesh import Mesh
from simgen.worlds.road.sensors import (
    Camera,
    Frame,
    Mount,
    Observation,
    Reading,
    Scene,
    Sensor,
    Tag,
    look,
    moving,
    still,
)

CAMERA = Camera(
    width=200, height=100, focal_x=100.0, focal_y=100.0, centre_x=100.0, centre_y=50.0, sees=()
)
NOTHING = Mesh(
    vertices=np.zeros((0, 3)), triangles=np.zeros((0, 3), int), labels=np.zeros(0, np.uint8)
)


def boxes_in_picture(*solids):
    """The labels of solids, each a centre and half sizes, seen from the origin along x."""
    triangles = shapes.boxes([s[0] for s in solids], [s[1] for s in solids], [0.0] * len(solids))
    actors = np.arange(3, 3 + len(solids))
    scene = Scene(
        still=still(NOTHING), moving=moving(list(triangles), [Tag.CAR] * len(solids), actors)
    )
    frame = Frame.turned([0.0, 0.0, 0.0])
    reading = Reading(
        sensor=Sensor(name="front", unit=CAMERA, mount=Mount()),
        number=0,
        time=0.0,
        frame=frame,
        content=look(CAMERA, scene, frame.optical()),
    )
    empty = np.zeros((0, 3))
    snapshot = Snapshot(
        frame=0, time=0.0, actors=np.zeros(0, int), names=(), positions=empty, rotations=empty,
        velocities=empty, accelerations=empty, yaw_rates=np.zeros(0), sizes=empty, collisions=(),
    )  # fmt: skip
    observation = Observation(
        snapshot=snapshot, carrier=1, frame=frame, scene=scene, stage=None, readings=(reading,)
    )
    return image_boxes(observation, reading)


def test_a_box_alone():
    """A box of 2 m by 1 m at 10 m fills 20 by 10 pixels, whole and visible alike."""
    found = boxes_in_picture(([11.0, 0.0, 0.0], [1.0, 1.0, 0.5]))

    assert found.actors.tolist() == [3]
    np.testing.assert_allclose(found.whole, [[90.0, 45.0, 110.0, 55.0]])
    np.testing.assert_allclose(found.visible, found.whole)
    assert found.n_pixels.tolist() == [200]
    np.testing.assert_allclose([found.truncation[0], found.occlusion[0]], 0.0)


@pytest.mark.parametrize("order", [1, -1])
def test_a_box_that_is_half_hidden(order):
    """A nearer box that covers the left half of another leaves its right half, in any order."""
    pair = [([21.0, 0.0, 0.0], [1.0, 2.0, 1.0]), ([5.5, 1.0, 0.0], [0.5, 1.0, 1.0])]

    found = boxes_in_picture(*pair[::order])

    far = 0 if order == 1 else 1
    np.testing.assert_allclose(found.whole[far], [90.0, 45.0, 110.0, 55.0])
    np.testing.assert_allclose(found.visible[far], [100.0, 45.0, 110.0, 55.0])
    assert found.occlusion[far] == pytest.approx(0.5)
    assert found.occlusion[1 - far] == 0.0
    np.testing.assert_allclose(found.truncation, 0.0)


def test_a_box_that_is_hidden():
    """An actor wholly behind another is told, without visible pixels."""
    found = boxes_in_picture(([21.0, 0.0, 0.0], [1.0, 1.0, 0.5]), ([5.5, 0.0, 0], [0.5, 1.0, 1.0]))

    assert found.n_pixels[0] == 0
    assert np.isnan(found.visible[0]).all()
    assert found.occlusion[0] == 1.0


def test_a_box_that_is_cut_off():
    """Of a box across the picture's left edge, the share beyond it is truncated."""
    # Its near face, at 10 m, begins at column -20; its far one, at 10.1 m, ends at 20.8.
    found = boxes_in_picture(([10.05, 10.0, 0.0], [0.05, 2.0, 1.0]))

    np.testing.assert_allclose(found.whole[0, [0, 2]], [-20.0, 100.0 - 800.0 / 10.1])
    assert found.truncation[0] == pytest.approx(20.0 / (120.0 - 800.0 / 10.1))
    assert found.occlusion[0] == 0.0
    assert found.visible[0, 0] == 0.0


def test_a_box_around_the_near_plane():
    """A box beside the camera that reaches behind it has a finite whole box, most of it cut off."""
    found = boxes_in_picture(([0.0, 1.5, 0.0], [6.0, 0.5, 0.5]))

    assert np.isfinite(found.whole).all()
    assert found.truncation[0] > 0.9
    assert found.n_pixels[0] > 0


def test_boxes_out_of_sight_are_left_out():
    """Neither what is behind the camera nor what is wholly beside its picture is told."""
    found = boxes_in_picture(([-10, 0, 0], [1, 1, 1]), ([5, 50, 0], [1, 1, 1]))

    assert len(found.actors) == 0
