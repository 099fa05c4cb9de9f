"""Reads an export with nuscenes-devkit, in an environment of its own: numpy 1 is pinned there.

Arguments: the export; a JSON file with velocities [m/s] by annotation; where to draw a picture.
Ends with exit code 1 and a line if anything is not as it should be.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from nuscenes.eval.common.config import config_factory
from nuscenes.eval.detection.evaluate import DetectionEval
from nuscenes.eval.detection.utils import category_to_detection_name
from nuscenes.nuscenes import NuScenes
from nuscenes.utils.data_classes import LidarPointCloud, RadarPointCloud
from nuscenes.utils.geometry_utils import BoxVisibility, points_in_box
from PIL import Image
from telling import absent, need

SPLIT = "simgen_all"


def main(folder: Path, velocities: Path, picture: Path) -> None:
    """Check everything, and say what was found."""
    (version,) = (path.name for path in folder.glob("v1.0*"))
    world = NuScenes(version=version, dataroot=str(folder), verbose=False)
    print(f"loaded {len(world.sample)} samples, {len(world.sample_annotation)} annotations")
    check_points(world)
    check_velocities(world, json.loads(velocities.read_text()))
    check_radars(world)
    check_map(world)
    check_scores(world)
    draw(world, picture)


def check_points(world: NuScenes) -> None:
    """The points that are said to lie on a box lie in it, by the devkit's own transforms."""
    told, found = 0, 0
    for sample in world.sample:
        path, boxes, _ = world.get_sample_data(sample["data"]["LIDAR_TOP"])
        cloud = LidarPointCloud.from_file(path)
        for box in boxes:
            box.wlh = box.wlh + 0.1  # error of ranges: 0.02 m
            number = world.get("sample_annotation", box.token)["num_lidar_pts"]
            told += number
            found += min(int(points_in_box(box, cloud.points[:3]).sum()), number)
    if not told:
        absent("no point lies on a box")
        return
    need(found > 0.99 * told, f"{found} of {told} labelled points lie in their boxes")


def check_velocities(world: NuScenes, true: dict[str, list[float]]) -> None:
    """What `box_velocity` derives from tracks is what actors do; they turn and brake between."""
    errors = []
    for annotation in world.sample_annotation:
        found = world.box_velocity(annotation["token"])[:2]
        if not np.isnan(found).any():
            errors.append(np.linalg.norm(found - true[annotation["token"]]))
    if not errors:
        absent("no box is there long enough to have a velocity")
        return
    middle, high = np.quantile(errors, [0.5, 0.95])
    line = f"velocities of {len(errors)} boxes: error {middle:.3f} m/s, 95 % below {high:.2f} m/s"
    need(middle < 0.2 and high < 2.0, line)


def check_radars(world: NuScenes) -> None:
    """Every file loads, and still things have about no velocity once the ego's is taken off."""
    still, n_points, n_files = [], 0, 0
    RadarPointCloud.disable_filters()
    for row in world.sample_data:
        if row["sensor_modality"] == "radar":
            points = RadarPointCloud.from_file(str(Path(world.dataroot) / row["filename"])).points
            n_files, n_points = n_files + 1, n_points + points.shape[1]
            still.append(np.hypot(*points[8:10, points[3] == 1]))
    if not any(map(len, still)):
        absent(f"no echo of a still thing in {n_files} radar files")
        return
    speed = float(np.median(np.concatenate(still)))
    need(speed < 0.3, f"{n_points} echoes in {n_files} files; of still things {speed:.2f} m/s")


def check_map(world: NuScenes) -> None:
    """The car drives where one can drive."""
    for place in world.map:
        places = np.array([pose["translation"] for pose in world.ego_pose])
        share = float(place["mask"].is_on_mask(places[:, 0], places[:, 1]).mean())
        need(share > 0.99, f"{100.0 * share:.1f} % of the car's places lie on the map's roads")


def check_scores(world: NuScenes) -> None:
    """The truth, handed in as detections, scores an average precision of 1 in each class."""
    results = {
        sample["token"]: [guess(world, a) for a in sample["anns"]] for sample in world.sample
    }
    results = {token: [box for box in boxes if box] for token, boxes in results.items()}
    if not any(results.values()):
        absent("nobody whom a detector could find")
        return
    keys = ("use_camera", "use_lidar", "use_radar", "use_map", "use_external")
    with tempfile.TemporaryDirectory() as aside:
        path = Path(aside) / "results.json"
        path.write_text(json.dumps({"meta": dict.fromkeys(keys, False), "results": results}))
        judge = DetectionEval(
            world, config_factory("detection_cvpr_2019"), str(path), SPLIT, aside, verbose=False
        )
        metrics, _ = judge.evaluate()
        present = {box.detection_name for box in judge.gt_boxes.all}
    for name in sorted(present):
        scores = [metrics.get_label_ap(name, limit) for limit in (0.5, 1.0, 2.0, 4.0)]
        need(min(scores) > 1.0 - 1e-9, f"average precision of {name}: {min(scores):.3f}")


def guess(world: NuScenes, token: str) -> dict[str, object] | None:
    """An annotation as a detection, if it counts: those that nothing has a point of don't."""
    about = world.get("sample_annotation", token)
    name = category_to_detection_name(about["category_name"])
    if name is None or about["num_lidar_pts"] + about["num_radar_pts"] == 0:
        return None
    velocity = np.nan_to_num(world.box_velocity(token)[:2])
    names = [world.get("attribute", a)["name"] for a in about["attribute_tokens"]]
    return {
        "sample_token": about["sample_token"],
        "translation": about["translation"],
        "size": about["size"],
        "rotation": about["rotation"],
        "velocity": velocity.tolist(),
        "detection_name": name,
        "detection_score": 1.0,
        "attribute_name": names[0] if names else "",
    }


def draw(world: NuScenes, picture: Path) -> None:
    """Boxes on points and on a picture, by the devkit itself, where most is to be seen."""
    shots = [(shown(world, token), sample["data"]["LIDAR_TOP"], token)
             for sample in world.sample
             for channel, token in sample["data"].items() if channel.startswith("CAM")]  # fmt: skip
    if not shots:
        absent("no camera")
        return
    _, scanner, camera = max(shots)
    figure, axes = plt.subplots(1, 3, figsize=(14, 3.6), dpi=90, width_ratios=(1.0, 1.6, 1.6))
    world.render_sample_data(scanner, axes_limit=40, ax=axes[0], verbose=False)
    world.render_sample_data(camera, ax=axes[1], verbose=False)
    cloud, depths, image = world.explorer.map_pointcloud_to_image(scanner, camera)
    axes[2].imshow(image)
    axes[2].scatter(cloud[0], cloud[1], c=depths, s=1)
    axes[2].set(title="LIDAR_TOP in the picture", xlim=(0, image.width), ylim=(image.height, 0))
    for axis in axes:
        axis.axis("off")
    figure.tight_layout()
    save(figure, picture)


def shown(world: NuScenes, token: str) -> float:
    """How many boxes a picture shows well: wholly visible ones, near ones more."""
    _, boxes, _ = world.get_sample_data(token, box_vis_level=BoxVisibility.ALL)
    about = [(world.get("sample_annotation", box.token), box.center[2]) for box in boxes]
    clear = "4"  # token of the highest level
    return sum(min(20.0 / depth, 1.0) for a, depth in about if clear == a["visibility_token"])


def save(figure: plt.Figure, picture: Path) -> None:
    """As a PNG with few colours: a third of the bytes."""
    memory = io.BytesIO()
    figure.savefig(memory, format="png", bbox_inches="tight")
    Image.open(memory).convert("RGB").quantize(128).save(picture, optimize=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
