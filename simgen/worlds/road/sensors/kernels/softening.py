"""Softer edges: a cheap stand-in for more rays a pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, error_model="numpy")
def _mark(above: Any, here: Any, below: Any, limit: int, out: Any) -> None:
    """Whether each place of a row differs from one beside it; nothing branches."""
    least = np.int16(limit)
    for k in range(1, len(here) - 1):
        middle = np.int16(here[k])
        out[k] = (
            (abs(middle - np.int16(here[k - 1])) > least)
            | (abs(middle - np.int16(here[k + 1])) > least)
            | (abs(middle - np.int16(above[k])) > least)
            | (abs(middle - np.int16(below[k])) > least)
        )


@njit(cache=True, error_model="numpy", nogil=True)
def soften_edges(image: Any, limit: int, out: Any) -> None:
    """Blend each pixel whose green differs by more than a limit from one beside it.

    Weights are those of a tent over 3 x 3 pixels. Images are (h, w, 3); the rim is kept.
    """
    height, width, _ = image.shape
    green, marks = np.empty((height, width), np.uint8), np.zeros(width, np.bool_)
    for i in range(height):
        for j in range(width):
            green[i, j] = image[i, j, 1]
            for k in range(3):
                out[i, j, k] = image[i, j, k]
    for i in range(1, height - 1):
        _mark(green[i - 1], green[i], green[i + 1], limit, marks)
        for j in range(1, width - 1):
            if not marks[j]:
                continue
            for k in range(3):
                side = (
                    int(image[i, j - 1, k]) + image[i, j + 1, k] + image[i - 1, j, k]
                    + image[i + 1, j, k]
                )  # fmt: skip
                corner = (
                    int(image[i - 1, j - 1, k]) + image[i - 1, j + 1, k] + image[i + 1, j - 1, k]
                    + image[i + 1, j + 1, k]
                )  # fmt: skip
                out[i, j, k] = (4 * int(image[i, j, k]) + 2 * side + corner + 8) >> 4
