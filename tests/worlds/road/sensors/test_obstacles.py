import math

import numpy as np
import pytest

from simgen.worlds.road.sensors import Frame, ObstacleDetector, nearest_obstacle

DETECTOR = ObstacleDetector(distance=30.0, radius=0.5)
FRONT = Frame.turned([2.0, 0.0, 0.6])
CAR = (4.0, 2.0, 1.5)


def test_distance_to_the_nearest_ahead(snapshot):
    """Of actors ahead the nearest is told, at the distance of its near face less the radius."""
    world = snapshot(
        actors=[1, 2, 3, 4],
        names=["car"] * 4,
        positions=[[0, 0, 0], [20, 0.5, 0], [12, 0, 0], [-9, 0, 0]],
        sizes=[CAR] * 4,
    )

    found = nearest_obstacle(DETECTOR, world, FRONT, without=1)

    assert (found.actor, found.distance) == (3, pytest.approx(12.0 - 2.0 - 2.0 - 0.5))


@pytest.mark.parametrize(("aside", "hit"), [(1.4, True), (1.6, False)])
def test_the_ball_has_a_radius(snapshot, aside, hit):
    """A car of 1 m half width is met up to half a metre beside its side, and no further."""
    world = snapshot(actors=[5], names=["car"], positions=[[15, aside, 0]], sizes=[CAR])

    found = nearest_obstacle(DETECTOR, world, FRONT)

    assert (found.actor == 5) == hit
    assert math.isinf(found.distance) != hit


def test_turned_boxes(snapshot):
    """A car across the way shows its side: its half width counts."""
    world = snapshot(
        actors=[5], names=["car"], positions=[[15, 0, 0]], sizes=[CAR], yaws=[math.pi / 2]
    )

    found = nearest_obstacle(DETECTOR, world, FRONT)

    assert found.distance == pytest.approx(15.0 - 2.0 - 1.0 - 0.5)


def test_nobody_there(snapshot):
    """An empty world, and one whose actors are too far, hold no obstacle."""
    nobody = snapshot(actors=[], names=[], positions=[], sizes=[])
    far = snapshot(actors=[5], names=["car"], positions=[[50, 0, 0]], sizes=[CAR])

    for world in (nobody, far):
        found = nearest_obstacle(DETECTOR, world, FRONT)
        assert (found.actor, found.distance) == (0, np.inf)
