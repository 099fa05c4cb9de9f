"""`simgen portray` of driving data sets."""

import io
import json
import shutil
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

import simgen
from simgen.cli import main
from simgen.core import RequestError, RunError
from simgen.domains.driving import CutIn
from simgen.domains.driving.replay import image_boxes_of, snapshots
from simgen.pipeline.portray import portray
from simgen.pipeline.sealed import asked
from simgen.worlds.road.sensors import image_of


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """Two short episodes with the KITTI rig, on disk: the data set and its folder."""
    out = tmp_path_factory.mktemp("driving") / "out"
    scenario = CutIn(n_episodes=2, duration=2.0, step_time=0.25, n_vehicles=8, sensors="kitti")
    return simgen.generate(scenario, out=out, seed=5, difficulty=False, quiet=True), out


def test_the_page_has_an_episode_and_its_sensors(dataset, tmp_path):
    """A moving picture from above, the course, a laser's points and each camera's picture."""
    page = portray({"drive": dataset[0]}, out=tmp_path / "page", episode=2)
    text = page.read_text()

    names = {"episode_2.gif", "image_02.jpg", "image_03.jpg", "velodyne.png"}
    assert {path.name for path in page.parent.iterdir()} == {"portrait.html", *names}
    for name in names:
        assert f'<img src="{name}"' in text
    assert "drive, episode 2: time to collision" in text
    film = Image.open(io.BytesIO((page.parent / "episode_2.gif").read_bytes()))
    assert film.n_frames == 8
    assert film.info["duration"] == 250
    assert image_of((page.parent / "image_02.jpg").read_bytes()).shape == (375, 1242, 3)


def test_boxes_are_drawn_into_pictures(dataset, tmp_path):
    """Where labels say that actors are visible, yellow lines are drawn around them."""
    data, out = dataset
    page = portray({"drive": data}, out=tmp_path / "page", episode=1, sensor="image_02")
    shown = image_of((page.parent / "image_02.jpg").read_bytes()).astype(int)
    yellow = (shown[..., 0] > 180) & (shown[..., 1] > 160) & (shown[..., 2] < 140)
    plain = [image_of(p.read_bytes()).astype(int) for p in (out / "raw/image_02").glob("*1_*.jpg")]

    seen = data.connect().sql(
        "SELECT count(*) FROM boxes WHERE episode_id = 1 AND sensor = 'image_02' AND n_pixels > 100"
    )
    assert seen.fetchall()[0][0] > 0
    assert yellow.any()
    for image in plain:
        assert not ((image[..., 0] > 180) & (image[..., 1] > 160) & (image[..., 2] < 100)).any()


def test_one_sensor_alone(dataset, tmp_path):
    """The others' pictures are left out."""
    page = portray({"drive": dataset[0]}, out=tmp_path / "page", sensor="velodyne")

    assert {path.suffix for path in page.parent.iterdir()} == {".html", ".gif", ".png"}


def test_two_data_sets_keep_their_images_apart(dataset, tmp_path):
    """Each has files of its own."""
    data = dataset[0]
    page = portray({"a": data, "b": data}, out=tmp_path, episode=1, sensor="velodyne")

    assert {path.name for path in page.parent.iterdir()} == {
        "portrait.html", "0_episode_1.gif", "1_episode_1.gif", "0_velodyne.png", "1_velodyne.png",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"episode": 3}, "episode 3: there is none in drive"),
        ({"sensor": "roof"}, "sensor roof: .* there are image_02, image_03, velodyne"),
        ({"machine": 1}, "machine can't be chosen in pictures of driving/cut_in: choose episode"),
    ],
)
def test_what_is_not_there_cannot_be_chosen(dataset, tmp_path, choices, said):
    """The line says what there is."""
    with pytest.raises(RequestError, match=said):
        portray({"drive": dataset[0]}, out=tmp_path, **choices)


def test_a_missing_picture_ends_it(dataset, tmp_path):
    """The line names the file and the remedy."""
    data, out = dataset
    path = next((out / "raw" / "velodyne").glob("*_points.npy"))
    held = {p: p.read_bytes() for p in path.parent.iterdir()}
    for p in held:
        p.unlink()
    try:
        with pytest.raises(RunError, match=r"raw/velodyne/.* is missing"):
            portray({"drive": data}, out=tmp_path, sensor="velodyne")
    finally:
        for p, content in held.items():
            p.write_bytes(content)


def test_snapshots_are_those_that_were_seen(dataset):
    """Each frame has the actors of its rows, where they were and as large as they are."""
    data, _ = dataset
    connection = data.connect()
    actors = data.to_pandas("actors").query("episode_id == 2")

    class Asked:
        """A source that answers from this data set."""

        ask = staticmethod(lambda sql: connection.sql(sql).to_arrow_table())

    seen = list(snapshots(Asked, 2))

    assert len(seen) == actors["at"].nunique() == 8
    last = actors[actors["at"] == actors["at"].max()].sort_values("actor_id")
    np.testing.assert_array_equal(seen[-1].actors, last.actor_id)
    np.testing.assert_array_equal(seen[-1].positions, last[["x", "y", "z"]])
    np.testing.assert_array_equal(seen[-1].sizes, last[["length", "width", "height"]])
    assert seen[-1].names == tuple(last.kind)


def test_the_name_of_a_picture_is_no_sql(dataset, tmp_path):
    """A data set of somebody else's may have files called so; they have no boxes."""
    sql = "x' OR true; COPY (SELECT 1) TO 'new.csv'; SELECT * FROM boxes WHERE '"
    path = sql.replace("new.csv", str(tmp_path / "new.csv"))

    with asked(dataset[0]) as ask:
        boxes = image_boxes_of(SimpleNamespace(ask=ask), path)

    assert len(boxes.actors) == 0
    assert not (tmp_path / "new.csv").exists()


def test_a_sensor_names_no_file_elsewhere(dataset, tmp_path):
    """A data set of somebody else's may call it anything: nothing is written."""
    copy = shutil.copytree(dataset[1], tmp_path / "data")
    manifest = json.loads((copy / "manifest.json").read_text())
    for about in manifest["tables"]["sensor_files"]["parts"]:
        part = copy / about["path"]
        rows = pq.read_table(part)
        place = rows.column_names.index("sensor")
        called = pa.array(["../../out"] * len(rows))
        pq.write_table(rows.set_column(place, "sensor", called), part)
        about["bytes"] = part.stat().st_size
    (copy / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(RequestError, match=r"'\.\./\.\./out\.(jpg|png)' is no name for an image"):
        portray({"drive": copy}, out=tmp_path / "one" / "page")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_without_sensors_there_is_the_view_from_above(tmp_path):
    """A data set without raw files can be looked at, too."""
    scenario = CutIn(n_episodes=1, duration=2.0, step_time=0.25, n_vehicles=4)
    data = simgen.generate(scenario, out=tmp_path / "out", difficulty=False, quiet=True)

    page = portray({"drive": data}, out=tmp_path / "page")

    assert [path.name for path in sorted(page.parent.iterdir())] == [
        "episode_1.gif", "portrait.html",
    ]  # fmt: skip


def test_the_command_draws(dataset, tmp_path, capsys):
    """`simgen portray` writes the page and says where; a wrong choice ends it with one line."""
    common = ["portray", f"dataset={dataset[1]}", f"out={tmp_path / 'page'}"]

    assert main([*common, "episode=2", "sensor=velodyne"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'page'}/portrait.html: open it in a browser\n"
    assert (tmp_path / "page" / "velodyne.png").stat().st_size > 1000
    assert main([*common, "episode=7"]) == 2
    assert capsys.readouterr().err.startswith("simgen: episode 7: there is none")
