import numpy as np
import pytest

from simgen.core import RunError
from simgen.worlds.carla.client.contents import Cast
from simgen.worlds.road.sensors import Tag

CAR, ROAD = np.uint8(Tag.CAR), np.uint8(Tag.ROAD)


def test_ids_become_numbers():
    """Only of our actors, and only where road users are seen: other things have ids, too."""
    cast = Cast.of({70_001: 1, 250: 2})
    ids, tags = np.array([250, 70_001, 250, 251]), np.array([CAR, CAR, ROAD, CAR])

    assert cast.find(ids, tags).tolist() == [2, 1, 0, 0]


def test_pictures_hold_sixteen_bits():
    """An id above them is found by what is left of it."""
    cast = Cast.of({70_001: 1, 250: 2})

    assert cast.seen(np.array([70_001 - 65_536, 250]), np.array([CAR, CAR])).tolist() == [1, 2]


def test_two_who_look_the_same_end_the_run():
    """Rather than be taken for each other."""
    with pytest.raises(RunError, match="16 bits"):
        Cast.of({5: 1, 5 + 65_536: 2})
