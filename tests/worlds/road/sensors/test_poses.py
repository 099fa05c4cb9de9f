import math

import numpy as np
import pytest

from simgen.core import RequestError
from simgen.worlds.road.sensors import Frame


def test_angles_turn_as_told():
    """Yaw turns x to the left, pitch turns it down, roll turns the left side up."""
    quarter = math.pi / 2
    np.testing.assert_allclose(
        Frame.turned([0, 0, 0], yaw=quarter).axes[:, 0], [0, 1, 0], atol=1e-9
    )
    np.testing.assert_allclose(
        Frame.turned([0, 0, 0], pitch=quarter).axes[:, 0], [0, 0, -1], atol=1e-9
    )
    np.testing.assert_allclose(
        Frame.turned([0, 0, 0], roll=quarter).axes[:, 1], [0, 0, 1], atol=1e-9
    )


def test_angles_and_quaternions_agree():
    """Half the angle in a quaternion is the same turn."""
    yaw = 0.8
    rotation = [math.cos(yaw / 2), 0.0, 0.0, math.sin(yaw / 2)]
    np.testing.assert_allclose(
        Frame.quaternion([1, 2, 3], rotation).axes, Frame.turned([1, 2, 3], yaw=yaw).axes
    )


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
