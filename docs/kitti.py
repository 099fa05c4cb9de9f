"""The laser scanner and the crowd beside KITTI: tables, and a picture.

`python docs/kitti.py`; needs the real files (`SIMGEN_REFERENCE`). KITTI: Geiger, Lenz, Urtasun
(2012), CVPR; two sweeps of its object benchmark with their boxes, and the boxes of its 21
training sequences for tracking.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from simgen.core import Streams
from simgen.pipeline.references import references_folder
from simgen.worlds.road.embedded import EmbeddedWorld
from simgen.worlds.road.labels import boxes_of
from simgen.worlds.road.pictures import Crowd, gather
from simgen.worlds.road.sensors import Observer, Stage, make_rig

PICTURE = Path(__file__).parent / "pictures" / "sensor_kitti.png"
N_RINGS = 64
# 1.73 m over the ground (KITTI's setup page); 0.27 m behind the middle between the axles: assumed.
RIG = make_rig({"roof": {"lidar": {"preset": "hdl_64e"}, "position": [-0.27, 0.0, 1.73]}})
PLACES = {
    "urban_grid": [(40.0, 98.0), (150.0, 98.0), (75.0, 2.0), (200.0, 98.0), (110.0, 98.0)],
    "rural": [(100.0, 0.0), (420.0, 0.0)],
}
BINS = [0.0, 10.0, 20.0, 30.0, 40.0, 60.0]  # of distance, for points on boxes [m]
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


def simulated() -> tuple[list[np.ndarray], list[np.ndarray], pd.DataFrame]:
    """Points [m] and rings of all sweeps, and all boxes within reach."""
    sweeps, rings, boxes = [], [], []
    for name, places in PLACES.items():
        for number, (x, y) in enumerate(places):
            with EmbeddedWorld(map=name).open() as world:
                streams = Streams(number).child(name)
                car = gather(world, world.network, Crowd(x=x, y=y, reach=80.0), streams)
                observer = Observer(RIG, Stage(network=world.network), carrier=car, streams=streams)
                seen = observer.observe(world.sense())
            sweep, about = seen.readings[0].content, boxes_of(seen)
            sweeps.append(sweep.points.astype(float))
            rings.append(sweep.channels)
            away = np.hypot(*(about.centres - seen.readings[0].frame.position)[:, :2].T)
            boxes.append(
                pd.DataFrame(
                    {
                        "kind": [_class_of(kind) for kind in about.kinds],
                        "distance": away,
                        "n_points": about.n_points["roof"],
                        "length": about.sizes[:, 0],
                        "width": about.sizes[:, 1],
                        "height": about.sizes[:, 2],
                    }
                )
            )
    return sweeps, rings, pd.concat(boxes)


def _class_of(kind: str) -> str:
    return next((name for name, kinds in CLASSES.items() if kind in kinds), "")


def draw(real: list[tuple[np.ndarray, np.ndarray]], made: list[tuple[np.ndarray, ...]]) -> None:
    """Ranges, and points of each ring."""
    figure = Figure(figsize=(9.0, 3.2), layout="constrained")
    FigureCanvasAgg(figure)
    ranges, rings = figure.subplots(1, 2)
    edges = np.arange(0.0, 82.0, 2.0)
    for sweeps, label, colour in ((real, "KITTI", "#c0392b"), (made, "simulated", "#2060c0")):
        away = np.concatenate([np.linalg.norm(points, axis=1) for points, _ in sweeps])
        ranges.hist(
            away, edges, density=True, histtype="step", color=colour, label=label, linewidth=1.5
        )
        for number, (_, ring) in enumerate(sweeps):
            counts = np.bincount(ring, minlength=N_RINGS)[:N_RINGS]
            rings.plot(counts, color=colour, label=label if not number else None, linewidth=1.0)
    ranges.set(xlabel="range [m]", ylabel="share of points per m", yscale="log")
    rings.set(xlabel="ring, from above", ylabel="points")
    ranges.legend(frameon=False)
    for axes in (ranges, rings):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(PICTURE, dpi=90, metadata={"Software": None})


def quantiles(away: np.ndarray) -> str:
    """A row of a table."""
    return " | ".join(f"{value:.1f}" for value in np.quantile(away, [0.1, 0.25, 0.5, 0.75, 0.9]))


def main() -> None:
    """Print the tables; draw the picture."""
    folder = references_folder() / "driving"
    if not (folder / "kitti_object").is_dir():
        sys.exit(f"there is no {folder / 'kitti_object'}: set SIMGEN_REFERENCE")
    numbers = ("000000", "000001")
    real = [real_sweep(folder / "kitti_object" / f"velodyne_{n}.bin") for n in numbers]
    points, rings, boxes = simulated()
    made = list(zip(points, rings, strict=True))
    draw(real, made)
    print("| | points of a sweep | rings | range at 10 %, 25 %, 50 %, 75 %, 90 % of points [m] |")
    for label, sweeps in (("KITTI", real), ("simulated", made)):
        n_points = [len(p) for p, _ in sweeps]
        away = np.concatenate([np.linalg.norm(p, axis=1) for p, _ in sweeps])
        n_rings = {len(np.unique(ring)) for _, ring in sweeps}
        print(f"| {label} | {min(n_points)} to {max(n_points)} | {n_rings} | {quantiles(away)} |")
    print("| box | distance [m] | points in KITTI | simulated: median, of boxes within 15 % |")
    for box in pd.concat([real_boxes(folder / "kitti_object", n) for n in numbers]).itertuples():
        near = (boxes["distance"] / box.distance - 1.0).abs() < 0.15
        like = boxes[near & (boxes["kind"] == box.kind) & (boxes["n_points"] > 0)]["n_points"]
        ours = f"{like.median():.0f}, {len(like)}"
        print(f"| {box.kind} | {box.distance:.0f} | {box.n_points} | {ours} |")
    seen = boxes[boxes["n_points"] > 0].copy()
    seen["range"] = pd.cut(seen["distance"], BINS)
    print(seen.pivot_table("n_points", "kind", "range", "median", observed=True).round(0))
    print_tracks(folder / "kitti_tracking_label02.parquet", boxes)


def print_tracks(path: Path, boxes: pd.DataFrame) -> None:
    """Sizes and distances by class."""
    tracks = pd.read_parquet(path)
    tracks["distance"] = np.hypot(tracks["x_m"], tracks["z_m"])
    sizes = {"length_m": "length", "width_m": "width", "height_m": "height"}
    for name in CLASSES:
        theirs = tracks[tracks["type"] == name].rename(columns=sizes)
        ours = boxes[(boxes["kind"] == name) & (boxes["n_points"] > 0)]
        single = theirs.groupby(["sequence", "track_id"])[list(sizes.values())].first()
        cells = [
            " x ".join(f"{table[size].mean():.2f}" for size in sizes.values())
            for table in (single, ours)
        ]
        far = [
            ", ".join(f"{v:.0f}" for v in np.quantile(table["distance"], [0.1, 0.5, 0.9]))
            for table in (theirs, ours)
        ]
        print(f"| {name} | {cells[0]} | {cells[1]} | {far[0]} | {far[1]} |")


if __name__ == "__main__":
    main()
