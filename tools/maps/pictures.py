"""A bird's-eye picture of every map: `python -m tools.maps.pictures`, into docs/pictures."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from PIL import Image

from simgen.core import data_folder
from simgen.worlds.road import RoadNetwork, read_network
from simgen.worlds.road.furniture import objects, signals
from simgen.worlds.road.mesh import Mesh, Surface, road_mesh

Box = npt.NDArray[np.float64]  # x and y of the lower left and the upper right corner, (2, 2) [m]

COLOURS = {
    Surface.TERRAIN: "#a9bf8f",
    Surface.SIDEWALK: "#c9c4bb",
    Surface.ROAD: "#5b5f66",
    Surface.ROAD_LINE: "#ffffff",
}
OBJECTS = {"building": "#b7876b", "tree": "#5f8a4c", "crosswalk": "#e8e8e8",
           "parkingSpace": "#787c84", "barrier": "#8d949c", "pole": "#222222"}  # fmt: skip
DETAILS = {"highway": np.array([[-170.0, -105.0], [170.0, 105.0]])}  # too long to see its lanes
WIDTH = 9.0  # [inch]
MARGIN = 12.0  # around a map [m]
GAP = 0.1  # between a map and its detail [inch]
SAMPLES = 4  # drawn a pixel, each way: triangles drawn smoothly would show their seams


def picture(network: RoadNetwork, path: Path, detail: Box | None = None) -> None:
    """Draw one map from above, and below it a part of it."""
    mesh = road_mesh(network)
    ends = mesh.vertices[mesh.triangles][..., :2].reshape(-1, 2)
    whole = np.stack([ends.min(axis=0) - MARGIN, ends.max(axis=0) + MARGIN])
    boxes = [whole] if detail is None else [whole, detail]
    sizes = [high - low for low, high in boxes]
    heights = [WIDTH * height / width for width, height in sizes]
    total = sum(heights) + GAP * (len(boxes) - 1)
    figure = Figure(figsize=(WIDTH, total), dpi=100 * SAMPLES)
    top = total
    for box, height in zip(boxes, heights, strict=True):
        axes = figure.add_axes((0.0, (top - height) / total, 1.0, height / total))
        _draw(axes, network, mesh, box)
        top -= height + GAP
    drawn = BytesIO()
    figure.savefig(drawn, format="png")
    Image.open(drawn).convert("RGB").reduce(SAMPLES).save(path)


def _draw(axes: Axes, network: RoadNetwork, mesh: Mesh, box: Box) -> None:
    """What lies in a box."""
    axes.set(xlim=box[:, 0], ylim=box[:, 1], aspect="equal", facecolor="#dfe6d5")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    corners = mesh.vertices[mesh.triangles]
    # What lies higher is drawn later, so that a bridge hides the road below.
    level = np.floor(corners[..., 2].mean(axis=1) / 3.0)
    for floor in np.unique(level):
        for label, colour in COLOURS.items():
            shown = corners[(mesh.labels == label) & (level == floor)][..., :2]
            axes.add_collection(
                PolyCollection(shown, facecolor=colour, edgecolor="none", antialiased=False)
            )
    for kind, colour in OBJECTS.items():
        outlines = [thing.corners[:, :2] for thing in objects(network, {kind})]
        edge = "#e8e8e8" if kind == "parkingSpace" else colour
        axes.add_collection(
            PolyCollection(outlines, facecolor=colour, edgecolor=edge, linewidths=0.5)
        )
    for placed in signals(network):
        colour = "#d03030" if placed.signal.dynamic else "#2f5fd0"
        axes.plot(placed.x, placed.y, "o", color=colour, markersize=3)


if __name__ == "__main__":
    pictures = Path(__file__).parents[2] / "docs" / "pictures"
    for source in sorted((data_folder("assets") / "maps").glob("*.xodr")):
        here = pictures / f"map_{source.stem}.png"
        picture(read_network(source), here, DETAILS.get(source.stem))
