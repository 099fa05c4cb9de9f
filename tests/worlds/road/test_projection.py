import math

import numpy as np
from toys.drawn_roads import FORK, JUNCTION, opendrive, road

from simgen.core import Streams
from simgen.worlds.road import NOWHERE, make_network
from simgen.worlds.road.kernels.nearest import SAGITTA, nearest_of
from simgen.worlds.road.opendrive import parse_opendrive


def network_of(*roads, more=""):
    return make_network(parse_opendrive(opendrive(*roads, more=more), "toy"))


def test_nearest_lane_is_the_nearest_of_all_points():
    """The projection finds what a search over points every 5 cm finds."""
    network = network_of(*FORK, more=JUNCTION)
    rng = Streams(3).generator("points")
    points = rng.uniform((-60.0, -90.0, -20.0), (260.0, 90.0, 20.0), (500, 3))

    found = network.project(points, None)

    dense = network.poses(network.every(0.05, None)).points
    nearest = np.array([np.sqrt(((dense - point) ** 2).sum(axis=1).min()) for point in points])
    assert (found.distance <= nearest + 2.0 * SAGITTA).all()
    assert (found.distance >= nearest - 0.06).all()
    back = network.poses(found.waypoints).points
    np.testing.assert_allclose(np.linalg.norm(points - back, axis=1), found.distance, atol=1e-9)


def test_projection_gives_road_coordinates():
    """A point set down at (road, s, t) is found again there."""
    network = network_of(*FORK, more=JUNCTION)
    rng = Streams(4).generator("points")
    road_number, s = np.full(200, 1), rng.uniform(30.0, 99.0, 200)
    t = rng.uniform(-5.4, 2.9, 200)

    found = network.project(network.surface(road_number, s, t).points, None)

    np.testing.assert_allclose(found.waypoints.s, s, atol=1e-4)
    np.testing.assert_allclose(found.t, t, atol=1e-4)
    assert (np.abs(found.offset) <= 0.5 * network.widths(found.waypoints) + 0.8).all()


def test_where_a_point_was_before_changes_nothing():
    """The nearest lane is the same in every bit whatever chord the search begins with."""
    network = network_of(*FORK, more=JUNCTION)
    points = Streams(5).generator("points").uniform((-60.0, -90.0, -2.0), (260.0, 90.0, 2.0),
                                                    (300, 3))  # fmt: skip
    roads, lanes, wanted = network.roads.arrays, network.tables.arrays, network.wanted({"driving"})
    answers, n_chords = [], len(network.grid[3])
    for near in (np.full(300, -1), np.arange(300) % n_chords, np.full(300, n_chords - 1)):
        lane, found = np.empty(300, np.int64), np.empty((300, 2))
        for _ in range(2):  # the second time with the chords that were found
            nearest_of(roads, lanes, network.grid, wanted, points, near, lane, found)
            answers.append((lane.tobytes(), found.tobytes(), near.tobytes()))

    assert len(set(answers)) == 1


def test_what_is_nowhere_is_said():
    """A point that is not finite, or a map without the type of lane, gives no lane."""
    network = network_of(road())

    lost = network.project(np.array([[math.nan, 0.0, 0.0], [1.0, math.inf, 0.0], [1.0, 0.0, 0.0]]))
    without = network.project(np.zeros((1, 3)), {"parking"})

    assert lost.waypoints.lane[:2].tolist() == [NOWHERE, NOWHERE]
    assert lost.waypoints.lane[2] != NOWHERE
    assert without.waypoints.lane.tolist() == [NOWHERE]
    assert np.isnan(without.distance[0])
    assert np.isnan(network.poses(without.waypoints).x[0])
    assert np.isnan(network.speed_limits(without.waypoints)[0])
    assert network.beside(without.waypoints, left=True).lane.tolist() == [NOWHERE]
    assert len(network.walk(without.waypoints, 5.0).waypoints) == 0
    assert network.kind(without.waypoints.lane).tolist() == [""]


def test_far_points_find_the_map():
    """A point far outside the grid still gets the nearest lane."""
    network = network_of(road())

    found = network.project(np.array([[1e6, 0.0, 0.0], [50.0, -1e5, 0.0]]), None)

    np.testing.assert_allclose(found.waypoints.s, [100.0, 50.0], atol=1e-3)
    assert network.lanes["id"][found.waypoints.lane[1]] == -2
