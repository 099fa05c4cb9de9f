"""What readers of KITTI take for granted."""

import math
import os
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

from simgen.core import RequestError
from simgen.formats.drives import Carried, words
from simgen.formats.kitti.calibration import calibration_of
from simgen.worlds.road.catalogue import catalogue
from simgen.worlds.road.sensors import rig

REAL = Path(os.environ.get("SIMGEN_REFERENCE", "../shared/reference")) / "driving"
TYPES = {"Car", "Van", "Truck", "Pedestrian", "Cyclist", "Misc", "DontCare"}


def numbers(path):
    """A calibration's matrices by name."""
    lines = (line.split() for line in path.read_text().splitlines() if line)
    return {name.rstrip(":"): np.array(rest, float) for name, *rest in lines}


def labels(path):
    return [line.split() for line in path.read_text().splitlines()]


def corners(values):
    """Of a box as a label has it, in the camera's frame `(8, 3)` [m]."""
    height, width, length, x, y, z, turn = values[7:14]
    signs = np.array([(a, b, c) for a in (0.5, -0.5) for b in (0.0, -1.0) for c in (0.5, -0.5)])
    local = signs * (length, height, width)
    cosine, sine = math.cos(turn), math.sin(turn)
    about_down = np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]])
    return local @ about_down.T + (x, y, z)


def test_boxes_span_their_rectangles(kitti):
    """The corners of a box, by P2, hold its rectangle, and not much more."""
    n_boxes = 0
    for path in (kitti / "object/training/label_2").glob("*.txt"):
        about = numbers(kitti / f"object/training/calib/{path.name}")
        for kind, *rest in labels(path):
            values = np.array(rest, float)
            if kind == "DontCare" or values[0] > 0.0:
                continue
            places = corners(values) @ about["P2"].reshape(3, 4)[:, :3].T
            pixels = places[:, :2] / places[:, 2:]
            low, high = pixels.min(axis=0), pixels.max(axis=0)
            assert (low - 1.0 <= values[3:5]).all()
            assert (values[5:7] <= high + 1.0).all()
            assert np.prod(values[5:7] - values[3:5]) > 0.3 * np.prod(high - low)
            n_boxes += 1
    assert n_boxes > 10


def test_points_are_placed_by_the_calibration(kitti):
    """Those on a box, by Tr_velo_to_cam, are within its rectangle; every label has one."""
    for path in (kitti / "object/training/label_2").glob("*.txt"):
        about = numbers(kitti / f"object/training/calib/{path.name}")
        carry = about["Tr_velo_to_cam"].reshape(3, 4)
        scan = kitti / f"object/training/velodyne/{path.stem}.bin"
        points = np.fromfile(scan, np.float32).reshape(-1, 4)
        assert points[:, 3].max() <= 1.0
        places = points[:, :3] @ carry[:, :3].T + carry[:, 3]
        for kind, *rest in labels(path):
            values = np.array(rest, float)
            if kind != "DontCare":
                box = corners(values)
                middle, reach = box.mean(axis=0), np.ptp(box, axis=0).max()
                assert (np.linalg.norm(places - middle, axis=1) < reach).any()


def test_angles_agree(kitti):
    """Seen from the side (alpha) and turned (rotation_y) differ by the direction to the box."""
    for path in (kitti / "object/training/label_2").glob("*.txt"):
        for kind, *rest in labels(path):
            values = np.array(rest, float)
            if kind != "DontCare":
                ray = math.atan2(values[10], values[12])
                off = math.remainder(values[13] - values[2] - ray, math.tau)
                assert off == pytest.approx(0.0, abs=2e-3)
                assert abs(values[2]) <= math.pi + 1e-3


def test_rectangles_lie_in_their_pictures(kitti):
    """From the first pixel to the last; levels and types are those that KITTI has."""
    for path in (kitti / "object/training/label_2").glob("*.txt"):
        with Image.open(kitti / f"object/training/image_2/{path.stem}.png") as image:
            width, height = image.size
        for kind, *rest in labels(path):
            left, top, right, low = map(float, rest[3:7])
            assert 0 <= left <= right <= width - 1
            assert 0 <= top <= low <= height - 1
            assert kind in TYPES
            assert rest[1] in ({"-1"} if kind == "DontCare" else {"0", "1", "2"})


def test_benchmarks_and_drives_share_their_files(kitti):
    """A frame's points and picture are stored once; a drive's frames count from 0."""
    names = sorted(path.name for path in kitti.glob("raw/*/*_sync"))
    assert names == ["2024_01_01_drive_0000_sync", "2024_01_01_drive_0001_sync"]
    for sequence in ("0000", "0001"):
        scans = sorted((kitti / "tracking/training/velodyne" / sequence).glob("*.bin"))
        assert [path.stem for path in scans] == [f"{k:06d}" for k in range(len(scans))]
        drive = kitti / f"raw/2024_01_01/2024_01_01_drive_{sequence}_sync"
        for k, scan in enumerate(scans):
            assert scan.samefile(drive / f"velodyne_points/data/{k:010d}.bin")
        times = (drive / "oxts/timestamps.txt").read_text()
        assert times.startswith("2024-01-01 ")
        assert times.endswith("000000\n")
        assert times.count("\n") == len(scans)
    first = kitti / "tracking/training/image_02/0000/000000.png"
    assert first.samefile(kitti / "object/training/image_2/000000.png")


def test_the_object_benchmark_has_every_half_second(kitti):
    """Its labels are those that tracking has of the same frames."""
    tracked = labels(kitti / "tracking/training/label_02/0000.txt")
    for number, frame in enumerate((0, 2, 4, 6)):
        own = labels(kitti / f"object/training/label_2/{number:06d}.txt")
        same = [row for row in tracked if row[0] == str(frame)]
        assert [row[3:] for row in own] == [row[5:] for row in same]
        assert [row[0] for row in own] == [row[2] for row in same]
    sets = {path.stem: path.read_text().split() for path in kitti.glob("object/ImageSets/*.txt")}
    assert sets["train"] + sets["val"] == sets["trainval"]
    assert sets["trainval"] == [f"{k:06d}" for k in range(8)]
    assert sets["test"] == []


def test_packets_give_the_cars_way_back(kitti, rows):
    """By the development kit's formula: a Mercator projection of a sphere."""
    lines = labels(kitti / "tracking/training/oxts/0001.txt")
    places = np.array([line[:3] for line in lines], float)
    scale = 6378137.0 * math.cos(math.radians(places[0, 0]))
    east = scale * np.radians(places[:, 1])
    north = scale * np.log(np.tan(np.radians(90.0 + places[:, 0]) / 2.0))
    mine = "episode_id = 2 AND actor_id = 1"
    ego = rows(f'SELECT x, y, yaw FROM actors WHERE {mine} ORDER BY "at"')  # noqa: S608 - ours
    way = np.diff([(row["x"], row["y"]) for row in ego], axis=0)

    assert {len(line) for line in lines} == {30}
    driven = np.diff([east, north]).T
    assert driven == pytest.approx(way, abs=0.02)  # the unit sits off the middle
    assert [float(line[5]) for line in lines] == pytest.approx(
        [math.remainder(row["yaw"], math.tau) for row in ego], abs=1e-6
    )


def test_a_pair_of_cameras_has_its_distance_in_p3():
    """The rig of KITTI has one, 0.53 m apart; others have no right camera."""
    own, other = (
        Carried(sensors={s.name: s for s in rig(name).sensors}, rear_axle=1.35)
        for name in ("kitti", "survey")
    )
    about = calibration_of(own, camera="", scanner="")

    assert (about.left, about.right) == ("image_02", "image_03")
    assert about.projections[3, 0, 3] == pytest.approx(-0.53 * about.camera.focal_x, rel=1e-6)
    assert calibration_of(other, camera="left", scanner="").left == "left"
    assert calibration_of(other, camera="", scanner="").right is None
    with pytest.raises(RequestError, match="none called 'back': it has front, left, right"):
        calibration_of(other, camera="back", scanner="")


@pytest.mark.parametrize("kind", catalogue().kinds)
def test_every_kind_of_actor_has_a_type_or_is_left_out(kind):
    """It is one of KITTI's."""
    assert words("KITTI")["kinds"][kind] in TYPES | {None}


def test_files_are_as_the_real_ones(kitti):
    """The same names in calibrations, and as many columns in labels."""
    if not REAL.is_dir():
        pytest.skip(f"{REAL} is not there: real files are not committed")
    own, real = kitti / "object/training", REAL / "kitti_object"
    tracked = pq.read_schema(REAL / "kitti_tracking_label02.parquet").names

    assert list(numbers(own / "calib/000000.txt")) == list(numbers(real / "calib_000000.txt"))
    widths = {len(row) for row in labels(real / "label_2_000001.txt")}
    assert {len(row) for row in labels(own / "label_2/000000.txt")} == widths
    # Its columns but for the sequence, which is the file.
    lines = labels(kitti / "tracking/training/label_02/0000.txt")
    assert {len(row) for row in lines} == {len(tracked) - 1}
