from hashlib import sha256

import pytest

import simgen
from simgen.core import RequestError, Streams, build
from simgen.domains.driving import CutIn
from simgen.worlds.road.sensors import Tag, sweep_of

pytest.importorskip("PIL", reason="pictures are encoded by Pillow: extra [av]")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """One short episode with the survey rig, on disk: the data set and its folder."""
    out = tmp_path_factory.mktemp("driving") / "out"
    scenario = CutIn(n_episodes=1, duration=2.0, step_time=0.25, n_vehicles=8, sensors="survey")
    return simgen.generate(scenario, out=out, seed=5, difficulty=False, quiet=True), out


def rows(dataset, table):
    return dataset.connect().sql(f"FROM {table}").df()


def test_every_raw_file_is_named_and_whole(dataset):
    """The table lists exactly the files below `raw`, with their digests and sizes."""
    dataset, out = dataset
    files = rows(dataset, "sensor_files").set_index("path")
    there = {str(path.relative_to(out)): path for path in (out / "raw").rglob("*/*.*")}

    assert set(there) == set(files.index)
    assert set(files.sensor) == {"roof", "front", "left", "right", "radar", "receiver", "inertial"}
    for name, path in there.items():
        content = path.read_bytes()
        assert sha256(content).hexdigest() == files.sha256[name]
        assert len(content) == files.n_bytes[name]


def test_sensors_ride_on_the_ego(dataset):
    """The roof's scanner is above the ego's middle, level, and looks its way."""
    dataset, _ = dataset
    ego = rows(dataset, "actors").query("actor_id == 1").set_index("at")
    roof = rows(dataset, "sensor_files").query("sensor == 'roof'").set_index("at")

    for name, offset in (("x", 0.0), ("y", 0.0), ("z", 1.95), ("yaw", 0.0), ("pitch", 0.0)):
        assert (roof[name] - ego[name] - offset).abs().max() < 0.02, name


def test_boxes_tell_what_sensors_have_of_actors(dataset):
    """Cameras have pixels and edges, scanners have points, of actors that are there."""
    dataset, _ = dataset
    boxes, actors = rows(dataset, "boxes"), rows(dataset, "actors")
    known = set(zip(actors["at"], actors.actor_id, strict=True))
    cameras = boxes[boxes.n_pixels.notna()]

    assert set(zip(boxes["at"], boxes.actor_id, strict=True)) <= known
    assert (boxes.actor_id != 1).all()
    assert set(cameras.sensor) <= {"front", "left", "right"}
    assert (cameras.n_pixels > 0).any()
    seen = cameras[cameras.n_pixels > 0]
    assert (seen.visible_left >= seen.left - 1.0).all()
    assert (seen.visible_right <= seen.right + 1.0).all()
    assert set(boxes[boxes.n_points.notna()].sensor) <= {"roof", "radar"}
    assert boxes[boxes.n_points.notna()].left.isna().all()


def test_an_unknown_rig_is_refused():
    """Before anything is simulated; the line names those there are."""
    with pytest.raises(RequestError, match=r"no rig 'surveyor'; there are .*survey"):
        CutIn(sensors="surveyor").prepare(Streams(0))


def test_fog_takes_points(dataset, tmp_path):
    """The same episode in fog: the scanner has drops near by, and fewer points on actors."""
    clear, _ = dataset
    scenario = build(
        CutIn,
        {
            "n_episodes": 1, "duration": 2.0, "step_time": 0.25, "n_vehicles": 8,
            "sensors": "survey", "weather": {"visibility": 80.0},
        },
    )  # fmt: skip
    foggy = simgen.generate(scenario, out=tmp_path, seed=5, difficulty=False, quiet=True)

    def on_actors(data):
        boxes = rows(data, "boxes")
        return boxes[boxes.sensor == "roof"].n_points.sum()

    assert on_actors(foggy) < 0.9 * on_actors(clear)
    sweep = sweep_of(foggy.raw("raw/roof/0000001_000000_points.npy"))
    assert (sweep.tags == Tag.NONE).mean() > 0.1
