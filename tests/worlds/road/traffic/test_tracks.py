import math

import numpy as np
import pytest
from toys.towns import network, town

from simgen.core import RequestError
from simgen.worlds.road.network import Waypoints
from simgen.worlds.road.traffic.kernels.routes import AWAY, ENDS, ONWARD
from simgen.worlds.road.traffic.tracks import tracks_of


def points(tracks, track):
    first = tracks.records["first"][track]
    return tracks.nodes[first : first + tracks.records["n_nodes"][track]]


@pytest.mark.parametrize("name", ["urban_grid", "highway", "rural"])
def test_tracks_lie_on_their_lanes(name):
    """Both ends are those of the lane, and a track is as long as its centre line."""
    tracks, net = town(name).tracks, network(name)
    fine = tracks_of(net, node_step=0.05)
    entries = net.poses(net.entries(tracks.records["lane"])).points
    begins = tracks.nodes[tracks.records["first"], 1:4]

    np.testing.assert_allclose(begins, entries, atol=1e-6)
    np.testing.assert_allclose(tracks.records["length"], fine.records["length"], rtol=1e-3)


@pytest.mark.parametrize("name", ["urban_grid", "highway", "roundabout"])
def test_tracks_go_on_where_others_begin(name):
    """The end of each track is the beginning of those that follow it."""
    tracks = town(name).tracks
    for track, record in enumerate(tracks.records):
        end = points(tracks, track)[-1]
        for after in tracks.nexts[tracks.next_offsets[track] : tracks.next_offsets[track + 1]]:
            begin = points(tracks, after)[0]
            assert math.dist(end[1:4], begin[1:4]) < 0.3
            assert math.cos(end[4] - begin[4]) > 0.99
        assert (record["leads"] == ONWARD) == (
            tracks.next_offsets[track] < tracks.next_offsets[track + 1]
        )


def test_lanes_that_end_differ_from_those_that_leave_the_map():
    """The motorway has two merging lanes; its ends and those of the crossing road lead away."""
    leads = town("highway").tracks.records["leads"]

    assert np.count_nonzero(leads == ENDS) == 2
    assert np.count_nonzero(leads == AWAY) == 6
    assert (town("urban_grid").tracks.records["leads"] == ONWARD).all()


def test_bends_set_the_pace():
    """At a right turn's node one drives at most sqrt(a r), and before it what braking allows."""
    tracks = town("urban_grid").tracks
    turn = int(np.argmin(np.where(tracks.records["junction"], tracks.records["turn"], 0.0)))
    nodes = points(tracks, turn)
    radius = tracks.records["length"][turn] / abs(tracks.records["turn"][turn])
    # It bends nowhere more than by its tightest arc, and somewhere more than on average.
    assert nodes[:, 6].min() <= math.sqrt(2.5 * radius)
    squared = nodes[:, 6] ** 2
    assert np.all(squared[:-1] <= squared[1:] + 2.0 * 1.5 * np.diff(nodes[:, 0]) + 1e-9)


def test_a_map_without_such_lanes_is_refused():
    """The line names the map and the types."""
    with pytest.raises(RequestError, match=r"map .*highway.* has no lane of type tram"):
        tracks_of(network("highway"), {"tram"})


def test_crossing_tracks_conflict_and_oncoming_ones_do_not():
    """Left turns meet oncoming traffic; straight ways in opposite directions pass."""
    town_ = town("urban_grid")
    conflicts, records = town_.conflicts, town_.tracks.records
    owner = np.repeat(np.arange(len(records)), np.diff(conflicts.offsets))
    pairs = set(zip(owner.tolist(), conflicts.others.tolist(), strict=True))

    assert all((b, a) in pairs for a, b in pairs)
    for a, b in pairs:
        head_on = math.cos(points(town_.tracks, a)[0, 4] - points(town_.tracks, b)[0, 4]) < -0.99
        straight = abs(records["turn"][a]) < 0.1 and abs(records["turn"][b]) < 0.1
        assert not (head_on and straight)
    left = np.flatnonzero(records["junction"] & (records["turn"] > 1.0))
    assert all(np.diff(conflicts.offsets)[left] > 0)


def test_a_place_on_a_road_is_found_on_its_tracks():
    """`at` inverts the way from a track to its road's s."""
    net, tracks = network("rural"), town("rural").tracks
    for track in range(len(tracks.records)):
        lane = net.lanes[tracks.records["lane"][track]]
        s = 0.3 * lane["s_start"] + 0.7 * lane["s_end"]
        here = net.poses(Waypoints(lane=tracks.records["lane"][[track]], s=np.array([s])))
        nodes, at = points(tracks, track), tracks.at(track, float(s), net)
        place = [np.interp(at, nodes[:, 0], nodes[:, column]) for column in (1, 2, 3)]
        assert math.dist(place, here.points[0]) < 0.05
