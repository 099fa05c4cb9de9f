"""Our networks beside carla.Map; run as a script, it prints the table of docs/road.md."""

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from simgen.core import Streams, data_folder
from simgen.worlds.road import NOWHERE, Waypoints, make_network
from simgen.worlds.road.carla_view import carla_view
from simgen.worlds.road.opendrive import read_opendrive

CHECKOUT = Path(__file__).parents[2]
REFERENCE = Path(os.environ.get("SIMGEN_REFERENCE", CHECKOUT.parent / "shared" / "reference"))
OWN = sorted((data_folder("assets") / "maps").glob("*.xodr"))
REAL = sorted((REFERENCE / "driving" / "opendrive").glob("*.xodr"))
N_POINTS = 10_000
TIE = 1e-9  # between distances that are one but for the rounding of doubles [m]


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
        script = CHECKOUT / "tests" / "worlds" / "road" / "carla_answers.py"
        files = [path, folder / "questions.npz", folder / "answers.npz"]
        subprocess.run([sys.executable, script, *files], check=True, capture_output=True)
        with np.load(folder / "answers.npz") as answers:
            self.answers = dict(answers)
        self.view = carla_view(self.network)
        self.nearest = self.network.project(self.points)
        theirs = self.answers["nearest"]
        self.known = theirs[:, 8] == 1.0
        self.exact = self.known & self._same(self.nearest.waypoints.lane)
        chosen = self.view.project(self.points)
        self.by_rule = self.known & self._same(chosen.lane)
        self.tied = self.known & ~self.by_rule
        self.tied[self.tied] = self._ties(chosen.lane, np.flatnonzero(self.tied))
        self.skipped = np.abs(chosen.s - theirs[:, 2])[self.by_rule]

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

    def _same(self, lane):
        return (self.named(lane) == self.answers["nearest"][:, :2]).all(axis=1)

    def _ties(self, lane, rows):
        """Whether the nearest chord of CARLA's lane is as near as that of ours."""
        _, _, _, chords, owner = self.view.grid
        names = self.named(owner)
        apart = [
            _way(chords[(names == self.answers["nearest"][row, :2]).all(axis=1)], self.points[row])
            - _way(chords[owner == lane[row]], self.points[row])
            for row in rows
        ]
        return np.abs(np.array(apart)) < TIE

    def classes(self):
        """How many exact answers differ from CARLA's, by how both lanes lie to each other."""
        network, theirs = self.network, self.answers["nearest"]
        rows = np.flatnonzero(self.known & ~self.exact)
        his = self.rows(*theirs[rows, :3].T)
        mine = self.nearest.waypoints.lane[rows]
        roads = network.document.roads
        junction = np.array([road.junction for road in roads])[network.lanes["road"]]
        following = set(zip(*network.topology(kinds=None), strict=True))
        pairs = list(zip(mine, his, strict=True))
        follows = np.array([not {(a, b), (b, a)}.isdisjoint(following) for a, b in pairs], np.bool_)
        within = (junction[mine] == junction[his]) & (junction[mine] != "")
        beside = network.lanes["road"][mine] == network.lanes["road"][his]
        told = np.select([within, follows, beside], [0, 1, 2], 3)
        return np.bincount(told, minlength=4)


def _way(chords, point):
    """From a point to the nearest of chords [m]."""
    start, along = chords[:, :3], chords[:, 4:7] - chords[:, :3]
    share = ((point - start) * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-12)
    foot = start + np.clip(share, 0.0, 1.0)[:, None] * along
    return np.linalg.norm(foot - point, axis=1).min()


def main():
    """The table of docs/road.md."""
    for path in (*OWN, *REAL):
        with tempfile.TemporaryDirectory() as folder:
            one = Comparison(path, Path(folder))
        places = one.answers["places"]
        off = np.linalg.norm(places[:, 3:6] - one.network.poses(one.waypoints).points, axis=1)
        away = np.linalg.norm(one.answers["nearest"][:, 3:6] - one.points, axis=1)
        further = (one.nearest.distance - away)[one.known].max()
        n = one.known.sum()
        rest = n - one.by_rule.sum() - one.tied.sum()
        sys.stdout.write(
            f"| {path.stem} | {1e3 * off[places[:, 8] == 1.0].max():.1f} "
            f"| {100 * one.exact.sum() / n:.2f} | {1e3 * max(further, 0.0):.1f} "
            f"| {' | '.join(map(str, one.classes()))} "
            f"| {100 * one.by_rule.sum() / n:.2f} | {one.tied.sum()} | {rest} |\n"
        )


if __name__ == "__main__":
    main()
