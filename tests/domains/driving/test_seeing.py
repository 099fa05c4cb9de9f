"""One episode through both worlds; the CARLA server is ours, started for the run."""

import json
import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import simgen
from simgen.core import RawFile, RequestError, RunError, Streams
from simgen.domains.driving import CutIn
from simgen.domains.driving.lane_change import LaneChange
from simgen.testing import running_carla_server
from simgen.worlds.carla.world import CarlaLink

pytest.importorskip("PIL", reason="pictures are encoded by Pillow: extra [av]")
needs_carla = pytest.mark.skipif(find_spec("carla") is None, reason="the carla wheel is missing")

ROAD = str(Path(__file__).with_name("two_lanes.xodr"))
SMALL = {
    "duration": 2.0,
    "step_time": 0.25,
    "n_vehicles": 4,
    "sensors": "roof_and_front",
    "map": ROAD,
}
# Words of the command lines of our children; other tests may have servers of other maps.
SERVER, CLIENT = f"client.servers\0{ROAD}", "client.child"


def generate(out, **parameters):
    scenario = CutIn(n_episodes=2, **(SMALL | parameters))
    return simgen.generate(scenario, out=out, seed=16, difficulty=False, quiet=True), out


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return generate(tmp_path_factory.mktemp("ours") / "out")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    return generate(tmp_path_factory.mktemp("theirs") / "out", world="carla")


def files(out):
    """The bytes of all files of sensors, by path."""
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted((out / "raw").glob("*/0*"))}


def arrays(out, pattern):
    return [np.load(path) for path in sorted((out / "raw").glob(pattern))]


def rays(points, n_columns=1080):
    """The ray of each point, by its direction."""
    azimuths = np.arctan2(points["y"], points["x"]) / (2.0 * np.pi) * n_columns
    return np.rint(azimuths).astype(int) % n_columns + n_columns * points["channel"].astype(int)


@needs_carla
@pytest.mark.parametrize("table", ["frames", "actors", "episodes", "events"])
def test_states_and_labels_are_the_same(ours, theirs, table):
    """All rows of all columns, to the last bit."""
    query = f"FROM {table} ORDER BY ALL"
    here, there = (data.connect().sql(query).to_arrow_table() for data, _ in (ours, theirs))

    assert len(here)
    assert here.equals(there)


@needs_carla
def test_point_clouds_are_the_same(ours, theirs):
    """The same rays come back, from the same actors, within 5 mm: single precision moves them."""
    here, there = (arrays(out, "roof/*.npy") for _, out in (ours, theirs))

    assert len(here) == len(there) == 16
    for own, other in zip(here, there, strict=True):
        common, rows, others = np.intersect1d(rays(own), rays(other), return_indices=True)
        own_rows, other_rows = own[rows], other[others]
        off = np.max([np.abs(own_rows[axis] - other_rows[axis]) for axis in "xyz"], axis=0)
        assert len(common) > 0.999 * max(len(own), len(other))
        assert np.mean(off < 5e-3) > 0.999
        for name in ("tag", "instance", "time"):
            assert np.mean(own_rows[name] == other_rows[name]) > 0.999, name
        weaker = np.abs(own_rows["intensity"] - other_rows["intensity"])
        assert np.mean(weaker < 1e-4) > 0.999


@needs_carla
def test_pictures_are_the_same(ours, theirs):
    """But for pixels at edges: colours within 12 of 255, depth within 5 mm, labels equal."""
    from PIL import Image  # noqa: PLC0415 - only where it is there

    for own in sorted((ours[1] / "raw" / "front").glob("*")):
        other = theirs[1] / own.relative_to(ours[1])
        if own.suffix == ".npy":
            near = np.isclose(np.load(own), np.load(other), rtol=0.0, atol=5e-3)
        else:
            here, there = (np.asarray(Image.open(path)).astype(int) for path in (own, other))
            near = np.abs(here - there) <= (12 if own.suffix == ".jpg" else 0)
        assert near.mean() > 0.999, own.name


@needs_carla
def test_what_states_tell_is_the_same(ours, theirs):
    """Receiver, inertial unit and radar give the same bytes in both worlds."""
    here, there = (files(out) for _, out in (ours, theirs))
    same = ("raw/receiver", "raw/inertial", "raw/radar")

    assert {name for name in there if not name.startswith("raw/world")} == set(here)
    for name in here:
        if name.startswith(same):
            assert here[name] == there[name], name


@needs_carla
def test_a_collision_ends_what_is_seen(tmp_path):
    """In CARLA's world, too, every sensor has its last look in the frame of contact."""
    law = LaneChange(
        median_gap=1.0, gap_spread=0.1, mean_inverse_time=1.0, min_time=1.0, max_time=1.5
    )
    given = {"duration": 4.0, "n_vehicles": 0, "cut_in": law, "cut_in_share": 0.99}
    data, _ = generate(tmp_path / "out", world="carla", **given)
    files, events = data.to_pandas("sensor_files"), data.to_pandas("events")
    met = events[events.kind == "collision"].set_index("entity_id").onset_at
    seen = files[files.sensor.isin(["roof", "front"])].groupby(["episode_id", "sensor"])["at"].max()

    assert list(met.index) == [1, 2]
    assert (seen.unstack().to_numpy() == met.to_numpy()[:, None]).all()


@needs_carla
def test_twice_the_same_bytes(theirs, tmp_path):
    """Tables and files, and the digests of what the server said."""
    again, out = generate(tmp_path / "again", world="carla")

    assert files(out) == files(theirs[1])
    assert again.manifest["tables"] == theirs[0].manifest["tables"]
    assert "raw/world/0000002.json" in files(out)


def child(word):
    """Our child process whose command line has a word."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes()
            parent = (path / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if word.encode() in words and int(parent) == os.getpid():
            return int(path.name)
    raise LookupError(word)


def simulate(seen, **link):
    """All files of one episode; `seen` is called with the number of each."""
    scenario = CutIn(n_episodes=1, **SMALL, world="carla", carla=CarlaLink(**link))
    streams = Streams(8)
    shared = scenario.prepare(streams)
    found = {}
    for part in scenario.simulate(scenario.blocks()[0], shared, streams):
        if isinstance(part, RawFile):
            seen(len(found))
            found[part.path] = part.content
    return found


def at(file, word, number):
    """Sends a signal to a child of ours when a file has been written."""
    return lambda now: os.kill(child(word), number) if now == file else None


@pytest.fixture(scope="module")
def whole():
    return simulate(lambda _: None)


@needs_carla
@pytest.mark.parametrize(
    ("word", "number"),
    [
        pytest.param(SERVER, signal.SIGKILL, marks=pytest.mark.slow, id="server dies"),
        pytest.param(CLIENT, signal.SIGKILL, id="client dies"),
        pytest.param(SERVER, signal.SIGSTOP, marks=pytest.mark.slow, id="server stands still"),
    ],
)
def test_server_or_client_may_die_or_hang_on_the_way(whole, caplog, word, number):
    """The episode goes on where it was, to the same bytes: nothing is lost, nothing doubled."""
    assert simulate(at(25, word, number), tick_time=3.0) == whole
    assert [record.message for record in caplog.records if "started anew" in record.message]


DESTROY = """
import carla, sys
world = carla.Client("127.0.0.1", int(sys.argv[1])).get_world()
while not len(world.get_actors()):  # until a snapshot has come
    pass
for actor in world.get_actors().filter("sensor.lidar.*"):
    actor.destroy()
"""


@pytest.mark.parametrize(
    ("missing", "n_scans"),
    [pytest.param("fail", 8, marks=pytest.mark.slow), ("leave_out", 6)],
)
@needs_carla
def test_a_sensor_that_falls_silent(whole, caplog, missing, n_scans):
    """Ends the attempt, which is made anew, or leaves its readings out: as was asked for."""
    with running_carla_server("--map", ROAD) as server:
        link = {"host": server.host, "port": server.port, "missing": missing, "tick_time": 3.0}

        def silence(file):
            if file == 47:  # the first of the seventh frame
                subprocess.run([sys.executable, "-c", DESTROY, str(server.port)], check=True)

        found = simulate(silence, **link)

    here = {name: content for name, content in found.items() if not name.startswith("raw/world")}
    assert sum(name.startswith("raw/roof") for name in here) == n_scans
    assert here.items() <= whole.items()
    assert "said nothing of frame" in caplog.text


@needs_carla
def test_too_many_deaths_end_the_run():
    """By an error that says what happened last, and that the run can be resumed."""
    with pytest.raises(RunError, match=r"max_restarts = 0 is used up: the same command goes on"):
        simulate(at(3, SERVER, signal.SIGKILL), max_restarts=0)


@needs_carla
@pytest.mark.parametrize(
    ("link", "line"),
    [
        ({"port": 1, "start_time": 0.5}, r"no CARLA server answers at 127\.0\.0\.1 port 1 within"),
        ({"host": "no host", "start_time": 60.0}, "no CARLA server answers at no host port 2000"),
    ],
)
def test_a_server_that_is_not_there_is_refused(tmp_path, link, line):
    """Before anything is written, in a line that says what else could be done."""
    about = CarlaLink(**{"host": "127.0.0.1", **link})
    with pytest.raises(RequestError, match=f"{line}.* leave carla.host empty"):
        generate(tmp_path / "out", world="carla", carla=about)

    assert not list(tmp_path.iterdir())


@needs_carla
def test_a_map_that_the_server_lacks_is_refused(tmp_path):
    """The line names those that it has."""
    with running_carla_server("--map", ROAD) as server:
        about = CarlaLink(host=server.host, port=server.port)
        scenario = CutIn(**{**SMALL, "map": "Town99"}, world="carla", carla=about)
        with pytest.raises(RequestError, match=r"no such file, and the server has .*highway"):
            simgen.generate(scenario, out=tmp_path / "out", quiet=True)

    assert not list(tmp_path.iterdir())


@needs_carla
def test_an_export_shows_the_same_world(ours, theirs, tmp_path):
    """Boxes, calibrations and the car's poses of a recording through CARLA are the embedded's."""
    tables = ("sample_annotation", "calibrated_sensor", "ego_pose", "sample_data")
    here, there = (
        [exported(out, tmp_path / name, table) for table in tables]
        for name, (_, out) in (("ours", ours), ("theirs", theirs))
    )

    assert all(map(len, here))
    assert here == there


def exported(data, out, table):
    """The rows of a table of nuScenes, without what tells data sets apart, and without counts."""
    if not out.exists():
        simgen.export(data, "nuscenes", out=out, quiet=True)
    rows = json.loads((out / "v1.0-simgen" / f"{table}.json").read_text())
    left_out = ("token", "tokens", "prev", "next", "num_lidar_pts", "visibility_token")
    return [
        {name: value for name, value in row.items() if not name.endswith(left_out)} for row in rows
    ]


@needs_carla
def test_a_rig_that_carla_cannot_have_is_refused():
    """Before anything is simulated."""
    with pytest.raises(RequestError, match="name a rig"):
        CutIn(world="carla").prepare(Streams(0))
    with pytest.raises(RequestError, match="whole or half"):
        CutIn(world="carla", sensors="kitti").prepare(Streams(0))
