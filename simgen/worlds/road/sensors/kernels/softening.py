"""Softer edges: a cheap stand-in for more rays a pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

_WORD = 8  # marks that are looked at together


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


@njit(cache=True, error_model="numpy")
def _interleave(red: Any, green: Any, blue: Any, out: Any) -> None:
    """Three rows `(w,)` into one `(3 w,)`."""
    one, three = np.uintp(1), np.uintp(3)
    for k in range(np.uintp(len(red))):
        place = three * k
        out[place], out[place + one], out[place + one + one] = red[k], green[k], blue[k]


@njit(cache=True, error_model="numpy")
def _blend(image: Any, i: int, j: int, out: Any) -> None:
    """A pixel with those around it."""
    for k in range(3):
        side = (
            int(image[k, i, j - 1]) + image[k, i, j + 1] + image[k, i - 1, j] + image[k, i + 1, j]
        )
        corner = (
            int(image[k, i - 1, j - 1]) + image[k, i - 1, j + 1] + image[k, i + 1, j - 1]
            + image[k, i + 1, j + 1]
        )  # fmt: skip
        out[i, j, k] = (4 * int(image[k, i, j]) + 2 * side + corner + 8) >> 4


@njit(cache=True, error_model="numpy", nogil=True)
def soften_edges(image: Any, limit: int, out: Any) -> None:
    """Blend each pixel whose green differs by more than a limit from one beside it.

    Weights are those of a tent over 3 x 3 pixels; the rim is kept.

    Args:
        image: red, green, blue. (3, h, w)
        limit: of the difference.
        out: the same, pixel by pixel. (h, w, 3)
    """
    _, height, width = image.shape
    green = image[1]
    marks = np.zeros((width + _WORD - 1) // _WORD * _WORD, np.bool_)
    words = marks.view(np.uint64)
    for i in range(height):
        _interleave(image[0, i], image[1, i], image[2, i], out[i].ravel())
        if i in (0, height - 1):
            continue
        _mark(green[i - 1], green[i], green[i + 1], limit, marks)
        for word in range(len(words)):
            if words[word] == 0:
                continue
            for j in range(word * _WORD, (word + 1) * _WORD):
                if marks[j]:
                    _blend(image, i, j, out)
