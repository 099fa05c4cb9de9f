import numpy as np
import pytest

from simgen.core import RequestError
from simgen.worlds.road import shapes
from simgen.worlds.road.sensors import Solid, Tag, moving, still
from simgen.worlds.road.sensors.tags import reflectances

BOX = shapes.solid(shapes.Form.BOX, length=2.0, width=1.0, height=3.0)


def test_tiles_keep_all_triangles(floor):
    """Grouping reorders triangles with their tags, and each lies within its group's sphere."""
    surfaces = still(floor, solids=[Solid(triangles=BOX, tag=Tag.BUILDING)])

    assert len(surfaces.corners) == len(floor.triangles) + 12
    before = np.sort(floor.vertices[floor.triangles].sum(axis=(1, 2)))
    road = surfaces.corners[surfaces.tags == Tag.ROAD].sum(axis=(1, 2))
    np.testing.assert_allclose(np.sort(road), before)
    assert not surfaces.two_sided[surfaces.tags == Tag.BUILDING].any()
    group = np.repeat(np.arange(len(surfaces.spheres)), np.diff(surfaces.starts))
    sphere = surfaces.spheres[group]
    away = np.linalg.norm(surfaces.corners - sphere[:, None, :3], axis=2)
    assert (away <= sphere[:, None, 3] + 1e-9).all()


def test_every_tag_has_a_reflectance():
    """Reflectances are shares, one a tag."""
    assert reflectances().shape == (len(Tag),)
    assert ((reflectances() > 0) & (reflectances() <= 1)).all()


@pytest.mark.parametrize(
    ("solids", "tags", "instances", "about"),
    [
        ([BOX], [14, 14], [1, 2], "a tag and an instance each"),
        ([BOX], [14], [0], "1 or more"),
        ([BOX[:0]], [14], [1], "no triangle"),
        ([BOX * np.nan], [14], [1], "not finite"),
    ],
)
def test_wrong_solids_are_refused(solids, tags, instances, about):
    """Solids without a label, an instance, a triangle or a place are refused."""
    with pytest.raises(RequestError, match=about):
        moving(solids, tags, instances)
