import numpy as np
import pytest

from simgen.core import RunError
from simgen.worlds.carla.client.contents import Cast, view_of
from simgen.worlds.carla.client.fitting import fit
from simgen.worlds.road.sensors import Tag, Weather, make_rig

CAR, ROAD = np.uint8(Tag.CAR), np.uint8(Tag.ROAD)


def test_ids_become_numbers():
    """Only of our actors, and only where road users are seen: other things have ids, too."""
    cast = Cast.of({70_001: 1, 250: 2})
    ids, tags = np.array([250, 70_001, 250, 251]), np.array([CAR, CAR, ROAD, CAR])

    assert cast.find(ids, tags).tolist() == [2, 1, 0, 0]


def test_pictures_hold_sixteen_bits():
    """An id above them is found by what is left of it."""
    known = Cast.of({70_001: 1, 250: 2}).in_pictures()
    upper, lower = np.divmod(np.array([70_001 - 65_536, 250, 251]), 256)

    assert known[upper + 256 * lower].tolist() == [1, 2, 0]


def test_pictures_are_told_by_bytes():
    """Of a pixel blue is the upper byte of an id, and of a depth; only road users are somebody."""
    camera = {"width": 96, "height": 64, "field_of_view": 90.0, "sees": ["instances", "depth"]}
    (fitting,) = fit(make_rig({"eye": {"camera": camera}}), 0.1, Weather())
    pixels = np.zeros((64, 96, 4), np.uint8)
    pixels[0, :3] = [[4665 >> 8, 4665 & 255, Tag.CAR, 0], [0, 250, Tag.CAR, 0], [0, 250, ROAD, 0]]
    heard = {"eye.labels": {"pixels": pixels}, "eye.depth": {"pixels": pixels}}
    view = view_of(fitting, heard, Cast.of({4665: 1, 250: 2}))

    assert view.instances[0, :4].tolist() == [1, 2, 0, 0]
    assert view.tags[0, :4].tolist() == [Tag.CAR, Tag.CAR, ROAD, 0]
    code = Tag.CAR + 256 * (4665 & 255) + 65_536 * (4665 >> 8)
    assert view.depth[0, 0] == pytest.approx(1000.0 * code / 0xFFFFFF)


def test_what_is_nowhere_is_infinitely_far():
    """White pixels of a depth picture."""
    camera = {"width": 96, "height": 64, "field_of_view": 90.0, "sees": ["depth"]}
    (fitting,) = fit(make_rig({"eye": {"camera": camera}}), 0.1, Weather())
    white = np.full((64, 96, 4), 255, np.uint8)
    view = view_of(fitting, {"eye.depth": {"pixels": white}}, Cast.of({1: 1}))

    assert np.isinf(view.depth).all()


def test_two_who_look_the_same_end_the_run():
    """Rather than be taken for each other."""
    with pytest.raises(RunError, match="16 bits"):
        Cast.of({5: 1, 5 + 65_536: 2})
