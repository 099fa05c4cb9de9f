import math

import numpy as np
import pytest

from simgen.core import RequestError
from simgen.worlds.base import Pose
from simgen.worlds.road.embedded import EmbeddedWorld
from simgen.worlds.road.sensors import Frame


def test_angles_turn_as_told():
    """Yaw turns x to the left, pitch turns it up, roll turns the left side up."""
    quarter = math.pi / 2
    np.testing.assert_allclose(
        Frame.turned([0, 0, 0], yaw=quarter).axes[:, 0], [0, 1, 0], atol=1e-9
    )
    np.testing.assert_allclose(
        Frame.turned([0, 0, 0], pitch=quarter).axes[:, 0], [0, 0, 1], atol=1e-9
    )
    np.testing.assert_allclose(
        Frame.turned([0, 0, 0], roll=quarter).axes[:, 1], [0, 0, 1], atol=1e-9
    )


def test_an_actor_on_a_hill_points_as_its_frame():
    """A car that drives up a hill in the world has a frame whose x axis is the way it goes."""
    with EmbeddedWorld(map="rural").open() as world:
        network = world.network
        lanes = network.every(10.0)
        poses = network.poses(lanes)
        steepest = int(poses.pitch.argmax())
        onward = network.poses(network.walk(lanes[steepest], 0.1).waypoints).points[0]
        pose = Pose(**{name: float(getattr(poses, name)[steepest]) for name in vars(poses)})

    ahead = (onward - poses.points[steepest]) / np.linalg.norm(onward - poses.points[steepest])

    assert pose.pitch > 0.02
    assert ahead[2] > 0.02
    np.testing.assert_allclose(Frame.of(pose).axes[:, 0], ahead, atol=5e-3)
    banked = Frame.of(Pose(x=0.0, y=0.0, z=0.0, roll=0.1))
    assert banked.axes[2, 1] > 0.0  # the left side lies higher


def test_a_frame_tells_the_angles_it_was_turned_by():
    """Yaw, pitch and roll come back, each with its sign."""
    angles = (-2.5, 0.4, -0.3)

    frame = Frame.turned([1, 2, 3], **dict(zip(("yaw", "pitch", "roll"), angles, strict=True)))

    np.testing.assert_allclose(frame.angles, angles)


def test_what_is_carried_moves_along():
    """A sensor 2 m ahead of a carrier that looks along y is 2 m further along y."""
    carrier = Frame.turned([10.0, 5.0, 0.0], yaw=math.pi / 2)

    sensor = carrier.carry(Frame.turned([2.0, 0.0, 1.5], yaw=math.pi / 2))

    np.testing.assert_allclose(sensor.position, [10.0, 7.0, 1.5])
    np.testing.assert_allclose(sensor.axes[:, 0], [-1.0, 0.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(carrier.optical().axes[:, 2], [0.0, 1.0, 0.0], atol=1e-9)


@pytest.mark.parametrize(
    ("position", "axes"),
    [
        (np.zeros(2), np.eye(3)),
        (np.zeros(3), 2.0 * np.eye(3)),
        (np.zeros(3), np.full((3, 3), np.nan)),
        (np.array([np.nan, 0.0, 0.0]), np.eye(3)),
    ],
)
def test_what_is_no_frame_is_refused(position, axes):
    """Axes that are no rotation and places that are not finite are refused."""
    with pytest.raises(RequestError, match=r"frame|rotation"):
        Frame(position=position, axes=axes)
