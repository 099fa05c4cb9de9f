"""What the sensors see, for docs/road.md: `python -m tools.sensor_pictures`, into docs/pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from simgen.core import Streams, data_folder
from simgen.worlds.road import RoadNetwork, read_network, shapes
from simgen.worlds.road.sensors import (
    Camera,
    Frame,
    Scene,
    Surfaces,
    Sweep,
    Tag,
    View,
    lidar,
    look,
    moving,
    scan,
    scenery,
)

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
_APART = 7.0  # between two that are placed at least [m]

COLOURS = {
    Tag.NONE: "#000000", Tag.ROAD: "#5b5f66", Tag.SIDEWALK: "#c9c4bb", Tag.BUILDING: "#b7876b",
    Tag.POLE: "#444444", Tag.TRAFFIC_LIGHT: "#e0b020", Tag.TRAFFIC_SIGN: "#2f5fd0",
    Tag.VEGETATION: "#5f8a4c", Tag.TERRAIN: "#a9bf8f", Tag.SKY: "#cfe0ee",
    Tag.PEDESTRIAN: "#d03060", Tag.RIDER: "#d03060", Tag.CAR: "#2060c0", Tag.TRUCK: "#7040a0",
    Tag.BUS: "#c07020", Tag.MOTORCYCLE: "#30a0a0", Tag.BICYCLE: "#30a0a0",
    Tag.ROAD_LINE: "#ffffff", Tag.GUARD_RAIL: "#8d949c",
}  # fmt: skip
_KINDS = (
    (shapes.Form.CAR, Tag.CAR, (4.6, 1.9, 1.55)),
    (shapes.Form.VAN, Tag.CAR, (5.3, 2.0, 2.2)),
    (shapes.Form.TRUCK, Tag.TRUCK, (8.0, 2.5, 3.2)),
    (shapes.Form.BUS, Tag.BUS, (11.0, 2.6, 3.1)),
    (shapes.Form.CYCLE, Tag.BICYCLE, (1.8, 0.6, 1.75)),
)


_PERSON = (shapes.Form.PERSON, Tag.PEDESTRIAN, (0.6, 0.55, 1.75))
_SHARES = (0.62, 0.12, 0.08, 0.04, 0.14)  # of `_KINDS`


def traffic(town: RoadNetwork, own: npt.NDArray[np.float64]) -> Surfaces:
    """Vehicles on the lanes and people on the sidewalks within 150 m, none upon another."""
    generator = Streams(4).generator("pictures")
    solids, tags, taken = [], [], [own]
    for sidewalk in (False, True):
        where = town.every(12.0, {"sidewalk"}) if sidewalk else town.every(14.0)
        poses = town.poses(where)
        for k in generator.permutation(len(poses.x)):
            point, yaw = poses.points[k], float(poses.yaw[k])
            apart = np.linalg.norm(np.array(taken) - point, axis=1)
            if apart.min() < _APART or apart[0] > 150.0 or generator.random() < 0.5:
                continue
            chosen = generator.choice(len(_KINDS), p=_SHARES)
            form, tag, size = _PERSON if sidewalk else _KINDS[chosen]
            solid = shapes.solid(form, length=size[0], width=size[1], height=size[2])
            solids.append(shapes.place(solid, point, Frame.turned(point, yaw=yaw).axes))
            tags.append(tag)
            taken.append(point)
    return moving(solids, tags, np.arange(1, len(tags) + 1))


def palette() -> npt.NDArray[np.float64]:
    """The colour of each tag `(n_tags, 3)`."""
    return np.array([to_rgb(COLOURS.get(tag, "#808080")) for tag in Tag])


def draw_view(view: View, path: Path) -> None:
    """Tags, instances and depth, side by side."""
    figure = Figure(figsize=(12.0, 2.3))
    FigureCanvasAgg(figure)
    shades = np.random.Generator(np.random.PCG64DXSM(2)).uniform(0.3, 1.0, (4096, 3))
    instances = np.where(view.instances[..., None] > 0, shades[view.instances % 4096], 0.12)
    panels = (palette()[view.tags], instances, np.log10(view.depth.clip(3.0, 150.0)))
    for axes, panel in zip(figure.subplots(1, 3), panels, strict=True):
        axes.imshow(panel, cmap="magma_r", interpolation="nearest")
        axes.set_axis_off()
    figure.subplots_adjust(0.0, 0.0, 1.0, 1.0, 0.01)
    figure.savefig(path, dpi=80, metadata={"Software": None})


def draw_sweep(sweep: Sweep, path: Path) -> None:
    """From above: by intensity, and by tag."""
    figure = Figure(figsize=(12.0, 4.5), facecolor="#101418")
    FigureCanvasAgg(figure)
    order = np.argsort(sweep.points[:, 2])
    x, y = sweep.points[order, 0], sweep.points[order, 1]
    by_intensity = {
        "c": np.sqrt(sweep.intensities[order]),
        "cmap": "inferno",
        "vmin": 0,
        "vmax": 0.6,
    }
    by_tag = {"c": palette()[sweep.tags[order]]}
    for axes, colours in zip(figure.subplots(1, 2), (by_intensity, by_tag), strict=True):
        axes.scatter(x, y, s=0.5, linewidths=0, **colours)
        axes.set(xlim=(-45.0, 65.0), ylim=(-41.0, 41.0), aspect="equal")
        axes.set_axis_off()
    figure.subplots_adjust(0.0, 0.0, 1.0, 1.0, 0.01)
    figure.savefig(path, dpi=80, metadata={"Software": None})


def main() -> None:
    """Draw both pictures at a crossing of the town."""
    town = read_network(data_folder("assets") / "maps" / "urban_grid.xodr")
    here = town.poses(town.project(np.array([[75.0, 98.0, 0.0]])).waypoints)
    own = here.points[0]
    car = Frame.turned(own, yaw=float(here.yaw[0]))
    scene = Scene(still=scenery(town), moving=traffic(town, own))
    unit = lidar("hdl_64e")
    roof = car.carry(Frame.turned([0.0, 0.0, 1.73]))
    draw_sweep(scan(unit, scene, roof, Streams(4).key("lidar"), 0), PICTURES / "sensor_lidar.png")
    camera = Camera.of_view(width=1280, height=720, field_of_view=80.0)
    mirror = car.carry(Frame.turned([0.5, 0.0, 1.5])).optical()
    draw_view(look(camera, scene, mirror), PICTURES / "sensor_camera.png")


if __name__ == "__main__":
    main()
