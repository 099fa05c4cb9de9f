"""What an export says is true of the world that it shows."""

import json

import numpy as np
import pytest
from PIL import Image
from scipy.spatial.transform import Rotation

from simgen.formats.nuscenes.tokens import Tokens
from simgen.pipeline.export import identity
from simgen.storage.reader import Dataset

LOOSE = 0.1  # around a box: the scanner's range error is 0.02 m [m]


def turned(row):
    return Rotation.from_quat(row["rotation"], scalar_first=True)


def data_of(world, sample, channel):
    return next(
        data
        for data in world.rows["sample_data"]
        if data["is_key_frame"]
        and data["sample_token"] == sample["token"]
        and world.channel(data) == channel
    )


def to_world(world, data, points):
    """Places in a sensor's frame as global ones."""
    for table in ("calibrated_sensor", "ego_pose"):
        row = world.get(table, data[f"{table}_token"])
        points = turned(row).apply(points) + row["translation"]
    return points


def to_sensor(world, data, points):
    for table in ("ego_pose", "calibrated_sensor"):
        row = world.get(table, data[f"{table}_token"])
        points = turned(row).inv().apply(points - row["translation"])
    return points


def cloud(world, data):
    return np.fromfile(world.folder / data["filename"], np.float32).reshape(-1, 5)


def test_labelled_points_lie_in_their_boxes(world):
    """Through scanner, car and world: at least as many as `num_lidar_pts`, of every box."""
    n_told = 0
    for sample in world.rows["sample"]:
        data = data_of(world, sample, "LIDAR_TOP")
        points = to_world(world, data, cloud(world, data)[:, :3])
        for row in world.rows["sample_annotation"]:
            if row["sample_token"] == sample["token"]:
                local = turned(row).inv().apply(points - row["translation"])
                width, length, height = row["size"]
                half = 0.5 * np.array([length, width, height]) + LOOSE
                n_inside = int((np.abs(local) < half).all(axis=1).sum())
                assert n_inside >= 0.99 * row["num_lidar_pts"]
                n_told += row["num_lidar_pts"]
    assert n_told > 200


def test_the_scanner_looks_ahead_along_y(world):
    """As theirs: x to the right, y ahead, z up; rings count from the lowest beam up."""
    rows = world.rows["sensor"]
    top = next(row["token"] for row in rows if row["channel"] == "LIDAR_TOP")
    mount = next(r for r in world.rows["calibrated_sensor"] if r["sensor_token"] == top)
    assert turned(mount).apply([0.0, 1.0, 0.0]) == pytest.approx([1.0, 0.0, 0.0], abs=1e-9)
    points = cloud(world, data_of(world, world.rows["sample"][0], "LIDAR_TOP"))
    heights = np.arctan2(points[:, 2], np.hypot(points[:, 0], points[:, 1]))
    rings = points[:, 4].astype(int)
    by_ring = [np.median(heights[rings == ring]) for ring in np.unique(rings)]
    assert by_ring == sorted(by_ring)
    assert points[:, 3].min() >= 0.0
    assert 1.0 < points[:, 3].max() <= 255.0


def test_boxes_are_where_pictures_show_them(world, rows):
    """An actor's middle, through car and lens, is within the rectangle that the camera drew."""
    seen = rows(
        'SELECT epoch_us("at") AS time, x, y, z, height, "left", top, "right", bottom '
        'FROM boxes JOIN actors USING (episode_id, "at", actor_id) '
        "WHERE sensor = 'front' AND n_pixels > 200 AND truncation = 0"
    )
    origin = json.loads((world.folder / "maps" / "origins.json").read_text())["urban_grid"]
    samples = {sample["timestamp"]: sample for sample in world.rows["sample"]}
    seen = [row for row in seen if row["time"] in samples]
    assert len(seen) > 3
    for row in seen:
        data = data_of(world, samples[row["time"]], "CAM_FRONT")
        lens = world.get("calibrated_sensor", data["calibrated_sensor_token"])
        middle = np.array([row["x"], row["y"], row["z"] + 0.5 * row["height"]]) - origin
        x, y, depth = np.array(lens["camera_intrinsic"]) @ to_sensor(world, data, middle)
        assert row["left"] <= x / depth <= row["right"]
        assert row["top"] <= y / depth <= row["bottom"]


def test_tracks_move_as_actors_do(world, drives, rows):
    """A box's way between samples over their time is its actor's velocity, but for its changes."""
    tokens = Tokens(identity=identity(Dataset(drives)))
    known = rows('SELECT *, epoch_us("at") AS time FROM actors')
    true = {
        tokens.of("sample_annotation", row["episode_id"], row["time"], row["actor_id"]): row
        for row in known
    }
    n_moving = 0
    for row in world.rows["sample_annotation"]:
        if row["next"]:
            after = world.get("sample_annotation", row["next"])
            time = (true[after["token"]]["time"] - true[row["token"]]["time"]) / 1e6
            way = np.subtract(after["translation"], row["translation"])[:2]
            speeds = [
                [true[t][f"velocity_{axis}"] for axis in "xy"] for t in (row["token"], row["next"])
            ]
            assert way / time == pytest.approx(np.mean(speeds, axis=0), abs=0.5)
            n_moving += np.linalg.norm(way) > 1.0
    assert n_moving > 5


def test_the_car_counts_from_its_rear_axle(world, rows):
    """Its pose is on the ground there: 1.35 m behind the middle of its box, by the catalogue."""
    origin = json.loads((world.folder / "maps" / "origins.json").read_text())["urban_grid"]
    true = {
        row["time"]: row
        for row in rows('SELECT *, epoch_us("at") AS time FROM actors WHERE actor_id = 1')
    }
    for pose in world.rows["ego_pose"]:
        car = true[pose["timestamp"]]
        middle = turned(pose).apply([1.35, 0.0, 0.0]) + pose["translation"]
        assert middle + origin == pytest.approx([car["x"], car["y"], car["z"]], abs=1e-6)


def test_the_car_is_on_the_road(world):
    """The map is white where it drives: a metre is ten pixels, north is up."""
    (about,) = world.rows["map"]
    with Image.open(world.folder / about["filename"]) as image:
        width, height = image.size
        places = [pose["translation"][:2] for pose in world.rows["ego_pose"]]
        pixels = {image.getpixel((round(10 * x), height - round(10 * y))) for x, y in places}
        roads = image.histogram()[255] / (width * height)
    assert pixels == {255}
    assert 0.02 < roads < 0.5
