import io

import numpy as np
import pytest
from PIL import Image

from simgen.formats.drives import network_of
from simgen.formats.nuscenes.maps import corner, location, mask
from simgen.worlds.road.mesh import Surface, road_mesh


@pytest.fixture(scope="module")
def parking():
    """The picture of a map that is not symmetric, and its lanes' triangles `(n, 3, 2)` [m]."""
    mesh = road_mesh(network_of("parking"))
    roads = mesh.vertices[mesh.triangles[mesh.labels == Surface.ROAD]][:, :, :2]
    return np.asarray(Image.open(io.BytesIO(mask("parking")))), roads - corner("parking")[:2]


def test_lanes_are_white_where_they_lie(parking):
    """The middle of each triangle, ten pixels a metre, north up."""
    picture, roads = parking
    middles = roads.mean(axis=1)
    rows = picture.shape[0] - np.round(10.0 * middles[:, 1]).astype(int)

    assert set(np.unique(picture)) == {0, 255}
    assert (picture[rows, np.round(10.0 * middles[:, 0]).astype(int)] == 255).all()


def test_nothing_else_is_white(parking):
    """Not more than the lanes' area and a pixel around it."""
    picture, roads = parking
    first, second = roads[:, 1] - roads[:, 0], roads[:, 2] - roads[:, 0]
    area = 0.5 * np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]).sum()

    assert 0.5 * area < (picture == 255).sum() / 100.0 < 1.05 * area


def test_places_on_a_map_are_positive(parking):
    """They count from its lower left corner, with room around; a map's file gives it its name."""
    _, roads = parking

    assert roads.min() >= 60.0
    assert location("/maps/town.xodr") == "town"
