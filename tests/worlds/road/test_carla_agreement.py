import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import KDTree

from simgen.core import Streams, data_folder
from simgen.worlds.road import NOWHERE, Waypoints, make_network
from simgen.worlds.road.furniture import objects, signal_effects
from simgen.worlds.road.opendrive import read_opendrive

CHECKOUT = Path(__file__).parents[3]
REFERENCE = Path(os.environ.get("SIMGEN_REFERENCE", CHECKOUT.parent / "shared" / "reference"))
OWN = sorted((data_folder("assets") / "maps").glob("*.xodr"))
REAL = sorted((REFERENCE / "driving" / "opendrive").glob("*.xodr"))
N_POINTS = 10_000
# CARLA looks for the nearest of chords that span up to 1.8 degrees of a bend or 100 m, and sees no
# crest between their ends: on the maps here they lie up to this far beside the lane [m].
CHORD_ERROR = 0.6

pytestmark = pytest.mark.skipif(find_spec("carla") is None, reason="the carla wheel is missing")


class Comparison:
    """Our network and CARLA's answers on the same questions."""

    def __init__(self, path, folder):
        document = read_opendrive(path)
        # CARLA knows no superelevation.
        flat = tuple(replace(road, superelevations=(), shapes=()) for road in document.roads)
        self.network = make_network(replace(document, roads=flat))
        self.ids = np.array([int(road.id) for road in document.roads])
        rng = Streams(5).child("carla").generator("points")
        self.waypoints = self._random_places(rng)
        lanes = self.network.lanes[self.waypoints.lane]
        places = np.stack([self.ids[lanes["road"]], lanes["id"], self.waypoints.s], axis=1)
        self.points = self._random_points(rng)
        np.savez(folder / "questions.npz", places=places, points=self.points)
        script = Path(__file__).with_name("carla_answers.py")
        files = [path, folder / "questions.npz", folder / "answers.npz"]
        subprocess.run([sys.executable, script, *files], check=True, capture_output=True)
        with np.load(folder / "answers.npz") as answers:
            self.answers = dict(answers)

    def _random_places(self, rng):
        lanes = self.network.lanes
        length = lanes["s_end"] - lanes["s_start"]
        lane = rng.choice(len(lanes), N_POINTS, p=length / length.sum())
        return Waypoints(lane=lane, s=lanes["s_start"][lane] + rng.random(N_POINTS) * length[lane])

    def _random_points(self, rng):
        """Three quarters spread over lanes, the rest around the map in all three dimensions."""
        pose, width = self.network.poses(self.waypoints), self.network.widths(self.waypoints)
        aside = (rng.random(N_POINTS) - 0.5) * width
        points = pose.points
        points[:, 0] -= aside * np.sin(pose.yaw)
        points[:, 1] += aside * np.cos(pose.yaw)
        around = N_POINTS // 4
        low, high = points.min(axis=0) - 20.0, points.max(axis=0) + 20.0
        points[:around] = rng.uniform(low, high, (around, 3))
        return points.astype(np.float32).astype(np.float64)  # what CARLA keeps of them

    def named(self, lane):
        """Road and lane ids of lanes; zeros for none."""
        records = self.network.lanes[lane]
        names = np.stack([self.ids[records["road"]], records["id"]], axis=1)
        return np.where((lane == NOWHERE)[:, None], 0, names)

    def rows(self, road, lane, s):
        """Our lanes by CARLA's ids."""
        lanes = self.network.lanes
        by_name = {}
        for row, record in enumerate(lanes):
            by_name.setdefault((self.ids[record["road"]], record["id"]), []).append(row)
        return np.array(
            [
                max(  # where two sections meet, CARLA speaks of the later one
                    row
                    for row in by_name[int(a), int(b)]
                    if lanes["s_start"][row] - 1e-6 <= at <= lanes["s_end"][row] + 1e-6
                )
                for a, b, at in zip(road, lane, s, strict=True)
            ],
            np.int64,
        )


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


def test_projections_agree_where_lanes_are_apart(comparison):
    """The same road and lane for 99.9 % of points, but where two lanes are as near as chords err.

    The others are explained: where lanes leave a junction's mouth together, or for a point between
    two lanes, CARLA's chords decide; there its answer is no more than their error further away.
    """
    theirs, network = comparison.answers["nearest"], comparison.network
    ours = network.project(comparison.points)
    known = theirs[:, 8] == 1.0
    same = (comparison.named(ours.waypoints.lane) == theirs[:, :2]).all(axis=1)
    away = np.linalg.norm(theirs[:, 3:6] - comparison.points, axis=1)

    clear = known & _clear(network, comparison.points)
    assert clear.mean() > 0.4
    assert same[clear].mean() >= 0.999
    assert same[known].mean() >= 0.95
    unexplained = known & ~same & (away - ours.distance > 2.0 * CHORD_ERROR)
    assert unexplained.sum() <= 0.001 * N_POINTS


def _clear(network, points):
    """Whether the second lane is further than the nearest by CHORD_ERROR: samples every 25 cm."""
    samples = network.every(0.25)
    tree = KDTree(network.poses(samples).points)
    nearest, first = tree.query(points)
    around = tree.query_ball_point(points, nearest + CHORD_ERROR)
    lanes = samples.lane
    return np.array(
        [(lanes[near] == lanes[row]).all() for near, row in zip(around, first, strict=True)]
    )


def test_regular_waypoints_are_carlas(comparison):
    """generate_waypoints(2) gives the same roads, lanes and s."""
    ours = comparison.network.every(2.0)
    names = comparison.named(ours.lane)

    mine = Counter((*name, round(s, 3)) for name, s in zip(names.tolist(), ours.s, strict=True))
    theirs = Counter((int(a), int(b), round(s, 3)) for a, b, s in comparison.answers["regular"])
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
