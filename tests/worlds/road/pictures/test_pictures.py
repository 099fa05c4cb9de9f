import io

import numpy as np
import pytest
from PIL import Image

from simgen.core import RequestError, Streams
from simgen.worlds.base import Pose
from simgen.worlds.road.embedded import EmbeddedWorld
from simgen.worlds.road.labels import ImageBoxes
from simgen.worlds.road.pictures import (
    Crowd,
    Ground,
    animated,
    draw_above,
    draw_boxes,
    draw_points,
    gather,
    png,
)
from simgen.worlds.road.sensors import Stage, Sweep, Tag
from simgen.worlds.road.sensors.encoding import tag_palette


def test_from_above_north_is_up():
    """An actor north-east of the middle shows to the upper right of the picture's middle."""
    with EmbeddedWorld(map="parking").open() as world:
        stage = Stage(network=world.network)
        ground = Ground(x=0.0, y=0.0, width=80.0, n_columns=160, n_rows=120)
        empty = draw_above(stage, world.sense(), ground)
        world.spawn("bus", Pose(x=20.0, y=15.0, z=0.0))
        filled = draw_above(stage, world.sense(), ground)

    rows, columns = np.nonzero((empty != filled).any(axis=2))
    assert np.median(columns) == pytest.approx(80 + 40, abs=4)
    assert np.median(rows) == pytest.approx(60 - 30, abs=4)


def test_points_ahead_are_above():
    """A point ahead is drawn above the middle, one to the left at its left, in its tag's colour."""
    sweep = Sweep(
        points=np.array([[20.0, 0.0, 0.0], [0.0, 10.0, 0.0], [90.0, 0.0, 0.0]], np.float32),
        intensities=np.full(3, 0.5, np.float32),
        channels=np.zeros(3, np.uint16),
        times=np.zeros(3, np.float32),
        tags=np.array([Tag.CAR, Tag.ROAD, Tag.CAR], np.uint8),
        instances=np.zeros(3, np.int32),
    )

    image = draw_points(sweep, by="tag", reach=50.0, n_pixels=100)
    grey = draw_points(sweep, by="intensity", reach=50.0, n_pixels=100)

    np.testing.assert_array_equal(image[30, 50], tag_palette()[Tag.CAR])
    np.testing.assert_array_equal(image[50, 40], tag_palette()[Tag.ROAD])
    background = image[0, 0]
    assert (image != background).any(axis=2).sum() == 2
    assert (grey != background).any(axis=2).sum() == 2


def test_boxes_are_outlined():
    """The visible box is drawn along its rim within the picture; specks are left out."""
    boxes = ImageBoxes(
        sensor="front",
        actors=np.array([1, 2]),
        whole=np.array([[-5.0, 2.0, 9.0, 8.0], [12.0, 1.0, 14.0, 3.0]]),
        visible=np.array([[0.0, 2.0, 9.0, 8.0], [12.0, 1.0, 14.0, 3.0]]),
        n_pixels=np.array([50, 4]),
        truncation=np.zeros(2),
        occlusion=np.zeros(2),
    )

    drawn = draw_boxes(np.zeros((10, 20, 3), np.uint8), boxes).any(axis=2)

    assert drawn[2, :9].all()
    assert drawn[7, :9].all()
    assert drawn[2:8, 8].all()
    assert not drawn[3:7, 1:8].any()
    assert not drawn[:, 9:].any()


def test_files_of_pictures():
    """A GIF holds all pictures at its rate, a PNG its pixels; no picture is refused."""
    ramp = np.arange(0, 192, 2, dtype=np.uint8).reshape(8, 12, 1) * np.ones(3, np.uint8)
    images = [np.roll(ramp, k, axis=1) for k in range(3)]

    film = Image.open(io.BytesIO(animated(images, rate=10.0)))

    assert (film.n_frames, film.size, film.info["duration"]) == (3, (12, 8), 100)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(png(images[0])))), images[0])
    with pytest.raises(RequestError, match="a picture"):
        animated([], rate=10.0)


def test_crowds_gather_around_the_first():
    """As many as asked for stand within reach, none near the first, and the same for a seed."""
    crowd = Crowd(x=0.0, y=0.0, reach=90.0, n_vehicles=5, n_walkers=4, n_parked=20)

    def places():
        with EmbeddedWorld(map="parking").open() as world:
            first = gather(world, world.network, crowd, Streams(3))
            return first, world.sense()

    first, snapshot = places()
    _, again = places()
    away = np.hypot(*(snapshot.positions - snapshot.positions[0])[:, :2].T)
    assert first == snapshot.actors[0]
    assert len(away) == 1 + 5 + 4 + 20
    assert away.max() <= 90.0
    np.testing.assert_array_equal(snapshot.positions, again.positions)
    assert snapshot.names == again.names
