"""What needs no carla wheel; `test_carla_agreement.py` asks CARLA itself."""

import numpy as np
import pytest
from toys.drawn_roads import FORK, JUNCTION, opendrive, road, section

from simgen.core import Streams
from simgen.worlds.road import NOWHERE, Waypoints, make_network
from simgen.worlds.road.carla_view import carla_view
from simgen.worlds.road.kernels.rounded import rounded_at
from simgen.worlds.road.opendrive import parse_opendrive

ARC = '<geometry s="0" x="0" y="0" hdg="0" length="150"><arc curvature="0.01"/></geometry>'
FAR_AWAY = (
    '<geometry s="0" x="1234.5678" y="-987.6543" hdg="1.1" length="60"><line/></geometry>'
    '<geometry s="60" x="1261.783569187" y="-934.181858393" hdg="1.1" length="40">'
    '<arc curvature="0.013"/></geometry>'
)
SHIFTED = '<laneOffset s="0" a="0.3" b="0.01" c="0" d="0"/>'
UPHILL = '<elevationProfile><elevation s="0" a="12.3" b="0.017" c="0" d="0"/></elevationProfile>'
# Of 100 m, which wanders 4 m to the left of its road, and back, by widths alone.
WANDERING = (
    '<left><lane id="2" type="driving"><width sOffset="0" a="3" b="0" c="0" d="0"/></lane>'
    '<lane id="1" type="shoulder">'
    '<width sOffset="0" a="0" b="0" c="0.0048" d="-0.000064"/>'
    '<width sOffset="50" a="4" b="0" c="-0.0048" d="0.000064"/></lane></left>'
    '<center><lane id="0" type="none"/></center>'
)  # fmt: skip


def network_of(*roads, more=""):
    return make_network(parse_opendrive(opendrive(*roads, more=more), "toy"))


def test_on_straight_roads_carlas_answer_is_the_exact_one():
    """Same lanes and s, to the millimetres that 32 bits and a lane's end cost."""
    network = network_of(road())
    points = Streams(1).generator("points").uniform((1.0, -8.0, -3.0), (99.0, 8.0, 3.0), (200, 3))

    found, exact = carla_view(network).project(points, None), network.project(points, None)

    np.testing.assert_array_equal(found.lane, exact.waypoints.lane)
    np.testing.assert_allclose(found.s, exact.waypoints.s, atol=1e-3)


def test_in_bends_chords_end_after_the_turn_that_carla_allows():
    """At a radius of 100 m: after the fourth metre, which is the first beyond 1.8 degrees."""
    view = carla_view(network_of(road(line=ARC, length=150.0)))
    chords, owner = view.grid[3], view.grid[4]
    first = chords[owner == np.argmax(view.network.lanes["id"] == -1)]

    assert first[:3, 3] == pytest.approx([0.0, 4.0, 8.0])
    assert first[-1, 7] == pytest.approx(150.0, abs=1e-5)


@pytest.mark.parametrize(
    ("lane", "s", "place"),
    [
        (-1, 33.25, (1250.6456298828125, -958.528564453125, 12.865249633789062)),
        (1, 33.25, (1247.749267578125, -957.0543212890625, 12.865249633789062)),
        (-1, 80.5, (1269.18408203125, -915.0267333984375, 13.668499946594238)),
        (1, 80.5, (1266.001708984375, -914.3673706054688, 13.668499946594238)),
    ],
)
def test_places_are_rounded_as_carla_rounds_them(lane, s, place):
    """To the bit, on a line and an arc; golden values from carla.Map 0.9.16, y to the left."""
    network = network_of(road(line=FAR_AWAY, offsets=SHIFTED, profile=UPHILL))
    row = int(np.argmax(network.lanes["id"] == lane))
    exact = network.poses(Waypoints(lane=np.array([row]), s=np.array([s]))).points[0]

    assert rounded_at(network.roads.arrays, network.tables.arrays, row, s) == place
    assert exact == pytest.approx(place, abs=5e-4)


def test_a_lane_on_one_line_is_one_chord_however_it_wanders():
    """So a point on its middle, 4 m beside the chord, is nearer to it than CARLA thinks."""
    network = network_of(road(sections=section(WANDERING)))
    view = carla_view(network)
    assert len(view.grid[3]) == 2

    middle = network.poses(network.every(50.0, {"driving"})[1]).points
    near = network.project(middle)
    chord = view.grid[3][view.grid[4] == near.waypoints.lane[0]][0]

    assert near.distance[0] == pytest.approx(0.0, abs=1e-6)
    assert abs(middle[0, 1] - chord[1]) == pytest.approx(4.0, abs=0.01)


def test_lanes_against_s_are_measured_from_where_traffic_enters():
    """Their chords begin at the road's end, and s falls along them."""
    view = carla_view(network_of(road()))
    lane = int(np.argmax(view.network.lanes["id"] == 1))
    chord = view.grid[3][view.grid[4] == lane][0]

    assert (chord[3], chord[7]) == pytest.approx((100.0, 0.0), abs=1e-5)
    assert view.project(np.array([[30.0, 1.5, 0.0]])).s[0] == pytest.approx(30.0, abs=1e-4)


def test_where_there_is_no_answer_there_is_none():
    """Points that are not finite, and types of lanes that the map lacks."""
    view = carla_view(network_of(*FORK, more=JUNCTION))
    found = view.project(np.array([[np.nan, 0.0, 0.0], [np.inf, 0.0, 0.0], [1.0, 0.0, 0.0]]))

    assert found.lane[0] == found.lane[1] == NOWHERE
    assert found.lane[2] != NOWHERE
    assert np.isnan(found.s[:2]).all()
    assert view.project(np.zeros((1, 3)), {"tram"}).lane[0] == NOWHERE
