"""What cameras send, in CARLA's frame and encoding."""

import struct

import numpy as np
import pytest
from toys.carla_sensors import TAG_OF_CARS, World

from simgen.worlds.carla.protocol.types import Rotation, Transform, Vector


@pytest.fixture
def world():
    return World()


def test_depth_is_along_the_axis(world):
    """24 bits of red, green and blue give the distance of a car ahead; alpha is full."""
    world.beside(20.0, 0.0)
    reader = world.listen(
        "sensor.camera.depth",
        at=Transform(location=Vector(z=1.0)),
        image_size_x=65,
        image_size_y=33,
        fov=40,
    )

    body = world.body(reader)

    width, height, fov = struct.unpack_from("<IIf", body)
    assert (width, height, fov) == (65, 33, 40.0)
    pixels = np.frombuffer(body, np.uint8, offset=12).reshape(33, 65, 4)
    blue, green, red, alpha = (int(value) for value in pixels[16, 32])
    depth = 1000.0 * (red + 256 * green + 65_536 * blue) / (256**3 - 1)
    # The rear of the other car.
    assert depth == pytest.approx(20.0 - 0.5 * 4.63, abs=0.6)
    assert alpha == 255


def test_instances_are_actors(world):
    """Green and blue are the actor's id, red its tag."""
    other = world.beside(12.0, 0.0)
    reader = world.listen(
        "sensor.camera.instance_segmentation",
        at=Transform(location=Vector(z=1.0)),
        image_size_x=65,
        image_size_y=33,
    )

    pixels = np.frombuffer(world.body(reader), np.uint8, offset=12).reshape(33, 65, 4)

    blue, green, red, _ = (int(value) for value in pixels[17, 32])
    assert (green + 256 * blue, red) == (other.id, TAG_OF_CARS)


def test_colours_change_with_the_sun(world):
    """A picture by day is brighter than one by night."""
    reader = world.listen("sensor.camera.rgb", image_size_x=64, image_size_y=48)
    day = np.frombuffer(world.body(reader), np.uint8, offset=12).mean()
    weather = world.simulation.episode.weather

    world.simulation.episode.weather = type(weather)(**{**vars(weather), "sun_altitude": -40.0})

    night = np.frombuffer(world.body(reader), np.uint8, offset=12).mean()
    assert day > night + 20.0


def test_a_turned_camera_looks_there(world):
    """A camera turned to the right by 90 degrees sees the car on the right."""
    other = world.beside(0.0, 8.0)
    right = Transform(location=Vector(z=1.0), rotation=Rotation(yaw=90.0))
    reader = world.listen(
        "sensor.camera.instance_segmentation", at=right, image_size_x=33, image_size_y=33
    )

    pixels = np.frombuffer(world.body(reader), np.uint8, offset=12).reshape(33, 33, 4)

    ids = pixels[..., 1].astype(int) + 256 * pixels[..., 0].astype(int)
    assert (ids == other.id).sum() > 20
