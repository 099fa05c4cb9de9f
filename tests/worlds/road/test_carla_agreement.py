from collections import Counter
from importlib.util import find_spec

import numpy as np
import pytest
from scipy.spatial import KDTree
from toys.carla_comparison import OWN, REAL, REFERENCE, Comparison

from simgen.worlds.road import Waypoints
from simgen.worlds.road.furniture import objects, signal_effects
from simgen.worlds.road.kernels.rounded import rounded_at
from simgen.worlds.road.opendrive.document import PieceKind

pytestmark = pytest.mark.skipif(find_spec("carla") is None, reason="the carla wheel is missing")


def _parameter(path):
    slow = [pytest.mark.slow] if path in REAL else []
    return pytest.param(path, marks=slow, id=path.stem)


@pytest.fixture(scope="module", params=[_parameter(path) for path in (*OWN, *REAL)])
def comparison(request, tmp_path_factory):
    return Comparison(request.param, tmp_path_factory.mktemp("carla"))


@pytest.mark.skipif(not REAL, reason=f"no reference maps in {REFERENCE}")
@pytest.mark.slow
def test_reference_maps_are_compared():
    """The comparison below takes in maps that we didn't draw."""
    assert len(REAL) >= 9


def test_lane_centres_lie_where_carlas_do(comparison):
    """At 10,000 random (road, lane, s): positions within 5 cm, widths within 1 mm, yaw in 2 deg."""
    asked, answers = comparison.waypoints, comparison.answers["places"]
    pose = comparison.network.poses(asked)
    known = answers[:, 8] == 1.0

    assert known.mean() > 0.999
    assert np.linalg.norm(answers[:, 3:6] - pose.points, axis=1)[known].max() < 0.05
    assert np.abs(answers[:, 7] - comparison.network.widths(asked))[known].max() < 1e-3
    turn = np.remainder(answers[:, 6] - np.degrees(pose.yaw) + 180.0, 360.0) - 180.0
    assert np.abs(turn)[known].max() < 2.0


def test_projections_are_as_near_as_carlas(comparison):
    """None of 10,000 random points has a nearer lane in CARLA's answer than in ours."""
    theirs = comparison.answers["nearest"]
    known = theirs[:, 8] == 1.0
    away = np.linalg.norm(theirs[:, 3:6] - comparison.points, axis=1)

    ours = comparison.network.project(comparison.points)

    assert known.mean() > 0.999
    assert (ours.distance <= away + 0.01)[known].all()


def test_the_nearest_lane_by_carlas_rule_is_carlas(comparison):
    """For 99.9 % of 10,000 points; at the others two lanes share the nearest chord."""
    n = comparison.known.sum()

    assert comparison.by_rule.sum() >= 0.999 * n
    assert (comparison.by_rule | comparison.tied)[comparison.known].all()
    assert np.quantile(comparison.skipped, 0.95) < 0.01


def test_rounded_places_are_carlas_to_the_last_bit(comparison):
    """At all regular waypoints but 0.1 %; parametric cubics, which CARLA cuts, are within 2 mm."""
    network, theirs = comparison.network, comparison.answers["regular"]
    rows = comparison.rows(*theirs[:, :3].T)
    cut = np.array([_has_parametric(road) for road in network.document.roads])
    smooth = ~cut[network.lanes["road"][rows]]
    tables = network.roads.arrays, network.tables.arrays
    places = [rounded_at(*tables, *at) for at in zip(rows, theirs[:, 2], strict=True)]
    same = (places == theirs[:, 3:]).all(axis=1)

    assert same[smooth].sum() >= 0.999 * smooth.sum()
    np.testing.assert_allclose(places, theirs[:, 3:], rtol=0.0, atol=2e-3)


def _has_parametric(road):
    return any(piece.kind is PieceKind.PARAMETRIC for piece in road.pieces)


def test_exact_answers_differ_only_where_carlas_chords_decide(comparison):
    """97 % are CARLA's; where they aren't, its rule explains its answer."""
    n = comparison.known.sum()

    assert comparison.exact.sum() >= 0.97 * n
    assert comparison.classes().sum() == n - comparison.exact.sum()


def test_regular_waypoints_are_carlas(comparison):
    """generate_waypoints(2) gives the same roads, lanes and s."""
    ours = comparison.network.every(2.0)
    names = comparison.named(ours.lane)

    mine = Counter((*name, round(s, 3)) for name, s in zip(names.tolist(), ours.s, strict=True))
    theirs = Counter((int(a), int(b), round(s, 3)) for a, b, s, *_ in comparison.answers["regular"])
    assert mine == theirs


def test_ways_on_and_back_are_carlas(comparison):
    """next(7) and previous(7) end at the same roads, lanes and s, branch by branch."""
    road, lane, s = comparison.answers["chosen"].T
    start = Waypoints(lane=comparison.rows(road, lane, s), s=np.maximum(s, 0.0))
    theirs = Counter(
        (int(k), int(side), int(a), int(b), round(at, 2))
        for k, side, a, b, at in comparison.answers["steps"]
    )

    mine = Counter()
    for side in (1, -1):
        ends = comparison.network.walk(start, 7.0, against=side < 0)
        names = comparison.named(ends.waypoints.lane)
        mine.update(
            (k, side, *name, round(at, 2))
            for k, name, at in zip(
                ends.origin.tolist(), names.tolist(), ends.waypoints.s.tolist(), strict=True
            )
        )

    # A rounded s may differ in its last digit.
    assert _coarse(mine) == _coarse(theirs)
    assert (mine - theirs).total() <= 0.01 * mine.total()


def _coarse(ends):
    coarse = Counter()
    for (*name, _), count in ends.items():
        coarse[tuple(name)] += count
    return coarse


def test_lanes_to_both_sides_are_carlas(comparison):
    """get_left_lane and get_right_lane give the same roads and lanes, or none."""
    road, lane, s = comparison.answers["chosen"].T
    start = Waypoints(lane=comparison.rows(road, lane, s), s=s)

    left, right = (comparison.network.beside(start, left=side).lane for side in (True, False))

    theirs = comparison.answers["sides"]
    np.testing.assert_array_equal(comparison.named(left), theirs[:, :2])
    np.testing.assert_array_equal(comparison.named(right), theirs[:, 2:])


def test_topology_is_carlas(comparison):
    """The same pairs of lanes; CARLA leaves out some dead ends, by rounding."""
    before, after = comparison.network.topology()
    pairs = np.concatenate([comparison.named(before), comparison.named(after)], axis=1)
    mine = {tuple(pair) for pair in pairs.tolist()}
    theirs = {tuple(map(int, pair)) for pair in comparison.answers["topology"]}

    assert theirs <= mine
    assert all(pair[:2] == pair[2:] for pair in mine - theirs)


def test_crosswalks_are_carlas(comparison):
    """As many crosswalks, with corners within 5 cm; CARLA repeats the first corner of each."""
    placed = objects(comparison.network, {"crosswalk"})
    theirs = comparison.answers["crosswalks"].reshape(-1, 3)

    assert len(theirs) == sum(len(crosswalk.corners) + 1 for crosswalk in placed)
    if placed:
        mine = np.concatenate([crosswalk.corners for crosswalk in placed])
        assert KDTree(theirs[:, :2]).query(mine[:, :2])[0].max() < 0.05


def test_signals_are_carlas(comparison):
    """As many places where signals hold; the speed limits that towns paint on roads aside."""
    painted = [
        thing
        for thing in objects(comparison.network)
        if thing.object.name.lower().startswith("speed_")
    ]
    marks = comparison.answers["landmarks"]

    assert len(marks) == len(signal_effects(comparison.network)) + len(painted)
    assert marks.sum() == len(painted)
