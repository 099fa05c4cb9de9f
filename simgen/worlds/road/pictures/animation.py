"""Pictures as files."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.worlds.road.sensors.pillow import pillow

Image = npt.NDArray[np.uint8]  # red, green, blue (h, w, 3)

_N_COLOURS = 128  # of one palette for all pictures of a GIF


def animated(images: Sequence[Image], *, rate: float) -> bytes:
    """A GIF of pictures of one size at a rate [1/s], without end; RequestError without pictures.

    GIF counts hundredths of a second, and what shows pictures shows at most 50 a second.
    """
    if not images:
        raise RequestError("an animation needs a picture: look at the world once at least")
    first = pillow().fromarray(images[len(images) // 2]).quantize(_N_COLOURS, dither=0)
    frames = [pillow().fromarray(image).quantize(palette=first, dither=0) for image in images]
    file = io.BytesIO()
    frames[0].save(
        file, format="GIF", save_all=True, append_images=frames[1:], loop=0,
        duration=max(round(100.0 / rate), 2) * 10,
    )  # fmt: skip
    return file.getvalue()


def png(image: Image, *, n_colours: int = 0) -> bytes:
    """A PNG; with a palette of some colours it is smaller."""
    made, file = pillow().fromarray(image), io.BytesIO()
    if n_colours:
        made = made.quantize(n_colours, dither=0)
    made.save(file, format="PNG", optimize=True)
    return file.getvalue()


def jpeg(image: Image) -> bytes:
    """A JPEG for people."""
    file = io.BytesIO()
    pillow().fromarray(image).save(file, format="JPEG", quality=88)
    return file.getvalue()
