"""A laser scanner's turn, seen from above."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from simgen.worlds.road.sensors import Sweep
from simgen.worlds.road.sensors.encoding import tag_palette

Image = npt.NDArray[np.uint8]  # red, green, blue (h, w, 3)

_NIGHT = (16, 20, 24)
# Dark violet to pale yellow, for intensities; assumed by eye.
_RAMP = np.array([[60, 40, 110], [150, 50, 120], [230, 95, 70], [250, 180, 60], [252, 250, 190]])


def draw_points(
    sweep: Sweep,
    *,
    by: Literal["intensity", "tag"] = "intensity",
    reach: float = 50.0,
    n_pixels: int = 480,
) -> Image:
    """Points within a reach [m] of the unit, which looks up in the picture; higher ones on top."""
    image = np.full((n_pixels, n_pixels, 3), _NIGHT, np.uint8)
    scale = 0.5 * n_pixels / reach
    order = np.argsort(sweep.points[:, 2], kind="stable")
    points = sweep.points[order].astype(np.float64)
    rows = np.floor(0.5 * n_pixels - scale * points[:, 0]).astype(np.int64)
    columns = np.floor(0.5 * n_pixels - scale * points[:, 1]).astype(np.int64)
    inside = (rows >= 0) & (rows < n_pixels) & (columns >= 0) & (columns < n_pixels)
    if by == "tag":
        colours = tag_palette()[sweep.tags[order]]
    else:
        share = np.sqrt(sweep.intensities[order].astype(np.float64) / 0.6).clip(0.0, 1.0)
        stops = np.linspace(0.0, 1.0, len(_RAMP))
        colours = np.stack([np.interp(share, stops, _RAMP[:, k]) for k in range(3)], axis=1)
    image[rows[inside], columns[inside]] = colours[inside].astype(np.uint8)
    return image
