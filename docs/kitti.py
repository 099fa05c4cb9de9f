"""The laser scanner and the crowd beside KITTI: tables, and a picture.

`python docs/kitti.py`; needs the real files (`SIMGEN_REFERENCE`). KITTI: Geiger, Lenz, Urtasun
(2012), CVPR; two sweeps of its object benchmark with their boxes, and the boxes of its 21
training sequences for tracking.
"""

from __future__ import annotations

import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from simgen.core import Streams
from simgen.pipeline.references import references_folder
from simgen.worlds.road import read_network
from simgen.worlds.road.embedded import EmbeddedWorld, map_path
from simgen.worlds.road.labels import Boxes, boxes_of
from simgen.worlds.road.pictures import Crowd, gather
from simgen.worlds.road.sensors import Frame, Observer, Stage, make_rig

PICTURE = Path(__file__).parent / "pictures" / "sensor_kitti.png"
N_RINGS = 64
# 1.73 m over the ground (KITTI's setup page); 0.27 m behind the middle between the axles: assumed.
RIG = make_rig({"roof": {"lidar": {"preset": "hdl_64e"}, "position": [-0.27, 0.0, 1.73]}})
N_SWEEPS = {"urban_grid": 12, "rural": 3}  # by map, at places spread evenly over its lanes
COLOURS = {"KITTI": "#c0392b", "urban_grid": "#2060c0", "rural": "#9cc0e8"}
NAMES = {"urban_grid": "simulated town", "rural": "simulated country road"}
FARTHEST = 80.0  # where the points of KITTI's files end [m]
# Of its camera: focal length and half the width of its pictures (rigs/kitti.yaml) [pixel].
FOCAL, HALF_WIDTH = 721.54, 621.0
LEAST_SHARE = 0.02  # of KITTI's labels are lower in the picture than ours may be
BINS = [0.0, 10.0, 20.0, 30.0, 40.0, 60.0, 80.0]  # of distance, for points on boxes [m]
CLASSES = {
    "Car": ("car", "small_car"), "Van": ("van",), "Truck": ("truck",),
    "Pedestrian": ("adult", "elder", "child"), "Cyclist": ("bicycle",),
}  # fmt: skip


def real_sweep(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, 3) [m], and the ring of each: they stand ring by ring, each once around."""
    points = np.fromfile(path, np.float32).reshape(-1, 4)[:, :3].astype(float)
    azimuths = np.arctan2(points[:, 1], points[:, 0]) % (2 * np.pi)
    rings = np.cumsum(np.diff(azimuths, prepend=azimuths[0]) < -np.pi)
    return points, rings


def real_boxes(folder: Path, number: str) -> pd.DataFrame:
    """Class, distance [m] and points of each labelled box of a sweep."""
    points, _ = real_sweep(folder / f"velodyne_{number}.bin")
    lines = (folder / f"calib_{number}.txt").read_text(encoding="utf-8").splitlines()
    matrices = {
        name: np.array(values.split(), float)
        for name, _, values in (line.partition(":") for line in lines if line.strip())
    }
    into = matrices["Tr_velo_to_cam"].reshape(3, 4)
    level = matrices["R0_rect"].reshape(3, 3)
    seen = (level @ (into[:, :3] @ points.T + into[:, 3:])).T
    rows = []
    for line in (folder / f"label_2_{number}.txt").read_text(encoding="utf-8").splitlines():
        name, *rest = line.split()
        if name not in CLASSES:
            continue
        height, width, length, x, y, z, turn = map(float, rest[7:14])
        off = seen - [x, y, z]
        along = off[:, 0] * np.cos(turn) - off[:, 2] * np.sin(turn)
        aside = off[:, 0] * np.sin(turn) + off[:, 2] * np.cos(turn)
        inside = (np.abs(along) <= length / 2) & (np.abs(aside) <= width / 2)
        inside &= (off[:, 1] <= 0) & (off[:, 1] >= -height)
        rows.append({"kind": name, "distance": np.hypot(x, z), "n_points": inside.sum()})
    return pd.DataFrame(rows)


def simulated() -> tuple[dict[str, list[tuple[np.ndarray, np.ndarray]]], pd.DataFrame]:
    """Points [m] and rings of all sweeps, by map, and all boxes within reach."""
    sweeps: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    boxes = []
    for name, count in N_SWEEPS.items():
        for number in range(count):
            with EmbeddedWorld(map=name).open() as world:
                network, streams = world.network, Streams(number).child(name)
                lanes = network.poses(network.every(20.0))
                place = lanes.points[(2 * number + 1) * len(lanes.points) // (2 * count)]
                crowd = Crowd(x=place[0], y=place[1], reach=80.0)
                car = gather(world, network, crowd, streams)
                observer = Observer(RIG, _stage(name), carrier=car, streams=streams)
                seen = observer.observe(world.sense())
            sweep, frame = seen.readings[0].content, seen.readings[0].frame
            points = sweep.points.astype(float)
            kept = np.linalg.norm(points, axis=1) <= FARTHEST
            sweeps.setdefault(name, []).append((points[kept], sweep.channels[kept]))
            boxes.append(_boxes(boxes_of(seen), frame))
    return sweeps, pd.concat(boxes)


@cache
def _stage(name: str) -> Stage:
    return Stage(network=read_network(map_path(name)))


def _boxes(about: Boxes, frame: Frame) -> pd.DataFrame:
    """Class, place [m], size [m] and points of each box of a sweep."""
    ahead, aside, _ = ((about.centres - frame.position) @ frame.axes).T
    sizes = dict(zip(("length", "width", "height"), about.sizes.T, strict=True))
    return pd.DataFrame(
        {
            "kind": [_class_of(kind) for kind in about.kinds],
            "distance": np.hypot(ahead, aside),
            "n_points": about.n_points["roof"],
            "in_view": (ahead > 0.0) & (np.abs(aside) * FOCAL < HALF_WIDTH * ahead),
            **sizes,
        }
    )


def _class_of(kind: str) -> str:
    return next((name for name, kinds in CLASSES.items() if kind in kinds), "")


def draw(sweeps: dict[str, list[tuple[np.ndarray, np.ndarray]]]) -> None:
    """Ranges, and points of each ring."""
    figure = Figure(figsize=(9.0, 3.2), layout="constrained")
    FigureCanvasAgg(figure)
    ranges, rings = figure.subplots(1, 2)
    edges = np.arange(0.0, FARTHEST + 2.0, 2.0)
    for name, ours in reversed(sweeps.items()):
        away = np.concatenate([np.linalg.norm(points, axis=1) for points, _ in ours])
        look = {"color": COLOURS[name], "label": NAMES.get(name, name)}
        ranges.hist(away, edges, density=True, histtype="step", linewidth=1.5, **look)
        for number, (_, ring) in enumerate(ours):
            counts = np.bincount(ring, minlength=N_RINGS)[:N_RINGS]
            rings.plot(counts, **(look if not number else look | {"label": None}), linewidth=1.0)
    ranges.set(xlabel="range [m]", ylabel="share of points per m", yscale="log")
    rings.set(xlabel="ring, from above", ylabel="points")
    rings.legend(frameon=False)
    for axes in (ranges, rings):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(PICTURE, dpi=90, metadata={"Software": None})


def quantiles(away: np.ndarray) -> str:
    """A row of a table."""
    return ", ".join(f"{value:.1f}" for value in np.quantile(away, [0.1, 0.25, 0.5, 0.75, 0.9]))


def main() -> None:
    """Print the tables; draw the picture."""
    folder = references_folder() / "driving"
    if not (folder / "kitti_object").is_dir():
        sys.exit(f"there is no {folder / 'kitti_object'}: set SIMGEN_REFERENCE")
    numbers = ("000000", "000001")
    real = [real_sweep(folder / "kitti_object" / f"velodyne_{n}.bin") for n in numbers]
    made, boxes = simulated()
    sweeps = {"KITTI": real} | made
    draw(sweeps)
    print("| | sweeps | points of a sweep | range at 10 %, 25 %, 50 %, 75 %, 90 % of points [m] |")
    for name, ours in sweeps.items():
        n_points = [len(p) for p, _ in ours]
        away = np.concatenate([np.linalg.norm(p, axis=1) for p, _ in ours])
        span = f"{min(n_points):,} to {max(n_points):,}"
        print(f"| {NAMES.get(name, name)} | {len(ours)} | {span} | {quantiles(away)} |")
    print("| box | distance [m] | points in KITTI | simulated: median, of boxes within 15 % |")
    for box in pd.concat([real_boxes(folder / "kitti_object", n) for n in numbers]).itertuples():
        near = (boxes["distance"] / box.distance - 1.0).abs() < 0.15
        like = boxes[near & (boxes["kind"] == box.kind) & (boxes["n_points"] > 0)]["n_points"]
        ours = f"{like.median():.0f}, {len(like)}"
        print(f"| {box.kind.lower()} | {box.distance:.0f} | {box.n_points} | {ours} |")
    print_points(boxes[boxes["n_points"] > 0])
    print_tracks(folder / "kitti_tracking_label02.parquet", boxes)


def print_points(seen: pd.DataFrame) -> None:
    """Median points of our boxes by class and distance, with how many boxes there are."""
    spans = [f"{low:.0f} to {high:.0f} m" for low, high in pairwise(BINS)]
    print("| class | " + " | ".join(spans) + " |")
    for name in CLASSES:
        ours = seen[seen["kind"] == name]
        cells = []
        for low, high in pairwise(BINS):
            there = ours[(ours["distance"] >= low) & (ours["distance"] < high)]["n_points"]
            cells.append(f"{there.median():.0f} ({len(there)})" if len(there) else "")
        print(f"| {name.lower()} | " + " | ".join(cells) + " |")


def print_tracks(path: Path, boxes: pd.DataFrame) -> None:
    """Sizes and distances by class; ours of boxes that KITTI's camera would show as high as its."""
    tracks = pd.read_parquet(path)
    tracks["distance"] = np.hypot(tracks["x_m"], tracks["z_m"])
    sizes = {"length_m": "length", "width_m": "width", "height_m": "height"}
    for name in CLASSES:
        theirs = tracks[tracks["type"] == name].rename(columns=sizes)
        least = (theirs["bbox_bottom"] - theirs["bbox_top"]).quantile(LEAST_SHARE)
        ours = boxes[(boxes["kind"] == name) & (boxes["n_points"] > 0) & boxes["in_view"]]
        ours = ours[FOCAL * ours["height"] / ours["distance"] >= least]
        single = theirs.groupby(["sequence", "track_id"])[list(sizes.values())].first()
        cells = [
            " x ".join(f"{table[size].mean():.2f}" for size in sizes.values())
            for table in (single, ours)
        ]
        far = [
            ", ".join(f"{v:.0f}" for v in np.quantile(table["distance"], [0.1, 0.5, 0.9]))
            for table in (theirs, ours)
        ]
        print(f"| {name.lower()} | {cells[0]} | {cells[1]} | {far[0]} | {far[1]} |")


if __name__ == "__main__":
    main()
