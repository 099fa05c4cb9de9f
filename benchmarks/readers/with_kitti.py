"""Reads an export with pykitti, and by the formulas of KITTI's development kit.

Arguments: the export; a file that goes unread; where to draw a picture. Ends with exit code 1 and a
line if anything is not as it should be.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pykitti
from PIL import Image
from telling import absent, need

EDGES = ((0, 1), (1, 2), (2, 3), (3, 0), (4, 5), (5, 6), (6, 7), (7, 4),
         (0, 4), (1, 5), (2, 6), (3, 7))  # fmt: skip


def main(folder: Path, _truth: Path, picture: Path) -> None:
    """Check everything, and say what was found."""
    ways = [check_raw(folder, drive) for drive in sorted(folder.glob("raw/*/*_sync"))]
    need(any(folder.glob("*/**/*.png")), "there are pictures")
    if max(ways, default=0.0) < 1.0:
        absent(f"the car drove less than 1 m in {len(ways)} drives")
    for path in sorted(folder.glob("tracking/training/label_02/*.txt")):
        check_tracking(folder, path)
    check_objects(folder, picture)


def check_raw(folder: Path, drive: Path) -> float:
    """A raw drive loads whole; poses and speeds tell one way, which is given [m]."""
    date, number = drive.name.removesuffix("_sync").split("_drive_")
    data = pykitti.raw(str(folder / "raw"), date, number)
    files = (data.oxts_files, data.cam2_files, data.velo_files)
    need({len(some) for some in files} == {len(data)}, f"{drive.name}: {len(data)} frames")
    need(data.get_cam2(0).size[0] > 0, f"{drive.name}: pictures of {data.get_cam2(0).size}")
    way = sum(
        np.linalg.norm(after.T_w_imu[:3, 3] - before.T_w_imu[:3, 3])
        for before, after in zip(data.oxts, data.oxts[1:], strict=False)
    )
    times = np.array([one.timestamp() for one in data.timestamps])
    speeds = np.array([one.packet.vf for one in data.oxts])
    driven = float(np.sum(0.5 * (speeds[1:] + speeds[:-1]) * np.diff(times)))
    need(
        abs(way - driven) < 0.02 * driven + 0.1,
        f"{drive.name}: {way:.2f} m, speeds say {driven:.2f} m",
    )
    return float(way)


def check_tracking(folder: Path, path: Path) -> None:
    """A sequence's files belong together; a track keeps its type."""
    data = pykitti.tracking(str(folder / "tracking" / "training"), path.stem)
    need(
        len(data.cam2_files) == len(data.velo_files),
        f"sequence {path.stem}: {len(data.cam2_files)} frames",
    )
    rows = [line.split() for line in path.read_text().splitlines()]
    types: dict[str, set[str]] = {}
    for row in rows:
        types.setdefault(row[1], set()).add(row[2])
    lonely = all(len(kinds) == 1 for kinds in types.values())
    whole = all(len(row) == 17 and int(row[0]) < len(data.cam2_files) for row in rows)
    need(lonely and whole, f"sequence {path.stem}: {len(rows)} labels, {len(types)} tracks")


def check_objects(folder: Path, picture: Path) -> None:
    """Points on a box are seen within its rectangle, which its corners span."""
    inside, total, n_boxes, best = 0, 0, 0, (0.0, "")
    for path in sorted((folder / "object/training/label_2").glob("*.txt")):
        boxes = [line.split() for line in path.read_text().splitlines()]
        boxes = [box for box in boxes if box[0] != "DontCare"]
        points, projection, _ = scene(folder, path.stem)
        near = sum(min(15.0 / float(b[13]), 1.0) for b in boxes if float(b[1]) == 0.0)
        best = max(best, (near, path.stem))
        size = Image.open(folder / f"object/training/image_2/{path.stem}.png").size
        for box in boxes:
            numbers = np.array(box[1:], float)
            own = points[on_box(points, numbers)]
            pixels = project(own[own[:, 2] > 0.5], projection)
            left, top, right, low = numbers[3:7]
            within = (pixels > (left - 2, top - 2)) & (pixels < (right + 2, low + 2))
            seen = (pixels > (0, 0)).all(axis=1) & (pixels < np.array(size) - 1).all(axis=1)
            inside, total = inside + int(within.all(axis=1)[seen].sum()), total + int(seen.sum())
            n_boxes += 1
    if total:
        need(
            inside > 0.98 * total,
            f"{inside} of {total} points on {n_boxes} boxes lie in their rectangles",
        )
    else:
        absent(f"no point on any of {n_boxes} boxes is in a picture")
    if best[1]:
        draw(folder, best[1], picture)


def scene(folder: Path, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points in the rectified camera's frame, the projection, the calibration's rotation."""
    base = folder / "object/training"
    about = {
        line.split(":")[0]: np.array(line.split(":")[1].split(), float)
        for line in (base / f"calib/{name}.txt").read_text().splitlines()
    }
    scan = np.fromfile(base / f"velodyne/{name}.bin", np.float32).reshape(-1, 4)
    rectify = about["R0_rect"].reshape(3, 3)
    carry = about["Tr_velo_to_cam"].reshape(3, 4)
    points = (scan[:, :3] @ carry[:, :3].T + carry[:, 3]) @ rectify.T
    return points, about["P2"].reshape(3, 4), rectify


def project(points: np.ndarray, projection: np.ndarray) -> np.ndarray:
    """Pixels of points."""
    found = points @ projection[:, :3].T + projection[:, 3]
    return found[:, :2] / found[:, 2:]


def turned(angle: float) -> np.ndarray:
    """A rotation about the camera's axis down."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]])


def on_box(points: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Which points lie in a box; 0.1 m more to each side, for errors of ranges."""
    height, width, length = numbers[7:10]
    local = (points - numbers[10:13]) @ turned(numbers[13])
    half = np.array([length / 2, height / 2, width / 2]) + 0.1
    middle = np.array([0.0, -height / 2, 0.0])
    # The road below is no part of it.
    return (np.abs(local - middle) < half).all(axis=1) & (local[:, 1] < -0.1)


def corners(numbers: np.ndarray) -> np.ndarray:
    """Of a box: four below, four above."""
    height, width, length = numbers[7:10]
    x = np.array([1, 1, -1, -1] * 2) * length / 2
    y = np.array([0] * 4 + [-1] * 4) * height
    z = np.array([1, -1, -1, 1] * 2) * width / 2
    return np.stack([x, y, z], axis=1) @ turned(numbers[13]).T + numbers[10:13]


def draw(folder: Path, name: str, picture: Path) -> None:
    """Boxes and points on a picture."""
    base = folder / "object/training"
    points, projection, _ = scene(folder, name)
    image = plt.imread(base / f"image_2/{name}.png")
    figure, axis = plt.subplots(figsize=(12.42, 12.42 * image.shape[0] / image.shape[1]), dpi=80)
    axis.imshow(image)
    near = points[points[:, 2] > 1.0]
    pixels = project(near, projection)
    kept = (pixels > 0).all(axis=1) & (pixels < image.shape[1::-1]).all(axis=1)
    axis.scatter(*pixels[kept].T, c=near[kept, 2], s=0.6, cmap="viridis", vmax=60)
    for line in (base / f"label_2/{name}.txt").read_text().splitlines():
        kind, *rest = line.split()
        numbers = np.array(rest, float)
        if kind != "DontCare" and numbers[12] > 5.0:
            places = project(corners(numbers), projection)
            for start, end in EDGES:
                axis.plot(*places[[start, end]].T, color="#ff8000", linewidth=1.2)
            axis.text(numbers[3], numbers[4] - 4, kind, color="#ff8000", fontsize=8)
    axis.set(xlim=(0, image.shape[1]), ylim=(image.shape[0], 0))
    axis.axis("off")
    figure.subplots_adjust(0, 0, 1, 1)
    memory = io.BytesIO()
    figure.savefig(memory, format="png")
    # Few colours: a third of the bytes.
    Image.open(memory).convert("RGB").quantize(128).save(picture, optimize=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
