import math

import numpy as np
import pytest
from toys.drawn_roads import FORK, JUNCTION, LANES, LINE, linked, opendrive, road, section

from simgen.core import RequestError
from simgen.worlds.road import NOWHERE, Waypoints, make_network
from simgen.worlds.road.opendrive import parse_opendrive


def network_of(*roads, more=""):
    return make_network(parse_opendrive(opendrive(*roads, more=more), "toy"))


def at(lane, s):
    return Waypoints(lane=np.atleast_1d(lane), s=np.atleast_1d(np.asarray(s, float)))


def lane(network, number, road_number=0, section_number=0):
    records = network.lanes
    here = (records["road"] == road_number) & (records["section"] == section_number)
    (row,) = np.flatnonzero(here & (records["id"] == number))
    return int(row)


def test_lane_centres_lie_between_their_edges():
    """Centres, widths and headings follow from lane offset and widths."""
    offset = '<laneOffset s="0" a="1" b="0" c="0" d="0"/>'
    network = network_of(road(offsets=offset))
    lanes = [lane(network, number) for number in (1, -1, -2)]

    pose = network.poses(at(lanes, [50.0] * 3))

    np.testing.assert_allclose(pose.y, [1.0 + 1.5, 1.0 - 1.75, 1.0 - 4.5])
    np.testing.assert_allclose(pose.x, 50.0)
    np.testing.assert_allclose(np.cos(pose.yaw), [-1.0, 1.0, 1.0])
    np.testing.assert_allclose(network.widths(at(lanes, [50.0] * 3)), [3.0, 3.5, 2.0])
    assert network.kind(np.array(lanes)).tolist() == ["driving", "driving", "sidewalk"]


def test_widening_lanes_turn_their_centre():
    """A lane that grows by 0.1 per metre has a centre line at half that slope."""
    growing = LANES.replace('a="3.5" b="0"', 'a="3.5" b="0.1"')
    network = network_of(road(sections=section(growing)))

    pose = network.poses(at(lane(network, -1), 30.0))

    assert pose.y[0] == pytest.approx(-(3.5 + 3.0) / 2.0)
    assert pose.yaw[0] == pytest.approx(math.atan(-0.05))


def test_borders_set_edges_whatever_lies_inside():
    """A lane with borders ends at that t, and the lanes outside it go on from there."""
    bordered = LANES.replace(
        '<width sOffset="0" a="3.5" b="0" c="0" d="0"/>',
        '<border sOffset="0" a="-4" b="0" c="0" d="0"/>',
    )
    network = network_of(road(sections=section(bordered)))

    inner, outer = network.edges(at([lane(network, -1), lane(network, -2)], [1.0, 1.0]))

    np.testing.assert_allclose(inner, [0.0, -4.0])
    np.testing.assert_allclose(outer, [-4.0, -6.0])


def test_left_hand_traffic_runs_the_other_way():
    """Where traffic keeps left, right lanes run against s, and left is the kerb."""
    network = network_of(road(rule="LHT"))
    right = at(lane(network, -1), 50.0)

    assert math.cos(network.poses(right).yaw[0]) == pytest.approx(-1.0)
    assert network.walk(right, 20.0).waypoints.s.tolist() == [30.0]
    assert network.beside(right, left=True).lane[0] == lane(network, -2)
    assert network.beside(right, left=False).lane[0] == lane(network, 1)


def test_neighbours_are_seen_in_the_direction_of_travel():
    """Left of the innermost lane comes the oncoming one; beyond the last lane nothing."""
    network = network_of(road())
    rows = [lane(network, number) for number in (1, -1, -2)]

    left = network.beside(at(rows, [5.0] * 3), left=True).lane
    right = network.beside(at(rows, [5.0] * 3), left=False).lane

    assert left.tolist() == [rows[1], rows[0], rows[1]]
    assert right.tolist() == [NOWHERE, rows[2], NOWHERE]


def test_walks_take_every_branch():
    """A walk over a fork ends on both arms; back from either there is one way."""
    network = network_of(*FORK, more=JUNCTION)
    start = at(lane(network, -1), 90.0)

    ahead = network.walk(start, 30.0)

    assert ahead.origin.tolist() == [0, 0]
    assert ahead.waypoints.lane.tolist() == [lane(network, -1, 1), lane(network, -1, 2)]
    np.testing.assert_allclose(ahead.waypoints.s, 20.0)
    back = network.walk(ahead.waypoints, 30.0, against=True)
    np.testing.assert_allclose(back.waypoints.s, 90.0)
    assert back.waypoints.lane.tolist() == [start.lane[0]] * 2


def test_walks_end_with_their_lanes():
    """Where a lane leads nowhere there is no place further on."""
    network = network_of(road())

    assert len(network.walk(at(lane(network, -1), 90.0), 11.0).waypoints) == 0
    assert network.walk(at(lane(network, -1), 90.0), 10.0).waypoints.s.tolist() == [100.0]
    assert network.walk(at(lane(network, 1), 90.0), 11.0).waypoints.s.tolist() == [79.0]


def test_walks_around_a_ring_come_back():
    """A road whose end is its own start can be driven round and round."""
    ring = LINE.replace("<line/>", f'<arc curvature="{2 * math.pi / 100}"/>')
    ends = (
        '<predecessor elementType="road" elementId="1" contactPoint="end"/>'
        '<successor elementType="road" elementId="1" contactPoint="start"/>'
    )
    lanes = linked(linked(LANES, "successor"), "predecessor")
    lanes = lanes.replace("</link><link>", "")
    network = network_of(road(line=ring, links=ends, sections=section(lanes)))

    there = network.walk(at(lane(network, -1), 10.0), 1030.0).waypoints

    assert there.lane.tolist() == [lane(network, -1)]
    assert there.s[0] == pytest.approx(40.0)


def test_branching_without_end_is_refused():
    """A walk that would end at too many places asks for a shorter distance."""
    ends = (
        '<predecessor elementType="junction" elementId="9"/>'
        '<successor elementType="junction" elementId="9"/>'
    )
    ring = LINE.replace("<line/>", f'<arc curvature="{2 * math.pi / 100}"/>')
    back = '<{0} elementType="road" elementId="1" contactPoint="{1}"/>'
    inner = "".join(
        road(
            number,
            junction=9,
            line=ring,
            links=back.format("predecessor", "end") + back.format("successor", "start"),
            sections=section(linked(LANES, "successor")),
        )
        for number in (2, 3)
    )
    network = network_of(road(line=ring, links=ends), inner, more=JUNCTION)

    with pytest.raises(RequestError, match="ask for a shorter one"):
        network.walk(at(lane(network, -1), 0.0), 10_000.0)


@pytest.mark.parametrize("distance", [0.0, -1.0, math.nan, math.inf, 1e9])
def test_walks_have_a_length(distance):
    """A distance that is not positive, or beyond the limit, is refused."""
    network = network_of(road())

    with pytest.raises(RequestError, match=r"must be in \(0, 100000\]"):
        network.walk(at(0, 1.0), distance)


def test_regular_waypoints_lie_at_multiples_along_roads():
    """Every lane of a type has a waypoint at each multiple of the distance, ends excluded."""
    network = network_of(road(sections=section() + section(s=45.0)))

    points = network.every(10.0)

    mine = network.lanes["id"][points.lane] == -1
    assert points.s[mine].tolist() == [10.0 * k for k in range(10)]
    assert len(points) == 20


@pytest.mark.parametrize("distance", [0.0, -1.0, math.nan, math.inf, 1e-9])
def test_regular_waypoints_have_a_distance(distance):
    """A distance that is not positive, or would make too many waypoints, is refused."""
    with pytest.raises(RequestError, match="must be at least 1e-05 on this map"):
        network_of(road()).every(distance)


def test_topology_pairs_lanes_and_ends():
    """Lanes are paired with their successors, or with themselves at a dead end."""
    network = network_of(*FORK, more=JUNCTION)

    pairs = set(zip(*(side.tolist() for side in network.topology()), strict=True))

    trunk = lane(network, -1)
    assert {(trunk, lane(network, -1, 1)), (trunk, lane(network, -1, 2))} <= pairs
    assert (lane(network, 1), lane(network, 1)) in pairs


def test_speed_limits_are_the_lanes_or_else_the_roads():
    """A lane's own limit goes before its road's; units are converted."""
    lanes = LANES.replace('id="-1" type="driving">', 'id="-1" type="driving">{}').format(
        '<speed sOffset="0" max="30" unit="mph"/><speed sOffset="50" max="no limit"/>'
    )
    kind = '<type s="20" type="town"><speed max="36" unit="km/h"/></type>'
    network = network_of(road(sections=section(lanes), more=kind))
    mine, other = lane(network, -1), lane(network, 1)

    limits = network.speed_limits(at([mine, mine, other, other], [10.0, 60.0, 60.0, 10.0]))

    np.testing.assert_allclose(limits, [30 * 0.44704, math.inf, 10.0, math.nan])


def test_marks_lie_on_both_edges():
    """A lane's outer mark is its own, its inner one that of its inner neighbour."""
    network = network_of(road())
    marks = network.marks

    def kind(steps, number):
        row = steps.at(np.array([lane(network, number)]), np.array([5.0]), default=math.nan)[0]
        return None if math.isnan(row) else marks.kinds[int(row)].kind

    assert [kind(marks.inner, number) for number in (1, -1, -2)] == ["broken", "broken", None]
    assert [kind(marks.outer, number) for number in (1, -1, -2)] == ["solid", None, None]
