"""A bird's-eye picture of every map: `python -m tools.maps.pictures`, into docs/pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from simgen.core import data_folder
from simgen.worlds.road import RoadNetwork, read_network
from simgen.worlds.road.furniture import objects, signals
from simgen.worlds.road.mesh import Surface, road_mesh

COLOURS = {
    Surface.TERRAIN: "#a9bf8f",
    Surface.SIDEWALK: "#c9c4bb",
    Surface.ROAD: "#5b5f66",
    Surface.ROAD_LINE: "#ffffff",
}
OBJECTS = {"building": "#b7876b", "tree": "#5f8a4c", "crosswalk": "#e8e8e8",
           "parkingSpace": "#787c84", "barrier": "#8d949c", "pole": "#222222"}  # fmt: skip


def picture(network: RoadNetwork, path: Path) -> None:
    """Draw one map from above."""
    mesh = road_mesh(network)
    corners = mesh.vertices[mesh.triangles]
    low, high = corners[..., :2].min(axis=(0, 1)) - 12.0, corners[..., :2].max(axis=(0, 1)) + 12.0
    width, height = high - low
    figure = Figure(figsize=(9.0, max(9.0 * height / width, 2.5)), facecolor="#dfe6d5")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
    axes.set_axis_off()
    # What lies higher is drawn later, so that a bridge hides the road below.
    level = corners[..., 2].mean(axis=1)
    for floor in np.unique(np.floor(level / 3.0)):
        for label, colour in COLOURS.items():
            chosen = (mesh.labels == label) & (np.floor(level / 3.0) == floor)
            axes.add_collection(
                PolyCollection(corners[chosen][..., :2], color=colour, linewidths=0.2)
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
    figure.savefig(path, dpi=100, metadata={"Software": None})


if __name__ == "__main__":
    pictures = Path(__file__).parents[2] / "docs" / "pictures"
    for source in sorted((data_folder("assets") / "maps").glob("*.xodr")):
        picture(read_network(source), pictures / f"map_{source.stem}.png")
