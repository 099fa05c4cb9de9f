"""Labels drawn into a camera's picture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simgen.worlds.road.labels import ImageBoxes

Image = npt.NDArray[np.uint8]  # red, green, blue (h, w, 3)

_LEAST_PIXELS = 12  # of an actor to be drawn
_RIM = 4  # [pixel]
_VISIBLE, _WHOLE = (255, 221, 51), (235, 64, 52)


def draw_boxes(colour: Image, boxes: ImageBoxes) -> Image:
    """The visible box of each actor in yellow, its whole one in red; specks are left out."""
    image = colour.copy()
    for k in np.flatnonzero(boxes.n_pixels >= _LEAST_PIXELS):
        _outline(image, boxes.whole[k], _WHOLE)
        _outline(image, boxes.visible[k], _VISIBLE)
    return image


def framed(image: Image) -> Image:
    """The picture with a red rim: something happens."""
    made = image.copy()
    for rim in (made[:_RIM], made[-_RIM:], made[:, :_RIM], made[:, -_RIM:]):
        rim[:] = _WHOLE
    return made


def _outline(image: Image, box: npt.NDArray[np.float64], colour: tuple[int, int, int]) -> None:
    """Lines of a pixel along the edges that lie in the picture."""
    height, width, _ = image.shape
    left, upper, right, lower = (int(edge) for edge in np.clip(np.rint(box), -1e6, 1e6))
    rows = slice(max(upper, 0), max(lower, 0))
    columns = slice(max(left, 0), max(right, 0))
    for row in (upper, lower - 1):
        if 0 <= row < height:
            image[row, columns] = colour
    for column in (left, right - 1):
        if 0 <= column < width:
            image[rows, column] = colour
